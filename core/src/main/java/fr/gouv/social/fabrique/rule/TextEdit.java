package fr.gouv.social.fabrique.rule;

import fr.gouv.social.fabrique.source.Span;

/** The characters at a place give way to others; an empty place is an insertion point. */
public record TextEdit(Span span, String replacement) {}
