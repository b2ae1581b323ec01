package fr.gouv.social.fabrique.shell;

import fr.gouv.social.fabrique.source.MappedText;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables that a script finds when it starts, such as those of {@code ENV} and {@code ARG}.
 */
@FunctionalInterface
public interface Variables {
  /** Nothing is known about any variable. */
  Variables NONE = name -> null;

  /** The value of a variable, empty when it is known to be unset; null when it cannot be known. */
  @Nullable Value valueOf(String name);

  /** The given values; nothing is known about other variables. */
  static Variables of(Map<String, String> values) {
    return name -> {
      String value = values.get(name);
      return value == null ? null : Value.of(value);
    };
  }

  /**
   * A value.
   *
   * @param text with {@link Argument#UNKNOWN} for each part that cannot be known
   * @param place where its characters are written, null when that is nowhere to point at; else its
   *     text is {@code text}
   */
  record Value(String text, @Nullable MappedText place) {
    public Value {
      if (place != null && !place.text().equals(text)) {
        throw new IllegalArgumentException("not the text of its place: " + text);
      }
    }

    /** A value without a place: findings about it point at where it is used. */
    public static Value of(String text) {
      return new Value(text, null);
    }

    /** A value that findings point at. */
    public static Value of(MappedText place) {
      return new Value(place.text(), place);
    }
  }
}
