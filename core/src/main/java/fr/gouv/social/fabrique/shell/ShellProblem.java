package fr.gouv.social.fabrique.shell;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;

/**
 * Something in a script that no shell would accept; the rest of the script is read all the same.
 *
 * @param what the characters or words concerned: the quote that is not closed, the word that is
 *     missing, the character that is not expected
 */
public record ShellProblem(Kind kind, String what, Span span) implements Located {

  /** What is wrong. */
  public enum Kind {
    /** A quote, an expansion or a here-document that is opened and never closed. */
    UNTERMINATED,
    /** A word or an operator that may not stand here. */
    UNEXPECTED,
    /** A word or a command that must stand here. */
    MISSING,
    /** Nested too deep to be read: what follows is left out. */
    TOO_DEEP
  }
}
