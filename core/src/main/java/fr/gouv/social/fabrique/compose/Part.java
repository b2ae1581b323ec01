package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;

/** A place with the words for it. */
record Part(Span span, String label) implements Located {}
