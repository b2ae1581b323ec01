package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.io.IOException;

/** An excerpt of a file with a place in it underlined. */
final class CodeFrame {
  /** The most cells of one line that are shown. */
  private static final int WIDTH = 120;

  /** A longer place is shown by its first lines and its last one. */
  private static final int FIRST_LINES = 3;

  private final Paint paint;
  private final String colour;
  private final Appendable out;

  private CodeFrame(Paint paint, String colour, Appendable out) {
    this.paint = paint;
    this.colour = colour;
    this.out = out;
  }

  /** Writes a place with the line before it. */
  static void write(Span span, String colour, Paint paint, Appendable out) throws IOException {
    if (!span.file().text().isEmpty()) {
      new CodeFrame(paint, colour, out).write(span);
    }
  }

  private void write(Span span) throws IOException {
    SourceFile file = span.file();
    int firstLine = span.line();
    int lastLine = Math.max(firstLine, file.lineAt(Wording.endOffset(span)));
    int gutter = Integer.toString(lastLine).length();
    if (firstLine > 1 && !file.line(firstLine - 1).isBlank()) {
      line(file, firstLine - 1, gutter, 0, 0, false);
    }
    for (int line = firstLine; line <= lastLine; line++) {
      if (lastLine - firstLine > FIRST_LINES
          && line == firstLine + FIRST_LINES
          && line < lastLine) {
        out.append(" ".repeat(gutter + 2)).append(paint.in(Paint.DIM, "…")).append('\n');
        line = lastLine;
      }
      int start = file.lineStart(line);
      int end = file.lineEnd(line);
      int from = Math.max(span.start(), start);
      int to = Math.min(span.end(), end);
      if (line > firstLine) {
        while (from < to && Character.isWhitespace(file.text().charAt(from))) {
          from++;
        }
      }
      line(file, line, gutter, from - start, Math.max(from, to) - start, true);
    }
  }

  /** One line, and the marks under the characters from one column (from 0) to another. */
  private void line(SourceFile file, int number, int gutter, int from, int to, boolean marked)
      throws IOException {
    String text = file.line(number);
    int first = window(text, Math.min(from, text.length()));
    StringBuilder shown = new StringBuilder(first > 0 ? "…" : "");
    StringBuilder marks = new StringBuilder(first > 0 ? " " : "");
    int cells = shown.length();
    boolean cut = false;
    int at = first;
    while (at < text.length() && !cut) {
      int c = text.codePointAt(at);
      int next = at + Character.charCount(c);
      int width = c == '\t' ? 2 : Paint.width(c);
      cut = cells + width > WIDTH;
      if (!cut) {
        shown.append(c == '\t' ? "  " : Paint.plain(text.substring(at, next)));
        boolean under = at >= from && at < to;
        marks.append((under ? "^" : " ").repeat(width));
        cells += width;
        at = next;
      }
    }
    if (cut) {
      shown.append('…');
    }
    String margin = " ".repeat(gutter - Integer.toString(number).length()) + number;
    out.append(paint.in(Paint.DIM, " " + margin + " │"))
        .append(shown.isEmpty() ? "" : " " + shown)
        .append('\n');
    if (marked) {
      String under = marks.toString().stripTrailing();
      if (under.isEmpty() || under.isBlank()) {
        // A point between two characters, or at the end of the line.
        under = " ".repeat(from >= at ? cells : cellsTo(text, first, from)) + "^";
      }
      int indent = under.length() - under.stripLeading().length();
      out.append(paint.in(Paint.DIM, " " + " ".repeat(gutter) + " │"))
          .append(' ')
          .append(under, 0, indent)
          .append(paint.in(colour, under.substring(indent)))
          .append('\n');
    }
  }

  private static int cellsTo(String text, int first, int to) {
    int cells = first > 0 ? 1 : 0;
    for (int at = first; at < to; at += Character.charCount(text.codePointAt(at))) {
      int c = text.codePointAt(at);
      cells += c == '\t' ? 2 : Paint.width(c);
    }
    return cells;
  }

  /** Where to start a line so that the place is seen. */
  private static int window(String text, int from) {
    if (from <= WIDTH - 40) {
      return 0;
    }
    int first = from - 40;
    return Character.isLowSurrogate(text.charAt(first)) ? first - 1 : first;
  }
}
