package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An expression that is checked and ready. Stateless: several threads may evaluate it at once.
 *
 * @param slots how many parameters its lambdas have
 * @param size how many nodes it has
 * @param span where it is written
 */
record Expression(Type type, Expr expr, int slots, int size, Span span) implements Located {

  /**
   * Its value for a subject.
   *
   * @param run what the policy has spent in this run
   * @throws PolicyException when it asks for more than it may
   */
  @Nullable Object of(Object subject, Facts facts, AtomicLong run) {
    Frame frame = new Frame(subject, facts, slots, span, run);
    frame.spend(size);
    Object value = expr.of(frame);
    frame.close();
    return value;
  }
}
