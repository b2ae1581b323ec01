package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;

/**
 * One document.
 *
 * @param span from after its {@code ---} to the next marker
 * @param root a null scalar for a document without content
 */
public record YamlDocument(Span span, YamlNode root) implements Located {
  /** Whether the document has nothing but blanks and comments. */
  public boolean isEmpty() {
    return root instanceof YamlScalar scalar && scalar.isNull() && scalar.value().isEmpty();
  }
}
