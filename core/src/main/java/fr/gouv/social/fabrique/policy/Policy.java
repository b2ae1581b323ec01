package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RuleText;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;

/**
 * A rule that a team wrote: with its page it is a rule as any other.
 *
 * @param span where its id is written
 */
public record Policy(
    RulePage page, RuleText text, Rule<?> rule, List<PolicyExample> examples, Span span)
    implements Located {
  public Policy {
    examples = List.copyOf(examples);
  }
}
