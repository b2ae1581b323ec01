package fr.gouv.social.fabrique.rule;

import java.util.List;

/**
 * Rules and their pages.
 *
 * @param version names the set that a configuration can pin, such as {@code 2026.1}
 * @param inventory takes the services that are subjects of rules and stand in the report
 */
public record RuleSet(String version, List<Rule<?>> rules, RulePages pages, Inventory inventory) {
  public RuleSet {
    rules = List.copyOf(rules);
  }

  /** A set that knows no services. */
  public RuleSet(String version, List<Rule<?>> rules, RulePages pages) {
    this(version, rules, pages, Inventory.NONE);
  }
}
