package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import java.util.List;

/** A place with the words for it and the way it came. */
record Part(Span span, String label, List<Step> way) implements Located {}
