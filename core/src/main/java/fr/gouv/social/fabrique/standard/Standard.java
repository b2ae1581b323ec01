package fr.gouv.social.fabrique.standard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All statements of the published standards, in the order of their pages. */
public final class Standard {
  private final String source;
  private final Map<String, Requirement> requirements = new LinkedHashMap<>();

  /**
   * The standards.
   *
   * @param source which publication was read: repository, commit and date
   */
  public Standard(String source, List<Requirement> requirements) {
    this.source = source;
    requirements.forEach(requirement -> this.requirements.put(requirement.id(), requirement));
  }

  /** Which publication was read. */
  public String source() {
    return source;
  }

  /** All statements in order. */
  public List<Requirement> requirements() {
    return List.copyOf(requirements.values());
  }

  /** The statement of that id, or null. */
  public @Nullable Requirement find(String id) {
    return requirements.get(id);
  }
}
