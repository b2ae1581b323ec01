package fr.gouv.social.fabrique.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Regular expressions and globs. RE2 takes time in proportion to the text and the expression: it
 * never tries again from where it was. What it does not bound is how large counted repetitions make
 * an expression.
 */
final class Patterns {
  /** Characters of an expression. */
  private static final int LONGEST = 1_000;

  /** Nodes of an expression with its counted repetitions written out. */
  private static final int LARGEST = 5_000;

  private static final int REMEMBERED = 500;
  private static final int WORK_FOR_A_STEP = 16;

  private static final Map<String, Pattern> KNOWN = new ConcurrentHashMap<>();

  private Patterns() {}

  /** An expression that is none, or one that is too large. */
  static final class BadPatternException extends Exception {
    private static final long serialVersionUID = 1L;

    BadPatternException(String reason) {
      super(reason, null, false, false);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  static Object matches(String regex, String text, Frame frame) {
    try {
      // Paid whether it is remembered or not: what a policy may do must not hang on that.
      frame.spend(1 + size(regex) / 2);
      return matches(compile(regex), text, frame);
    } catch (BadPatternException bad) {
      throw frame.refused(
          "expression rationnelle fausse : " + bad.reason(),
          "wrong regular expression: " + bad.reason());
    }
  }

  static Object glob(String glob, String text, Frame frame) {
    frame.spend(1 + 2L * glob.length());
    // Most globs are a name, or the beginning of one.
    int special = special(glob);
    if (special == glob.length()) {
      return glob.equals(text);
    }
    if (special == glob.length() - 2 && glob.endsWith("**")) {
      return text.startsWith(glob.substring(0, special));
    }
    return matches(regex(glob), text, frame);
  }

  /** Where the first character stands that does not stand for itself; the end where none does. */
  private static int special(String glob) {
    for (int at = 0; at < glob.length(); at++) {
      if ("*?{}".indexOf(glob.charAt(at)) >= 0) {
        return at;
      }
    }
    return glob.length();
  }

  /** Whether it describes a text; of one that is too large for that, nothing can be told. */
  private static Object matches(Pattern pattern, String text, Frame frame) {
    long steps = 1 + (long) text.length() * pattern.programSize() / WORK_FOR_A_STEP;
    if (steps > Frame.STEPS / 2) {
      return Unknown.VALUE;
    }
    frame.spend(steps);
    return pattern.matches(text);
  }

  /** The expression that a text is. */
  static Pattern compile(String regex) throws BadPatternException {
    Pattern known = KNOWN.get(regex);
    if (known != null) {
      return known;
    }
    if (regex.length() > LONGEST || size(regex) > LARGEST) {
      throw new BadPatternException("too large");
    }
    try {
      Pattern pattern = Pattern.compile(regex, Pattern.DOTALL);
      if (pattern.programSize() > 4 * LARGEST) {
        throw new BadPatternException("too large");
      }
      if (KNOWN.size() >= REMEMBERED) {
        KNOWN.clear();
      }
      KNOWN.put(regex, pattern);
      return pattern;
    } catch (PatternSyntaxException wrong) {
      throw new BadPatternException(wrong.getDescription());
    }
  }

  /** How many nodes an expression has when its counted repetitions are written out. */
  private static long size(String regex) throws BadPatternException {
    Deque<Long> outer = new ArrayDeque<>();
    long sum = 0;
    long last = 0;
    for (int at = 0; at < regex.length(); at++) {
      switch (regex.charAt(at)) {
        case '\\' -> {
          if (regex.startsWith("\\Q", at)) {
            throw new BadPatternException("\\Q");
          }
          at++;
          sum += last = 1;
        }
        case '[' -> {
          at = classEnd(regex, at);
          sum += last = 1;
        }
        case '(' -> {
          outer.push(sum);
          sum = 1;
          last = 0;
        }
        case ')' -> {
          last = sum;
          sum += outer.isEmpty() ? 0 : outer.pop();
        }
        case '{' -> {
          long times = times(regex, at);
          // What is no counted repetition is a character.
          sum += times < 0 ? 1 : (Math.max(1, times) - 1) * last;
          last = times < 0 ? 1 : Math.max(1, times) * last;
        }
        default -> sum += last = 1;
      }
      if (sum > LARGEST) {
        return sum;
      }
    }
    while (!outer.isEmpty()) {
      sum += outer.pop();
    }
    return sum;
  }

  private static int classEnd(String regex, int open) {
    int at = open + 1;
    at += regex.startsWith("^", at) ? 1 : 0;
    at += regex.startsWith("]", at) ? 1 : 0;
    while (at < regex.length() && regex.charAt(at) != ']') {
      at += regex.charAt(at) == '\\' ? 2 : 1;
    }
    return at;
  }

  /** The larger number of a counted repetition, or -1 where there is none. */
  private static long times(String regex, int open) {
    long most = -1;
    long number = -1;
    for (int at = open + 1; at < regex.length(); at++) {
      char c = regex.charAt(at);
      if (c >= '0' && c <= '9') {
        number = Math.min(LARGEST * 10L, Math.max(0, number) * 10 + (c - '0'));
      } else if (c == ',' || c == '}') {
        most = Math.max(most, number);
        if (c == '}') {
          return most;
        }
        number = -1;
      } else {
        return -1;
      }
    }
    return -1;
  }

  /**
   * The expression for a glob: {@code *} stands for characters other than {@code /}, {@code **} for
   * any, {@code ?} for one, {@code {a,b}} for one of several.
   */
  private static Pattern regex(String glob) {
    Pattern known = KNOWN.get("glob " + glob);
    if (known != null) {
      return known;
    }
    StringBuilder regex = new StringBuilder();
    int braces = 0;
    for (int at = 0; at < glob.length() && at < LONGEST; at++) {
      char c = glob.charAt(at);
      if (glob.startsWith("**", at)) {
        regex.append(".*");
        at++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (c == '{') {
        braces++;
        regex.append("(?:");
      } else if (c == '}' && braces > 0) {
        braces--;
        regex.append(')');
      } else if (c == ',' && braces > 0) {
        regex.append('|');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    Pattern pattern = Pattern.compile(regex + ")".repeat(braces), Pattern.DOTALL);
    if (KNOWN.size() >= REMEMBERED) {
      KNOWN.clear();
    }
    KNOWN.put("glob " + glob, pattern);
    return pattern;
  }
}
