package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;

/**
 * One document.
 *
 * @param span from after its {@code ---} to the next marker
 * @param root a null scalar for a document without content
 * @param open whether a template may add to what is written here: what is absent is then unknown
 */
public record YamlDocument(Span span, YamlNode root, boolean open) implements Located {
  /** A document that is as written. */
  public YamlDocument(Span span, YamlNode root) {
    this(span, root, false);
  }

  /** Whether the document has nothing but blanks and comments. */
  public boolean isEmpty() {
    return root instanceof YamlScalar scalar && scalar.isNull() && scalar.value().isEmpty();
  }
}
