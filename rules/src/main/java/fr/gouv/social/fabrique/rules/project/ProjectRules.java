package fr.gouv.social.fabrique.rules.project;

import fr.gouv.social.fabrique.rule.Rule;
import java.util.List;

/** The rules of the family {@code project}. */
public final class ProjectRules {
  /** All of them. */
  public static final List<Rule<?>> ALL = List.of();

  private ProjectRules() {}
}
