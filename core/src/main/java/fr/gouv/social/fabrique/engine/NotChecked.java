package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.source.Text;

/**
 * Something that was not checked: silence about anything else means that it was checked and is
 * fine.
 *
 * @param path of the file
 * @param line 1-based, or 0 for the whole file
 */
public record NotChecked(String path, int line, Text reason) {}
