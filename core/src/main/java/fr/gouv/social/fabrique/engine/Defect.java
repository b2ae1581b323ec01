package fr.gouv.social.fabrique.engine;

/**
 * A failure of our own that was survived.
 *
 * @param what the rule or the step that failed, and on what
 */
public record Defect(String what, Throwable cause) {}
