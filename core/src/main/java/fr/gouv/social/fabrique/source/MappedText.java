package fr.gouv.social.fabrique.source;

import java.util.Arrays;

/**
 * Text taken out of a file with characters left out on the way: line continuations, comments, the
 * indentation of a block. Every character knows the place it came from, so that a place found in
 * this text is a place in the file.
 */
public final class MappedText {
  private final SourceFile file;
  private final String text;
  private final int[] offsets;
  private final int base;

  private MappedText(SourceFile file, String text, int[] offsets, int base) {
    this.file = file;
    this.text = text;
    this.offsets = offsets;
    this.base = base;
  }

  /**
   * A text with the places of its characters.
   *
   * @param offsets the offset in the file of each character, and at the end the offset after the
   *     last one: one more than there are characters; they never decrease
   */
  public static MappedText of(String text, int[] offsets, SourceFile file) {
    if (offsets.length != text.length() + 1) {
      throw new IllegalArgumentException(
          offsets.length + " places for " + text.length() + " characters");
    }
    return new MappedText(file, text, offsets, 0);
  }

  /** The characters of a place, one after the other. */
  public static MappedText of(Span span) {
    int[] offsets = new int[span.end() - span.start() + 1];
    Arrays.setAll(offsets, i -> span.start() + i);
    return new MappedText(span.file(), span.text(), offsets, 0);
  }

  /** The file that the characters come from. */
  public SourceFile file() {
    return file;
  }

  /** The characters. */
  public String text() {
    return text;
  }

  public int length() {
    return text.length();
  }

  public boolean isEmpty() {
    return text.isEmpty();
  }

  /** The offset in the file of character {@code i}; for the length, the offset after the last. */
  public int offsetAt(int i) {
    return i > 0 && i == text.length() ? offsets[base + i - 1] + 1 : offsets[base + i];
  }

  /** The place of the whole text. */
  public Span span() {
    return span(0, text.length());
  }

  /**
   * The place in the file of the characters from {@code from} up to {@code to}, which is excluded.
   * What was left out between them belongs to it, what was left out around them does not.
   */
  public Span span(int from, int to) {
    int start = offsetAt(from);
    return new Span(file, start, to > from ? offsets[base + to - 1] + 1 : start);
  }

  /** The part from {@code from} up to {@code to}, which is excluded, with the same places. */
  public MappedText sub(int from, int to) {
    return new MappedText(file, text.substring(from, to), offsets, base + from);
  }

  /** The part from {@code from} to the end. */
  public MappedText sub(int from) {
    return sub(from, text.length());
  }

  /** Without the white space (as {@link String#strip}) around it. */
  public MappedText strip() {
    int from = text.length() - text.stripLeading().length();
    return sub(from, from + text.strip().length());
  }

  @Override
  public String toString() {
    return text;
  }
}
