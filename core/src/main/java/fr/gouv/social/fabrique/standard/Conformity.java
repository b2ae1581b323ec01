package fr.gouv.social.fabrique.standard;

import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on one statement, and what decides it.
 *
 * @param findings that break it, none unless it is broken
 * @param excepted findings that an exception with a reason covers
 * @param evidence places that show that it is kept
 * @param attestation the word given for it, whether it counts or not, or null
 */
public record Conformity(
    Requirement requirement,
    Verdict verdict,
    List<Finding> findings,
    List<Finding> excepted,
    List<Evidence> evidence,
    @Nullable Attestation attestation) {
  public Conformity {
    findings = List.copyOf(findings);
    excepted = List.copyOf(excepted);
    evidence = List.copyOf(evidence);
  }

  /**
   * A place that shows that a statement is kept.
   *
   * @param label the place in the words of the field, or what its line says; may be empty
   */
  public record Evidence(Span span, String label) {}
}
