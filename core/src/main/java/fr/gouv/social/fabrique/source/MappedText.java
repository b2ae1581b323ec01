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
    if (from == to && from > 0) {
      // An empty part stands after the character before it, not before one that may be lines away.
      return new MappedText(file, "", new int[] {offsetAt(from - 1) + 1}, 0);
    }
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

  /** Gathers characters in the order of the file. */
  public static final class Builder {
    private final SourceFile file;
    private final StringBuilder text = new StringBuilder();
    private int[] offsets = new int[64];

    public Builder(SourceFile file) {
      this.file = file;
    }

    /** Adds a character that comes from an offset. */
    public Builder add(char character, int offset) {
      if (text.length() + 1 >= offsets.length) {
        offsets = Arrays.copyOf(offsets, offsets.length * 2);
      }
      offsets[text.length()] = offset;
      text.append(character);
      offsets[text.length()] = offset + 1;
      return this;
    }

    /** Adds the characters of the file between two offsets, the second one excluded. */
    public Builder add(int start, int end) {
      for (int i = start; i < end; i++) {
        add(file.text().charAt(i), i);
      }
      return this;
    }

    /** Adds another text of the same file. */
    public Builder add(MappedText other) {
      for (int i = 0; i < other.length(); i++) {
        add(other.text.charAt(i), other.offsetAt(i));
      }
      return this;
    }

    public int length() {
      return text.length();
    }

    /**
     * The text so far.
     *
     * @param emptyAt the place of the text when it is empty
     */
    public MappedText build(int emptyAt) {
      if (text.isEmpty()) {
        return new MappedText(file, "", new int[] {emptyAt}, 0);
      }
      return new MappedText(file, text.toString(), Arrays.copyOf(offsets, text.length() + 1), 0);
    }
  }
}
