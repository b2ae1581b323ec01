package fr.gouv.social.fabrique.rules.compose;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Standard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What dclint 3.1 gets wrong. That {@code <<} has no rank among the keys, that the top level may
 * hold {@code models} and {@code x-…} in any order, that an inline Dockerfile may be named, that an
 * address may come from a variable and that quotes may be needed are examples of the pages of those
 * rules; that fixes keep comments is in {@link StyleFixesTest}; that an unknown format and a folder
 * with nothing to check end a run is in the tests of the command line.
 */
class OtherToolsDefectsTest {
  private static final Set<String> RULES =
      Set.of(
          "compose/schema",
          "compose/empty-file",
          "compose/duplicate-container-name",
          "compose/invalid-container-name",
          "compose/duplicate-port",
          "compose/no-image-or-build",
          "image/unpinned",
          "yaml/syntax");

  @TempDir Path folder;

  private List<String> found(String text) throws IOException {
    Files.writeString(folder.resolve("compose.yaml"), text);
    Report report =
        new Checker(BuiltInRules.load(), Standard.builtIn())
            .check(
                "defects",
                SourceTree.walk(folder),
                FabriqueConfig.defaults(LocalDate.of(2026, 11, 22)),
                Baseline.NONE);
    assertThat(report.defects()).isEmpty();
    return report.active().stream()
        .map(each -> each.finding())
        .filter(finding -> RULES.contains(finding.rule().value()))
        .map(finding -> finding.rule().value() + " " + finding.span().line())
        .sorted()
        .toList();
  }

  @Test
  void everyViolationOfTheSchemaIsReportedAtItsLine() throws IOException {
    assertThat(
            found(
                """
                services:
                  web:
                    image: acme/web:1.2.3
                    enviroment: {}
                    prots: []
                """))
        .containsExactly("compose/schema 4", "compose/schema 5");
  }

  @Test
  void theSchemaIsAppliedToWhatVariablesGive() throws IOException {
    assertThat(
            found(
                """
                services:
                  web:
                    image: acme/web:1.2.3
                    privileged: "${P:-false}"
                    deploy: { replicas: "${N:-2}" }
                  worker:
                    image: acme/web:1.2.3
                    deploy: { resources: { limits: { pids: "${M}" } } }
                """))
        .isEmpty();
  }

  @Test
  void severalDocumentsAreOneProject() throws IOException {
    assertThat(
            found(
                """
                services:
                  web: { image: "acme/web:1.2.3" }
                ---
                services:
                  web: { restart: always }
                """))
        .isEmpty();
  }

  @Test
  void containerNamesAreComparedAsTheyAreMerged() throws IOException {
    assertThat(
            found(
                """
                x-base: &base { container_name: app, image: "acme/web:1.2.3" }
                services:
                  one: { <<: *base }
                  two: { <<: *base }
                  three: { image: "acme/web:1.2.3", container_name: "${A}" }
                  four: { image: "acme/web:1.2.3", container_name: "${A}" }
                  five: { image: "acme/web:1.2.3", container_name: a@b }
                """))
        .containsExactly("compose/duplicate-container-name 1", "compose/invalid-container-name 7");
  }

  @Test
  void portsAreComparedWithTheirAddresses() throws IOException {
    assertThat(
            found(
                """
                services:
                  one: { image: "acme/web:1.2.3", ports: ["127.0.0.1:80:80", "3000"] }
                  two: { image: "acme/web:1.2.3", ports: ["127.0.0.2:80:80", "3000"] }
                  three: { image: "acme/web:1.2.3", ports: ["127.0.0.1:80:81"] }
                """))
        .containsExactly("compose/duplicate-port 4");
  }

  @Test
  void theTagIsTheOneThatTheFileShips() throws IOException {
    assertThat(
            found(
                """
                services:
                  one:
                    image: acme/web:${TAG:-latest}
                  two:
                    image: ${IMG}
                """))
        .containsExactly("image/unpinned 3");
  }

  @Test
  void exceptionsStandInFlowSequencesToo() throws IOException {
    String text =
        """
        services:
          web:
            image: nginx:1.30.0
            ports: [
              "8080:80",
              "8080:81"%s
            ]
        """;
    assertThat(found(text.formatted(""))).containsExactly("compose/duplicate-port 6");
    assertThat(found(text.formatted("  # dclint disable-line no-duplicate-exported-ports")))
        .isEmpty();
  }
}
