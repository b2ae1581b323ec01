package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.source.Text;

/**
 * Something of a repository that no rule looks at.
 *
 * @param line 1-based, or 0 for the whole file
 */
public record NotRead(String path, int line, Text reason) {}
