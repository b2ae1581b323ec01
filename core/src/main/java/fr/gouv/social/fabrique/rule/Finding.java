package fr.gouv.social.fabrique.rule;

import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one rule says of one place. The wording is on the rule's page: a finding holds the key of
 * the message and its arguments.
 *
 * @param subject the place in the words of the field, such as {@code Deployment/web ›
 *     containers[api] › resources.limits.memory}; may be empty
 * @param messageKey a key of {@link RulePage#messages()}
 * @param arguments what stands for {@code {0}}, {@code {1}}, … in the message
 * @param related other places that matter: first the steps by which the value came here, then such
 *     as where an inherited value is written
 * @param fix a change that mends it, or null
 */
public record Finding(
    RuleId rule,
    Severity severity,
    Span span,
    String subject,
    String messageKey,
    List<String> arguments,
    List<Related> related,
    @Nullable Fix fix) {
  public Finding {
    arguments = List.copyOf(arguments);
    related = List.copyOf(related);
  }

  /**
   * Another place that matters.
   *
   * @param why what it has to do with the finding, or null where the message says so
   */
  public record Related(Span span, @Nullable Text why) {}
}
