package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An exception to rules, by a comment, an annotation or the configuration.
 *
 * @param span where it is written
 * @param names the rules as written, for messages
 * @param rules which rules it covers
 * @param scope which findings it covers
 * @param reason null when none is given
 * @param until the last day on which it holds, or null
 * @param foreign whether it is written for another tool, which asks for no reason
 */
public record Suppression(
    Span span,
    List<String> names,
    Predicate<RuleId> rules,
    Predicate<Finding> scope,
    @Nullable String reason,
    @Nullable LocalDate until,
    boolean foreign)
    implements Located {
  public Suppression {
    names = List.copyOf(names);
  }

  /** Whether it covers a finding. */
  public boolean covers(Finding finding) {
    return rules.test(finding.rule()) && scope.test(finding);
  }

  /** Whether it no longer holds on a date. */
  public boolean expired(LocalDate asOf) {
    return until != null && until.isBefore(asOf);
  }
}
