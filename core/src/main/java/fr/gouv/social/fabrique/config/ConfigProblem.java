package fr.gouv.social.fabrique.config;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;

/** Something wrong with a configuration: what, where, and what was probably meant. */
public record ConfigProblem(Span span, Text message) implements Located {}
