package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.MappedText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON array of strings, as strict as Go's encoding/json.
 *
 * @param words the decoded strings
 * @param onlyStrings whether there was nothing but strings
 */
record JsonStrings(List<Word> words, boolean onlyStrings) {
  private static final int DEEPEST = 10_000;

  /** The array, null when the text is no valid JSON array. */
  static @Nullable JsonStrings parse(MappedText text) {
    return Spaces.stripLeading(text).text().startsWith("[")
        ? new Reader(Spaces.stripLeading(text)).read()
        : null;
  }

  private static final class Reader {
    private static final Pattern SCALAR =
        Pattern.compile("true|false|null|-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?");

    private final MappedText json;
    private final String text;
    private final Matcher scalar;
    private int at = 1;

    Reader(MappedText json) {
      this.json = json;
      this.text = json.text();
      this.scalar = SCALAR.matcher(text);
    }

    @Nullable JsonStrings read() {
      List<Word> words = new ArrayList<>();
      boolean onlyStrings = true;
      if (peek() != ']') {
        do {
          if (peek() == '"') {
            Word word = string();
            if (word == null) {
              return null;
            }
            words.add(word);
          } else {
            onlyStrings = false;
            if (!value()) {
              return null;
            }
          }
        } while (take(','));
      }
      return take(']') && peek() == 0 ? new JsonStrings(words, onlyStrings) : null;
    }

    /** The next character that is no white space, 0 at the end. */
    private char peek() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean take(char expected) {
      boolean there = peek() == expected && at < text.length();
      at += there ? 1 : 0;
      return there;
    }

    /** Skips any value, without recursion. */
    private boolean value() {
      Deque<Character> open = new ArrayDeque<>();
      while (true) {
        char first = peek();
        if (first == '{' || first == '[') {
          at++;
          open.push(first == '{' ? '}' : ']');
          if (open.size() > DEEPEST) {
            return false;
          }
          if (peek() != open.element()) {
            if (first == '{' && !key()) {
              return false;
            }
            continue;
          }
        } else if (first == '"' ? string() == null : !scalar()) {
          return false;
        }
        while (!open.isEmpty() && take(open.element())) {
          open.pop();
        }
        if (open.isEmpty()) {
          return true;
        }
        if (!take(',') || (open.element() == '}' && !key())) {
          return false;
        }
      }
    }

    private boolean key() {
      return peek() == '"' && string() != null && take(':');
    }

    private boolean scalar() {
      scalar.region(at, text.length());
      if (!scalar.lookingAt()) {
        return false;
      }
      at = scalar.end();
      // Go refuses what does not fit into a float64, and then takes the whole for no JSON.
      return !Character.isDigit(scalar.group().charAt(scalar.group().length() - 1))
          || Double.isFinite(Double.parseDouble(scalar.group()));
    }

    private @Nullable Word string() {
      int from = at++;
      MappedText.Builder decoded = new MappedText.Builder(json.file());
      while (at < text.length()) {
        int start = at;
        char character = text.charAt(at++);
        if (character == '"') {
          return new Word(decoded.build(json.offsetAt(start)), json.span(from, at));
        }
        if (character < ' ') {
          return null;
        }
        if (character == '\\') {
          int escaped = escaped();
          if (escaped < 0) {
            return null;
          }
          character = (char) escaped;
          if (Character.isHighSurrogate(character)) {
            int second = text.startsWith("\\u", at) ? hex(at + 2) : -1;
            if (second >= 0 && Character.isLowSurrogate((char) second)) {
              decoded.add(character, json.offsetAt(start));
              start = at;
              at += 6;
              character = (char) second;
            } else {
              character = '\uFFFD';
            }
          } else if (Character.isLowSurrogate(character)) {
            character = '\uFFFD';
          }
        }
        decoded.add(character, json.offsetAt(start));
      }
      return null;
    }

    /** The character of an escape whose backslash is read, -1 when it is invalid. */
    private int escaped() {
      char kind = at < text.length() ? text.charAt(at++) : 0;
      switch (kind) {
        case '"', '\\', '/':
          return kind;
        case 'b':
          return '\b';
        case 'f':
          return '\f';
        case 'n':
          return '\n';
        case 'r':
          return '\r';
        case 't':
          return '\t';
        case 'u':
          int code = hex(at);
          at += 4;
          return code;
        default:
          return -1;
      }
    }

    private int hex(int from) {
      if (from + 4 > text.length()) {
        return -1;
      }
      int code = 0;
      for (int i = from; i < from + 4; i++) {
        char digit = text.charAt(i);
        int value = digit < 128 ? Character.digit(digit, 16) : -1;
        if (value < 0) {
          return -1;
        }
        code = code * 16 + value;
      }
      return code;
    }
  }
}
