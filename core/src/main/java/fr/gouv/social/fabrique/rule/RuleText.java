package fr.gouv.social.fabrique.rule;

import fr.gouv.social.fabrique.source.Text;

/**
 * The prose of a rule's page: why, and how to mend it.
 *
 * @param markdown as written, for a terminal
 * @param html the same, ready to stand in a page; trusted, since it comes from our own sources
 * @param bad the first example that breaks the rule, without its markers
 * @param good the first example that keeps it
 */
public record RuleText(Text markdown, Text html, String bad, String good) {}
