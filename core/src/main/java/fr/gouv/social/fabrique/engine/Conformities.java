package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.standard.Attestation;
import fr.gouv.social.fabrique.standard.Conformity;
import fr.gouv.social.fabrique.standard.Conformity.Evidence;
import fr.gouv.social.fabrique.standard.Requirement;
import fr.gouv.social.fabrique.standard.Standard;
import fr.gouv.social.fabrique.standard.Verdict;
import fr.gouv.social.fabrique.standard.Visibility;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Draws the verdicts on the statements of the standard from what the rules found. */
final class Conformities {
  private Conformities() {}

  static List<Conformity> of(
      Standard standard, List<RuleRun> runs, List<Issue> issues, FabriqueConfig config) {
    List<Conformity> conformities = new ArrayList<>();
    for (Requirement requirement : standard.requirements()) {
      Set<RuleId> rules = new TreeSet<>();
      Set<Evidence> evidence = new LinkedHashSet<>();
      for (RuleRun run : runs) {
        RuleId id = run.page().id();
        if (requirement.id().equals(run.page().requirement()) || requirement.rules().contains(id)) {
          rules.add(id);
          evidence.addAll(run.evidence());
        }
      }
      List<Finding> broken = new ArrayList<>();
      List<Finding> excepted = new ArrayList<>();
      for (Issue issue : issues) {
        // What is only information is advice: it does not break the statement.
        if (rules.contains(issue.finding().rule()) && issue.severity().atLeast(Severity.WARNING)) {
          (issue.suppression() == null ? broken : excepted).add(issue.finding());
        }
      }
      List<Evidence> shown =
          evidence.stream()
              .filter(
                  each ->
                      broken.stream().noneMatch(finding -> sameLine(finding.span(), each.span())))
              .sorted(Comparator.comparing(Evidence::span))
              .toList();
      Attestation attestation = attestation(requirement, config);
      conformities.add(
          new Conformity(
              requirement,
              verdict(
                  requirement,
                  rules,
                  broken,
                  excepted,
                  shown,
                  attestation != null && attestation.counts(config.asOf())),
              broken,
              excepted,
              shown,
              attestation));
    }
    return conformities;
  }

  /** What one rule finds wrong at a place, another one cannot hold up as good. */
  private static boolean sameLine(Span one, Span other) {
    return one.file() == other.file() && one.line() == other.line();
  }

  private static Verdict verdict(
      Requirement requirement,
      Set<RuleId> rules,
      List<Finding> broken,
      List<Finding> excepted,
      List<Evidence> evidence,
      boolean attested) {
    if (!broken.isEmpty()) {
      return Verdict.BROKEN;
    }
    // What files show for certain needs nobody's word.
    boolean shown = requirement.visibility() == Visibility.DECIDABLE && !evidence.isEmpty();
    if (attested && !shown) {
      return Verdict.ATTESTED;
    }
    if (!evidence.isEmpty() || !excepted.isEmpty()) {
      return Verdict.KEPT;
    }
    // What only goes with a statement proves nothing by its absence.
    boolean decidable =
        requirement.visibility() == Visibility.DECIDABLE
            || requirement.visibility() == Visibility.HEURISTIC;
    return rules.isEmpty() || !decidable ? Verdict.NOT_VISIBLE : Verdict.NOT_APPLICABLE;
  }

  private static @Nullable Attestation attestation(Requirement requirement, FabriqueConfig config) {
    Attestation found = null;
    for (Attestation attestation : config.attestations()) {
      if (attestation.requirement().equals(requirement.id())
          && (found == null || !found.counts(config.asOf()))) {
        found = attestation;
      }
    }
    return found;
  }
}
