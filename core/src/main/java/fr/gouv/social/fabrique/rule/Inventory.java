package fr.gouv.social.fabrique.rule;

import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.project.ServiceUse;
import java.util.List;
import java.util.Map;

/** Knows services, and finds those that a repository uses. */
@FunctionalInterface
public interface Inventory {
  /** Knows none. */
  Inventory NONE = (project, settings) -> List.of();

  /**
   * The services that a repository uses, by need, provider and place.
   *
   * @param settings of the whole configuration by dotted name, such as {@code services.mail}
   */
  List<ServiceUse> of(Project project, Map<String, String> settings);
}
