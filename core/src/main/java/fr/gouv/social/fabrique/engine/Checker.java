package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.project.ProjectReader;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Standard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The one entry point: looks at a repository and says what it found. Thread-safe. */
public final class Checker {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::span)
          .thenComparing(Finding::rule)
          .thenComparing(Finding::messageKey)
          .thenComparing(finding -> String.join("\u0000", finding.arguments()));

  private final RuleSet rules;
  private final Standard standard;

  /** A checker with a set of rules and the standard that they decide. */
  public Checker(RuleSet rules, Standard standard) {
    this.rules = rules;
    this.standard = standard;
  }

  /** The rules. */
  public RuleSet rules() {
    return rules;
  }

  /** The standard. */
  public Standard standard() {
    return standard;
  }

  /**
   * Checks the files of a tree.
   *
   * @param name the title of the report
   * @param baseline fingerprints of findings that are known and do not count
   */
  public Report check(String name, SourceTree tree, FabriqueConfig config, Set<String> baseline) {
    Project project = ProjectReader.read(tree, config.environments(), config.exclude());
    List<RuleRun> runs =
        rules.rules().parallelStream()
            .map(rule -> run(rule, config, project))
            .filter(Objects::nonNull)
            .map(Objects::requireNonNull)
            .toList();
    List<Finding> findings = new ArrayList<>();
    List<Defect> defects = new ArrayList<>();
    for (RuleRun run : runs) {
      findings.addAll(run.findings());
      defects.addAll(run.defects());
    }
    Suppressions suppressions = Suppressions.of(project, config, rules.pages());
    List<SuppressionProblem> problems = new ArrayList<>();
    List<@Nullable Suppression> covers = suppressions.apply(distinct(findings), problems);
    List<Finding> all = distinct(findings);
    List<Issue> issues = issues(all, covers, project, baseline);
    // What is wrong with suppressions is only known once they were used; nothing suppresses it.
    List<RuleRun> late =
        rules.rules().stream()
            .filter(rule -> rule.subject() == SuppressionProblem.class)
            .map(rule -> lateRun(rule, config, project, problems))
            .toList();
    List<Finding> lateFindings = new ArrayList<>();
    for (RuleRun run : late) {
      lateFindings.addAll(run.findings());
      defects.addAll(run.defects());
    }
    if (!lateFindings.isEmpty()) {
      List<@Nullable Suppression> none = new ArrayList<>();
      lateFindings.forEach(finding -> none.add(null));
      issues.addAll(issues(distinct(lateFindings), none, project, baseline));
      issues.sort(Comparator.comparing(Issue::finding, ORDER));
    }
    return new Report(
        name,
        config,
        rules,
        issues,
        Conformities.of(standard, runs, issues, config),
        project.checked(),
        project.notChecked().stream()
            .map(each -> new NotChecked(each.path(), each.line(), each.reason()))
            .toList(),
        defects);
  }

  private static List<Finding> distinct(List<Finding> findings) {
    // A place that several merged models share is looked at once for each of them.
    Set<List<Object>> seen = new HashSet<>();
    return findings.stream()
        .sorted(ORDER)
        .filter(
            finding ->
                seen.add(
                    List.of(
                        finding.rule(),
                        finding.span().file().path(),
                        finding.span().start(),
                        finding.span().end(),
                        finding.messageKey(),
                        finding.arguments())))
        .toList();
  }

  private static List<Issue> issues(
      List<Finding> findings,
      List<@Nullable Suppression> covers,
      Project project,
      Set<String> baseline) {
    Fingerprints fingerprints = new Fingerprints();
    List<Issue> issues = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      Finding finding = findings.get(i);
      String fingerprint = fingerprints.next(finding);
      issues.add(
          new Issue(
              finding,
              fingerprint,
              project.environment(finding.span()),
              covers.get(i),
              baseline.contains(fingerprint)));
    }
    return issues;
  }

  private @Nullable RuleRun run(Rule<?> rule, FabriqueConfig config, Project project) {
    RulePage page = rules.pages().page(rule.id());
    if (!config.runs(page) || rule.subject() == SuppressionProblem.class) {
      return null;
    }
    return RuleRun.of(rule, page, config, project, project::subjects);
  }

  private RuleRun lateRun(
      Rule<?> rule, FabriqueConfig config, Project project, List<SuppressionProblem> problems) {
    RulePage page = rules.pages().page(rule.id());
    List<SuppressionProblem> shown = config.runs(page) ? problems : List.of();
    return RuleRun.of(rule, page, config, project, kind -> shown.stream().map(kind::cast).toList());
  }
}
