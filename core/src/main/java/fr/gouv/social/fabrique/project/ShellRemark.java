package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.shell.Interpreter;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;

/**
 * What shellcheck says of a script; there are none unless it was asked for.
 *
 * @param script the script
 * @param interpreter what reads the part that it speaks of
 * @param code such as 2086 for SC2086
 * @param level as shellcheck names it: {@code error}, {@code warning}, {@code info} or {@code
 *     style}
 * @param message in English, as shellcheck says it
 */
public record ShellRemark(
    StageScript script, Interpreter interpreter, int code, String level, String message, Span span)
    implements Located {}
