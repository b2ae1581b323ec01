package fr.gouv.social.fabrique.schema;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may stand at one place. */
public sealed interface SchemaType {

  /** Anything at all. */
  record Any() implements SchemaType {}

  /** A scalar without bounds. */
  enum Scalar implements SchemaType {
    STRING,
    INTEGER,
    /** A whole number or one with a fraction. */
    NUMBER,
    BOOLEAN,
    NULL
  }

  /** A whole number within bounds, both included. */
  record Range(long lowest, long highest) implements SchemaType {}

  /** One of some strings. */
  record OneOf(List<String> values) implements SchemaType {
    public OneOf {
      values = List.copyOf(values);
    }
  }

  /**
   * A string in which a pattern is found.
   *
   * @param name what such a string is called, or the pattern itself
   */
  record Matching(String name, Pattern pattern) implements SchemaType {}

  /**
   * A sequence.
   *
   * @param unique whether no item may come twice
   */
  record ListOf(SchemaType items, boolean unique) implements SchemaType {}

  /** A mapping with any keys. */
  record MapOf(SchemaType values) implements SchemaType {}

  /**
   * A mapping with known keys.
   *
   * @param keys in the order of the schema
   * @param patterns for the keys that are not among them
   * @param extensible whether keys that start with {@code x-} may hold anything
   * @param open whether other keys may hold anything
   */
  record ObjectOf(
      String name,
      Map<String, Key> keys,
      List<KeyPattern> patterns,
      boolean extensible,
      boolean open)
      implements SchemaType {
    public ObjectOf {
      patterns = List.copyOf(patterns);
    }

    /** The type of a key's value, or null for a key that may not be there. */
    public @Nullable SchemaType typeOf(String key) {
      Key known = keys.get(key);
      if (known != null) {
        return known.type();
      }
      if (extensible && key.startsWith("x-")) {
        return new Any();
      }
      for (KeyPattern each : patterns) {
        if (each.pattern().matcher(key).find()) {
          return each.type();
        }
      }
      return open ? new Any() : null;
    }
  }

  /** A key of a mapping, and whether it must be there. */
  record Key(SchemaType type, boolean required) {}

  /** The keys in which a pattern is found. */
  record KeyPattern(Pattern pattern, SchemaType type) {}

  /** One of several types: the one that fits the form of what stands there is the one meant. */
  record AnyOf(List<SchemaType> types) implements SchemaType {
    public AnyOf {
      types = List.copyOf(types);
    }
  }

  /** A definition by its name: {@link Schema#resolve} gives it. */
  record Named(String name) implements SchemaType {}
}
