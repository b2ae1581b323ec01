package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Span;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables that files and the caller define. The machine's environment is never asked. */
final class Variables {
  private final Map<String, Value> values;

  /**
   * What is known of a variable.
   *
   * @param known whether the text is the value; if not, the variable has a value that is not known
   * @param at where a file sets it, or null
   */
  record Value(String text, boolean known, @Nullable Span at) {
    /** What no file sets. */
    Value(String text, boolean known) {
      this(text, known, null);
    }
  }

  /** Variables that stay those of the map. */
  Variables(Map<String, Value> values) {
    this.values = values;
  }

  static Variables of(Map<String, String> given) {
    Map<String, Value> values = new LinkedHashMap<>();
    given.forEach((name, text) -> values.put(name, new Value(text, true)));
    return new Variables(values);
  }

  /** The value, or null for a variable that nothing defines. */
  @Nullable Value get(String name) {
    return values.get(name);
  }

  /** All of them, by name. */
  Map<String, Value> values() {
    return values;
  }

  /** These variables and others that do not replace them. */
  Variables and(Map<String, Value> others) {
    if (others.isEmpty()) {
      return this;
    }
    Map<String, Value> both = new LinkedHashMap<>(others);
    both.putAll(values);
    return new Variables(both);
  }
}
