package fr.gouv.social.fabrique.rule;

import java.util.List;

/**
 * Rules and their pages.
 *
 * @param version names the set that a configuration can pin, such as {@code 2026.1}
 */
public record RuleSet(String version, List<Rule<?>> rules, RulePages pages) {
  public RuleSet {
    rules = List.copyOf(rules);
  }
}
