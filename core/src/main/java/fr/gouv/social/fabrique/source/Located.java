package fr.gouv.social.fabrique.source;

import java.util.List;

/** Something that can be pointed at. Nodes, instructions, services and containers all are. */
public interface Located {
  /** Where it is written. */
  Span span();

  /**
   * The place in the words of the field, such as {@code Deployment/web › containers[api]} or {@code
   * resources.limits.memory}; empty when the position in the file says it all.
   */
  default String label() {
    return "";
  }

  /**
   * The way by which it came from where it is written to where it counts, nearest step first; empty
   * when it is written in place.
   */
  default List<Step> way() {
    return List.of();
  }
}
