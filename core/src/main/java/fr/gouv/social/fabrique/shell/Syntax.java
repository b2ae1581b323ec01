package fr.gouv.social.fabrique.shell;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command of any shape, as the grammar of the shell has it (POSIX, Shell Command Language, 2.9
 * and 2.10; Bash Reference Manual, 3.2). A pipeline or list of a single command is that command.
 */
public sealed interface Syntax extends Located {

  /** A command of a list, up to its {@code ;}, {@code &} or line end, which is not in its span. */
  record Statement(Syntax command, boolean background, Span span) implements Located {}

  /** What stands between two commands of a list. */
  enum Operator {
    /** {@code &&} */
    AND,
    /** {@code ||} */
    OR
  }

  /**
   * {@code name=value}, {@code name+=value} or {@code name[subscript]=value}.
   *
   * @param subscript null without one
   */
  record Assignment(String name, @Nullable String subscript, boolean append, Word value, Span span)
      implements Located {}

  /**
   * {@code 2>&1}, {@code <<EOF} and the like.
   *
   * @param descriptor what stands before the operator: a number, {@code {name}}, or nothing
   * @param operator such as {@code >}, {@code >>}, {@code >&}, {@code &>}, {@code <<-}, {@code <<<}
   * @param target the file, descriptor or delimiter
   * @param document the here-document, null for the other operators
   */
  record Redirection(
      String descriptor, String operator, Word target, @Nullable HereDocument document, Span span)
      implements Located {}

  /**
   * The body of a here-document.
   *
   * @param body without the delimiter's line, and without leading tabs after {@code <<-}
   * @param parts what it is made of: one literal when the delimiter is quoted
   */
  record HereDocument(MappedText body, List<Word.Part> parts) {}

  /** Assignments, words and redirections; each of the three may be empty, not all. */
  record SimpleCommand(
      List<Assignment> assignments, List<Word> words, List<Redirection> redirections, Span span)
      implements Syntax {}

  /** Commands with {@code |} or {@code |&} between them, or one with {@code !} or {@code time}. */
  record Pipeline(boolean negated, boolean timed, List<Syntax> commands, Span span)
      implements Syntax {}

  /** At least two commands with {@code &&} or {@code ||} between them: one operator fewer. */
  record AndOr(List<Syntax> commands, List<Operator> operators, Span span) implements Syntax {}

  /** {@code if … then … elif … then … else … fi}. */
  record If(List<Branch> branches, List<Statement> otherwise, Span span) implements Syntax {}

  /** {@code if} or {@code elif}, up to the next branch. */
  record Branch(List<Statement> condition, List<Statement> body, Span span) implements Located {}

  /** {@code while}, or {@code until} the condition holds. */
  record While(boolean until, List<Statement> condition, List<Statement> body, Span span)
      implements Syntax {}

  /**
   * {@code for name in words}, or {@code select}.
   *
   * @param words null without {@code in}: the positional parameters
   */
  record For(boolean select, Word name, @Nullable List<Word> words, List<Statement> body, Span span)
      implements Syntax {}

  /** {@code for ((…; …; …))}. */
  record ArithmeticFor(List<Word.Part> header, List<Statement> body, Span span) implements Syntax {}

  /** {@code case subject in … esac}. */
  record Case(Word subject, List<Arm> arms, Span span) implements Syntax {}

  /**
   * The patterns and the commands of one case.
   *
   * @param end {@code ;;}, {@code ;&}, {@code ;;&}, or empty when left out before {@code esac}
   */
  record Arm(List<Word> patterns, List<Statement> body, String end, Span span) implements Located {}

  /** The definition of a function. */
  record Function(String name, Syntax body, Span span) implements Syntax {}

  /** {@code ( … )}. */
  record Subshell(List<Statement> body, Span span) implements Syntax {}

  /** <code>{ …; }</code>. */
  record Group(List<Statement> body, Span span) implements Syntax {}

  /** {@code (( … ))}. */
  record Arithmetic(List<Word.Part> parts, Span span) implements Syntax {}

  /** {@code [[ … ]]}: operands and operators, one word each. */
  record Test(List<Word> words, Span span) implements Syntax {}

  /** A command that is not a simple one, with redirections after it. */
  record Redirected(Syntax command, List<Redirection> redirections, Span span) implements Syntax {}
}
