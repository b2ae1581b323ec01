package fr.gouv.social.fabrique.project;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version made of numbers, such as {@code 3.21.4}. What follows the numbers is no part of it:
 * distributors disagree on what a suffix means.
 *
 * @param parts the numbers, the most significant first; never empty
 */
public record Version(List<Long> parts) implements Comparable<Version> {
  // More digits than any release or date has; longer ones are identifiers.
  private static final int LONGEST_NUMBER = 14;

  public Version {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a version has at least one number");
    }
  }

  /**
   * The version at the start of a text: {@code 8.2} of {@code 8.2-fpm}.
   *
   * @return null when the text does not start with a number, or with one too long for a version
   */
  public static @Nullable Version leading(String text) {
    List<Long> parts = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && isDigit(text.charAt(end))) {
        end++;
      }
      if (end == at) {
        break;
      }
      if (end - at > LONGEST_NUMBER) {
        return null;
      }
      parts.add(Long.parseLong(text.substring(at, end)));
      if (end >= text.length() || text.charAt(end) != '.') {
        break;
      }
      at = end + 1;
    }
    return parts.isEmpty() ? null : new Version(parts);
  }

  /** The same for a text that is known to start with a number. */
  public static Version of(String text) {
    Version version = leading(text);
    if (version == null) {
      throw new IllegalArgumentException("not a version: " + text);
    }
    return version;
  }

  /** Whether this is the other version or one of its refinements: 3.21.4 is within 3.21. */
  public boolean isWithin(Version other) {
    return parts.size() >= other.parts.size()
        && parts.subList(0, other.parts.size()).equals(other.parts);
  }

  /** By the numbers from the left; 3 comes before 3.0. */
  @Override
  public int compareTo(Version other) {
    for (int i = 0; i < Math.min(parts.size(), other.parts.size()); i++) {
      int order = parts.get(i).compareTo(other.parts.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(parts.size(), other.parts.size());
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (Long part : parts) {
      out.append(out.length() == 0 ? "" : ".").append(part);
    }
    return out.toString();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
