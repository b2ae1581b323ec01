package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;

/**
 * Something wrong with the YAML itself.
 *
 * @param kind what it is; {@code SYNTAX} and {@code TOO_LARGE} cost the document
 * @param detail the key that is repeated, the anchor that is unknown, or what the parser says; may
 *     be empty
 */
public record YamlProblem(Kind kind, Span span, String detail) implements Located {
  /** What is wrong. */
  public enum Kind {
    SYNTAX,
    DUPLICATE_KEY,
    UNKNOWN_ALIAS,
    /** A merge key whose value is neither a mapping nor a list of mappings. */
    BAD_MERGE,
    /** Aliases that grow the document without bound, or contain themselves. */
    ALIAS_BOMB,
    TOO_LARGE
  }
}
