package fr.gouv.social.fabrique.shell;

import fr.gouv.social.fabrique.shell.Argument.Piece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The variables and options in force at a point of a script. A subshell or a branch works on an
 * inner scope, of which the outer one takes over what it should.
 */
final class Scope {
  private static final int MAX_ALTERNATIVES = 200;

  private final @Nullable Scope outer;
  private final Map<String, Value> own = new HashMap<>();
  boolean errexit;
  boolean pipefail;

  /** Whether this is the body of a function, which runs when it is called. */
  boolean inFunction;

  @Nullable Exported exported;

  /** What a variable holds: one value, the elements of an array, or one of several values. */
  record Value(Kind kind, List<List<Piece>> items) {
    enum Kind {
      SCALAR,
      ARRAY,
      ONE_OF
    }

    static final Value EMPTY = scalar(List.of());

    static Value scalar(List<Piece> pieces) {
      return new Value(Kind.SCALAR, List.of(pieces));
    }

    static Value oneOf(List<List<Piece>> items) {
      return new Value(items.size() == 1 ? Kind.SCALAR : Kind.ONE_OF, items);
    }
  }

  /** The variables that commands inherit, newest first; a null value cannot be known. */
  record Exported(String name, @Nullable String value, @Nullable Exported next) {}

  /**
   * Whether an assignment before a special builtin outlives it, as POSIX says and bash does not.
   */
  boolean keepsAssignments;

  private Scope(@Nullable Scope outer, boolean errexit, boolean pipefail) {
    this.outer = outer;
    this.errexit = errexit;
    this.pipefail = pipefail;
  }

  static Scope outermost(Interpreter interpreter) {
    Scope scope = new Scope(null, false, false);
    scope.startWith(interpreter);
    return scope;
  }

  /** Takes the options of another interpreter. */
  void startWith(Interpreter interpreter) {
    errexit = interpreter.errexit();
    pipefail = interpreter.pipefail();
    keepsAssignments =
        switch (interpreter.kind()) {
          case POSIX_SH, ASH, KSH -> true;
          case BASH, ZSH, POWERSHELL, CMD, OTHER -> false;
        };
  }

  Scope inner() {
    Scope inner = new Scope(this, errexit, pipefail);
    inner.keepsAssignments = keepsAssignments;
    inner.exported = exported;
    inner.inFunction = inFunction;
    return inner;
  }

  /** The value that the script has given to a variable, null if it has not. */
  @Nullable Value get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Value value = scope.own.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  void set(String name, Value value) {
    own.put(name, value);
  }

  /**
   * Takes over what the branches have assigned: each variable then holds one of their values.
   *
   * @param orNone whether none of the branches may have run
   * @param before the value of a variable that a branch leaves alone
   */
  void join(
      List<Scope> branches, boolean orNone, java.util.function.Function<String, Value> before) {
    Set<String> names = new LinkedHashSet<>();
    branches.forEach(branch -> names.addAll(branch.own.keySet()));
    for (String name : names) {
      List<List<Piece>> items = new ArrayList<>();
      boolean arrays = false;
      if (orNone) {
        items.addAll(before.apply(name).items());
        arrays = before.apply(name).kind() == Value.Kind.ARRAY;
      }
      for (Scope branch : branches) {
        Value value = branch.own.get(name);
        value = value == null ? before.apply(name) : value;
        arrays |= value.kind() == Value.Kind.ARRAY;
        items.addAll(value.items());
      }
      Set<String> seen = new HashSet<>();
      items.removeIf(item -> !seen.add(text(item)));
      boolean clear = !arrays && items.size() <= MAX_ALTERNATIVES;
      set(name, clear ? Value.oneOf(items) : before.apply(""));
    }
  }

  private static String text(List<Piece> pieces) {
    StringBuilder text = new StringBuilder();
    pieces.forEach(piece -> text.append(piece.text()));
    return text.toString();
  }
}
