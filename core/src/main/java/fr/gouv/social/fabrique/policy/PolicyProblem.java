package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;

/** Something wrong with a policy: what, where in its file, and what was probably meant. */
public record PolicyProblem(Span span, Text message) implements Located {}
