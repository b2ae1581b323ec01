package fr.gouv.social.fabrique.dockerfile;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a word when its variables are replaced and its quotes removed (shell/lex.go).
 *
 * @param text the result; null when it cannot be known or the word is invalid
 * @param references the variables that the word refers to, in order, those of unused defaults too
 * @param missing the variables whose values are needed and not known
 * @param failure why the word is invalid, null when it is not
 */
public record Expansion(
    @Nullable String text,
    List<Reference> references,
    List<String> missing,
    @Nullable Failure failure) {

  /**
   * A variable in a word.
   *
   * @param from the offset of its {@code $} in the word
   * @param to the offset after it, its braces included
   * @param set whether the scope knows it with a value, known or not: BuildKit's "matched"
   */
  public record Reference(String name, int from, int to, boolean set) {}

  /** Why a word is invalid. */
  public enum Failure {
    UNCLOSED_QUOTE,
    UNCLOSED_BRACE,
    BAD_SUBSTITUTION,
    UNSUPPORTED_MODIFIER,
    INVALID_PATTERN,
    /** {@code ${name?}} of a variable that is not set, or {@code ${name:?}} of an empty one. */
    REQUIRED
  }

  public Expansion {
    references = List.copyOf(references);
    missing = List.copyOf(missing);
  }

  /** Replaces the variables of a word. */
  public static Expansion of(String word, char escape, Scope scope) {
    if (isPlain(word, escape)) {
      return new Expansion(word, List.of(), List.of(), null);
    }
    return new WordLexer(word, escape, scope).expand();
  }

  /** Replaces the variables of a here-document's body, in which quotes mean nothing. */
  public static Expansion ofBody(String body, Scope scope) {
    WordLexer lexer = new WordLexer(body, '\\', scope);
    lexer.keepQuotes = true;
    return lexer.expand();
  }

  /**
   * Replaces the variables of a text and splits the result into words, as {@code EXPOSE} does.
   *
   * @return null when a value is not known or the text is invalid
   */
  public static @Nullable List<String> split(String text, char escape, Scope scope) {
    WordLexer lexer = new WordLexer(text, escape, scope);
    return lexer.expand().text() == null
        ? null
        : lexer.words().stream().map(WordLexer.Part::text).toList();
  }

  private static boolean isPlain(String word, char escape) {
    for (int i = 0; i < word.length(); i++) {
      char character = word.charAt(i);
      if (character == '$'
          || character == '\''
          || character == '"'
          || character == escape
          || character == '\uFEFF') {
        return false;
      }
    }
    return true;
  }

  /** Whether the result is known. */
  public boolean isKnown() {
    return text != null;
  }

  /** The names that the scope knows. */
  public Set<String> used() {
    return names(true);
  }

  /** The names that the scope does not know, or only without a value: BuildKit's "unmatched". */
  public Set<String> unset() {
    return names(false);
  }

  private Set<String> names(boolean set) {
    Set<String> names = new LinkedHashSet<>();
    for (Reference reference : references) {
      if (reference.set() == set) {
        names.add(reference.name());
      }
    }
    return names;
  }
}
