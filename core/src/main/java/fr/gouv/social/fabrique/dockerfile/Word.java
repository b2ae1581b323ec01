package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;

/**
 * One argument of an instruction.
 *
 * @param text its characters before any expansion: quotes and escapes are still there, except in
 *     the JSON form, whose strings are decoded
 * @param span where it stands, with the quotes of the JSON form
 */
public record Word(MappedText text, Span span) implements Located {

  /** A word whose text is all there is. */
  static Word of(MappedText text) {
    return new Word(text, text.span());
  }

  /** The place of a part of the text, given by its offsets in the text. */
  public Span place(int from, int to) {
    return text.span(from, to);
  }

  /** Whether a variable may stand in it. */
  public boolean hasVariable() {
    return text.text().indexOf('$') >= 0;
  }

  /** The text, as it is before any expansion. */
  @Override
  public String toString() {
    return text.text();
  }
}
