package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Text;

/** A policy that cannot be read, or that asks for more than it may while it is evaluated. */
public final class PolicyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient PolicyProblem problem;

  PolicyException(Located at, Text message) {
    // A mistake of a policy is told by its place; the stack would only say how it was found.
    super(message.en(), null, false, false);
    this.problem = new PolicyProblem(at.span(), message);
  }

  PolicyException(Located at, String fr, String en) {
    this(at, new Text(fr, en));
  }

  /** What is wrong, and where. */
  public PolicyProblem problem() {
    return problem;
  }
}
