package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Values by name. */
interface Entries {
  /** The value of a name; null where there is none, unknown where there may be one. */
  @Nullable Object get(String name);

  /** The names, with {@link Unknown#MORE} at the end where there may be more. */
  List<Object> names();

  /** Entries that are all there, or to which more may come. */
  static Entries of(Map<String, ?> map, boolean open) {
    return new Entries() {
      @Override
      public @Nullable Object get(String name) {
        Object value = map.get(name);
        return value == null && open && !map.containsKey(name) ? Unknown.VALUE : value;
      }

      @Override
      public List<Object> names() {
        return Values.list(map.keySet().stream(), open);
      }

      @Override
      public String toString() {
        return map.toString();
      }
    };
  }

  /** Entries whose values are made from their names. */
  static Entries of(
      Supplier<List<String>> names, boolean open, Function<String, @Nullable Object> read) {
    return new Entries() {
      @Override
      public @Nullable Object get(String name) {
        return read.apply(name);
      }

      @Override
      public List<Object> names() {
        return Values.list(names.get().stream(), open);
      }

      @Override
      public String toString() {
        return names.get().toString();
      }
    };
  }

  /** Texts of a file by name, of which some may still hold what another tool replaces. */
  record Texts(Map<String, String> map, boolean open) implements Entries {
    @Override
    public @Nullable Object get(String name) {
      String text = map.get(name);
      if (text != null) {
        return Values.text(text);
      }
      return mayHoldMore() ? Unknown.VALUE : null;
    }

    @Override
    public List<Object> names() {
      return Values.list(
          map.keySet().stream().filter(name -> !Values.isUnresolved(name)), mayHoldMore());
    }

    /** A name that a tool will replace may become any other. */
    private boolean mayHoldMore() {
      return open || map.keySet().stream().anyMatch(Values::isUnresolved);
    }

    @Override
    public String toString() {
      return map.toString();
    }
  }

  /** The entries of a mapping in a file. */
  record Yaml(YamlPlace place, YamlMapping mapping, boolean open) implements Entries {
    @Override
    public @Nullable Object get(String name) {
      return Values.yaml(place.key(name), open);
    }

    @Override
    public List<Object> names() {
      return Values.list(mapping.entries().stream().map(YamlMapping.Entry::name), open);
    }

    @Override
    public String toString() {
      return place.span().text();
    }
  }
}
