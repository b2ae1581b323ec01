package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.FirstConfig;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Standard;
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
    String text =
        FirstConfig.of(top, BuiltInRules.load(), Standard.builtIn(), LocalDate.now(), spoken());
    Path file = top.resolve(Run.CONFIG_NAMES.get(0));
    Run.write(text, file);
    terminal
        .out()
        .println(
            spoken() == Language.FR
                ? file + " est écrit ; « " + Terminal.command() + " check » vérifie le dépôt"
                : file + " is written; “" + Terminal.command() + " check” checks the repository");
    return Terminal.FINE;
  }
}
