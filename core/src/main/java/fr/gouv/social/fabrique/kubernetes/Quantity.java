package fr.gouv.social.fabrique.kubernetes;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An amount of a resource, such as {@code 500m}, {@code 1.5Gi} or {@code 1e3}. Semantics: {@code
 * k8s.io/apimachinery/pkg/api/resource/quantity.go}.
 *
 * @param value in the base unit: cores, bytes, or a count
 * @param text as written
 */
public record Quantity(BigDecimal value, String text) implements Comparable<Quantity> {
  private static final int LONGEST = 64;
  private static final Pattern FORM =
      Pattern.compile(
          "([+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+))(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?[0-9]{1,3}))?");
  private static final Map<Character, Integer> POWERS_OF_TEN =
      Map.of('n', -9, 'u', -6, 'm', -3, 'k', 3, 'M', 6, 'G', 9, 'T', 12, 'P', 15, 'E', 18);

  /** The amount that a text stands for, or null where it is none: {@code 42Mb}, {@code 1 Gi}. */
  public static @Nullable Quantity parse(String text) {
    if (text.length() > LONGEST) {
      return null;
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    String suffix = matcher.group(2);
    String exponent = matcher.group(3);
    if (exponent != null) {
      return new Quantity(number.scaleByPowerOfTen(Integer.parseInt(exponent)), text);
    }
    if (suffix == null) {
      return new Quantity(number, text);
    }
    if (suffix.length() == 2) {
      int power = "KMGTPE".indexOf(suffix.charAt(0)) + 1;
      return new Quantity(number.multiply(BigDecimal.valueOf(1L << (10 * power))), text);
    }
    Integer power = POWERS_OF_TEN.get(suffix.charAt(0));
    return power == null ? null : new Quantity(number.scaleByPowerOfTen(power), text);
  }

  /** Whether both are the same amount, however they are written: {@code 1024Mi} and {@code 1Gi}. */
  public boolean sameAs(Quantity other) {
    return compareTo(other) == 0;
  }

  public boolean isZero() {
    return value.signum() == 0;
  }

  /** By amount. */
  @Override
  public int compareTo(Quantity other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return text;
  }
}
