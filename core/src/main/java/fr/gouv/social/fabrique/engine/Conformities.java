package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.standard.Attestation;
import fr.gouv.social.fabrique.standard.Conformity;
import fr.gouv.social.fabrique.standard.Conformity.Evidence;
import fr.gouv.social.fabrique.standard.Level;
import fr.gouv.social.fabrique.standard.Requirement;
import fr.gouv.social.fabrique.standard.Requirement.Source;
import fr.gouv.social.fabrique.standard.Standard;
import fr.gouv.social.fabrique.standard.Verdict;
import fr.gouv.social.fabrique.standard.Visibility;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Draws the verdicts on the statements of the standard from what the rules found. */
final class Conformities {
  private static final int LONGEST_LINE = 80;
  private static final Pattern CREDENTIAL = Pattern.compile("://[^\\s/@]*@");

  private Conformities() {}

  static List<Conformity> of(
      Standard standard,
      Project project,
      List<RuleRun> runs,
      List<Issue> issues,
      FabriqueConfig config) {
    Signs signs = new Signs(project.tree());
    boolean partial = project.deploysChartsFromElsewhere();
    // Of many findings the first are shown: those that weigh most.
    List<Issue> gravestFirst =
        issues.stream().sorted(Comparator.comparing(Issue::severity)).toList();
    List<Conformity> conformities = new ArrayList<>();
    for (Requirement requirement : standard.requirements()) {
      Set<RuleId> rules = new HashSet<>();
      Set<Evidence> evidence = new LinkedHashSet<>();
      evidence.addAll(signs.of(requirement));
      // What is deployed from elsewhere may be concerned; the files cannot say.
      boolean concerned =
          partial
              && requirement.sources().contains(Source.KUBERNETES)
              && (requirement.page().equals("kubernetes") || !deploys(project));
      for (RuleRun run : runs) {
        RuleId id = run.page().id();
        if (requirement.breaks().contains(id)) {
          rules.add(id);
          concerned |= run.concerned() || !run.evidence().isEmpty();
        } else if (requirement.id().equals(run.page().requirement())
            || requirement.rules().contains(id)) {
          rules.add(id);
          evidence.addAll(run.evidence());
          concerned |= run.concerned();
        }
      }
      List<Finding> found = new ArrayList<>();
      List<Finding> wrong = new ArrayList<>();
      List<Finding> excepted = new ArrayList<>();
      for (Issue issue : gravestFirst) {
        if (!rules.contains(issue.finding().rule())) {
          continue;
        }
        boolean advice = !issue.severity().atLeast(Severity.WARNING);
        if (issue.suppression() == null) {
          found.add(issue.finding());
          if (!advice) {
            wrong.add(issue.finding());
          }
        } else if (!advice) {
          excepted.add(issue.finding());
        }
      }
      // What one rule finds wrong at a place, another one cannot hold up as good.
      Set<String> wrongLines = new HashSet<>();
      found.forEach(finding -> wrongLines.add(line(finding.span())));
      List<Evidence> shown =
          distinct(evidence).stream()
              .filter(each -> !wrongLines.contains(line(each.span())))
              .sorted(Comparator.comparing(Evidence::span))
              .map(Conformities::named)
              .toList();
      // Beside what is right, information on an obligation is advice. Alone it is all there is.
      boolean counts =
          decidable(requirement)
              && (requirement.level() == Level.PRATIQUE || shown.isEmpty() && excepted.isEmpty());
      List<Finding> broken = counts ? found : wrong;
      Attestation attestation = attestation(requirement, config);
      Verdict verdict;
      if (!broken.isEmpty()) {
        verdict = Verdict.BROKEN;
      } else if (attestation != null
          && attestation.counts(config.asOf())
          && (shown.isEmpty() || requirement.visibility() != Visibility.DECIDABLE)) {
        // What files show for certain needs nobody's word.
        verdict = Verdict.ATTESTED;
      } else if (!shown.isEmpty() || !excepted.isEmpty()) {
        verdict = Verdict.KEPT;
      } else if (rules.isEmpty() || concerned || !decidable(requirement)) {
        // What only goes with a statement proves nothing by its absence.
        verdict = Verdict.NOT_VISIBLE;
      } else {
        verdict = Verdict.NOT_APPLICABLE;
      }
      conformities.add(new Conformity(requirement, verdict, broken, excepted, shown, attestation));
    }
    return conformities;
  }

  /** Whether files here say what runs in the cluster for long. */
  private static boolean deploys(Project project) {
    return !project.subjects(KontinuousComponent.class).isEmpty()
        || project.subjects(Workload.class).stream().anyMatch(each -> !each.isBatch());
  }

  /** One place is shown once, by whatever rules. */
  private static List<Evidence> distinct(Set<Evidence> evidence) {
    Map<String, Evidence> places = new LinkedHashMap<>();
    for (Evidence each : evidence) {
      Span span = each.span();
      places.putIfAbsent(span.file().path() + ":" + span.start() + ":" + span.end(), each);
    }
    return List.copyOf(places.values());
  }

  private static String line(Span span) {
    return span.file().path() + ":" + span.line();
  }

  /** A place that has no name says what stands there; a password in an address is left out. */
  private static Evidence named(Evidence evidence) {
    Span span = evidence.span();
    if (!evidence.label().isEmpty() || span.start() == span.end()) {
      return evidence;
    }
    String line = span.file().line(span.line()).strip();
    if (CREDENTIAL.matcher(line).find()) {
      return evidence;
    }
    return new Evidence(
        span, line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE - 1) + "…" : line);
  }

  private static boolean decidable(Requirement requirement) {
    return requirement.visibility() == Visibility.DECIDABLE
        || requirement.visibility() == Visibility.HEURISTIC;
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
