package fr.gouv.social.fabrique.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.gouv.social.fabrique.run.FirstConfig;
import fr.gouv.social.fabrique.run.FirstConfig.Proposal;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.standard.Standard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code fabrique init} writes. */
class FirstConfigTest {
  private static final LocalDate TODAY = LocalDate.parse("2026-11-22");
  private static final String SERVICE =
      "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n";

  @TempDir Path root;

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Proposal proposal(Language language) throws Refusal {
    return FirstConfig.of(root, BuiltInRules.load(), Standard.builtIn(), TODAY, language);
  }

  /** Reads the configuration that would be written, and again with its proposals taken. */
  private void holds(String text) throws IOException, Refusal {
    StringBuilder taken = new StringBuilder();
    boolean proposal = false;
    for (String line : text.split("\n")) {
      proposal = line.matches("# [a-z-]+:") || proposal && line.startsWith("#   ");
      taken.append(proposal ? line.substring(2) : line).append('\n');
    }
    for (String each : List.of(text, taken.toString())) {
      write("fabrique.yaml", each);
      Run.decided(root, null, BuiltInRules.load(), TODAY);
      Files.delete(root.resolve("fabrique.yaml"));
    }
  }

  @Test
  void saysWhatIsSeenAndProposesTheRest() throws Exception {
    write("deploy/prod/web.yaml", SERVICE);
    write("docker-compose.staging.yml", "services: {web: {image: nginx}}\n");
    write("k8s/web.yaml", SERVICE);
    write("examples/Dockerfile", "FROM alpine\n");
    String text = proposal(Language.EN).text();
    assertThat(text.lines().toList())
        .contains(
            "language: en",
            "fail-on: error",
            "#   preprod: docker-compose.staging.yml",
            "#   prod: deploy/prod",
            "#   k8s",
            "#   prod: [\"k8s/**\"]",
            "#   - \"examples/**\"",
            "#     until: 2027-05-22",
            "#   html: fabrique-report/report.html");
    holds(text);
  }

  @Test
  void mavenHasAFolderForReports() throws Exception {
    write("pom.xml", "<project/>");
    write("Dockerfile", "FROM alpine:3.23\n");
    assertThat(proposal(Language.FR).text())
        .contains("#   html: target/fabrique/report.html", "language: fr")
        .doesNotContain(".gitignore", "environments:", "exclude:");
  }

  @Test
  void showsWhatIsFoundGravestFirst() throws Exception {
    write("Dockerfile", "FROM node:16\nUSER root\n");
    List<String> found = proposal(Language.FR).found().lines().toList();
    assertThat(found.get(0)).matches(" +\\d+ × erreur  \\S+/\\S+  .*");
    assertThat(found)
        .contains(
            "    1 × erreur  image/end-of-life  Node.js 16 n'est plus maintenu depuis le 2023-09-11");
    List<String> severities = found.stream().map(line -> line.strip().split("\\s+")[2]).toList();
    assertThat(severities.lastIndexOf("erreur")).isLessThan(severities.indexOf("avertissement"));
  }

  @Test
  void namesMayHoldAnything() throws Exception {
    write("k8s \"a\\b\": #\u00e9\u2028\n/web.yaml", SERVICE);
    holds(proposal(Language.EN).text());
  }

  @Test
  void nothingToCheckIsRefused() throws Exception {
    write("README.md", "# Nothing\n");
    assertThatThrownBy(() -> proposal(Language.EN)).isInstanceOf(Refusal.class);
  }
}
