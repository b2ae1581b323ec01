package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;

/**
 * A parser directive such as {@code # syntax=docker/dockerfile:1}, at the top of the file.
 *
 * @param kind what it sets
 * @param span from its {@code #} to the end of its value
 * @param name the name as written
 * @param value the value as written, without the white space around
 * @param readByParser whether the parser itself sees it; one below a {@code #!} line is seen only
 *     by the front end (parser/directives.go)
 */
public record Directive(Kind kind, Span span, Span name, MappedText value, boolean readByParser)
    implements Located {

  /** The directives that there are. */
  public enum Kind {
    SYNTAX,
    ESCAPE,
    CHECK
  }
}
