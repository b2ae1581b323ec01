package fr.gouv.social.fabrique.compose;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Quantities as Compose writes them (compose-spec, 11-extension.md). */
public final class Units {
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,18}");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,3})?");
  private static final Pattern SIZE =
      Pattern.compile(
          "\\+?((?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:e[-+]?[0-9]{1,3})?) ?(?:([kmgtp])?(?:i?b)?)?");
  private static final Pattern DURATION =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h|d|w)");

  private Units() {}

  static boolean isInteger(String text) {
    return INTEGER.matcher(text).matches();
  }

  static boolean isNumber(String text) {
    return NUMBER.matcher(text).matches();
  }

  /** A number, or null for what is none. */
  public static @Nullable BigDecimal number(String text) {
    return isNumber(text) ? new BigDecimal(text) : null;
  }

  /**
   * A size in bytes ({@code 512m}, {@code 1.5gb}, {@code -1}), or null for what is none. The units
   * are powers of 1024.
   */
  public static @Nullable Long bytes(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    if (lower.equals("-1")) {
      return -1L;
    }
    Matcher matcher = SIZE.matcher(lower);
    if (!matcher.matches()) {
      return null;
    }
    String unit = matcher.group(2);
    int power = unit == null ? 0 : "kmgtp".indexOf(unit) + 1;
    BigDecimal bytes =
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(1L << (10 * power)));
    return bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0 ? null : bytes.longValue();
  }

  /** A duration ({@code 1m30s}, {@code 1.5h}), or null for what is none. */
  public static @Nullable Duration duration(String text) {
    String rest = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = DURATION.matcher(rest);
    BigDecimal nanos = BigDecimal.ZERO;
    int at = 0;
    while (at < rest.length() && matcher.find(at) && matcher.start() == at) {
      nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(nanos(matcher.group(2))));
      at = matcher.end();
    }
    if (at == 0 || at < rest.length() || nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      return null;
    }
    return Duration.ofNanos(text.startsWith("-") ? -nanos.longValue() : nanos.longValue());
  }

  private static BigDecimal nanos(String unit) {
    long nanos =
        switch (unit) {
          case "ns" -> 1L;
          case "us", "µs", "μs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          case "d" -> 86_400_000_000_000L;
          default -> 604_800_000_000_000L;
        };
    return BigDecimal.valueOf(nanos);
  }
}
