package fr.gouv.social.fabrique.source;

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
}
