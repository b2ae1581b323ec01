package fr.gouv.social.fabrique.rules.project;

import fr.gouv.social.fabrique.rule.Rule;
import java.util.List;
import java.util.stream.Stream;

/** The rules of the family {@code project}. */
public final class ProjectRules {
  /** All of them. */
  public static final List<Rule<?>> ALL =
      Stream.of(Dependencies.ALL, LocalSetup.ALL, ProjectFiles.ALL)
          .<Rule<?>>flatMap(List::stream)
          .toList();

  private ProjectRules() {}
}
