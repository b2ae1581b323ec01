package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;

/**
 * Something for which BuildKit refuses the file.
 *
 * @param arguments what the message needs: names and values as written
 */
public record DockerfileProblem(Kind kind, Span span, List<String> arguments) implements Located {

  /** When BuildKit notices. */
  public enum Phase {
    /** While the lines are read (frontend/dockerfile/parser). */
    PARSE,
    /** While an instruction is understood (frontend/dockerfile/instructions). */
    INSTRUCTION,
    /** While the stages are put together (frontend/dockerfile/dockerfile2llb). */
    BUILD
  }

  /** What is wrong. */
  public enum Kind {
    NO_INSTRUCTION(Phase.PARSE),
    LINE_TOO_LONG(Phase.PARSE),
    /** Arguments: the directive. */
    DUPLICATE_DIRECTIVE(Phase.PARSE),
    /** Arguments: the value. */
    INVALID_ESCAPE(Phase.PARSE),
    /** Arguments: the delimiter. */
    UNTERMINATED_HEREDOC(Phase.PARSE),
    INVALID_HEREDOC(Phase.PARSE),
    /** An element of a JSON array is no string. Arguments: the instruction. */
    JSON_NOT_STRINGS(Phase.PARSE),
    /** {@code ENV NAME} without value. Arguments: the instruction, the name. */
    MISSING_VALUE(Phase.PARSE),
    /** Arguments: the instruction, the word. */
    MISSING_EQUALS(Phase.PARSE),
    /** Arguments: the keyword, the instruction it resembles or the empty string. */
    UNKNOWN_INSTRUCTION(Phase.INSTRUCTION),
    /** An instruction that is neither {@code ARG} nor {@code FROM} before the first stage. */
    BEFORE_FROM(Phase.INSTRUCTION),
    NO_STAGE(Phase.INSTRUCTION),
    /** Arguments: the instruction. */
    MISSING_ARGUMENT(Phase.INSTRUCTION),
    /** Arguments: the instruction. */
    BLANK_NAME(Phase.INSTRUCTION),
    /** Arguments: the instruction. */
    MISSING_DESTINATION(Phase.INSTRUCTION),
    /** Arguments: the instruction. */
    HEREDOC_DESTINATION(Phase.INSTRUCTION),
    FROM_ARGUMENTS(Phase.INSTRUCTION),
    /** Arguments: the name. */
    INVALID_STAGE_NAME(Phase.INSTRUCTION),
    /** Arguments: the instruction, the flag, the flag it resembles or the empty string. */
    UNKNOWN_FLAG(Phase.INSTRUCTION),
    /** Arguments: the instruction, the flag. */
    DUPLICATE_FLAG(Phase.INSTRUCTION),
    /** Arguments: the instruction, the flag. */
    FLAG_WITHOUT_VALUE(Phase.INSTRUCTION),
    /** Arguments: the instruction, the flag, the value. */
    FLAG_NOT_BOOLEAN(Phase.INSTRUCTION),
    /** Arguments: the flag, the value, what is allowed. */
    INVALID_FLAG_VALUE(Phase.INSTRUCTION),
    /** Arguments: the instruction. */
    FORBIDDEN_TRIGGER(Phase.INSTRUCTION),
    HEALTHCHECK_NONE_ARGUMENTS(Phase.INSTRUCTION),
    /** Arguments: the type. */
    HEALTHCHECK_TYPE(Phase.INSTRUCTION),
    HEALTHCHECK_WITHOUT_COMMAND(Phase.INSTRUCTION),
    EMPTY_VOLUME(Phase.INSTRUCTION),
    SHELL_NOT_JSON(Phase.INSTRUCTION),
    /** Arguments: the reason, the value. */
    INVALID_MOUNT(Phase.BUILD),
    /** An address that only {@code ADD} can fetch. Arguments: the address. */
    REMOTE_COPY(Phase.BUILD),
    /** {@code --checksum} with several sources, or with one that is not fetched. */
    CHECKSUM_WITHOUT_DOWNLOAD(Phase.BUILD),
    /** A variable where none may stand: {@code --from} and a mount's {@code from}. */
    VARIABLE_IN_FROM(Phase.BUILD),
    /** A quote or brace is not closed, or a substitution not known. Arguments: the reason. */
    INVALID_SUBSTITUTION(Phase.BUILD),
    /** Arguments: the name as written. */
    EMPTY_BASE(Phase.BUILD),
    /** Arguments: the index. */
    INVALID_STAGE_INDEX(Phase.BUILD),
    /** Something is taken from this stage or a later one. Arguments: the stage. */
    STAGE_NOT_BEFORE(Phase.BUILD),
    /** Arguments: the port. */
    INVALID_PORT(Phase.BUILD),
    /** Arguments: the signal. */
    INVALID_SIGNAL(Phase.BUILD),
    /** Arguments: the option. */
    INVALID_CHECK_OPTION(Phase.BUILD);

    private final Phase phase;

    Kind(Phase phase) {
      this.phase = phase;
    }

    /** When BuildKit notices. */
    public Phase phase() {
      return phase;
    }
  }

  public DockerfileProblem {
    arguments = List.copyOf(arguments);
  }
}
