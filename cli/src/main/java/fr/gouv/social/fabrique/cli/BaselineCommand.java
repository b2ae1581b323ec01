package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.image.Images;
import fr.gouv.social.fabrique.project.Outside;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.BaselineUpdate;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.standard.Standard;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fabrique baseline}. */
@Command(name = "baseline", mixinStandardHelpOptions = true)
final class BaselineCommand implements Callable<Integer> {
  private final Terminal terminal;

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

  @Option(names = "--language", paramLabel = "fr|en", descriptionKey = "language")
  @Nullable String language;

  @Option(names = "--as-of", paramLabel = "DATE", descriptionKey = "as-of")
  @Nullable String asOf;

  BaselineCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Language spoken = terminal.language(language);
    try {
      CheckCommand.oneOf("--language", language, List.of("fr", "en"));
      LocalDate date = CheckCommand.date(asOf);
      Path top = Run.root(Path.of(folder));
      Run.within(top, List.of(Path.of(folder)));
      Run.Decided known =
          Run.decided(
              top,
              config == null ? null : Path.of(config),
              BuiltInRules.load(),
              date == null ? LocalDate.now() : date);
      FabriqueConfig decided = date == null ? known.config() : known.config().withAsOf(date);
      Language configured = decided.language();
      spoken = language == null && configured != null ? configured : spoken;
      Path place = file == null ? top.resolve(Baseline.NAME) : Path.of(file);
      Baseline before = BaselineUpdate.existing(top, place, decided);
      Report report;
      try (ProgressLine line = terminal.progress(spoken, false)) {
        Checker checker =
            new Checker(known.rules(), Standard.builtIn())
                .with(new Outside(line.progress(), null, Images.none()));
        report = Run.check(checker, top, List.of(), decided, Baseline.NONE);
      }
      if (!report.defects().isEmpty()) {
        return terminal.defect(
            new IllegalStateException(
                report.defects().get(0).what(), report.defects().get(0).cause()));
      }
      BaselineUpdate update = BaselineUpdate.of(before, Run.recorded(report, spoken), prune);
      Run.write(update.after().text(), place);
      terminal.out().println(place + (spoken == Language.FR ? " : " : ": ") + update.in(spoken));
      return Terminal.FINE;
    } catch (Refusal refusal) {
      return terminal.refuse(refusal, spoken);
    } catch (InvalidPathException wrong) {
      return terminal.refuse(wrong, spoken);
    }
  }
}
