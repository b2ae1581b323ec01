package fr.gouv.social.fabrique.source;

/**
 * Why a file could not be read as it should.
 *
 * @param span where in the text; the start of an empty text when none of it could be read
 * @param byteOffset where in the bytes of the file, or -1 when that says nothing
 * @param detail the bytes that do not fit, the size in bytes, where a link leads, or what the
 *     system says; may be empty
 */
public record SourceProblem(Kind kind, Span span, long byteOffset, String detail)
    implements Located {
  /** What is wrong. */
  public enum Kind {
    /** The system refuses to read it. */
    UNREADABLE,
    /** Larger than the limit: not read. */
    TOO_LARGE,
    /** It holds a NUL byte: not text. */
    BINARY,
    /**
     * Bytes that are not UTF-8, or UTF-16 where the reference reads UTF-8 only. The text is there
     * all the same: each wrong byte became the character of Latin-1, or U+FFFD for a control
     * character.
     */
    ENCODING,
    /** A link that leads out of the repository, or nowhere: not followed. */
    LINK;
  }

  /** Whether nothing of the file could be read. */
  public boolean costsTheFile() {
    return kind != Kind.ENCODING;
  }
}
