package fr.gouv.social.fabrique.policy;

import org.jspecify.annotations.Nullable;

/** A part of an expression, ready to be evaluated. */
interface Expr {
  /** Its value: null for what is absent, {@link Unknown} for what cannot be known. */
  @Nullable Object of(Frame frame);
}
