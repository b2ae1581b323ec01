package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code .env} files as Compose does (compose-go, dotenv/parser.go). */
final class DotEnv {
  private static final Pattern EXPORT = Pattern.compile("export[ \\t\\x0b\\f\\r\\u0085\\u00a0]+");
  private static final Pattern ESCAPE = Pattern.compile("\\\\([abcfnrtv$\"\\\\]|0[0-9]{0,3})");

  private final SourceFile file;
  private final String text;
  private final SourceFile normal;
  private final Variables outer;
  private final Map<String, Variables.Value> scope;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Span> errors = new ArrayList<>();
  private int at;

  /**
   * One variable of a file; of two lines with the same name the last counts.
   *
   * @param span from the name to the end of the value
   */
  record Entry(String name, Variables.Value value, Span span) {}

  /**
   * @param errors the lines that cannot be read; reading stops at the first one
   */
  record Result(Map<String, Entry> entries, List<Span> errors) {
    Map<String, Variables.Value> values() {
      Map<String, Variables.Value> values = new LinkedHashMap<>();
      entries.forEach((name, entry) -> values.put(name, entry.value()));
      return values;
    }
  }

  private DotEnv(SourceFile file, Variables outer) {
    this.file = file;
    this.text = file.text().replace("\r\n", "\n");
    this.normal = SourceFile.of(file.path(), text);
    this.outer = outer;
    this.scope = new LinkedHashMap<>(outer.values());
  }

  /**
   * Reads a whole file.
   *
   * @param outer the variables that its values may use, and that win over its own
   * @param raw whether every line is {@code NAME=value} as it stands, without quotes and variables
   */
  static Result read(SourceFile file, Variables outer, boolean raw) {
    DotEnv reader = new DotEnv(file, outer);
    if (raw) {
      reader.readRaw();
    } else {
      reader.readAll();
    }
    return new Result(reader.entries, reader.errors);
  }

  private void readRaw() {
    while (at < text.length()) {
      int end = lineEnd(at);
      int equals = text.indexOf('=', at);
      if (text.charAt(at) != '#' && equals > at && equals < end) {
        put(
            text.substring(at, equals),
            new Variables.Value(text.substring(equals + 1, end), true),
            at,
            end);
      }
      at = end + 1;
    }
  }

  private void readAll() {
    while (nextStatement()) {
      int start = at;
      Matcher export = EXPORT.matcher(text).region(at, text.length());
      if (export.lookingAt()) {
        at = export.end();
      }
      int nameStart = at;
      while (at < text.length() && isNamePart(text.charAt(at))) {
        at++;
      }
      char stop = at < text.length() ? text.charAt(at) : '\n';
      String name = text.substring(nameStart, at).strip();
      if ((stop != '=' && stop != ':' && stop != '\n')
          || name.isEmpty()
          || name.indexOf(' ') >= 0) {
        errors.add(place(start, lineEnd(start)));
        return;
      }
      if (stop == '\n') {
        // A name alone takes the value that stands outside.
        Variables.Value inherited = outer.get(name);
        if (inherited != null) {
          put(name, inherited, nameStart, at);
        }
        continue;
      }
      at++;
      while (at < text.length() && isBlank(text.charAt(at))) {
        at++;
      }
      if (!readValue(name, nameStart)) {
        errors.add(place(start, lineEnd(start)));
        return;
      }
    }
  }

  private boolean readValue(String name, int nameStart) {
    char quote = at < text.length() ? text.charAt(at) : '\n';
    if (quote != '"' && quote != '\'') {
      int end = lineEnd(at);
      int comment = text.indexOf(" #", at);
      int stop = comment >= 0 && comment < end ? comment : end;
      String value = text.substring(at, Math.max(at, stop)).stripTrailing();
      Variables.Value expanded = expand(value);
      if (expanded == null) {
        return false;
      }
      put(name, expanded, nameStart, at + value.length());
      at = end;
      return true;
    }
    StringBuilder value = new StringBuilder();
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote) {
        Variables.Value read =
            quote == '"'
                ? expand(unescape(value.toString()))
                : new Variables.Value(value.toString(), true);
        if (read == null) {
          return false;
        }
        put(name, read, nameStart, i + 1);
        at = i + 1;
        return true;
      }
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        if (text.charAt(i) != quote) {
          value.append('\\');
        }
        value.append(text.charAt(i));
      } else {
        value.append(c);
      }
    }
    return false;
  }

  private Variables.@Nullable Value expand(String value) {
    if (value.indexOf('$') < 0) {
      return new Variables.Value(value, true);
    }
    Template.Result result = Template.expand(value, new Variables(scope));
    if (result.issues().stream().anyMatch(i -> i.kind() == Template.Issue.Kind.INVALID)) {
      return null;
    }
    return new Variables.Value(result.value(), result.issues().isEmpty());
  }

  private static String unescape(String value) {
    if (value.indexOf('\\') < 0) {
      return value;
    }
    Matcher matcher = ESCAPE.matcher(value);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String code = matcher.group(1);
      String plain =
          switch (code.charAt(0)) {
            case 'a' -> "\u0007";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'v' -> "\u000b";
            case '$' -> "$$";
            case '"' -> "\"";
            case '\\' -> "\\";
            case '0' -> octal(code);
            default -> matcher.group();
          };
      matcher.appendReplacement(out, Matcher.quoteReplacement(plain));
    }
    return matcher.appendTail(out).toString();
  }

  private static String octal(String code) {
    String digits = code.substring(1);
    if (digits.length() != 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '7')) {
      return "\\" + code;
    }
    return String.valueOf((char) Integer.parseInt(digits, 8));
  }

  private boolean nextStatement() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        at = lineEnd(at);
      } else if (Character.isWhitespace(c) || c == 0x85 || c == 0xA0) {
        at++;
      } else {
        return true;
      }
    }
    return false;
  }

  private void put(String name, Variables.Value value, int from, int to) {
    Span at = place(from, to);
    Variables.Value placed = new Variables.Value(value.text(), value.known(), at);
    entries.put(name, new Entry(name, placed, at));
    if (outer.get(name) == null) {
      scope.put(name, placed);
    }
  }

  /** The place in the file, where line ends may have two characters. */
  private Span place(int from, int to) {
    if (text.length() == file.text().length()) {
      return file.span(from, Math.max(from, to));
    }
    int start = original(from);
    return file.span(start, Math.max(start, original(to)));
  }

  private int original(int offset) {
    int line = normal.lineAt(offset);
    return file.lineStart(line) + offset - normal.lineStart(line);
  }

  private int lineEnd(int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  private static boolean isNamePart(char c) {
    return isBlank(c) || "_.-[]".indexOf(c) >= 0 || Character.isLetterOrDigit(c);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == 0x0b || c == '\f' || c == '\r' || c == 0x85 || c == 0xA0;
  }
}
