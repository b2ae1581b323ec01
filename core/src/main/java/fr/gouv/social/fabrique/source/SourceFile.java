package fr.gouv.social.fabrique.source;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The text of one file. Offsets count UTF-16 code units from 0, lines and columns are 1-based. A
 * line ends with {@code \n} or {@code \r\n}. Two source files are equal only when they are the same
 * object.
 */
public final class SourceFile {
  private final String path;
  private final String text;
  private int @Nullable [] lineStarts;

  private SourceFile(String path, String text) {
    this.path = path;
    this.text = text;
  }

  /**
   * A file with the given text.
   *
   * @param path relative to the root of the repository, with {@code /} between its parts
   * @param text decoded, without a byte order mark
   */
  public static SourceFile of(String path, String text) {
    return new SourceFile(path, text);
  }

  /** The path relative to the root of the repository, with {@code /} between its parts. */
  public String path() {
    return path;
  }

  /** The last part of the path. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The path of the folder that holds the file, empty for the root of the repository. */
  public String folder() {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** The whole text. */
  public String text() {
    return text;
  }

  /** The place between two offsets, the second one excluded. */
  public Span span(int start, int end) {
    return new Span(this, start, end);
  }

  /** The place that covers the whole file. */
  public Span all() {
    return new Span(this, 0, text.length());
  }

  /** How many lines there are: one more than there are line ends, so at least 1. */
  public int lineCount() {
    return lineStarts().length;
  }

  /** The 1-based line of an offset; the end of the text belongs to the last line. */
  public int lineAt(int offset) {
    int found = Arrays.binarySearch(lineStarts(), offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** The 1-based column of an offset, in UTF-16 code units. */
  public int columnAt(int offset) {
    return offset - lineStart(lineAt(offset)) + 1;
  }

  /** The offset at which a 1-based line starts. */
  public int lineStart(int line) {
    return lineStarts()[line - 1];
  }

  /** The offset at which the text of a 1-based line ends: its line end is excluded. */
  public int lineEnd(int line) {
    int[] starts = lineStarts();
    int end = line < starts.length ? starts[line] - 1 : text.length();
    return end > starts[line - 1] && text.charAt(end - 1) == '\r' ? end - 1 : end;
  }

  /** The text of a 1-based line without its line end. */
  public String line(int line) {
    return text.substring(lineStart(line), lineEnd(line));
  }

  private int[] lineStarts() {
    int[] starts = lineStarts;
    if (starts == null) {
      // Computed twice at worst: the result is the same whichever thread stores it.
      starts = findLineStarts(text);
      lineStarts = starts;
    }
    return starts;
  }

  private static int[] findLineStarts(String text) {
    int[] starts = new int[16];
    int count = 1;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, count * 2);
      }
      starts[count++] = at + 1;
    }
    return Arrays.copyOf(starts, count);
  }

  @Override
  public String toString() {
    return path;
  }
}
