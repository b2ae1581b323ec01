package fr.gouv.social.fabrique.rules;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.standard.Conformity;
import fr.gouv.social.fabrique.standard.Level;
import fr.gouv.social.fabrique.standard.Standard;
import fr.gouv.social.fabrique.standard.Verdict;
import fr.gouv.social.fabrique.standard.Visibility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample projects show what they are meant to show. */
class SampleProjectsTest {
  private static final Path SAMPLES = Path.of("../sample-projects");
  private static final LocalDate AS_OF = LocalDate.of(2026, 11, 22);

  private static Report check(String sample) throws IOException {
    SourceTree tree = SourceTree.walk(SAMPLES.resolve(sample));
    return new Checker(BuiltInRules.load(), Standard.builtIn())
        .check(sample, tree, FabriqueConfig.defaults(AS_OF), Baseline.NONE);
  }

  private static Report check(Map<String, String> files) {
    return new Checker(BuiltInRules.load(), Standard.builtIn())
        .check("files", SourceTree.of(files), FabriqueConfig.defaults(AS_OF), Baseline.NONE);
  }

  @Test
  void theConformingProductHasNoError() throws IOException {
    Report report = check("conforming");
    assertThat(report.defects()).isEmpty();
    assertThat(report.active())
        .filteredOn(issue -> issue.severity() == Severity.ERROR)
        .map(SampleProjectsTest::line)
        .isEmpty();
  }

  /**
   * The rows of the standard's tables: kept with a place that shows it, or honestly not visible.
   */
  @Test
  void theConformingProductKeepsEveryObligationThatFilesShow() throws IOException {
    Map<String, Verdict> verdicts = new TreeMap<>();
    for (Conformity conformity : check("conforming").conformity()) {
      if (conformity.requirement().level() != Level.PRATIQUE) {
        verdicts.put(conformity.requirement().id(), conformity.verdict());
        assertThat(conformity.evidence().isEmpty())
            .as(conformity.requirement().id())
            .isEqualTo(conformity.verdict() != Verdict.KEPT);
      }
    }
    assertThat(verdicts)
        .containsEntry("docker.rootless", Verdict.KEPT)
        .containsEntry("docker.lts", Verdict.KEPT)
        .containsEntry("kubernetes.hpa", Verdict.KEPT)
        .containsEntry("kubernetes.memory", Verdict.KEPT)
        .containsEntry("kubernetes.logs-stdout", Verdict.NOT_VISIBLE)
        .containsEntry("developpement.accessibility-score", Verdict.NOT_VISIBLE)
        .doesNotContainValue(Verdict.BROKEN);
  }

  @Test
  void theBrokenProductBreaksEveryObligationThatFilesDecide() throws IOException {
    for (Conformity conformity : check("broken").conformity()) {
      if (conformity.requirement().level() == Level.OBLIGATION
          && conformity.requirement().visibility() != Visibility.NOT_VISIBLE
          && !conformity.requirement().rules().isEmpty()
          && conformity.verdict() != Verdict.NOT_VISIBLE) {
        assertThat(conformity.verdict())
            .as(conformity.requirement().id())
            .isEqualTo(Verdict.BROKEN);
        assertThat(conformity.findings()).isNotEmpty();
      }
    }
  }

  private static Map<String, Verdict> decided(Report report) {
    Map<String, Verdict> verdicts = new TreeMap<>();
    for (Conformity conformity : report.conformity()) {
      if (conformity.requirement().visibility() == Visibility.DECIDABLE) {
        verdicts.put(conformity.requirement().id(), conformity.verdict());
      }
    }
    return verdicts;
  }

  private static Map<String, Verdict> others(Map<String, Verdict> verdicts, Verdict usual) {
    Map<String, Verdict> others = new TreeMap<>(verdicts);
    others.values().removeIf(verdict -> verdict == usual);
    return others;
  }

  /** What only forbids something has nothing to say of a product that does not have it. */
  @Test
  void theConformingProductKeepsEveryStatementThatFilesDecide() throws IOException {
    assertThat(others(decided(check("conforming")), Verdict.KEPT))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "databases.no-admin-tool", Verdict.NOT_APPLICABLE,
                "developpement.secret-reuse", Verdict.NOT_APPLICABLE,
                "faq.azure-database", Verdict.NOT_APPLICABLE,
                "faq.hasura-key", Verdict.NOT_APPLICABLE,
                "faq.cluster-addresses", Verdict.NOT_APPLICABLE));
  }

  /** A Compose file, and a deployment, cannot be wrong and missing at once. */
  @Test
  void theBrokenProductBreaksEveryStatementThatFilesDecide() throws IOException {
    assertThat(others(decided(check("broken")), Verdict.BROKEN))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "infrastructure.compose", Verdict.KEPT,
                "infrastructure.deployment", Verdict.KEPT));
    assertThat(decided(check("no-compose")))
        .containsEntry("infrastructure.compose", Verdict.BROKEN);
    assertThat(decided(check(Map.of("package.json", "{}", "Dockerfile", "FROM scratch\n"))))
        .containsEntry("infrastructure.deployment", Verdict.BROKEN);
  }

  /** Workloads, databases and hosts are judged for each environment, in the file that says so. */
  @Test
  void theKontinuousProductIsJudgedByEnvironment() throws IOException {
    Map<String, Verdict> verdicts = decided(check("kontinuous"));
    Map<String, Verdict> broken = new TreeMap<>(verdicts);
    broken.values().removeIf(verdict -> verdict != Verdict.BROKEN);
    assertThat(broken.keySet())
        .containsExactlyInAnyOrder(
            "docker.rootless",
            "kubernetes.cpu-requests",
            "kubernetes.memory",
            "kubernetes.hpa",
            "kubernetes.sealed-secrets",
            "databases.model-diagram",
            "developpement.urls",
            "infrastructure.database-backup");
    assertThat(verdicts)
        .containsEntry("kubernetes.healthcheck", Verdict.KEPT)
        .containsEntry("infrastructure.managed-database", Verdict.KEPT)
        .containsEntry("infrastructure.registry", Verdict.KEPT)
        .containsEntry("docker.official-image", Verdict.KEPT);
    assertThat(check("kontinuous").active())
        .filteredOn(issue -> issue.finding().rule().family().equals("kontinuous"))
        .extracting(issue -> issue.environment().name())
        .contains("DEV", "PROD");
  }

  /** Each line of the list beside a sample is a planted violation: path, line, column, rule. */
  @ParameterizedTest
  @ValueSource(strings = {"broken", "kontinuous", "no-compose", "spring-boot"})
  void everyPlantedViolationIsFound(String sample) throws IOException {
    Set<String> expected = new TreeSet<>();
    for (String line : Files.readAllLines(SAMPLES.resolve(sample + ".expected"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        expected.add(line.strip());
      }
    }
    List<String> found = check(sample).active().stream().map(SampleProjectsTest::line).toList();
    Set<String> missed = new TreeSet<>(expected);
    missed.removeAll(found);
    assertThat(missed).as("found: " + String.join("\n", found)).isEmpty();
  }

  private static String line(Issue issue) {
    Span span = issue.finding().span();
    String rule = issue.finding().rule().value();
    // What the repository as a whole lacks has no place of its own.
    return rule.startsWith("project/") && span.line() == 1 && span.column() == 1
        ? String.join("\t", ".", "1", "1", rule)
        : String.join(
            "\t",
            span.file().path(),
            String.valueOf(span.line()),
            String.valueOf(span.column()),
            rule);
  }
}
