package fr.gouv.social.fabrique.kubernetes;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of Go (RE2), which a definition brings along, as Java can read it. Unlike
 * RE2, Java may take for ever over one: a search that takes too long is given up.
 */
final class GoPattern {
  private static final int MAX_READS = 1_000_000;

  private final @Nullable Pattern pattern;

  private GoPattern(@Nullable Pattern pattern) {
    this.pattern = pattern;
  }

  static GoPattern of(String text) {
    try {
      return new GoPattern(Pattern.compile(translated(text), Pattern.UNIX_LINES));
    } catch (PatternSyntaxException | StackOverflowError e) {
      return new GoPattern(null);
    }
  }

  /** Whether it is found in a text, or that cannot be told. */
  boolean mayBeIn(String text) {
    if (pattern == null) {
      return true;
    }
    try {
      Matcher matcher = pattern.matcher(new Bounded(text));
      return matcher.find();
    } catch (TooLong | StackOverflowError e) {
      return true;
    }
  }

  /**
   * The differences between the two: names of groups and of classes, brackets and ampersands in a
   * class, and the end of the text.
   */
  private static String translated(String text) {
    StringBuilder out = new StringBuilder();
    boolean lines = text.contains("(?m") || text.contains("(?sm") || text.contains("(?im");
    boolean inClass = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        out.append(c).append(text.charAt(++i));
      } else if (inClass) {
        int end = text.startsWith("[:", i) ? text.indexOf(":]", i) : -1;
        if (end > 0) {
          out.append(posix(text.substring(i + 2, end)));
          i = end + 1;
        } else if (c == '[' || c == '&') {
          out.append('\\').append(c);
        } else {
          inClass = c != ']';
          out.append(c);
        }
      } else if (c == '[') {
        inClass = true;
        out.append(c);
        if (text.startsWith("^", i + 1)) {
          out.append(text.charAt(++i));
        }
        if (text.startsWith("]", i + 1)) {
          out.append('\\').append(text.charAt(++i));
        }
      } else if (c == '$' && !lines) {
        out.append("\\z");
      } else if (text.startsWith("(?P<", i)) {
        out.append("(?<");
        i += 3;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String posix(String name) {
    boolean not = name.startsWith("^");
    String plain = not ? name.substring(1) : name;
    String java =
        switch (plain) {
          case "alnum" -> "Alnum";
          case "alpha" -> "Alpha";
          case "ascii" -> "ASCII";
          case "blank" -> "Blank";
          case "cntrl" -> "Cntrl";
          case "digit" -> "Digit";
          case "graph" -> "Graph";
          case "lower" -> "Lower";
          case "print" -> "Print";
          case "punct" -> "Punct";
          case "space" -> "Space";
          case "upper" -> "Upper";
          case "xdigit" -> "XDigit";
          default -> "";
        };
    return plain.equals("word") ? (not ? "\\W" : "\\w") : (not ? "\\P{" : "\\p{") + java + "}";
  }

  /** Ends a search. */
  private static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super(null, null, false, false);
    }
  }

  /** A text that may only be read so often. */
  private static final class Bounded implements CharSequence {
    private final String text;
    private int reads;

    Bounded(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++reads > MAX_READS) {
        throw new TooLong();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
