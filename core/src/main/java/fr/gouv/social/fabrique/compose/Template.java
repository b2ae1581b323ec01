package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.yaml.Interpolation;
import fr.gouv.social.fabrique.yaml.Interpolation.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Substitutes the variables of one value (compose-go, template/template.go): {@code $V ${V} $$
 * ${V-d} ${V:-d} ${V+a} ${V:+a} ${V?m} ${V:?m}}, the texts after the operators being templates in
 * their turn.
 */
final class Template {
  private static final int DEEPEST = 50;

  private final String template;
  private final Variables variables;
  private final StringBuilder value = new StringBuilder();
  private final List<Interpolation.Variable> used = new ArrayList<>();
  private final List<Issue> issues = new ArrayList<>();
  private int[] starts;
  private int[] ends;

  /**
   * What is wrong with a template.
   *
   * @param name the variable; empty for {@code INVALID}
   * @param message what the template says of a variable that is required
   * @param from where in the template
   */
  record Issue(Kind kind, String name, String message, int from, int to) {
    enum Kind {
      INVALID,
      REQUIRED,
      UNDEFINED
    }
  }

  /**
   * @param interpolation null for a text without variables and escapes
   */
  record Result(String value, @Nullable Interpolation interpolation, List<Issue> issues) {
    /** The value as Compose has it, what is not known being blank. */
    String blank() {
      StringBuilder blank = new StringBuilder(value);
      if (interpolation != null) {
        List<Interpolation.Variable> unknown =
            interpolation.variables().stream().filter(v -> v.source() == Source.UNKNOWN).toList();
        int shift = 0;
        int last = 0;
        for (Interpolation.Variable each : unknown) {
          if (each.from() >= last) {
            blank.delete(each.from() - shift, each.to() - shift);
            shift += each.to() - each.from();
            last = each.to();
          }
        }
      }
      return blank.toString();
    }
  }

  private Template(String template, Variables variables) {
    this.template = template;
    this.variables = variables;
    this.starts = new int[template.length() + 16];
    this.ends = new int[template.length() + 16];
  }

  static Result expand(String template, Variables variables) {
    if (template.indexOf('$') < 0) {
      return new Result(template, null, List.of());
    }
    Template work = new Template(template, variables);
    if (!work.expand(0, template.length(), 0)) {
      return new Result(template, null, work.issues);
    }
    int length = work.value.length();
    Interpolation interpolation =
        new Interpolation(
            template,
            work.used,
            Arrays.copyOf(work.starts, length),
            Arrays.copyOf(work.ends, length));
    return new Result(work.value.toString(), interpolation, work.issues);
  }

  /** Expands a part of the template; false where it is not valid. */
  private boolean expand(int from, int to, int depth) {
    int at = from;
    while (at < to) {
      char c = template.charAt(at);
      char next = at + 1 < to ? template.charAt(at + 1) : 0;
      if (c != '$') {
        put(c, at, at + 1);
        at++;
      } else if (next == '$') {
        put('$', at, at + 2);
        at += 2;
      } else if (isNameStart(next)) {
        int end = nameEnd(at + 1, to);
        plain(template.substring(at + 1, end), at, end);
        at = end;
      } else if (next == '{') {
        int end = braced(at, to, depth);
        if (end < 0) {
          issues.add(new Issue(Issue.Kind.INVALID, "", "", at, Math.min(to, at + 2)));
          return false;
        }
        at = end;
      } else {
        put(c, at, at + 1);
        at++;
      }
    }
    return true;
  }

  /** Expands what stands in braces; the offset after it, or -1 where it is not valid. */
  private int braced(int at, int to, int depth) {
    int nameEnd = nameEnd(at + 2, to);
    if (nameEnd == at + 2 || nameEnd >= to || depth > DEEPEST) {
      return -1;
    }
    String name = template.substring(at + 2, nameEnd);
    if (template.charAt(nameEnd) == '}') {
      plain(name, at, nameEnd + 1);
      return nameEnd + 1;
    }
    boolean colon = template.charAt(nameEnd) == ':';
    int operatorAt = colon ? nameEnd + 1 : nameEnd;
    char operator = operatorAt < to ? template.charAt(operatorAt) : 0;
    int close = closing(at + 1, to);
    if ("-+?".indexOf(operator) < 0 || operator == 0 || close < 0) {
      return -1;
    }
    int first = operatorAt + 1;
    Variables.Value known = variables.get(name);
    boolean absent = known == null || (colon && known.known() && known.text().isEmpty());
    boolean uncertain = known != null && !known.known();
    int start = value.length();
    if (operator == '?' && absent) {
      Result message = expand(template.substring(first, close), variables);
      issues.add(new Issue(Issue.Kind.REQUIRED, name, message.blank(), at, close + 1));
      unknown(name, at, close + 1);
    } else if (uncertain && operator != '-') {
      unknown(name, at, close + 1);
    } else if (operator == '-' ? absent : operator == '+' && !absent) {
      int slot = used.size();
      if (!expand(first, close, depth + 1)) {
        return -1;
      }
      Source source = absent ? Source.FALLBACK : Source.VALUE;
      used.add(slot, new Interpolation.Variable(name, source, start, value.length(), null));
    } else if (operator == '+') {
      used.add(new Interpolation.Variable(name, Source.FALLBACK, start, start, null));
    } else {
      plain(name, at, close + 1);
    }
    return close + 1;
  }

  private void plain(String name, int from, int to) {
    Variables.Value known = variables.get(name);
    if (known == null) {
      issues.add(new Issue(Issue.Kind.UNDEFINED, name, "", from, to));
      unknown(name, from, to);
    } else if (!known.known()) {
      unknown(name, from, to);
    } else {
      int start = value.length();
      for (int i = 0; i < known.text().length(); i++) {
        put(known.text().charAt(i), from, to);
      }
      used.add(new Interpolation.Variable(name, Source.VALUE, start, value.length(), known.at()));
    }
  }

  private void unknown(String name, int from, int to) {
    int start = value.length();
    for (int i = from; i < to; i++) {
      put(template.charAt(i), i, i + 1);
    }
    used.add(new Interpolation.Variable(name, Source.UNKNOWN, start, value.length(), null));
  }

  /** The brace that closes the one at an offset; a line end within braces is not valid. */
  private int closing(int open, int to) {
    int depth = 0;
    int last = -1;
    for (int i = open; i < to; i++) {
      char c = template.charAt(i);
      if (c == '\n') {
        return last;
      }
      if (c == '}') {
        last = i;
        depth--;
        if (depth == 0) {
          return i;
        }
      } else if (c == '{') {
        depth++;
      }
    }
    return last;
  }

  private void put(char c, int from, int to) {
    int at = value.length();
    if (at == starts.length) {
      starts = Arrays.copyOf(starts, at * 2);
      ends = Arrays.copyOf(ends, at * 2);
    }
    starts[at] = from;
    ends[at] = to;
    value.append(c);
  }

  private int nameEnd(int from, int to) {
    int at = from;
    while (at < to
        && (isNameStart(template.charAt(at))
            || (at > from && template.charAt(at) >= '0' && template.charAt(at) <= '9'))) {
      at++;
    }
    return at;
  }

  private static boolean isNameStart(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
