package fr.gouv.social.fabrique.run;

import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Standard;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A repository that is to be checked.
 *
 * @param config what is decided for it, by its configuration and by whoever starts the run
 * @param rules those that come with the tool, and the policies that the configuration names
 */
public record Repository(Path root, FabriqueConfig config, RuleSet rules, Language language) {
  private static final List<String> LANGUAGES = List.of("fr", "en");

  /** How an option is written. */
  public enum Face {
    COMMAND_LINE,
    MAVEN;

    /** An option such as {@code as-of} as a user of this face writes it. */
    public String option(String name) {
      if (this == COMMAND_LINE) {
        return "--" + name;
      }
      StringBuilder property = new StringBuilder("fabrique.");
      for (String word : name.split("-")) {
        property.append(
            property.charAt(property.length() - 1) == '.'
                ? word
                : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
      }
      return property.toString();
    }
  }

  /**
   * What whoever starts a run asks for, as it was written; null leaves it to the configuration.
   *
   * @param config the configuration, or null for the one at the root
   * @param suppressions whether anything may be excepted
   */
  public record Wishes(
      Face face,
      @Nullable Path config,
      @Nullable String language,
      @Nullable String asOf,
      @Nullable String failOn,
      boolean suppressions) {}

  /**
   * Reads what is decided.
   *
   * @param rules those that come with the tool
   * @param preferred the language where neither the run nor the configuration says one
   */
  public static Repository of(Path root, Wishes wishes, RuleSet rules, Language preferred)
      throws Refusal {
    Face face = wishes.face();
    Language asked = language(face, wishes.language());
    oneOf(face.option("fail-on"), wishes.failOn(), FabriqueConfig.THRESHOLDS);
    LocalDate date = date(face, wishes.asOf());
    Run.Decided decided =
        Run.decided(root, wishes.config(), rules, date == null ? LocalDate.now() : date);
    FabriqueConfig config = decided.config();
    if (wishes.failOn() != null) {
      config = config.withFailOn(FabriqueConfig.threshold(wishes.failOn()));
    }
    if (date != null) {
      config = config.withAsOf(date);
    }
    if (!wishes.suppressions()) {
      config = config.withoutSuppressions();
    }
    Language configured = config.language();
    return new Repository(
        root,
        config,
        decided.rules(),
        asked != null ? asked : configured != null ? configured : preferred);
  }

  /** What checks it. */
  public Checker checker() {
    return new Checker(rules, Standard.builtIn());
  }

  /** Where the reports go that the configuration asks for, by format. */
  public Map<String, Path> reports() throws Refusal {
    Map<String, Path> files = new LinkedHashMap<>();
    for (Map.Entry<String, String> report : config.reports().entrySet()) {
      files.put(report.getKey(), Run.reportFile(root, report.getValue()));
    }
    return files;
  }

  /** Refuses a value that is none of those that an option takes; null is fine. */
  public static void oneOf(String option, @Nullable String value, List<String> known)
      throws Refusal {
    if (value != null && !known.contains(value)) {
      throw Refusal.unknown(
          new Text(
              "la valeur « " + value + " » de " + option, "the value “" + value + "” of " + option),
          value,
          known);
    }
  }

  /** The language that an option asks for, or null. */
  public static @Nullable Language language(Face face, @Nullable String written) throws Refusal {
    oneOf(face.option("language"), written, LANGUAGES);
    return written == null ? null : written.equals("fr") ? Language.FR : Language.EN;
  }

  /** The date that an option asks for, or null. */
  public static @Nullable LocalDate date(Face face, @Nullable String written) throws Refusal {
    try {
      return written == null ? null : LocalDate.parse(written);
    } catch (DateTimeException wrong) {
      String option = face.option("as-of");
      throw new Refusal(
          new Text(
              option + " attend une date AAAA-MM-JJ, pas « " + written + " »",
              option + " takes a date YYYY-MM-DD, not “" + written + "”"));
    }
  }

  /**
   * The language that the variables of a process ask for; French where they ask for none. The
   * launcher keeps in {@code FABRIQUE_LANG} what it has to replace.
   */
  public static Language language(Map<String, String> environment) {
    if (environment.containsKey("FABRIQUE_LANG")) {
      return ofLocale(environment.getOrDefault("FABRIQUE_LANG", ""));
    }
    for (String name : List.of("LC_ALL", "LC_MESSAGES", "LANG")) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return ofLocale(value);
      }
    }
    return Language.FR;
  }

  private static Language ofLocale(String locale) {
    String language = locale.toLowerCase(Locale.ROOT).split("[._@]", 2)[0];
    return Set.of("", "c", "posix", "fr").contains(language) ? Language.FR : Language.EN;
  }
}
