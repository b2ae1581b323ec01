package fr.gouv.social.fabrique.source;

import java.util.Comparator;

/**
 * A place in a source file.
 *
 * @param start the offset of its first character, counted in UTF-16 code units from 0
 * @param end the offset after its last character; equal to {@code start} for a point between two
 *     characters
 */
public record Span(SourceFile file, int start, int end) implements Located, Comparable<Span> {
  private static final Comparator<Span> ORDER =
      Comparator.comparing((Span span) -> span.file.path())
          .thenComparingInt(Span::start)
          .thenComparingInt(Span::end);

  public Span {
    if (start < 0 || end < start || end > file.text().length()) {
      throw new IllegalArgumentException("no place " + start + ".." + end + " in " + file);
    }
  }

  @Override
  public Span span() {
    return this;
  }

  /** The 1-based line of the first character. */
  public int line() {
    return file.lineAt(start);
  }

  /** The 1-based column of the first character, in UTF-16 code units. */
  public int column() {
    return file.columnAt(start);
  }

  /** The 1-based line of the place after the last character. */
  public int endLine() {
    return file.lineAt(end);
  }

  /** The 1-based column after the last character. */
  public int endColumn() {
    return file.columnAt(end);
  }

  /** The characters that stand here. */
  public String text() {
    return file.text().substring(start, end);
  }

  /** Whether the other place lies within this one. */
  public boolean contains(Span other) {
    return file == other.file && start <= other.start && other.end <= end;
  }

  /** From the start of this place to the end of another one of the same file. */
  public Span to(Span last) {
    return new Span(file, start, last.end);
  }

  /** By path, then by start, then by end. */
  @Override
  public int compareTo(Span other) {
    return ORDER.compare(this, other);
  }

  /** {@code path:line:column}, as terminals and editors understand it. */
  @Override
  public String toString() {
    return file.path() + ":" + line() + ":" + column();
  }
}
