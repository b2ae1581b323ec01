package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;

/**
 * The entries of a baseline that no longer apply: their findings are gone, or excepted elsewhere. A
 * subject of rules like any other.
 *
 * @param entries in the order of the file, one at least
 */
public record StaleBaseline(List<Baseline.Entry> entries) implements Located {
  public StaleBaseline {
    entries = List.copyOf(entries);
  }

  /** That of the first. */
  @Override
  public Span span() {
    return entries.get(0).span();
  }
}
