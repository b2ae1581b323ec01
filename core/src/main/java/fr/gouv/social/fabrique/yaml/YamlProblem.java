package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;

/**
 * Something wrong with the YAML itself.
 *
 * @param kind what it is; {@code SYNTAX} and {@code TOO_LARGE} cost the document
 * @param detail the key that is repeated, the anchor that is unknown, or the mistake of syntax in
 *     words; may be empty
 */
public record YamlProblem(Kind kind, Span span, Text detail) implements Located {
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

  /** The problem in one sentence, for files that no rule looks at. */
  public Text message() {
    return switch (kind) {
      case DUPLICATE_KEY ->
          new Text(
              "la clé « " + detail.fr() + " » est déjà là",
              "the key “" + detail.en() + "” stands already");
      case UNKNOWN_ALIAS ->
          new Text(
              "l'alias « *" + detail.fr() + " » ne renvoie à aucune ancre",
              "the alias “*" + detail.en() + "” stands for no anchor");
      case BAD_MERGE ->
          new Text(
              "« << » attend un objet ou une liste d'objets",
              "“<<” expects a mapping or a list of mappings");
      case ALIAS_BOMB, TOO_LARGE -> new Text("document trop grand", "document too large");
      case SYNTAX -> new Text("YAML invalide : " + detail.fr(), "invalid YAML: " + detail.en());
    };
  }
}
