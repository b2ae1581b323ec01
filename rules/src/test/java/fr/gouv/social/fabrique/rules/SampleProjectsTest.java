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
import fr.gouv.social.fabrique.standard.Standard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
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

  @Test
  void theConformingProductHasNoError() throws IOException {
    Report report = check("conforming");
    assertThat(report.defects()).isEmpty();
    assertThat(report.active())
        .filteredOn(issue -> issue.severity() == Severity.ERROR)
        .map(SampleProjectsTest::line)
        .isEmpty();
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
