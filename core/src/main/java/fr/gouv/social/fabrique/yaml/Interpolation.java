package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How variables went into the value of a scalar. What cannot be known stays in the value as it is
 * written, so {@code nginx:${TAG}} is still known to be an nginx.
 *
 * @param written the value before
 * @param variables those that decided the value, in the order in which their part of it starts
 * @param starts for each character of the value, where in {@code written} its source starts
 * @param ends for each character of the value, where in {@code written} its source ends
 */
public record Interpolation(String written, List<Variable> variables, int[] starts, int[] ends) {
  public Interpolation {
    variables = List.copyOf(variables);
  }

  /** Where a part of a value comes from. */
  public enum Source {
    /** The variable has a value. */
    VALUE,
    /** The variable has none, and the file says what to take instead. */
    FALLBACK,
    /** The variable has no value in the files. */
    UNKNOWN
  }

  /**
   * One variable and the part of the value that it gave.
   *
   * @param from the first character of that part
   * @param to after its last character
   * @param at where a file sets the variable; null where none does
   */
  public record Variable(String name, Source source, int from, int to, @Nullable Span at) {}

  /** Whether a part of the value is known. */
  boolean isKnown(int from, int to) {
    for (Variable each : variables) {
      if (each.source() == Source.UNKNOWN && each.from() < to && from < each.to()) {
        return false;
      }
    }
    return true;
  }
}
