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
    NULL,
    /** Bytes in standard base64; line ends may stand between. */
    BASE64
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
   * @param numbers whether the text of a number is looked at too
   */
  record Matching(String name, Pattern pattern, boolean numbers) implements SchemaType {}

  /**
   * A sequence.
   *
   * @param unique whether no item may come twice
   * @param by the keys by which items that are mappings may not be the same; empty for none
   * @param size how many items there may be
   */
  record ListOf(SchemaType items, boolean unique, List<String> by, Range size)
      implements SchemaType {
    public ListOf {
      by = List.copyOf(by);
    }
  }

  /**
   * A mapping with any keys.
   *
   * @param keys what they look like
   */
  record MapOf(SchemaType keys, SchemaType values) implements SchemaType {}

  /**
   * A mapping with known keys.
   *
   * @param keys in the order of the schema
   * @param patterns for the keys that are not among them
   * @param groups of keys of which only so many may be there
   * @param extensible whether keys that start with {@code x-} may hold anything
   * @param open whether other keys may hold anything
   */
  record ObjectOf(
      String name,
      Map<String, Key> keys,
      List<KeyPattern> patterns,
      List<Group> groups,
      boolean extensible,
      boolean open)
      implements SchemaType {
    public ObjectOf {
      patterns = List.copyOf(patterns);
      groups = List.copyOf(groups);
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

  /**
   * Keys of which some number, both bounds included, must be there with more than an empty text.
   */
  record Group(List<String> keys, int least, int most) {
    public Group {
      keys = List.copyOf(keys);
    }
  }

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
