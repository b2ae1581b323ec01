package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.project.ServiceUse;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.standard.Conformity;
import java.util.List;

/**
 * What one run found. The same input gives the same report, to the byte once written.
 *
 * @param name what was checked, as a title: the name of the root folder
 * @param issues by path, position and rule; suppressed ones and those of the baseline among them
 * @param conformity one for each statement of the standard, in its order
 * @param services that the repository uses, by need, provider and place
 * @param checked the paths of the files that were checked
 * @param notChecked what was not, by path
 * @param defects failures of our own; a report with any is not complete
 */
public record Report(
    String name,
    FabriqueConfig config,
    RuleSet rules,
    List<Issue> issues,
    List<Conformity> conformity,
    List<ServiceUse> services,
    List<String> checked,
    List<NotChecked> notChecked,
    List<Defect> defects) {
  public Report {
    issues = List.copyOf(issues);
    conformity = List.copyOf(conformity);
    services = List.copyOf(services);
    checked = List.copyOf(checked);
    notChecked = List.copyOf(notChecked);
    defects = List.copyOf(defects);
  }

  /** The same with other issues. */
  public Report withIssues(List<Issue> some) {
    return new Report(
        name, config, rules, some, conformity, services, checked, notChecked, defects);
  }

  /** The issues that count. */
  public List<Issue> active() {
    return issues.stream().filter(Issue::isActive).toList();
  }

  /** How many active issues have a severity. */
  public long count(Severity severity) {
    return issues.stream()
        .filter(issue -> issue.isActive() && issue.severity() == severity)
        .count();
  }

  /** Whether the run fails: for one issue at least. */
  public boolean fails() {
    return issues.stream().anyMatch(this::fails);
  }

  /** Whether the run fails for an issue: it is active and at least as grave as the threshold. */
  public boolean fails(Issue issue) {
    Severity threshold = config.failOn();
    return threshold != null && issue.isActive() && issue.severity().atLeast(threshold);
  }
}
