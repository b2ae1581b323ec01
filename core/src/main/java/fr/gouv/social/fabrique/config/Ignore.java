package fr.gouv.social.fabrique.config;

import fr.gouv.social.fabrique.source.Span;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exception that the configuration makes.
 *
 * @param path a glob, or null for every file
 * @param object a pattern for {@code Kind/name} of an object or the name of a service, or null
 * @param container a pattern for the name of a container, or null
 * @param until the last day on which it holds, or null
 * @param at where the configuration says so
 */
public record Ignore(
    List<RulePattern> rules,
    @Nullable String path,
    @Nullable String object,
    @Nullable String container,
    String reason,
    @Nullable LocalDate until,
    Span at) {
  public Ignore {
    rules = List.copyOf(rules);
  }
}
