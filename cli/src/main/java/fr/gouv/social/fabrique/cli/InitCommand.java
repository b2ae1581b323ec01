package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.FirstConfig;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Standard;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code fabrique init}. */
@Command(name = "init", mixinStandardHelpOptions = true)
final class InitCommand extends LocalCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      descriptionKey = "init.folder",
      defaultValue = ".")
  String folder = ".";

  InitCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  int run() throws Refusal {
    Path top = Run.root(Path.of(folder));
    Run.within(top, List.of(Path.of(folder)));
    for (String name : Run.CONFIG_NAMES) {
      if (Files.exists(top.resolve(name))) {
        throw new Refusal(
            new Text(
                top.resolve(name) + " est déjà là, rien n'est écrit",
                top.resolve(name) + " is there already, nothing is written"));
      }
    }
    boolean french = spoken() == Language.FR;
    FirstConfig.Proposal proposal =
        FirstConfig.of(top, BuiltInRules.load(), Standard.builtIn(), LocalDate.now(), spoken());
    Path file = top.resolve(Run.CONFIG_NAMES.get(0));
    Run.write(proposal.text(), file);
    String command = Terminal.command();
    PrintStream out = terminal.out();
    if (!proposal.found().isEmpty()) {
      out.println(french ? "Ce qui est trouvé aujourd'hui :" : "What is found today:");
      out.print(proposal.found());
    }
    out.println(
        french
            ? file + " est écrit. « " + command + " check » vérifie le dépôt ;"
            : file + " is written. “" + command + " check” checks the repository;");
    out.println(
        french
            ? "« " + command + " baseline » note ce qui est là, pour que seul le nouveau compte."
            : "“" + command + " baseline” records what is there, so that only what is new counts.");
    return Terminal.FINE;
  }
}
