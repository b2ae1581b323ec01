package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.project.Outside;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.project.ProjectReader;
import fr.gouv.social.fabrique.project.ServiceUse;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Parallel;
import fr.gouv.social.fabrique.source.PathGlob;
import fr.gouv.social.fabrique.source.Progress;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Attestation;
import fr.gouv.social.fabrique.standard.Conformity;
import fr.gouv.social.fabrique.standard.Requirement;
import fr.gouv.social.fabrique.standard.Standard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The one entry point: looks at a repository and says what it found. Thread-safe. */
public final class Checker {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::span)
          .thenComparing(Finding::rule)
          .thenComparing(Finding::messageKey)
          .thenComparing(finding -> String.join("\u0000", finding.arguments()));

  /** What is only known at the end. */
  private static final Set<Class<?>> LATE =
      Set.of(SuppressionProblem.class, StaleBaseline.class, AttestedStatement.class);

  private final RuleSet rules;
  private final Standard standard;
  private final Outside outside;

  /** A checker with a set of rules and the standard that they decide. */
  public Checker(RuleSet rules, Standard standard) {
    this(rules, standard, Outside.nothing());
  }

  private Checker(RuleSet rules, Standard standard, Outside outside) {
    this.rules = rules;
    this.standard = standard;
    this.outside = outside;
  }

  /** The same checker, which looks outside of the files too. */
  public Checker with(Outside outside) {
    return new Checker(rules, standard, outside);
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
   * @param baseline findings that are known and do not count
   */
  public Report check(String name, SourceTree tree, FabriqueConfig config, Baseline baseline) {
    Project project =
        ProjectReader.read(
            tree, config.environments(), config.exclude(), config.definitions(), outside);
    return check(name, project, config, baseline);
  }

  /**
   * Checks what is already read.
   *
   * @param name the title of the report
   * @param baseline findings that are known and do not count
   */
  public Report check(String name, Project project, FabriqueConfig config, Baseline baseline) {
    List<Defect> defects = new ArrayList<>();
    List<ServiceUse> services = services(project, config, defects);
    outside.progress().begin(Progress.Phase.CHECKING, rules.rules().size());
    List<RuleRun> runs =
        Parallel.map(rules.rules(), rule -> run(rule, config, project, services)).stream()
            .filter(Objects::nonNull)
            .map(Objects::requireNonNull)
            .toList();
    List<Finding> findings = new ArrayList<>();
    List<NotChecked> notChecked = new ArrayList<>();
    project
        .notChecked()
        .forEach(each -> notChecked.add(new NotChecked(each.path(), each.line(), each.reason())));
    for (RuleRun run : runs) {
      findings.addAll(run.findings());
      notChecked.addAll(run.notChecked());
      defects.addAll(run.defects());
    }
    // What is left out may be looked at for what it tells of the rest; nothing is said of it.
    List<PathGlob> excluded = config.exclude().stream().map(PathGlob::of).toList();
    findings.removeIf(
        finding -> excluded.stream().anyMatch(glob -> glob.matches(finding.span().file().path())));
    Suppressions suppressions = Suppressions.of(project, config, rules.pages());
    List<SuppressionProblem> problems = new ArrayList<>();
    List<Finding> all = distinct(findings);
    List<@Nullable Suppression> covers = suppressions.apply(all, problems);
    Set<String> known =
        baseline.entries().stream().map(Baseline.Entry::fingerprint).collect(Collectors.toSet());
    List<Issue> issues = issues(all, covers, project, known);
    // What is wrong with exceptions is only known once they were used; nothing suppresses it.
    for (RuleRun run : late(SuppressionProblem.class, problems, config, project)) {
      issues.addAll(lateIssues(run, project, known));
      defects.addAll(run.defects());
    }
    for (RuleRun run : late(StaleBaseline.class, stale(baseline, issues), config, project)) {
      issues.addAll(lateIssues(run, project, known));
      defects.addAll(run.defects());
    }
    List<Conformity> conformity = Conformities.of(standard, project, runs, issues, config);
    for (RuleRun run :
        late(AttestedStatement.class, attested(conformity, config), config, project)) {
      issues.addAll(lateIssues(run, project, known));
      defects.addAll(run.defects());
    }
    issues.sort(Comparator.comparing(Issue::finding, ORDER));
    notChecked.sort(Comparator.comparing(NotChecked::path).thenComparing(NotChecked::line));
    return new Report(
        name, config, rules, issues, conformity, services, project.checked(), notChecked, defects);
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

  private List<ServiceUse> services(Project project, FabriqueConfig config, List<Defect> defects) {
    try {
      return rules.inventory().of(project, config.settings());
    } catch (RuntimeException e) {
      defects.add(new Defect("the inventory of services", e));
      return List.of();
    }
  }

  private @Nullable RuleRun run(
      Rule<?> rule, FabriqueConfig config, Project project, List<ServiceUse> services) {
    RulePage page = rules.pages().page(rule.id());
    RuleRun run = null;
    if (config.runs(page) && !LATE.contains(rule.subject())) {
      run =
          rule.subject() == ServiceUse.class
              ? among(rule, page, config, project, services)
              : RuleRun.of(rule, page, config, project, project::subjects);
    }
    outside.progress().step();
    return run;
  }

  private List<AttestedStatement> attested(List<Conformity> conformities, FabriqueConfig config) {
    List<String> ids = standard.requirements().stream().map(Requirement::id).toList();
    List<AttestedStatement> attested = new ArrayList<>();
    for (Attestation attestation : config.attestations()) {
      String id = attestation.requirement();
      Conformity found = null;
      for (Conformity conformity : conformities) {
        found = conformity.requirement().id().equals(id) ? conformity : found;
      }
      String meant = found == null ? Spelling.nearest(id, ids) : null;
      attested.add(new AttestedStatement(attestation, found, meant));
    }
    return attested;
  }

  private static List<StaleBaseline> stale(Baseline baseline, List<Issue> issues) {
    Set<String> found = new HashSet<>();
    for (Issue issue : issues) {
      if (issue.suppression() == null) {
        found.add(issue.fingerprint());
      }
    }
    List<Baseline.Entry> stale =
        baseline.entries().stream().filter(entry -> !found.contains(entry.fingerprint())).toList();
    return stale.isEmpty() ? List.of() : List.of(new StaleBaseline(stale));
  }

  /** The runs of the rules over subjects that the check itself brings forth. */
  private List<RuleRun> late(
      Class<? extends Located> kind,
      List<? extends Located> subjects,
      FabriqueConfig config,
      Project project) {
    List<RuleRun> runs = new ArrayList<>();
    for (Rule<?> rule : rules.rules()) {
      RulePage page = rules.pages().page(rule.id());
      if (rule.subject() == kind && config.runs(page)) {
        runs.add(among(rule, page, config, project, subjects));
      }
    }
    return runs;
  }

  /** The run of a rule over subjects that are none of the project's. */
  private static RuleRun among(
      Rule<?> rule,
      RulePage page,
      FabriqueConfig config,
      Project project,
      List<? extends Located> subjects) {
    return RuleRun.of(
        rule, page, config, project, subject -> subjects.stream().map(subject::cast).toList());
  }

  private static List<Issue> lateIssues(RuleRun run, Project project, Set<String> known) {
    List<Finding> findings = distinct(run.findings());
    List<@Nullable Suppression> none = new ArrayList<>();
    findings.forEach(finding -> none.add(null));
    return issues(findings, none, project, known);
  }
}
