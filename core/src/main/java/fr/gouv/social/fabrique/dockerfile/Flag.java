package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;
import org.jspecify.annotations.Nullable;

/**
 * A flag such as {@code --from=build}.
 *
 * @param name without the dashes
 * @param nameSpan the place of the name with its dashes
 * @param value what follows the {@code =}, quotes and escapes removed; null when there is no {@code
 *     =}
 * @param span the whole flag as written
 */
public record Flag(String name, Span nameSpan, @Nullable Word value, Span span) implements Located {

  static Flag of(MappedText text, Span span) {
    int equals = text.text().indexOf('=');
    int end = equals < 0 ? text.length() : equals;
    return new Flag(
        text.text().substring(2, end),
        text.span(0, end),
        equals < 0 ? null : Word.of(text.sub(equals + 1)),
        span);
  }

  /** The value, or the empty string when there is none. */
  public String text() {
    return value == null ? "" : value.toString();
  }

  /** Whether it is a boolean flag that is on: no value, or {@code true} in any case. */
  public boolean isOn() {
    return value == null || value.toString().equalsIgnoreCase("true");
  }
}
