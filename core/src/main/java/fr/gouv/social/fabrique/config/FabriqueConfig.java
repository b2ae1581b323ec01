package fr.gouv.social.fabrique.config;

import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.standard.Attestation;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a team decides, from {@code fabrique.yaml} and the command line.
 *
 * @param file where it was read, or null for defaults
 * @param ruleset the pinned rule set, or null for the newest
 * @param language null to let the face decide
 * @param failOn the least severity that fails a run, or null for never
 * @param asOf the date of the check; never read from the wall by the engine
 * @param exclude globs of files that are not looked at
 * @param environments globs that tell which environment a file is for
 * @param rules later settings win
 * @param ignores exceptions with reasons
 * @param settings values for all rules by dotted name, such as {@code images.allowed}; lists are
 *     joined by commas
 * @param policies globs of policy files
 * @param reports files by format
 * @param suppressions whether exceptions count; false for auditors
 */
public record FabriqueConfig(
    @Nullable SourceFile file,
    @Nullable String ruleset,
    @Nullable Language language,
    @Nullable Severity failOn,
    LocalDate asOf,
    List<String> exclude,
    Map<Environment, List<String>> environments,
    List<RuleSetting> rules,
    List<Ignore> ignores,
    Map<String, String> settings,
    List<Attestation> attestations,
    List<String> policies,
    Map<String, String> reports,
    boolean suppressions) {

  /** Rule sets are named by year and number: {@code 2026.9} comes before {@code 2026.10}. */
  private static final Comparator<String> ORDER =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  /** How the least severity that fails may be written. */
  public static final List<String> THRESHOLDS = List.of("error", "warning", "info", "never");

  public FabriqueConfig {
    exclude = List.copyOf(exclude);
    rules = List.copyOf(rules);
    ignores = List.copyOf(ignores);
    attestations = List.copyOf(attestations);
    policies = List.copyOf(policies);
  }

  /** The least severity that fails, of one of {@link #THRESHOLDS}; null for never. */
  public static @Nullable Severity threshold(String text) {
    return switch (text) {
      case "warning" -> Severity.WARNING;
      case "info" -> Severity.INFO;
      case "never" -> null;
      default -> Severity.ERROR;
    };
  }

  /** What holds where nobody decided anything. */
  public static FabriqueConfig defaults(LocalDate asOf) {
    return new FabriqueConfig(
        null,
        null,
        null,
        Severity.ERROR,
        asOf,
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        true);
  }

  /** The same with another threshold; null for never. */
  public FabriqueConfig withFailOn(@Nullable Severity threshold) {
    return with(threshold, asOf, exclude, rules, suppressions);
  }

  /** The same for another date. */
  public FabriqueConfig withAsOf(LocalDate date) {
    return with(failOn, date, exclude, rules, suppressions);
  }

  /** The same with other files left out. */
  public FabriqueConfig withExclude(List<String> globs) {
    return with(failOn, asOf, globs, rules, suppressions);
  }

  /** The same with other settings of rules. */
  public FabriqueConfig withRules(List<RuleSetting> others) {
    return with(failOn, asOf, exclude, others, suppressions);
  }

  /** The same without exceptions. */
  public FabriqueConfig withoutSuppressions() {
    return with(failOn, asOf, exclude, rules, false);
  }

  private FabriqueConfig with(
      @Nullable Severity threshold,
      LocalDate date,
      List<String> globs,
      List<RuleSetting> settingsOfRules,
      boolean exceptions) {
    return new FabriqueConfig(
        file,
        ruleset,
        language,
        threshold,
        date,
        globs,
        environments,
        settingsOfRules,
        ignores,
        settings,
        attestations,
        policies,
        reports,
        exceptions);
  }

  /** The files and folders that define custom resources, relative to the root. */
  public List<String> definitions() {
    String written = settings.getOrDefault("kubernetes.crds", "");
    return written.isEmpty() ? List.of() : List.of(written.split(","));
  }

  /** Whether a rule runs: one that is newer than the pinned rule set does not. */
  public boolean runs(RulePage page) {
    if (ruleset != null && ORDER.compare(page.since(), ruleset) > 0) {
      return false;
    }
    boolean runs = page.enabled();
    for (RuleSetting setting : rules) {
      if (setting.rules().matches(page.id())) {
        // Naming a rule that is off by default turns it on; a pattern only takes an "off" back.
        boolean back = page.enabled() && setting.severity() != null;
        runs = !setting.off() && (runs || back || !setting.rules().isGlob());
      }
    }
    return runs;
  }

  /** The severity of a rule's findings. */
  public Severity severity(RulePage page) {
    Severity severity = page.severity();
    for (RuleSetting setting : rules) {
      Severity other = setting.severity();
      if (other != null && setting.rules().matches(page.id())) {
        severity = other;
      }
    }
    return severity;
  }

  /** The value of a parameter of a rule, or null where the configuration does not say. */
  public @Nullable String parameter(RuleId rule, String name) {
    String value = null;
    for (RuleSetting setting : rules) {
      String other = setting.parameters().get(name);
      if (other != null && setting.rules().matches(rule)) {
        value = other;
      }
    }
    return value;
  }
}
