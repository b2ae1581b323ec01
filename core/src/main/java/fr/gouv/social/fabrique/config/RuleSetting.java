package fr.gouv.social.fabrique.config;

import fr.gouv.social.fabrique.rule.Severity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration says of the rules that a pattern names.
 *
 * @param rules a rule id, or a pattern such as {@code kubernetes/*}
 * @param off whether they do not run
 * @param severity null to leave it to their pages
 * @param parameters values by name, as text; lists are joined by commas
 */
public record RuleSetting(
    RulePattern rules, boolean off, @Nullable Severity severity, Map<String, String> parameters) {
  public RuleSetting {
    parameters = Map.copyOf(parameters);
  }
}
