package fr.gouv.social.fabrique.shell;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One field that a command receives: a word after expansion, splitting and the removal of quotes.
 *
 * <p>Where a part of it cannot be known, {@link #shape} holds {@link #UNKNOWN} in its place, so
 * that a rule can still tell that {@code curl=${CURL_VERSION}} has a version.
 */
public final class Argument implements Located {
  /** Stands in {@link #shape} for a part that cannot be known. */
  public static final char UNKNOWN = '\uFFFC';

  private final Word word;
  private final List<Piece> pieces;
  private final String shape;
  private final Span span;

  /**
   * A run of characters of one origin.
   *
   * @param use the part of the word that it comes from
   * @param place where its characters are written; null when they are nowhere to point at
   * @param written whether that is in the word itself
   */
  record Piece(String text, Span use, @Nullable MappedText place, boolean written, boolean quoted) {
    static Piece unknown(Span use, boolean quoted) {
      return new Piece(String.valueOf(UNKNOWN), use, null, false, quoted);
    }

    boolean isUnknown() {
      return text.indexOf(UNKNOWN) >= 0;
    }

    Piece sub(int from, int to) {
      return new Piece(
          text.substring(from, to),
          use,
          place == null ? null : place.sub(from, to),
          written,
          quoted);
    }

    /** The same characters where a variable that holds them is used. */
    Piece usedAt(Span use, boolean quoted) {
      return new Piece(text, use, place, false, quoted);
    }
  }

  /** A field of a word; {@code alone} when it is the only one. */
  Argument(Word word, List<Piece> pieces, boolean alone) {
    this.word = word;
    this.pieces = List.copyOf(pieces);
    StringBuilder text = new StringBuilder();
    pieces.forEach(piece -> text.append(piece.text));
    this.shape = text.toString();
    this.span = place(word, pieces, alone);
  }

  private static Span place(Word word, List<Piece> pieces, boolean alone) {
    Span first = null;
    Span last = null;
    boolean written = pieces.isEmpty();
    for (Piece piece : pieces) {
      written |= piece.written;
      Span at = piece.place == null ? null : piece.place.span();
      if (at == null || last != null && (at.file() != last.file() || at.start() < last.end())) {
        return word.span();
      }
      first = first == null ? at : first;
      last = at;
    }
    if (first == null || last == null || written && alone) {
      return word.span();
    }
    boolean mixed = written && pieces.stream().anyMatch(piece -> !piece.written);
    return mixed ? word.span() : first.to(last);
  }

  /** The word that it comes from, whose place is where the command is written. */
  public Word word() {
    return word;
  }

  /**
   * The characters to underline: the word as it is written, or, when a variable supplies the field,
   * the characters in that variable's assignment.
   */
  @Override
  public Span span() {
    return span;
  }

  /** The characters, with {@link #UNKNOWN} for each part that cannot be known. */
  public String shape() {
    return shape;
  }

  /** The characters; null when a part of them cannot be known. */
  public @Nullable String text() {
    return isKnown() ? shape : null;
  }

  /** Whether all of it is known. */
  public boolean isKnown() {
    return shape.indexOf(UNKNOWN) < 0;
  }

  /** Whether it may be any number of fields, or none: an unquoted part of it is unknown. */
  public boolean mayBeSeveral() {
    return pieces.stream().anyMatch(piece -> piece.isUnknown() && !piece.quoted);
  }

  /** Whether it is known to be one of these. */
  public boolean is(String... texts) {
    for (String text : texts) {
      if (shape.equals(text)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the first of its characters are quoted, so that the shell leaves them as they are. */
  public boolean isQuoted() {
    return !pieces.isEmpty() && pieces.get(0).quoted;
  }

  List<Piece> pieces() {
    return pieces;
  }

  /** Its characters with places in the script, for text that is a script itself. */
  MappedText mapped() {
    List<Integer> offsets = new ArrayList<>();
    int last = word.span().start();
    for (Piece piece : pieces) {
      for (int i = 0; i < piece.text.length(); i++) {
        int at =
            piece.written && piece.place != null
                ? piece.place.offsetAt(i)
                : i + 1 == piece.text.length() && i > 0
                    ? Math.max(piece.use.start(), piece.use.end() - 1)
                    : piece.use.start();
        last = Math.max(last, at);
        offsets.add(last);
      }
    }
    int[] places = new int[offsets.size() + 1];
    for (int i = 0; i < offsets.size(); i++) {
      places[i] = offsets.get(i);
    }
    places[offsets.size()] = offsets.isEmpty() ? last : last + 1;
    return MappedText.of(shape, places, word.span().file());
  }

  @Override
  public String toString() {
    return shape;
  }
}
