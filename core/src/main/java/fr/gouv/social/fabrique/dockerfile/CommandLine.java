package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;

/**
 * What {@code RUN}, {@code CMD}, {@code ENTRYPOINT}, {@code SHELL} or {@code HEALTHCHECK CMD} is
 * given.
 *
 * @param form how it is written
 * @param text all of it as written, the lines joined
 * @param words the strings of the exec form; empty in the shell form
 */
public record CommandLine(Form form, MappedText text, List<Word> words) implements Located {

  /** How a command is written. */
  public enum Form {
    /** A JSON array of strings, run as it is. */
    EXEC,
    /** A text for the shell. */
    SHELL
  }

  public CommandLine {
    words = List.copyOf(words);
  }

  /** Whether it is a valid JSON array of strings. */
  public boolean isExec() {
    return form == Form.EXEC;
  }

  /** Whether nothing is given: no text, or an empty array. */
  public boolean isEmpty() {
    return isExec() ? words.isEmpty() : text.isEmpty();
  }

  /**
   * Whether it starts like a JSON array but is none, so that the shell gets it: BuildKit says
   * nothing (parser/line_parsers.go).
   */
  public boolean isBrokenExec() {
    return !isExec() && text.text().startsWith("[");
  }

  /** The strings of the exec form. */
  public List<String> strings() {
    return words.stream().map(Word::toString).toList();
  }

  @Override
  public Span span() {
    return text.span();
  }
}
