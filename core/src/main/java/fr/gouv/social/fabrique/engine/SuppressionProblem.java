package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;

/**
 * A suppression that does not do what it should; a subject of rules like any other.
 *
 * @param names the rules that it names
 */
public record SuppressionProblem(Kind kind, Span span, String names) implements Located {
  /** What is wrong with it. */
  public enum Kind {
    /** It covers nothing. */
    UNUSED,
    NO_REASON,
    EXPIRED,
    /** It stands behind an instruction of a Dockerfile, where there are no comments. */
    NO_COMMENT,
    /** It names no rule that exists. */
    UNKNOWN_RULE
  }
}
