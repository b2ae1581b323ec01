package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;

/**
 * What all instructions have in common.
 *
 * @param span from the first character of the keyword to the last of the arguments, or of the last
 *     here-document's terminator
 * @param line the instruction on one line: continuations joined, comments and blank lines left out
 * @param keyword the keyword as written
 * @param flags the flags as written, valid or not
 * @param arguments what follows the keyword and the flags, without the white space around
 * @param comments the comment lines above it, back to a bare {@code #} or the instruction before
 * @param emptyLines the blank lines among its continuation lines, which BuildKit will refuse one
 *     day
 * @param heredocs its here-documents, in the order of the file
 */
public record Statement(
    Span span,
    MappedText line,
    Word keyword,
    List<Flag> flags,
    MappedText arguments,
    List<Comment> comments,
    List<Span> emptyLines,
    List<Heredoc> heredocs)
    implements Located {

  public Statement {
    flags = List.copyOf(flags);
    comments = List.copyOf(comments);
    emptyLines = List.copyOf(emptyLines);
    heredocs = List.copyOf(heredocs);
  }
}
