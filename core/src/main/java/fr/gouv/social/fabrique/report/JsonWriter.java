package fr.gouv.social.fabrique.report;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON (RFC 8259), two spaces for each level, straight to its destination. Members whose
 * value is null are left out. Characters that a script element, a terminal or a line splitter would
 * take for something else are escaped.
 */
final class JsonWriter {
  private static final String HEX = "0123456789abcdef";

  private final Appendable out;
  private int depth;
  private boolean first = true;
  private boolean afterName;

  JsonWriter(Appendable out) {
    this.out = out;
  }

  JsonWriter beginObject() throws IOException {
    return open('{');
  }

  JsonWriter endObject() throws IOException {
    return close('}');
  }

  JsonWriter beginArray() throws IOException {
    return open('[');
  }

  JsonWriter endArray() throws IOException {
    return close(']');
  }

  /** The name of the member whose value comes next. */
  JsonWriter name(String name) throws IOException {
    separate();
    string(name);
    out.append(": ");
    afterName = true;
    return this;
  }

  JsonWriter value(String value) throws IOException {
    separate();
    string(value);
    return this;
  }

  JsonWriter value(long value) throws IOException {
    separate();
    out.append(Long.toString(value));
    return this;
  }

  JsonWriter value(boolean value) throws IOException {
    separate();
    out.append(Boolean.toString(value));
    return this;
  }

  /** A member; none when the value is null. */
  JsonWriter member(String name, @Nullable String value) throws IOException {
    return value == null ? this : name(name).value(value);
  }

  JsonWriter member(String name, long value) throws IOException {
    return name(name).value(value);
  }

  JsonWriter member(String name, boolean value) throws IOException {
    return name(name).value(value);
  }

  /** A member whose value is a list of strings. */
  JsonWriter member(String name, Iterable<String> values) throws IOException {
    name(name).beginArray();
    for (String value : values) {
      value(value);
    }
    return endArray();
  }

  /** Ends the text. */
  void end() throws IOException {
    out.append('\n');
  }

  private JsonWriter open(char bracket) throws IOException {
    separate();
    out.append(bracket);
    depth++;
    first = true;
    return this;
  }

  private JsonWriter close(char bracket) throws IOException {
    depth--;
    if (!first) {
      newLine();
    }
    out.append(bracket);
    first = false;
    return this;
  }

  private void separate() throws IOException {
    if (afterName) {
      afterName = false;
      return;
    }
    if (!first) {
      out.append(',');
    }
    if (depth > 0) {
      newLine();
    }
    first = false;
  }

  private void newLine() throws IOException {
    out.append('\n');
    for (int i = 0; i < depth; i++) {
      out.append("  ");
    }
  }

  private void string(String value) throws IOException {
    out.append('"');
    int from = 0;
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c == '"' || c == '\\' || c < ' ' || c >= 127 && mustEscape(value, at)) {
        out.append(value, from, at);
        switch (c) {
          case '"' -> out.append("\\\"");
          case '\\' -> out.append("\\\\");
          case '\n' -> out.append("\\n");
          case '\r' -> out.append("\\r");
          case '\t' -> out.append("\\t");
          default -> escape(c);
        }
        from = at + 1;
      }
    }
    out.append(value, from, value.length());
    out.append('"');
  }

  private static boolean mustEscape(String value, int at) {
    char c = value.charAt(at);
    return c < 0xA0
        || c == '\u2028'
        || c == '\u2029'
        || c == '\uFEFF'
        || Character.isHighSurrogate(c)
            && (at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1)))
        || Character.isLowSurrogate(c)
            && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1)));
  }

  private void escape(char c) throws IOException {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX.charAt(c >> shift & 15));
    }
  }
}
