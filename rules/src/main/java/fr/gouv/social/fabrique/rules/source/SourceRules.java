package fr.gouv.social.fabrique.rules.source;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.engine.AttestedStatement;
import fr.gouv.social.fabrique.engine.StaleBaseline;
import fr.gouv.social.fabrique.engine.SuppressionProblem;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.RuleContext.Reported;
import fr.gouv.social.fabrique.source.SourceProblem;
import fr.gouv.social.fabrique.standard.Attestation;
import fr.gouv.social.fabrique.standard.Conformity;
import fr.gouv.social.fabrique.standard.Verdict;
import fr.gouv.social.fabrique.yaml.YamlProblem;
import java.time.LocalDate;
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
              case SYNTAX ->
                  context.report(problem, "syntax", problem.detail().fr(), problem.detail().en());
              case UNKNOWN_ALIAS -> context.report(problem, "alias", problem.detail().en());
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
              context.report(problem, "duplicate", problem.detail().en());
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

  static final Rule<AttestedStatement> ATTESTATION =
      rule("source/bad-attestation", AttestedStatement.class, SourceRules::attestation);

  static final Rule<AttestedStatement> ENDING_ATTESTATION =
      rule("source/ending-attestation", AttestedStatement.class, SourceRules::ending);

  /** All rules of this family. */
  public static final List<Rule<?>> ALL =
      List.of(
          UNREADABLE,
          SYNTAX,
          DUPLICATE_KEY,
          SUPPRESSION,
          STALE_BASELINE,
          ATTESTATION,
          ENDING_ATTESTATION);

  private SourceRules() {}

  private static void attestation(AttestedStatement attested, RuleContext context) {
    Attestation attestation = attested.attestation();
    Conformity conformity = attested.conformity();
    String id = attestation.requirement();
    if (conformity == null && attested.meant() != null) {
      context.report(attested, "misspelt", id, attested.meant());
    } else if (conformity == null) {
      context.report(attested, "unknown", id);
    } else if (attestation.expired(context.asOf())) {
      context.report(
          attested, "expired", id, attestation.by(), String.valueOf(attestation.until()));
    } else if (attestation.on().isAfter(context.asOf())) {
      context.report(attested, "future", id, attestation.by(), attestation.on());
    } else if (conformity.verdict() == Verdict.BROKEN) {
      Reported reported =
          context.report(attested, "contradicted", id, conformity.findings().size());
      conformity.findings().stream().limit(3).forEach(finding -> reported.related(finding::span));
    }
  }

  private static void ending(AttestedStatement attested, RuleContext context) {
    LocalDate until = attested.attestation().until();
    if (attested.conformity() != null
        && until != null
        && !until.isBefore(context.asOf())
        && until.isBefore(context.asOf().plusDays(context.number("days")))) {
      context.report(attested, "ending", attested.attestation().requirement(), until);
    }
  }

  private static String key(Enum<?> kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
