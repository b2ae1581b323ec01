package fr.gouv.social.fabrique.standard;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's word that a statement of the standard is kept which files cannot show.
 *
 * @param requirement the id of the statement
 * @param until the last day on which it counts, or null
 * @param evidence where it shows, in words or as a path, or null
 * @param span where the configuration says so
 */
public record Attestation(
    String requirement,
    String by,
    LocalDate on,
    @Nullable LocalDate until,
    @Nullable String evidence,
    Span span)
    implements Located {
  /** Whether it no longer counts on a date. */
  public boolean expired(LocalDate asOf) {
    return until != null && until.isBefore(asOf);
  }

  /** Whether it counts on a date: it was given by then and has not expired. */
  public boolean counts(LocalDate asOf) {
    return !on.isAfter(asOf) && !expired(asOf);
  }
}
