package fr.gouv.social.fabrique.rules.source;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.engine.StaleBaseline;
import fr.gouv.social.fabrique.engine.SuppressionProblem;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.source.SourceProblem;
import fr.gouv.social.fabrique.yaml.YamlProblem;
import java.util.List;
import java.util.Locale;

/** What cannot be read is said, never passed over. */
public final class SourceRules {
  static final Rule<SourceProblem> UNREADABLE =
      rule(
          "source/unreadable",
          SourceProblem.class,
          (problem, context) -> context.report(problem, key(problem.kind()), problem.detail()));

  static final Rule<YamlProblem> SYNTAX =
      rule(
          "yaml/syntax",
          YamlProblem.class,
          (problem, context) -> {
            switch (problem.kind()) {
              case SYNTAX -> context.report(problem, "syntax", problem.detail());
              case UNKNOWN_ALIAS -> context.report(problem, "alias", problem.detail());
              case BAD_MERGE -> context.report(problem, "merge");
              case ALIAS_BOMB, TOO_LARGE -> context.report(problem, "bomb");
              case DUPLICATE_KEY -> {}
            }
          });

  static final Rule<YamlProblem> DUPLICATE_KEY =
      rule(
          "yaml/duplicate-key",
          YamlProblem.class,
          (problem, context) -> {
            if (problem.kind() == YamlProblem.Kind.DUPLICATE_KEY) {
              context.report(problem, "duplicate", problem.detail());
            }
          });

  static final Rule<SuppressionProblem> SUPPRESSION =
      rule(
          "source/bad-suppression",
          SuppressionProblem.class,
          (problem, context) -> context.report(problem, key(problem.kind()), problem.names()));

  static final Rule<StaleBaseline> STALE_BASELINE =
      rule(
          "source/stale-baseline",
          StaleBaseline.class,
          (stale, context) -> context.report(stale, "stale", stale.entries().size()));

  /** All rules of this family. */
  public static final List<Rule<?>> ALL =
      List.of(UNREADABLE, SYNTAX, DUPLICATE_KEY, SUPPRESSION, STALE_BASELINE);

  private SourceRules() {}

  private static String key(Enum<?> kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
