package fr.gouv.social.fabrique.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads one definition of the text form that {@link Schema} describes. */
final class SchemaParser {
  private static final SchemaType.Range ANY_SIZE = new SchemaType.Range(0, Long.MAX_VALUE);

  private final String text;
  private int at;

  private SchemaParser(String text) {
    this.text = text;
  }

  static SchemaType definition(String text) {
    String[] lines = text.split("\n");
    SchemaParser head = new SchemaParser(lines[0]);
    String name = head.word();
    if (head.skip('=')) {
      return head.whole();
    }
    head.expect('{');
    boolean extensible = false;
    boolean open = false;
    while (!head.skip('}')) {
      if (head.skip('*')) {
        open = true;
      } else {
        head.expect('x');
        head.expect('-');
        extensible = true;
      }
    }
    Map<String, SchemaType.Key> keys = new LinkedHashMap<>();
    List<SchemaType.KeyPattern> patterns = new ArrayList<>();
    List<SchemaType.Group> groups = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      String line = lines[i].strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.contains(" of: ")) {
        groups.add(group(line));
        continue;
      }
      SchemaParser parser = new SchemaParser(line);
      if (parser.peek() == '/') {
        Pattern pattern = parser.pattern();
        parser.expect(':');
        patterns.add(new SchemaType.KeyPattern(pattern, parser.whole()));
      } else {
        String key = parser.word();
        boolean required = parser.skip('!');
        parser.expect(':');
        keys.put(key, new SchemaType.Key(parser.whole(), required));
      }
    }
    return new SchemaType.ObjectOf(name, keys, patterns, groups, extensible, open);
  }

  private static SchemaType.Group group(String line) {
    int colon = line.indexOf(" of: ");
    List<String> keys = List.of(line.substring(colon + " of: ".length()).split(" +"));
    return switch (line.substring(0, colon)) {
      case "one" -> new SchemaType.Group(keys, 1, 1);
      case "some" -> new SchemaType.Group(keys, 1, keys.size());
      case "at most one" -> new SchemaType.Group(keys, 0, 1);
      default -> throw new IllegalStateException("no group: " + line);
    };
  }

  private SchemaType whole() {
    SchemaType type = type();
    if (peek() != 0 && peek() != '#') {
      throw wrong("the end");
    }
    return type;
  }

  private SchemaType type() {
    List<SchemaType> types = new ArrayList<>();
    List<String> values = new ArrayList<>();
    do {
      if (skip('"')) {
        int end = text.indexOf('"', at);
        values.add(text.substring(at, end));
        at = end + 1;
      } else {
        types.add(single());
      }
    } while (skip('|'));
    if (!values.isEmpty()) {
      types.add(new SchemaType.OneOf(values));
    }
    return types.size() == 1 ? types.get(0) : new SchemaType.AnyOf(types);
  }

  private SchemaType single() {
    if (skip('[')) {
      SchemaType items = type();
      List<String> by = new ArrayList<>();
      if (!skip(']')) {
        if (!word().equals("by")) {
          throw wrong("by");
        }
        do {
          by.add(word());
        } while (skip(','));
        expect(']');
      }
      SchemaType.Range size = skip('(') ? range() : ANY_SIZE;
      return new SchemaType.ListOf(items, skip('!'), by, size);
    }
    if (skip('{')) {
      SchemaType values = type();
      SchemaType keys = SchemaType.Scalar.STRING;
      if (skip(':')) {
        keys = values;
        values = type();
      }
      expect('}');
      return new SchemaType.MapOf(keys, values);
    }
    if (peek() == '/') {
      Pattern pattern = pattern();
      return new SchemaType.Matching(pattern.pattern(), pattern, false);
    }
    boolean numbers = skip('*');
    String word = word();
    if (at < text.length() && text.charAt(at) == '/') {
      return new SchemaType.Matching(word, pattern(), numbers);
    }
    switch (word) {
      case "any":
        return new SchemaType.Any();
      case "string":
        return SchemaType.Scalar.STRING;
      case "number":
        return SchemaType.Scalar.NUMBER;
      case "bool":
        return SchemaType.Scalar.BOOLEAN;
      case "base64":
        return SchemaType.Scalar.BASE64;
      case "null":
        return SchemaType.Scalar.NULL;
      case "int":
        if (!skip('(')) {
          return SchemaType.Scalar.INTEGER;
        }
        return range();
      default:
        return new SchemaType.Named(word);
    }
  }

  /** The rest of a range after its bracket. */
  private SchemaType.Range range() {
    int dots = text.indexOf("..", at);
    int end = text.indexOf(')', at);
    String lowest = text.substring(at, dots).strip();
    String highest = text.substring(dots + 2, end).strip();
    at = end + 1;
    return new SchemaType.Range(
        lowest.isEmpty() ? Long.MIN_VALUE : Long.parseLong(lowest),
        highest.isEmpty() ? Long.MAX_VALUE : Long.parseLong(highest));
  }

  private Pattern pattern() {
    expect('/');
    int end = at;
    while (text.charAt(end) != '/') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    String pattern = text.substring(at, end).replace("\\/", "/");
    at = end + 1;
    return Pattern.compile(pattern);
  }

  private String word() {
    peek();
    int start = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw wrong("a word");
    }
    return text.substring(start, at);
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || c == '$';
  }

  private char peek() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean skip(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(char c) {
    if (!skip(c)) {
      throw wrong("'" + c + "'");
    }
  }

  private IllegalStateException wrong(String expected) {
    return new IllegalStateException("expected " + expected + " at " + at + " of: " + text);
  }
}
