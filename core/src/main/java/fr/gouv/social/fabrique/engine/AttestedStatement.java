package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.standard.Attestation;
import fr.gouv.social.fabrique.standard.Conformity;
import org.jspecify.annotations.Nullable;

/**
 * An attestation, with what the check made of its statement. A subject of rules like any other.
 *
 * @param conformity null where the standard has no such statement
 * @param meant the id of a statement that is written much alike, or null
 */
public record AttestedStatement(
    Attestation attestation, @Nullable Conformity conformity, @Nullable String meant)
    implements Located {
  @Override
  public Span span() {
    return attestation.span();
  }
}
