package fr.gouv.social.fabrique.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Texts of which every match of a regular expression holds one: looking for them first is many
 * times cheaper than trying the expression everywhere.
 */
final class Literals {
  private final String expression;
  private int at;

  private Literals(String expression) {
    this.expression = expression;
  }

  /** Whether an expression starts by saying that case does not matter. */
  static boolean ignoresCase(String expression) {
    int end = expression.indexOf(')');
    return expression.startsWith("(?")
        && expression.substring(0, end).matches("\\(\\?[a-z]*i[a-z]*");
  }

  /**
   * One of these is in every match, in lower case where the expression ignores case; empty where
   * nothing can be told.
   */
  static List<String> of(String expression) {
    List<String> texts = parts(expression);
    return ignoresCase(expression)
        ? texts.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList()
        : texts;
  }

  private static List<String> parts(String expression) {
    List<String> all = new ArrayList<>();
    for (String alternative : alternatives(expression)) {
      List<String> best = new Literals(alternative).best();
      if (best.isEmpty()) {
        return List.of();
      }
      all.addAll(best);
    }
    return all;
  }

  /** Whether one of some texts is in another one; true where there are none. */
  static boolean isIn(List<String> literals, String text) {
    for (String each : literals) {
      if (text.contains(each)) {
        return true;
      }
    }
    return literals.isEmpty();
  }

  /** What stands between the bars of an expression that are in no group. */
  static List<String> alternatives(String expression) {
    List<String> alternatives = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < expression.length(); i++) {
      switch (expression.charAt(i)) {
        case '\\' -> i++;
        case '[' -> i = endOfClass(expression, i);
        case '(' -> depth++;
        case ')' -> depth--;
        case '|' -> {
          if (depth == 0) {
            alternatives.add(expression.substring(from, i));
            from = i + 1;
          }
        }
        default -> {}
      }
    }
    alternatives.add(expression.substring(from));
    return alternatives;
  }

  /** The best part of a sequence: that whose shortest text is longest. */
  private List<String> best() {
    List<String> best = List.of();
    StringBuilder run = new StringBuilder();
    while (at < expression.length()) {
      char c = expression.charAt(at);
      List<String> part = List.of();
      if (c == '[') {
        at = endOfClass(expression, at) + 1;
      } else if (c == '(') {
        part = group();
      } else if (c == '\\' && at + 1 < expression.length() && !isWord(expression.charAt(at + 1))) {
        run.append(expression.charAt(at + 1));
        at += 2;
        drop(run);
        continue;
      } else if (c == '\\') {
        at += 2;
      } else if ("^$.?*+{}".indexOf(c) >= 0) {
        at = c == '{' ? Math.max(at, expression.indexOf('}', at)) + 1 : at + 1;
      } else {
        run.append(c);
        at++;
        drop(run);
        continue;
      }
      best = better(best, run.length() == 0 ? List.of() : List.of(run.toString()));
      run.setLength(0);
      best = better(best, isOptional() ? List.of() : part);
    }
    return better(best, run.length() == 0 ? List.of() : List.of(run.toString()));
  }

  /** The texts of a group that captures nothing; none of one that looks around. */
  private List<String> group() {
    int start = at;
    int depth = 0;
    for (; at < expression.length(); at++) {
      char c = expression.charAt(at);
      if (c == '\\') {
        at++;
      } else if (c == '[') {
        at = endOfClass(expression, at);
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0) {
        break;
      }
    }
    int end = Math.min(at, expression.length());
    at = end + 1;
    return expression.startsWith("(?:", start)
        ? parts(expression.substring(start + 3, end))
        : List.of();
  }

  /** Takes the last character away again where there may be none of it. */
  private void drop(StringBuilder run) {
    if (isOptional()) {
      run.setLength(run.length() - 1);
    }
  }

  private boolean isOptional() {
    return at < expression.length() && "?*{".indexOf(expression.charAt(at)) >= 0;
  }

  private static List<String> better(List<String> one, List<String> other) {
    return shortest(other) > shortest(one) ? other : one;
  }

  private static int shortest(List<String> texts) {
    return texts.stream().mapToInt(String::length).min().orElse(0);
  }

  private static int endOfClass(String expression, int from) {
    int i = from + 1;
    while (i < expression.length() && expression.charAt(i) != ']') {
      i += expression.charAt(i) == '\\' ? 2 : 1;
    }
    return i;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c);
  }
}
