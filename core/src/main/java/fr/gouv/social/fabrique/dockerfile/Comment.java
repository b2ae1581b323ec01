package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;

/**
 * A comment line.
 *
 * @param span from its {@code #} to its last character that is no white space
 * @param text what BuildKit keeps of it: without the first character of the line and the white
 *     space around, so that an indented comment still has its {@code #}
 */
public record Comment(Span span, String text) implements Located {}
