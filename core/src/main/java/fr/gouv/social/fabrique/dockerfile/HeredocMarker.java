package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.MappedText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A word such as {@code 3<<-"EOF"} (ParseHeredoc of parser/parser.go).
 *
 * @param valid whether the delimiter can be read at all
 */
record HeredocMarker(
    Word word, String name, int fileDescriptor, boolean stripTabs, boolean expand, boolean valid) {
  private static final Pattern MARKER =
      Pattern.compile("([0-9]*)<<(-?)[\\t\\n\\f\\r ]*([^<]*)", Pattern.DOTALL);

  /** The markers on an instruction's line. */
  static List<HeredocMarker> among(MappedText line) {
    WordLexer lexer = lexer(line.text()).rawEscapes();
    lexer.rawQuotes = true;
    lexer.expand();
    List<HeredocMarker> markers = new ArrayList<>();
    for (WordLexer.Part part : lexer.words()) {
      HeredocMarker marker = parse(part.text(), Word.of(line.sub(part.from(), part.to())));
      if (marker != null) {
        markers.add(marker);
        if (!marker.valid) {
          break;
        }
      }
    }
    return markers;
  }

  /** The marker that a word is, null when it is none. */
  static @Nullable HeredocMarker of(Word word) {
    HeredocMarker marker = parse(word.toString(), word);
    return marker == null || !marker.valid ? null : marker;
  }

  private static @Nullable HeredocMarker parse(String text, Word word) {
    Matcher matcher = MARKER.matcher(text);
    if (!matcher.matches() || matcher.group(3).isEmpty()) {
      return null;
    }
    // Read with and without its quotes: where the two differ, a part of the delimiter is quoted.
    String delimiter = matcher.group(3);
    WordLexer lexer = lexer(delimiter);
    if (lexer.expand().failure() != null) {
      return new HeredocMarker(word, "", 0, false, false, false);
    }
    if (lexer.words().size() != 1) {
      return null;
    }
    WordLexer raw = lexer(delimiter);
    raw.rawQuotes = true;
    raw.expand();
    if (raw.words().size() != 1) {
      return new HeredocMarker(word, "", 0, false, false, false);
    }
    String name = lexer.words().get(0).text();
    return new HeredocMarker(
        word,
        name,
        descriptor(matcher.group(1)),
        !matcher.group(2).isEmpty(),
        quotes(name) == quotes(raw.words().get(0).text()),
        true);
  }

  private static WordLexer lexer(String text) {
    WordLexer lexer = new WordLexer(text, '\\', Scope.empty());
    lexer.keepUnset = true;
    return lexer;
  }

  private static int descriptor(String digits) {
    return digits.isEmpty() || digits.length() > 9 ? 0 : Integer.parseInt(digits);
  }

  private static long quotes(String text) {
    return text.chars().filter(character -> character == '\'' || character == '"').count();
  }
}
