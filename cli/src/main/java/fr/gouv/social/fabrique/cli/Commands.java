package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.report.Wording;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.Explanation;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.UnmatchedArgumentException;

/** Everything but a plain check: help, mistakes, and the other commands. */
@Command(
    name = "fabrique",
    mixinStandardHelpOptions = true,
    versionProvider = Commands.Version.class,
    synopsisSubcommandLabel = "COMMAND")
final class Commands implements Callable<Integer> {
  private static final int WIDTH = 100;

  private final CommandLine line;

  private Commands(Terminal terminal) {
    Language language = terminal.language();
    line = new CommandLine(this);
    line.addSubcommand(new CheckCommand(terminal));
    line.addSubcommand(new ImageCommand(terminal));
    line.addSubcommand(new InitCommand(terminal));
    line.addSubcommand(new BaselineCommand(terminal));
    line.addSubcommand(new RulesCommand(terminal));
    line.addSubcommand(new ExplainCommand(terminal));
    line.addSubcommand(
        new CommandLine(new PolicyCommand())
            .addSubcommand(new PolicyCommand.Test(terminal))
            .addSubcommand(new PolicyCommand.Eval(terminal))
            .addSubcommand(new PolicyCommand.Model(terminal)));
    line.addSubcommand(new CompletionCommand(terminal));
    line.setResourceBundle(
        ResourceBundle.getBundle(
            "fr.gouv.social.fabrique.cli.help",
            language == Language.FR ? Locale.FRENCH : Locale.ROOT,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES)));
    line.setUsageHelpWidth(WIDTH);
    line.setColorScheme(
        Help.defaultColorScheme(terminal.colours("auto") ? Help.Ansi.ON : Help.Ansi.OFF));
    line.setOut(writer(terminal.out()));
    line.setErr(writer(terminal.err()));
    line.setParameterExceptionHandler(
        (problem, arguments) -> terminal.refuse(message(problem), language));
    line.setExecutionExceptionHandler(
        (problem, command, result) -> {
          throw problem;
        });
  }

  static int run(String[] arguments, Terminal terminal) {
    return new Commands(terminal).line.execute(arguments);
  }

  /** All commands, as the library knows them. */
  static CommandLine line(Terminal terminal) {
    return new Commands(terminal).line;
  }

  /** The same parse as {@link CheckCommand#parse}, by the library. */
  static CheckCommand check(String[] arguments, Terminal terminal) {
    return (CheckCommand)
        line(terminal).parseArgs(arguments).subcommand().commandSpec().userObject();
  }

  /** All rules that hold where the command is given, the policies of the repository included. */
  private static RulePages pages() throws Refusal {
    return Run.withPolicies(Run.root(Path.of(".")), BuiltInRules.load()).pages();
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  /** Without a command there is nothing to do but to say what could be done. */
  @Override
  public Integer call() {
    line.usage(line.getErr());
    return Terminal.REFUSED;
  }

  private static Text message(ParameterException problem) {
    CommandLine command = problem.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    Text help =
        new Text(" ; « " + name + " --help » dit tout", "; “" + name + " --help” says it all");
    if (problem instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String written = unmatched.getUnmatched().get(0);
      String word = written.split("=", 2)[0];
      List<String> known = new ArrayList<>(command.getSubcommands().keySet());
      if (word.startsWith("-")) {
        known.clear();
        command.getCommandSpec().options().forEach(option -> known.addAll(List.of(option.names())));
      }
      String meant = Spelling.nearest(word, known);
      boolean option = word.startsWith("-");
      return new Text(
          (option ? "option inconnue « " : "argument inconnu « ")
              + word
              + " »"
              + (meant == null ? help.fr() : " ; vouliez-vous « " + meant + " » ?"),
          (option ? "unknown option “" : "unknown argument “")
              + word
              + "”"
              + (meant == null ? help.en() : "; did you mean “" + meant + "”?"));
    }
    if (problem instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      String label = missing.getMissing().get(0).paramLabel();
      return new Text("il manque " + label + help.fr(), label + " is missing" + help.en());
    }
    String said = String.valueOf(problem.getMessage());
    return new Text(said + help.fr(), said + help.en());
  }

  /** The version, with what it runs on. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "fabrique " + Wording.version() + " (Java " + Runtime.version().feature() + ")"
      };
    }
  }

  /** {@code fabrique rules}. */
  @Command(name = "rules", mixinStandardHelpOptions = true)
  static final class RulesCommand extends LocalCommand {
    RulesCommand(Terminal terminal) {
      super(terminal);
    }

    @Override
    int run() throws Refusal {
      Language spoken = spoken();
      RulePages pages = pages();
      int width = pages.all().stream().mapToInt(page -> page.id().value().length()).max().orElse(0);
      String family = "";
      for (RulePage page : pages.all()) {
        if (!page.id().family().equals(family)) {
          terminal.out().print(family.isEmpty() ? "" : "\n");
          family = page.id().family();
        }
        String severity =
            page.enabled()
                ? Wording.word(page.severity(), spoken)
                : spoken == Language.FR ? "désactivée" : "off";
        terminal
            .out()
            .print(
                padded(page.id().value(), width + 2)
                    + padded(severity, 15)
                    + page.title().in(spoken)
                    + "\n");
      }
      return Terminal.FINE;
    }

    private static String padded(String text, int width) {
      return text + " ".repeat(Math.max(1, width - text.length()));
    }
  }

  /** {@code fabrique explain}. */
  @Command(name = "explain", mixinStandardHelpOptions = true)
  static final class ExplainCommand extends LocalCommand {
    @Parameters(paramLabel = "RULE", descriptionKey = "explain.rule")
    String rule = "";

    ExplainCommand(Terminal terminal) {
      super(terminal);
    }

    @Override
    int run() throws Refusal {
      RulePages pages = BuiltInRules.load().pages();
      if (!Explanation.knows(pages, rule)) {
        pages = pages();
      }
      for (RulePage page : Explanation.find(pages, rule)) {
        terminal
            .out()
            .print(Explanation.of(page, pages.text(page.id()), spoken(), terminal.colours("auto")));
      }
      return Terminal.FINE;
    }
  }

  /** {@code fabrique completion}. */
  @Command(name = "completion", mixinStandardHelpOptions = true)
  static final class CompletionCommand implements Callable<Integer> {
    private final Terminal terminal;

    CompletionCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Parameters(
        arity = "0..1",
        paramLabel = "bash|zsh",
        descriptionKey = "completion.shell",
        defaultValue = "bash")
    String shell = "bash";

    @Override
    public Integer call() {
      if (!shell.equals("bash") && !shell.equals("zsh")) {
        return terminal.refuse(
            new Text(
                "pas de complétion pour « " + shell + " » (possible : bash, zsh)",
                "no completion for “" + shell + "” (possible: bash, zsh)"),
            terminal.language());
      }
      // The script serves both shells: it loads what makes zsh understand bash.
      terminal.out().print(AutoComplete.bash("fabrique", line(terminal)));
      return Terminal.FINE;
    }
  }
}
