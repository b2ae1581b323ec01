package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.config.ConfigProblem;
import fr.gouv.social.fabrique.report.TextFormat;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Repository;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a command writes, and what the environment says of it.
 *
 * @param out for results
 * @param err for everything else
 * @param environment the variables of the process
 */
record Terminal(PrintStream out, PrintStream err, Map<String, String> environment) {
  static final int FINE = 0;
  static final int VIOLATIONS = 1;
  static final int REFUSED = 2;
  static final int DEFECT = 3;

  private static final String ISSUES = "https://github.com/SocialGouv/fabrique/issues";

  /** All that comes through standard input, as UTF-8. */
  String input() throws Refusal {
    try {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new Refusal(
          new Text("impossible de lire l'entrée standard", "cannot read standard input"));
    }
  }

  /** Whether results are read by a person as they come; the launcher knows best. */
  boolean isInteractive() {
    String known = System.getProperty("fabrique.terminal");
    return known == null ? System.console() != null : known.equals("true");
  }

  /**
   * Starts to show how far a check is, where a person sits before it.
   *
   * @param quiet not to show it
   */
  ProgressLine progress(Language language, boolean quiet) {
    boolean watched =
        Boolean.getBoolean("fabrique.watched") && !"dumb".equals(environment.get("TERM"));
    return ProgressLine.start(err, language, watched && !quiet);
  }

  /**
   * Whether to write in colours.
   *
   * @param wish {@code always}, {@code never} or {@code auto}
   */
  boolean colours(String wish) {
    return switch (wish) {
      case "always" -> true;
      case "never" -> false;
      default ->
          environment.getOrDefault("NO_COLOR", "").isEmpty()
              && !"dumb".equals(environment.get("TERM"))
              && isInteractive();
    };
  }

  /** The language that the environment asks for. */
  Language language() {
    return Repository.language(environment);
  }

  /** The language of a value of {@code --language}, or that of the environment. */
  Language language(@Nullable String wish) {
    return "fr".equals(wish) ? Language.FR : "en".equals(wish) ? Language.EN : language();
  }

  /** How this tool was called, for hints. */
  static String command() {
    return System.getProperty("fabrique.command", "fabrique");
  }

  int refuse(Refusal refusal, Language language) {
    say(refusal.text().in(language));
    try {
      for (ConfigProblem problem : refusal.problems()) {
        TextFormat.writeProblem(
            problem.span(), problem.message().in(language), language, false, err);
      }
    } catch (IOException impossible) {
      // A print stream keeps its troubles to itself.
    }
    return REFUSED;
  }

  int refuse(Text text, Language language) {
    say(text.in(language));
    return REFUSED;
  }

  /** Refuses an argument that should be a path. */
  int refuse(InvalidPathException wrong, Language language) {
    return refuse(
        new Text(
            "ce n'est pas un chemin : " + wrong.getInput(),
            "this is not a path: " + wrong.getInput()),
        language);
  }

  private void say(String message) {
    err.println("fabrique: " + message);
  }

  /** Owns up to a defect, without its stack trace unless it is asked for. */
  int defect(Throwable cause) {
    boolean french = language() == Language.FR;
    if (!environment.getOrDefault("FABRIQUE_TRACE", "").isEmpty()) {
      cause.printStackTrace(err);
    }
    if (cause instanceof OutOfMemoryError) {
      say(
          french
              ? "la mémoire ne suffit pas ; FABRIQUE_JAVA_OPTS=-Xmx2g en donne plus."
              : "out of memory; FABRIQUE_JAVA_OPTS=-Xmx2g gives more.");
    } else {
      say(
          french
              ? "c'est un défaut de fabrique, pas de votre projet (" + cause + ")."
              : "this is a defect of fabrique, not of your project (" + cause + ").");
    }
    say(
        french
            ? "FABRIQUE_TRACE=1 en montre la trace ; signalez-le sur " + ISSUES
            : "FABRIQUE_TRACE=1 shows its trace; please report it at " + ISSUES);
    return DEFECT;
  }
}
