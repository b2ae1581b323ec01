package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.dockerfile.Expansion.Failure;
import fr.gouv.social.fabrique.dockerfile.Expansion.Reference;
import fr.gouv.social.fabrique.source.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Quotes, escapes and variables of one text, as BuildKit's shell/lex.go treats them, its oddities
 * included. A lexer reads one text once.
 */
final class WordLexer {
  private static final int END = -1;

  /** Beyond these a result is not known: memory and time stay bounded on hostile input. */
  private static final int DEEPEST = 400;

  private static final int LONGEST = 1 << 18;

  /** A word of the result, and where it begins and ends in the source. */
  record Part(String text, int from, int to) {}

  private final String source;
  private final char escape;
  private final Scope scope;

  /** Quotes stay in the result. */
  boolean rawQuotes;

  /** Quotes are characters like any other. */
  boolean keepQuotes;

  /** A variable that is not set stays as it is written. */
  boolean keepUnset;

  private boolean rawEscapes;
  private int at;
  private int depth;
  private final List<Reference> references = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  // One buffer for all levels, as in lex.go: a nested substitution forgets the start of the word
  // around it.
  private final StringBuilder buffer = new StringBuilder();
  private int bufferFrom;
  private List<Part> words = List.of();

  WordLexer(String source, char escape, Scope scope) {
    this.source = source;
    this.escape = escape;
    this.scope = scope;
  }

  WordLexer rawEscapes() {
    rawEscapes = true;
    return this;
  }

  Expansion expand() {
    at = source.startsWith("\uFEFF") ? 1 : 0;
    try {
      String text = upTo(END, rawEscapes);
      references.sort(Comparator.comparingInt(Reference::from));
      return new Expansion(missing.isEmpty() ? text : null, references, missing, null);
    } catch (Stop stop) {
      words = List.of();
      return new Expansion(null, references, missing, stop.failure);
    }
  }

  /** The words of the result, once expanded; none when it is invalid. */
  List<Part> words() {
    return words;
  }

  /** Ends the reading: with a failure, or without one when the text is too large to be known. */
  private static final class Stop extends RuntimeException {
    final @Nullable Failure failure;

    Stop(@Nullable Failure failure) {
      super(null, null, false, false);
      this.failure = failure;
    }
  }

  private int peek() {
    return at < source.length() ? source.codePointAt(at) : END;
  }

  private int next() {
    int character = peek();
    at += character == END ? 0 : Character.charCount(character);
    return character;
  }

  private final class Words {
    private final List<Part> parts = new ArrayList<>();
    private boolean inWord;

    void add(int character, int from) {
      if (!Spaces.isSpace(character)) {
        addRaw(character, from);
      } else if (inWord && !buffer.isEmpty()) {
        flush(from);
      }
    }

    void addRaw(int character, int from) {
      begin(from);
      buffer.appendCodePoint(character);
    }

    void add(String text, int from, boolean raw) {
      if (raw) {
        begin(from);
        buffer.append(text);
      } else {
        text.codePoints().forEach(character -> add(character, from));
      }
    }

    private void begin(int from) {
      if (buffer.isEmpty()) {
        bufferFrom = from;
      }
      inWord = true;
    }

    void flush(int to) {
      if (!buffer.isEmpty()) {
        parts.add(new Part(buffer.toString(), bufferFrom, to));
        buffer.setLength(0);
        inWord = false;
      }
    }
  }

  private String upTo(int stop, boolean raw) {
    if (++depth > DEEPEST) {
      throw new Stop(null);
    }
    boolean rawBefore = rawEscapes;
    rawEscapes = raw;
    StringBuilder result = new StringBuilder();
    buffer.setLength(0);
    Words found = new Words();
    while (true) {
      if (result.length() > LONGEST) {
        throw new Stop(null);
      }
      int from = at;
      int character = peek();
      if (character == END) {
        if (stop != END) {
          throw new Stop(Failure.UNCLOSED_BRACE);
        }
        break;
      }
      if (character == stop) {
        next();
        break;
      }
      String special =
          switch (character) {
            case '$' -> dollar();
            case '<' -> possibleHeredoc();
            case '\'' -> keepQuotes ? null : singleQuoted();
            case '"' -> keepQuotes ? null : doubleQuoted();
            default -> null;
          };
      if (special != null) {
        result.append(special);
        found.add(special, from, character != '$');
        continue;
      }
      next();
      if (character != escape) {
        result.appendCodePoint(character);
        found.add(character, from);
        continue;
      }
      if (rawEscapes) {
        found.addRaw(character, from);
        result.appendCodePoint(character);
      }
      int escaped = next();
      if (escaped != END) {
        found.addRaw(escaped, from);
        result.appendCodePoint(escaped);
      }
    }
    found.flush(at);
    words = found.parts;
    rawEscapes = rawBefore;
    depth--;
    return result.toString();
  }

  private String singleQuoted() {
    int from = at;
    int end = source.indexOf('\'', at + 1);
    if (end < 0) {
      throw new Stop(Failure.UNCLOSED_QUOTE);
    }
    at = end + 1;
    return rawQuotes ? source.substring(from, at) : source.substring(from + 1, end);
  }

  private String doubleQuoted() {
    StringBuilder result = new StringBuilder();
    next();
    if (rawQuotes) {
      result.append('"');
    }
    while (true) {
      int character = peek();
      if (character == END) {
        throw new Stop(Failure.UNCLOSED_QUOTE);
      }
      if (character == '$') {
        result.append(dollar());
        continue;
      }
      next();
      if (character == '"') {
        return rawQuotes ? result.append('"').toString() : result.toString();
      }
      if (character == escape) {
        if (rawEscapes) {
          result.appendCodePoint(character);
        }
        int escaped = peek();
        if (escaped == END) {
          continue;
        }
        if (escaped == '"' || escaped == '$' || escaped == escape) {
          character = next();
        }
      }
      result.appendCodePoint(character);
    }
  }

  private String possibleHeredoc() {
    int from = at;
    next();
    if (peek() != '<') {
      return "<";
    }
    next();
    while (peek() == '\t' || peek() == '\r' || peek() == ' ') {
      next();
    }
    return source.substring(from, at);
  }

  private String dollar() {
    int from = at;
    next();
    if (peek() != '{') {
      String name = name();
      if (name.isEmpty()) {
        return "$";
      }
      Setting<String> value = look(name, from);
      return isUnset(value) && keepUnset ? "$" + name : plain(name, value);
    }
    next();
    switch (peek()) {
      case END -> throw new Stop(Failure.UNCLOSED_BRACE);
      case '{', '}', ':' -> throw new Stop(Failure.BAD_SUBSTITUTION);
      default -> {}
    }
    String name = name();
    int modifier = next();
    if (modifier == '}') {
      Setting<String> value = look(name, from);
      return isUnset(value) && keepUnset ? "${" + name + "}" : plain(name, value);
    }
    if (modifier == '/') {
      return replaced(name, from);
    }
    boolean orEmpty = modifier == ':';
    String sign = Character.toString(Math.max(0, modifier));
    if (orEmpty) {
      modifier = next();
      sign += Character.toString(Math.max(0, modifier));
      if (modifier == '#' || modifier == '%') {
        throw new Stop(Failure.UNSUPPORTED_MODIFIER);
      }
    } else if (modifier == END) {
      throw new Stop(Failure.UNCLOSED_BRACE);
    } else if ("+-?#%".indexOf(modifier) < 0) {
      throw new Stop(Failure.UNSUPPORTED_MODIFIER);
    }
    int missingBefore = missing.size();
    String word = upTo('}', modifier == '#' || modifier == '%');
    List<String> missingInWord = take(missingBefore);
    Setting<String> value = look(name, from);
    if (isUnset(value) && keepUnset) {
      missing.addAll(missingInWord);
      return "${" + name + sign + word + "}";
    }
    boolean known = isKnown(value);
    String text = value == null || value.value() == null ? "" : value.value();
    boolean absent = isUnset(value) || (orEmpty && text.isEmpty());
    switch (modifier) {
      case '-', '+' -> {
        if (!known) {
          missing.add(name);
          return "";
        }
        if (absent == (modifier == '-')) {
          missing.addAll(missingInWord);
          return word;
        }
        return modifier == '-' ? text : "";
      }
      case '?' -> {
        if (!known || isDeclared(value)) {
          missing.add(name);
          return "";
        }
        if (absent) {
          throw new Stop(Failure.REQUIRED);
        }
        return text;
      }
      case '#', '%' -> {
        if (!missingInWord.isEmpty()) {
          missing.addAll(missingInWord);
          return "";
        }
        boolean longest = word.startsWith(Character.toString(modifier));
        String shape = longest ? word.substring(1) : word;
        boolean atEnd = modifier == '%';
        Glob pattern = atEnd ? Glob.parseBackwards(shape) : Glob.parse(shape);
        if (pattern == null) {
          throw new Stop(Failure.INVALID_PATTERN);
        }
        String whole = plain(name, value);
        return bounded(
            atEnd
                ? Glob.reverse(bounded(pattern.cutPrefix(Glob.reverse(whole), longest)))
                : pattern.cutPrefix(whole, longest));
      }
      default -> throw new Stop(Failure.UNSUPPORTED_MODIFIER);
    }
  }

  private String replaced(String name, int from) {
    boolean all = peek() == '/';
    if (all) {
      next();
    }
    String search = upTo('/', true);
    String replacement = upTo('}', true);
    Setting<String> value = look(name, from);
    if (isUnset(value) && keepUnset) {
      return "${" + name + "/" + search + "/" + replacement + "}";
    }
    Glob pattern = Glob.parse(search);
    if (pattern == null) {
      throw new Stop(Failure.INVALID_PATTERN);
    }
    if (all && replacement.indexOf('$') >= 0) {
      // Go's regexp would take this as a reference to a group: nobody means it.
      throw new Stop(null);
    }
    return bounded(pattern.replace(plain(name, value), replacement, all));
  }

  private static String bounded(@Nullable String text) {
    if (text == null || text.length() > LONGEST) {
      throw new Stop(null);
    }
    return text;
  }

  private List<String> take(int from) {
    List<String> tail = missing.subList(from, missing.size());
    List<String> taken = List.copyOf(tail);
    tail.clear();
    return taken;
  }

  private String plain(String name, @Nullable Setting<String> value) {
    if (!isKnown(value) || isDeclared(value)) {
      missing.add(name);
      return "";
    }
    return value == null || value.value() == null ? "" : value.value();
  }

  private @Nullable Setting<String> look(String name, int from) {
    Setting<String> value = scope.get(name);
    references.add(new Reference(name, from, at, !isUnset(value)));
    return value;
  }

  /** Not set when the build is given nothing. */
  private static boolean isUnset(@Nullable Setting<String> value) {
    return value == null || isDeclared(value);
  }

  /** Declared without a value: the build may give one. */
  private static boolean isDeclared(@Nullable Setting<String> value) {
    return value != null && value.value() == null && !value.isUnknown();
  }

  /** Whether it is known what the value is, or that there is none. */
  private boolean isKnown(@Nullable Setting<String> value) {
    return value == null ? scope.isComplete() : !value.isUnknown();
  }

  private String name() {
    int from = at;
    int first = peek();
    if (first != END && Character.isDigit(first)) {
      while (peek() != END && Character.isDigit(peek())) {
        next();
      }
    } else if (first != END && "@*#?-$!".indexOf(first) >= 0) {
      next();
    } else {
      while (peek() != END
          && (Character.isLetter(peek()) || Character.isDigit(peek()) || peek() == '_')) {
        next();
      }
    }
    return source.substring(from, at);
  }
}
