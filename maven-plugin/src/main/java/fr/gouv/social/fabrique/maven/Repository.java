package fr.gouv.social.fabrique.maven;

import fr.gouv.social.fabrique.config.ConfigProblem;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Standard;
import java.io.File;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.apache.maven.plugin.MojoExecutionException;
import org.jspecify.annotations.Nullable;

/** The repository of a build: where it is, what is decided for it, in which language. */
record Repository(Path root, FabriqueConfig config, Checker checker, Language language) {

  /**
   * Reads what is decided.
   *
   * @param file the configuration, or null for the one at the root
   * @param language {@code fr}, {@code en} or null
   * @param preferred the language where neither the build nor the configuration says one
   * @param asOf the date of the check, or null
   */
  static Repository of(
      Path root,
      @Nullable File file,
      @Nullable String language,
      Language preferred,
      @Nullable String asOf)
      throws Refusal {
    LocalDate date = date(asOf);
    Run.Decided decided =
        Run.decided(
            root,
            file == null ? null : file.toPath(),
            BuiltInRules.load(),
            date == null ? LocalDate.now() : date);
    FabriqueConfig config = decided.config();
    Language configured = config.language();
    return new Repository(
        root,
        date == null ? config : config.withAsOf(date),
        new Checker(decided.rules(), Standard.builtIn()),
        language == null && configured != null ? configured : language(language, preferred));
  }

  static Language language(@Nullable String wish, Language otherwise) {
    return "fr".equals(wish) ? Language.FR : "en".equals(wish) ? Language.EN : otherwise;
  }

  private static @Nullable LocalDate date(@Nullable String asOf) throws Refusal {
    try {
      return asOf == null ? null : LocalDate.parse(asOf.strip());
    } catch (DateTimeException wrong) {
      throw new Refusal(
          new Text(
              "fabrique.asOf attend une date AAAA-MM-JJ, pas « " + asOf + " »",
              "fabrique.asOf takes a date YYYY-MM-DD, not “" + asOf + "”"));
    }
  }

  /** A refusal as Maven shows it. */
  static MojoExecutionException refused(Refusal refusal, Language language) {
    return new MojoExecutionException(message(refusal, language));
  }

  static String message(Refusal refusal, Language language) {
    StringBuilder message = new StringBuilder("fabrique: " + refusal.text().in(language));
    for (ConfigProblem problem : refusal.problems()) {
      message.append('\n').append(problem.span()).append(": ");
      message.append(problem.message().in(language));
    }
    return message.toString();
  }
}
