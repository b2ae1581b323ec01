package fr.gouv.social.fabrique.kubernetes;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When something runs again and again: the five fields of a CronJob, or the six of CloudNativePG,
 * which begin with seconds. Semantics: {@code github.com/robfig/cron/v3}, which both use.
 *
 * @param every the pause of {@code @every}, or null where fields say when
 */
public record CronSchedule(
    BitSet hours,
    BitSet daysOfMonth,
    boolean anyDayOfMonth,
    BitSet months,
    BitSet daysOfWeek,
    boolean anyDayOfWeek,
    @Nullable Duration every) {
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  /**
   * Reads a schedule.
   *
   * @param seconds whether the first of six fields is seconds
   * @return null where it is no schedule
   */
  public static @Nullable CronSchedule parse(String text, boolean seconds) {
    String spec = text.strip();
    if (spec.startsWith("TZ=") || spec.startsWith("CRON_TZ=")) {
      int blank = spec.indexOf(' ');
      if (blank < 0) {
        return null;
      }
      spec = spec.substring(blank).strip();
    }
    if (spec.startsWith("@every ")) {
      Duration every = Durations.parse(spec.substring("@every ".length()).strip());
      return every == null ? null : fields("* * * * *".split(" "), 0, every);
    }
    if (spec.startsWith("@")) {
      String meant =
          switch (spec) {
            case "@yearly", "@annually" -> "0 0 1 1 *";
            case "@monthly" -> "0 0 1 * *";
            case "@weekly" -> "0 0 * * 0";
            case "@daily", "@midnight" -> "0 0 * * *";
            case "@hourly" -> "0 * * * *";
            default -> "";
          };
      return meant.isEmpty() ? null : fields(meant.split(" "), 0, null);
    }
    String[] fields = spec.split("\\s+");
    if (fields.length != (seconds ? 6 : 5)) {
      return null;
    }
    return seconds && range(fields[0], 0, 59, List.of()) == null
        ? null
        : fields(fields, seconds ? 1 : 0, null);
  }

  private static @Nullable CronSchedule fields(
      String[] fields, int from, @Nullable Duration every) {
    BitSet minutes = range(fields[from], 0, 59, List.of());
    BitSet hours = range(fields[from + 1], 0, 23, List.of());
    BitSet days = range(fields[from + 2], 1, 31, List.of());
    BitSet months = range(fields[from + 3], 1, 12, MONTHS);
    BitSet week = range(fields[from + 4], 0, 6, DAYS);
    if (minutes == null || hours == null || days == null || months == null || week == null) {
      return null;
    }
    return new CronSchedule(
        hours, days, star(fields[from + 2]), months, week, star(fields[from + 4]), every);
  }

  /** Whether a run comes at least every 24 hours (25 when clocks change). */
  public boolean isAtLeastDaily() {
    if (every != null) {
      return every.compareTo(Duration.ofDays(1)) <= 0;
    }
    boolean allDays = daysOfMonth.cardinality() == 31;
    boolean allWeek = daysOfWeek.cardinality() == 7;
    // Both restricted: a day that either field names. Otherwise: a day that both name.
    boolean everyDay = anyDayOfMonth || anyDayOfWeek ? allDays && allWeek : allDays || allWeek;
    return months.cardinality() == 12 && everyDay;
  }

  private static boolean star(String field) {
    for (String part : field.split(",")) {
      if (part.startsWith("*") || part.startsWith("?")) {
        return true;
      }
    }
    return false;
  }

  /** The values of one field, or null where it is malformed. */
  private static @Nullable BitSet range(String field, int min, int max, List<String> names) {
    BitSet values = new BitSet();
    for (String part : field.split(",", -1)) {
      String[] stepped = part.split("/", -1);
      String[] ends = stepped[0].split("-", -1);
      int from;
      int to;
      if (ends.length == 1 && (ends[0].equals("*") || ends[0].equals("?"))) {
        from = min;
        to = max;
      } else if (ends.length <= 2) {
        from = value(ends[0], min, names);
        to = ends.length == 2 ? value(ends[1], min, names) : stepped.length == 2 ? max : from;
      } else {
        return null;
      }
      int step = stepped.length == 1 ? 1 : value(stepped[1], min, List.of());
      if (stepped.length > 2 || step < 1 || from < min || to > max || from > to) {
        return null;
      }
      for (int value = from; value <= to; value += step) {
        values.set(value);
      }
    }
    return values;
  }

  private static int value(String text, int min, List<String> names) {
    int named = names.indexOf(text.toLowerCase(Locale.ROOT));
    if (named >= 0) {
      return named + min;
    }
    if (text.isEmpty() || text.length() > 4 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    return Integer.parseInt(text);
  }
}
