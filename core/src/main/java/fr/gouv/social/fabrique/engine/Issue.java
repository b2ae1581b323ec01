package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.Environment;
import org.jspecify.annotations.Nullable;

/**
 * A finding in a report.
 *
 * @param fingerprint 16 hexadecimal digits that stay the same when lines move
 * @param suppression what covers it, or null
 * @param baseline whether it was there before a baseline was drawn
 */
public record Issue(
    Finding finding,
    String fingerprint,
    Environment environment,
    @Nullable Suppression suppression,
    boolean baseline) {
  /** Whether it counts: neither suppressed nor in the baseline. */
  public boolean isActive() {
    return suppression == null && !baseline;
  }

  /** How grave it is. */
  public Severity severity() {
    return finding.severity();
  }
}
