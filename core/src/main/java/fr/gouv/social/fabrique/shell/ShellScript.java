package fr.gouv.social.fabrique.shell;

import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * A POSIX or bash script, read as far as it can be.
 *
 * <p>Two questions can be asked of it. {@link #statements} is the syntax, with a place for
 * everything. {@link #commands} is what most rules want: every program that the script may run, in
 * the order in which they are written, with the words that each of them receives once variables are
 * resolved, wherever it stands: after {@code &&}, in a loop, a function, a substitution, behind
 * {@code sudo} or {@code xargs}, within {@code sh -c '…'}.
 *
 * <pre>{@code
 * ShellScript script = ShellScript.parse(run.script());
 * for (Command command : script.commands(Variables.of(env), Interpreter.of(shell))) {
 *   PackageCommand packages = PackageCommand.of(command);
 *   if (packages != null && packages.manager() == Manager.APK && packages.action() == Action.INSTALL
 *       && !packages.options().has("--no-cache")) {
 *     context.report(packages.subcommand(), "cached");
 *   }
 * }
 * }</pre>
 *
 * @param text what was read
 * @param statements from top to bottom
 * @param problems what no shell would accept, in the order in which it was met
 * @param comments from each {@code #} to the end of its line
 */
public record ShellScript(
    MappedText text,
    List<Syntax.Statement> statements,
    List<ShellProblem> problems,
    List<Span> comments) {

  /** Reads a script; never throws, and takes time in proportion to its length. */
  public static ShellScript parse(MappedText text) {
    return parse(text, 0);
  }

  /** A script within a script, {@code depth} levels of syntax deep. */
  static ShellScript parse(MappedText text, int depth) {
    List<ShellProblem> problems = new ArrayList<>();
    List<Span> comments = new ArrayList<>();
    List<Syntax.Statement> statements = new Parser(text, depth, problems, comments).script();
    return new ShellScript(text, statements, List.copyOf(problems), List.copyOf(comments));
  }

  /**
   * A single command whose words are given one by one and no shell interprets, as an exec form or a
   * {@code command} list has them. Its {@link #commands} still see through {@code ["sh", "-c",
   * "…"]}.
   *
   * @param words the decoded words; none gives a script without commands
   * @param place where the whole list is written
   */
  public static ShellScript ofWords(List<MappedText> words, Span place) {
    MappedText text = MappedText.of(place);
    if (words.isEmpty()) {
      return new ShellScript(text, List.of(), List.of(), List.of());
    }
    Syntax.SimpleCommand command =
        new Syntax.SimpleCommand(
            List.of(), words.stream().map(Word::quoted).toList(), List.of(), place);
    return new ShellScript(
        text, List.of(new Syntax.Statement(command, false, place)), List.of(), List.of());
  }

  /**
   * Every command that the script may run, in the order in which they are written. None when the
   * interpreter does not read the POSIX grammar: this is not a POSIX shell's script.
   *
   * @param variables what the script finds in its environment
   * @param interpreter what runs it
   */
  public List<Command> commands(Variables variables, Interpreter interpreter) {
    return interpreter.isPosix()
        ? new Interpretation(variables).commands(this, interpreter)
        : List.of();
  }

  /** Every command that the script may run, when nothing is known about what runs it. */
  public List<Command> commands() {
    return commands(Variables.NONE, Interpreter.DEFAULT);
  }
}
