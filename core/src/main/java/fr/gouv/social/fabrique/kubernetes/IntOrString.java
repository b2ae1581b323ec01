package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.yaml.YamlScalar;
import org.jspecify.annotations.Nullable;

/**
 * A port, or a number or share of pods. Semantics: {@code k8s.io/apimachinery/pkg/util/intstr}.
 *
 * @param number null where it is a name or a percentage
 * @param text as written
 */
public record IntOrString(@Nullable Integer number, String text) {

  /** Of a scalar as the API reads it: a quoted number is a string. */
  public static IntOrString of(YamlScalar scalar) {
    return scalar.kind() == YamlScalar.Kind.INTEGER
        ? new IntOrString(parse(scalar.value()), scalar.value())
        : new IntOrString(null, scalar.value());
  }

  public static IntOrString of(int number) {
    return new IntOrString(number, String.valueOf(number));
  }

  /** The share of a whole in percent, or null where it is none. */
  public @Nullable Integer percent() {
    return number == null && text.endsWith("%")
        ? parse(text.substring(0, text.length() - 1))
        : null;
  }

  /**
   * How many of a total this is: the number itself, or the percentage rounded up; null where it is
   * neither.
   */
  public @Nullable Integer of(long total, boolean roundUp) {
    Integer percent = percent();
    if (percent == null) {
      return number;
    }
    long share = percent * total;
    return (int)
        Math.min(Integer.MAX_VALUE, roundUp ? Math.floorDiv(share + 99, 100L) : share / 100);
  }

  private static @Nullable Integer parse(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
