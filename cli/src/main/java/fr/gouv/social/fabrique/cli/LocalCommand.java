package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Repository;
import fr.gouv.social.fabrique.source.Language;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that speaks a language, and says in it why it cannot be done. */
abstract class LocalCommand implements Callable<Integer> {
  static final Repository.Face FACE = Repository.Face.COMMAND_LINE;

  final Terminal terminal;

  @Option(names = "--language", paramLabel = "fr|en", descriptionKey = "language")
  @Nullable String language;

  private Language spoken = Language.FR;

  LocalCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public final Integer call() {
    spoken = terminal.language(language);
    try {
      Repository.language(FACE, language);
      return run();
    } catch (Refusal refusal) {
      return terminal.refuse(refusal, spoken);
    } catch (InvalidPathException wrong) {
      return terminal.refuse(wrong, spoken);
    }
  }

  /** Does it, and gives the exit code. */
  abstract int run() throws Refusal;

  /** The language of this run; that of the repository once it is {@linkplain #open opened}. */
  final Language spoken() {
    return spoken;
  }

  final Repository open(
      Path root,
      @Nullable String config,
      @Nullable String asOf,
      @Nullable String failOn,
      boolean suppressions)
      throws Refusal {
    Repository repository =
        Repository.of(
            root,
            new Repository.Wishes(
                FACE,
                config == null ? null : Path.of(config),
                language,
                asOf,
                failOn,
                suppressions),
            BuiltInRules.load(),
            spoken);
    spoken = repository.language();
    return repository;
  }
}
