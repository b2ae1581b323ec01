package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.image.Images;
import fr.gouv.social.fabrique.project.Outside;
import fr.gouv.social.fabrique.run.BaselineUpdate;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Repository;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Language;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fabrique baseline}. */
@Command(name = "baseline", mixinStandardHelpOptions = true)
final class BaselineCommand extends LocalCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      descriptionKey = "baseline.folder",
      defaultValue = ".")
  String folder = ".";

  @Option(names = "--prune")
  boolean prune;

  @Option(names = "--baseline", paramLabel = "FILE", descriptionKey = "baseline.file")
  @Nullable String file;

  @Option(names = "--config", paramLabel = "FILE", descriptionKey = "config")
  @Nullable String config;

  @Option(names = "--as-of", paramLabel = "DATE", descriptionKey = "as-of")
  @Nullable String asOf;

  BaselineCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  int run() throws Refusal {
    Path top = Run.root(Path.of(folder));
    Run.within(top, List.of(Path.of(folder)));
    Repository repository = open(top, config, asOf, null, true);
    Path place = file == null ? top.resolve(Baseline.NAME) : Path.of(file);
    Baseline before = BaselineUpdate.existing(top, place, repository.config());
    Report report;
    try (ProgressLine line = terminal.progress(spoken(), false)) {
      Checker checker =
          repository.checker().with(new Outside(line.progress(), null, Images.none()));
      report = Run.check(checker, top, List.of(), repository.config(), Baseline.NONE);
    }
    if (!report.defects().isEmpty()) {
      return terminal.defect(
          new IllegalStateException(
              report.defects().get(0).what(), report.defects().get(0).cause()));
    }
    BaselineUpdate update = BaselineUpdate.of(before, Run.recorded(report, spoken()), prune);
    Run.write(update.after().text(), place);
    terminal.out().println(place + (spoken() == Language.FR ? " : " : ": ") + update.in(spoken()));
    return Terminal.FINE;
  }
}
