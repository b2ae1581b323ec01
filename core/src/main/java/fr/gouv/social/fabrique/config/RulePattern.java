package fr.gouv.social.fabrique.config;

import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.source.PathGlob;

/**
 * A rule id, or a pattern of rule ids such as {@code kubernetes/*}; {@code *} alone means every
 * rule.
 */
public record RulePattern(String text) {
  /** Whether the pattern names the rule. */
  public boolean matches(RuleId rule) {
    return text.equals("*")
        || text.equals(rule.value())
        || (isGlob() && PathGlob.of(text).matches(rule.value()));
  }

  /** Whether it may name more than one rule. */
  public boolean isGlob() {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('{') >= 0;
  }
}
