package fr.gouv.social.fabrique.kubernetes;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Durations as manifests write them: those of Go ({@code 1h30m}, {@code 1.5s}) and of Prometheus,
 * which add days, weeks and years.
 */
public final class Durations {
  private static final int LONGEST = 48;
  private static final Pattern PART =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|us|µs|ns|[smhdwy])");

  private Durations() {}

  /** The duration that a text stands for, or null where it is none. A year has 365 days. */
  public static @Nullable Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (text.isEmpty() || text.length() > LONGEST) {
      return null;
    }
    Duration total = Duration.ZERO;
    Matcher matcher = PART.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        return null;
      }
      double nanos =
          switch (matcher.group(2)) {
            case "ns" -> 1;
            case "us", "µs" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            case "d" -> 86400e9;
            case "w" -> 7 * 86400e9;
            default -> 365 * 86400e9;
          };
      double amount = Double.parseDouble(matcher.group(1)) * nanos;
      total = total.plusSeconds((long) (amount / 1e9)).plusNanos((long) (amount % 1e9));
      at = matcher.end();
    }
    return total;
  }
}
