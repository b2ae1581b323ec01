package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.yaml.YamlScalar.Style;

/**
 * Finds where the characters of a scalar's value stand in its file, by reading the value and its
 * source side by side. Where the value was changed after it was read (interpolation), the offsets
 * stay within the scalar but are only near.
 */
final class ScalarOffsets {
  private final String text;
  private final String value;
  private final Style style;
  private final int end;
  private final int[] offsets;
  private int at;
  private int filled;

  private ScalarOffsets(YamlScalar scalar) {
    this.text = scalar.span().file().text();
    this.value = scalar.value();
    this.style = scalar.style();
    this.at = scalar.span().start();
    this.end = scalar.span().end();
    this.offsets = new int[value.length() + 1];
  }

  static int[] of(YamlScalar scalar) {
    return new ScalarOffsets(scalar).align();
  }

  private int[] align() {
    switch (style) {
      case LITERAL, FOLDED -> alignBlock();
      default -> alignFlow();
    }
    while (filled < value.length()) {
      put(Math.max(at, 0));
    }
    offsets[value.length()] = Math.min(at, end);
    return offsets;
  }

  private void put(int offset) {
    if (filled < value.length()) {
      offsets[filled++] = Math.min(offset, end);
    }
  }

  private void alignFlow() {
    int close = style == Style.PLAIN ? end : Math.max(at, end - 1);
    if (style != Style.PLAIN) {
      at++;
    }
    while (at < close && filled < value.length()) {
      char c = text.charAt(at);
      if (style == Style.DOUBLE_QUOTED && c == '\\') {
        escape(close);
      } else if (style == Style.SINGLE_QUOTED && c == '\'') {
        put(at);
        at += 2;
      } else if (breakAhead(close)) {
        fold(close);
      } else {
        put(at++);
      }
    }
  }

  private void escape(int close) {
    char kind = at + 1 < close ? text.charAt(at + 1) : ' ';
    int length =
        switch (kind) {
          case 'x' -> 4;
          case 'u' -> 6;
          case 'U' -> 10;
          default -> 2;
        };
    if (kind == '\n' || kind == '\r') {
      at += 1;
      while (at < close && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return;
    }
    boolean pair = filled < value.length() && Character.isHighSurrogate(value.charAt(filled));
    put(at);
    if (pair) {
      put(at);
    }
    at = Math.min(at + length, close);
  }

  /** Whether only blanks stand between here and the end of the line. */
  private boolean breakAhead(int close) {
    int next = at;
    while (next < close && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
      next++;
    }
    return next < close && (text.charAt(next) == '\n' || text.charAt(next) == '\r');
  }

  /** One line break is a space; each further one is itself. */
  private void fold(int close) {
    int breaks = 0;
    int first = at;
    while (at < close && Character.isWhitespace(text.charAt(at))) {
      if (text.charAt(at) == '\n') {
        breaks++;
      }
      at++;
    }
    for (int i = 0; i < Math.max(1, breaks - 1); i++) {
      put(first);
    }
  }

  private void alignBlock() {
    int line = text.indexOf('\n', at);
    if (line < 0 || line >= end) {
      at = end;
      return;
    }
    at = line + 1;
    int indent = indent();
    int leadingBreaks = 0;
    while (at < end && filled < value.length()) {
      int stop = text.indexOf('\n', at);
      int lineEnd = stop < 0 || stop > end ? end : stop;
      int content = at;
      while (content < lineEnd && content - at < indent && text.charAt(content) == ' ') {
        content++;
      }
      int last = lineEnd > content && text.charAt(lineEnd - 1) == '\r' ? lineEnd - 1 : lineEnd;
      for (int i = content; i < last && filled < value.length(); i++) {
        if (value.charAt(filled) == text.charAt(i)) {
          put(i);
        }
      }
      at = stop < 0 || stop >= end ? end : stop + 1;
      // A folded break is a space or nothing; the value says which.
      if (filled < value.length()
          && (value.charAt(filled) == '\n' || value.charAt(filled) == ' ')) {
        put(lineEnd);
      }
      leadingBreaks++;
    }
    if (leadingBreaks == 0) {
      at = end;
    }
  }

  /**
   * How far the content is indented: what the first line with text has more in the file than in the
   * value.
   */
  private int indent() {
    int line = at;
    while (line < end) {
      int content = line;
      while (content < end && text.charAt(content) == ' ') {
        content++;
      }
      if (content >= end || (text.charAt(content) != '\n' && text.charAt(content) != '\r')) {
        int kept = 0;
        int from = 0;
        while (from < value.length() && value.charAt(from) == '\n') {
          from++;
        }
        while (from + kept < value.length() && value.charAt(from + kept) == ' ') {
          kept++;
        }
        return Math.max(0, content - line - kept);
      }
      int next = text.indexOf('\n', line);
      if (next < 0) {
        break;
      }
      line = next + 1;
    }
    return 0;
  }
}
