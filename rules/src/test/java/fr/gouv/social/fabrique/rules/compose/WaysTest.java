package fr.gouv.social.fabrique.rules.compose;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Standard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A finding stands where its value is written, and says by which way the value came. */
class WaysTest {
  private static final String BAD =
      """
      privileged: true
      image: acme/app:latest
      ports: ["5432:5432/icmp"]
      volumes: ["/var/run/docker.sock:/s"]
      depends_on: [nobody]
      healthcheck: { test: [curl, x], interval: 3 parsecs }
      environment: { API_TOKEN: ghp_abcdefghijklmnopqrstuvwxyz0123456789 }
      enviroment: {}
      """;

  private static final String BROKEN = "image: 'acme/app:${'\n";

  /** One rule of each kind: of values, images, ports, mounts, variables, the schema, loading. */
  private static final Set<String> RULES =
      Set.of(
          "compose/privileged-service",
          "image/unpinned",
          "compose/invalid-port",
          "compose/docker-socket",
          "compose/undefined-dependency",
          "compose/invalid-healthcheck-test",
          "compose/invalid-value",
          "secret/literal-in-compose",
          "compose/invalid-interpolation",
          "compose/schema");

  @TempDir Path folder;

  private List<String> found(String... pathsAndTexts) throws IOException {
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      Files.writeString(folder.resolve(pathsAndTexts[i]), pathsAndTexts[i + 1]);
    }
    Report report =
        new Checker(BuiltInRules.load(), Standard.builtIn())
            .check(
                "ways",
                SourceTree.walk(folder),
                FabriqueConfig.defaults(LocalDate.of(2026, 11, 22)),
                Baseline.NONE);
    assertThat(report.defects()).isEmpty();
    return report.active().stream()
        .map(Issue::finding)
        .filter(finding -> RULES.contains(finding.rule().value()))
        .map(WaysTest::line)
        .sorted()
        .toList();
  }

  private static String line(Finding finding) {
    StringBuilder line = new StringBuilder(finding.rule().value());
    line.append(' ').append(at(finding));
    for (Finding.Related related : finding.related()) {
      Text why = related.why();
      if (why != null) {
        line.append(" < ").append(why.in(Language.EN)).append(' ');
        line.append(related.span().file().path()).append(':').append(related.span().line());
      }
    }
    return line.toString();
  }

  private static String at(Finding finding) {
    return finding.span().file().path() + ":" + finding.span().line();
  }

  private static String indented(int by) {
    return BAD.indent(by);
  }

  /** What the bad service gives when its first line is a certain one. */
  private static String[] expected(String path, int first, String way) {
    return List.of(
            "compose/privileged-service 0",
            "image/unpinned 1",
            "compose/invalid-port 2",
            "compose/docker-socket 3",
            "compose/undefined-dependency 4",
            "compose/invalid-healthcheck-test 5",
            "compose/invalid-value 5",
            "secret/literal-in-compose 6",
            "compose/schema 7")
        .stream()
        .map(each -> each.split(" "))
        .map(each -> each[0] + " " + path + ":" + (first + Integer.parseInt(each[1])) + " < " + way)
        .toArray(String[]::new);
  }

  @Test
  void byAnAnchor() throws IOException {
    assertThat(found("compose.yaml", "x-bad: &bad\n" + indented(2) + "services:\n  web: *bad\n"))
        .containsExactlyInAnyOrder(expected("compose.yaml", 2, "by the anchor compose.yaml:11"));
  }

  @Test
  void byAMergeKey() throws IOException {
    assertThat(
            found(
                "compose.yaml",
                "x-bad: &bad\n" + indented(2) + "services:\n  web:\n    <<: *bad\n    tty: true\n"))
        .containsExactlyInAnyOrder(
            expected(
                "compose.yaml",
                2,
                "by the anchor compose.yaml:12 < by the merge key compose.yaml:12"));
  }

  @Test
  void byAnOverride() throws IOException {
    assertThat(
            found(
                "compose.yaml",
                "services:\n  web:\n    image: acme/app:1.2.3\n",
                "compose.override.yaml",
                "services:\n  web:\n" + indented(4)))
        .containsExactlyInAnyOrder(
            expected("compose.override.yaml", 3, "as an override of this file compose.yaml:1"));
  }

  @Test
  void byExtends() throws IOException {
    assertThat(
            found(
                "compose.yaml",
                "services:\n  web:\n    extends:\n      file: base.yaml\n      service: bad\n",
                "base.yaml",
                "services:\n  bad:\n" + indented(4)))
        .containsExactlyInAnyOrder(expected("base.yaml", 3, "by extends compose.yaml:4"));
  }

  @Test
  void byAnInclude() throws IOException {
    assertThat(
            found(
                "compose.yaml",
                "include:\n  - base.yaml\nservices:\n  db:\n    image: acme/db:1.2.3\n",
                "base.yaml",
                "services:\n  bad:\n" + indented(4)))
        .containsExactlyInAnyOrder(expected("base.yaml", 3, "by include compose.yaml:2"));
  }

  @Test
  void byAVariable() throws IOException {
    assertThat(
            found(
                ".env",
                "TAG=latest\nPORT=5432:5432/icmp\nROOT=yes\n",
                "compose.yaml",
                """
                services:
                  web:
                    image: acme/app:${TAG}
                    privileged: ${ROOT}
                    ports: ["${PORT}"]
                  other:
                    image: acme/app:${NONE:-latest}
                """))
        .containsExactlyInAnyOrder(
            "image/unpinned compose.yaml:3 < by the variable .env:1",
            "compose/privileged-service compose.yaml:4 < by the variable .env:3",
            "compose/invalid-port compose.yaml:5 < by the variable .env:2",
            "image/unpinned compose.yaml:7");
  }

  @Test
  void byAllOfThem() throws IOException {
    assertThat(
            found(
                ".env",
                "TAG=latest\n",
                "compose.yaml",
                "include: [shop.yaml]\nservices:\n  db: { image: 'acme/db:1.2.3' }\n",
                "shop.yaml",
                "services:\n  web:\n    extends: { file: base.yaml, service: base }\n",
                "base.yaml",
                """
                x-common: &common
                  image: acme/app:${TAG}
                services:
                  base:
                    <<: *common
                """))
        .containsExactly(
            "image/unpinned base.yaml:2 < by the variable .env:1 < by the anchor base.yaml:5"
                + " < by the merge key base.yaml:5 < by extends shop.yaml:3"
                + " < by include compose.yaml:1");
  }

  /** What is wrong with a file by itself shows before it is put on others. */
  @Test
  void beforeTheMerge() throws IOException {
    assertThat(
            found(
                "compose.yaml",
                """
                include: [base.yaml]
                services:
                  web:
                    extends: { file: other.yaml, service: web }
                """,
                "base.yaml",
                "services:\n  base:\n" + BROKEN.indent(4),
                "other.yaml",
                "services:\n  web:\n" + BROKEN.indent(4),
                "compose.override.yaml",
                "services:\n  web:\n    user: '${'\n"))
        .containsExactlyInAnyOrder(
            "compose/invalid-interpolation base.yaml:3 < by include compose.yaml:1",
            "compose/invalid-interpolation other.yaml:3 < by extends compose.yaml:4",
            "compose/invalid-interpolation compose.override.yaml:3"
                + " < as an override of this file compose.yaml:1");
  }
}
