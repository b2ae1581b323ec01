package fr.gouv.social.fabrique.shell;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One word of a script as it is written: quotes, escapes and expansions are its parts (POSIX, Shell
 * Command Language, 2.2 and 2.6).
 *
 * @param parts from left to right; empty for the missing value of {@code NAME=}
 * @param span with its quotes
 */
public record Word(List<Part> parts, Span span) implements Located {

  /** A piece of a word. */
  public sealed interface Part extends Located {}

  /** How characters that stand for themselves are protected. */
  public enum Quote {
    /** Not at all: they may be split, matched against file names, or be reserved words. */
    NONE,
    /** By a backslash before the one character. */
    ESCAPE,
    /** By single quotes. */
    SINGLE,
    /** By {@code $'…'}; the value is decoded. */
    ANSI_C
  }

  /**
   * Characters that stand for themselves.
   *
   * @param value without the quotes; each character knows its place
   * @param span with the quotes
   */
  public record Literal(MappedText value, Quote quote, Span span) implements Part {}

  /** What stands between double quotes; {@code translated} for {@code $"…"}. */
  public record DoubleQuoted(List<Part> parts, boolean translated, Span span) implements Part {}

  /**
   * {@code $name}, {@code ${name}} and every other form of parameter expansion.
   *
   * @param name a name, a number, or one of {@code @ * # ? - $ !}; empty when it cannot be read
   * @param subscript what stands in {@code […]}, null without
   * @param operator empty for the value itself; {@code length} for {@code ${#name}}, {@code
   *     indirect} for {@code ${!name}}, else the characters such as {@code :-} or {@code ##}
   * @param operand what follows the operator, null without one
   */
  public record Variable(
      String name, @Nullable String subscript, String operator, @Nullable Word operand, Span span)
      implements Part {}

  /** {@code $(…)} or {@code `…`}. */
  public record CommandSubstitution(List<Syntax.Statement> statements, Span span) implements Part {}

  /** {@code <(…)} ({@code read}) or {@code >(…)}. */
  public record ProcessSubstitution(boolean read, List<Syntax.Statement> statements, Span span)
      implements Part {}

  /** {@code $((…))} or {@code $[…]}, with the expansions inside. */
  public record Arithmetic(List<Part> parts, Span span) implements Part {}

  /** {@code (x y)} after {@code name=}. */
  public record Array(List<Word> elements, Span span) implements Part {}

  public Word {
    parts = List.copyOf(parts);
  }

  /** A word that stands for the given characters and nothing else, as an exec form holds them. */
  public static Word quoted(MappedText value) {
    return new Word(List.of(new Literal(value, Quote.SINGLE, value.span())), value.span());
  }

  /** Whether the value can be read off the script: no expansion takes part in it. */
  public boolean isStatic() {
    return text() != null;
  }

  /** The value without quotes, null when an expansion takes part in it. */
  public @Nullable String text() {
    StringBuilder text = new StringBuilder();
    return append(parts, text) ? text.toString() : null;
  }

  private static boolean append(List<Part> parts, StringBuilder text) {
    for (Part part : parts) {
      if (part instanceof Literal literal) {
        text.append(literal.value.text());
      } else if (!(part instanceof DoubleQuoted quoted && append(quoted.parts, text))) {
        return false;
      }
    }
    return true;
  }

  /** The characters when nothing in the word is quoted or expanded, else null. */
  @Nullable String plain() {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      if (!(part instanceof Literal literal && literal.quote == Quote.NONE)) {
        return null;
      }
      text.append(literal.value.text());
    }
    return text.toString();
  }

  /** The names of the variables whose values this word uses, in the order of their first use. */
  public Set<String> variables() {
    Set<String> names = new LinkedHashSet<>();
    collect(parts, names);
    return names;
  }

  private static void collect(List<Part> parts, Set<String> names) {
    for (Part part : parts) {
      if (part instanceof Variable variable) {
        names.add(variable.name);
        if (variable.operand != null) {
          collect(variable.operand.parts, names);
        }
      } else if (part instanceof DoubleQuoted quoted) {
        collect(quoted.parts, names);
      } else if (part instanceof Arithmetic arithmetic) {
        collect(arithmetic.parts, names);
      } else if (part instanceof Array array) {
        array.elements.forEach(element -> collect(element.parts, names));
      }
    }
  }

  /**
   * This word read as {@code NAME=value}, as {@code export} and {@code env} do; null if it isn't.
   */
  Syntax.@Nullable Assignment asAssignment() {
    if (parts.isEmpty() || !(parts.get(0) instanceof Literal first)) {
      return null;
    }
    String text = first.value.text();
    int equals = text.indexOf('=');
    boolean append = equals > 0 && text.charAt(equals - 1) == '+';
    int nameEnd = append ? equals - 1 : equals;
    if (equals <= 0 || !isName(text.substring(0, nameEnd))) {
      return null;
    }
    List<Part> value = new ArrayList<>(parts);
    if (equals + 1 == text.length()) {
      value.remove(0);
    } else {
      MappedText rest = first.value.sub(equals + 1);
      value.set(0, new Literal(rest, first.quote, rest.span()));
    }
    Span valueSpan =
        new Span(
            span.file(), value.isEmpty() ? span.end() : value.get(0).span().start(), span.end());
    return new Syntax.Assignment(
        text.substring(0, nameEnd), null, append, new Word(value, valueSpan), span);
  }

  static boolean isName(String text) {
    if (text.isEmpty() || !isNameStart(text.charAt(0))) {
      return false;
    }
    return text.chars().allMatch(c -> isNameStart((char) c) || c >= '0' && c <= '9');
  }

  static boolean isNameStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }
}
