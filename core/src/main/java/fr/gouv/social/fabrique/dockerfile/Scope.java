package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The variables known at one place of a Dockerfile. A variable's value is a known text, absent when
 * it is declared without a default ({@code ARG NAME}), or unknown.
 */
public final class Scope {
  private final Map<String, TreeMap<Integer, Setting<String>>> history;
  private final int until;
  private final @Nullable Scope outer;
  private final boolean complete;
  private final boolean anyCase;

  private Scope(
      Map<String, TreeMap<Integer, Setting<String>>> history,
      int until,
      @Nullable Scope outer,
      boolean complete,
      boolean anyCase) {
    this.history = history;
    this.until = until;
    this.outer = outer;
    this.complete = complete;
    this.anyCase = anyCase;
  }

  /** A scope of these variables and no others. */
  public static Scope of(Map<String, String> variables, Located at) {
    return of(variables, at, false);
  }

  /**
   * A scope of these variables and no others.
   *
   * @param anyCase whether names are compared without regard to case, as on Windows
   */
  public static Scope of(Map<String, String> variables, Located at, boolean anyCase) {
    Scope scope = new Scope(new HashMap<>(), 0, null, true, anyCase);
    variables.forEach((name, value) -> scope.set(name, 0, Setting.explicit(value, at)));
    return scope;
  }

  /** A scope without any variable. */
  public static Scope empty() {
    return new Scope(Map.of(), 0, null, true, false);
  }

  /** An empty scope that is filled while the instructions are gone through. */
  static Scope growing(@Nullable Scope outer, boolean complete) {
    return new Scope(new HashMap<>(), Integer.MAX_VALUE, outer, complete, false);
  }

  void set(String name, int position, Setting<String> value) {
    history.computeIfAbsent(key(name), any -> new TreeMap<>()).put(position, value);
  }

  /** The same variables as they were before the instruction of that position. */
  Scope before(int position) {
    return new Scope(history, position - 1, outer, complete, anyCase);
  }

  /** The value of a variable, null when nothing declares it. */
  public @Nullable Setting<String> get(String name) {
    String key = key(name);
    for (Scope scope = this; scope != null; scope = scope.outer) {
      TreeMap<Integer, Setting<String>> values = scope.history.get(key);
      Map.Entry<Integer, Setting<String>> last =
          values == null ? null : values.floorEntry(scope.until);
      if (last != null) {
        return scope == this ? last.getValue() : last.getValue().inherited();
      }
    }
    return null;
  }

  /** Whether a variable that it does not know is unset; else the base image may set it. */
  public boolean isComplete() {
    return complete;
  }

  /** The names of all its variables, sorted. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (Scope scope = this; scope != null; scope = scope.outer) {
      for (Map.Entry<String, TreeMap<Integer, Setting<String>>> each : scope.history.entrySet()) {
        if (each.getValue().firstKey() <= scope.until) {
          names.add(each.getKey());
        }
      }
    }
    return names;
  }

  private String key(String name) {
    return anyCase ? name.toUpperCase(Locale.ROOT) : name;
  }
}
