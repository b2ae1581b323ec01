package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import org.jspecify.annotations.Nullable;

/**
 * One {@code name=value} of an {@code ENV}, {@code LABEL} or {@code ARG}.
 *
 * @param key the name before expansion
 * @param value the value before expansion, quotes included; null for an {@code ARG} without default
 */
public record Assignment(Word key, @Nullable Word value) implements Located {

  /** The name as written. */
  public String name() {
    return key.toString();
  }

  @Override
  public Span span() {
    return value == null ? key.span() : key.span().to(value.span());
  }
}
