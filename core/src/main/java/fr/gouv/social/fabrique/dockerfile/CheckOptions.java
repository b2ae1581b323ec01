package fr.gouv.social.fabrique.dockerfile;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The options of BuildKit's build checks, from a {@code # check=skip=A,B;error=true} directive or a
 * comment above an instruction (linter/linter.go).
 *
 * @param skipAll whether {@code skip=all}
 * @param skip the checks to skip
 * @param error whether a warning fails the build; never from a comment above an instruction
 * @param experimentalAll whether {@code experimental=all}
 * @param experimental the experimental checks to run
 */
public record CheckOptions(
    boolean skipAll,
    Set<String> skip,
    boolean error,
    boolean experimentalAll,
    Set<String> experimental) {

  /** Nothing said. */
  public static final CheckOptions NONE = new CheckOptions(false, Set.of(), false, false, Set.of());

  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

  /** Whether a check of that name is skipped. */
  public boolean skips(String check) {
    return skipAll || skip.contains(check);
  }

  /**
   * Reads the value of a directive; what follows its first space is a remark.
   *
   * @return null when BuildKit refuses it
   */
  public static @Nullable CheckOptions parse(String value) {
    int space = value.indexOf(' ');
    String options = Spaces.strip(space < 0 ? value : value.substring(0, space));
    if (options.isEmpty()) {
      return NONE;
    }
    boolean skipAll = false;
    boolean error = false;
    boolean experimentalAll = false;
    Set<String> skip = Set.of();
    Set<String> experimental = Set.of();
    for (String option : options.split(";", 3)) {
      int equals = option.indexOf('=');
      if (equals < 0) {
        return null;
      }
      String text = Spaces.strip(option.substring(equals + 1));
      switch (Spaces.strip(option.substring(0, equals))) {
        case "skip" -> {
          skipAll |= text.equals("all");
          skip = text.equals("all") ? skip : names(text);
        }
        case "experimental" -> {
          experimentalAll |= text.equals("all");
          experimental = text.equals("all") ? experimental : names(text);
        }
        case "error" -> {
          if (!TRUE.contains(text) && !FALSE.contains(text)) {
            return null;
          }
          error = TRUE.contains(text);
        }
        default -> {
          return null;
        }
      }
    }
    return new CheckOptions(skipAll, skip, error, experimentalAll, experimental);
  }

  /** The options of the first comment that gives any; null when none does, or not validly. */
  static @Nullable CheckOptions among(List<Comment> comments) {
    for (Comment comment : comments) {
      String text = comment.text();
      int equals = text.indexOf('=');
      if (equals > 0
          && text.substring(0, equals).strip().toLowerCase(Locale.ROOT).equals("check")
          && !text.substring(equals + 1).isBlank()) {
        return parse(text.substring(equals + 1).strip());
      }
    }
    return null;
  }

  private static Set<String> names(String list) {
    Set<String> names = new TreeSet<>();
    for (String name : list.split(",", -1)) {
      names.add(Spaces.strip(name));
    }
    return names;
  }
}
