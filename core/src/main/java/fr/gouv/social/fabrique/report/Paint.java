package fr.gouv.social.fabrique.report;

/** Colours of a terminal (ECMA-48), or none. */
public final class Paint {
  public static final String BOLD = "1";
  static final String DIM = "2";
  static final String RED = "1;31";
  static final String GREEN = "1;32";
  static final String YELLOW = "1;33";
  static final String BLUE = "1;34";
  public static final String CYAN = "36";

  private final boolean on;

  /** Colours, or none. */
  public Paint(boolean on) {
    this.on = on;
  }

  /** Whether there are colours. */
  public boolean isOn() {
    return on;
  }

  /** The text in a colour, one of the constants. */
  public String in(String colour, String text) {
    return on && !text.isEmpty() ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
  }

  /**
   * The text with nothing in it that a terminal would obey: control characters are shown by their
   * pictures, those that turn the direction of writing by U+FFFD.
   */
  static String plain(String text) {
    StringBuilder out = null;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      char shown = shown(c);
      if (shown != c && out == null) {
        out = new StringBuilder(text);
      }
      if (out != null) {
        out.setCharAt(at, shown);
      }
    }
    return out == null ? text : out.toString();
  }

  /** The same, but line ends stay. */
  static String printed(String text) {
    StringBuilder out = new StringBuilder();
    String separator = "";
    for (String line : text.split("\\r?\\n", -1)) {
      out.append(separator).append(plain(line));
      separator = "\n";
    }
    return out.toString();
  }

  private static char shown(char c) {
    if (c < ' ') {
      return c == '\t' ? ' ' : (char) ('\u2400' + c);
    }
    if (c == 127) {
      return '\u2421';
    }
    boolean turns =
        c == '\u061C'
            || c >= '\u200E' && c <= '\u200F'
            || c >= '\u2028' && c <= '\u202E'
            || c >= '\u2066' && c <= '\u2069';
    return c > 127 && c < 0xA0 || turns || c == '\uFEFF' ? '\uFFFD' : c;
  }

  /** How many cells of a terminal a character takes. */
  static int width(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    boolean wide =
        codePoint >= 0x1100 && codePoint <= 0x115F
            || codePoint >= 0x2E80 && codePoint <= 0xA4CF
            || codePoint >= 0xAC00 && codePoint <= 0xD7A3
            || codePoint >= 0xF900 && codePoint <= 0xFAFF
            || codePoint >= 0xFE30 && codePoint <= 0xFE6F
            || codePoint >= 0xFF00 && codePoint <= 0xFF60
            || codePoint >= 0x1F300 && codePoint <= 0x1F64F
            || codePoint >= 0x1F680 && codePoint <= 0x1F6FF
            || codePoint >= 0x1F900 && codePoint <= 0x1F9FF
            || codePoint >= 0x20000 && codePoint <= 0x3FFFD;
    return wide ? 2 : 1;
  }
}
