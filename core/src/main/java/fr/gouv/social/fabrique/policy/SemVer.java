package fr.gouv.social.fabrique.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version as <a href="https://semver.org">semver.org</a> orders them. Numbers that are missing
 * are 0, and there may be more than three; a {@code v} may stand before them.
 *
 * @param prerelease the words after the hyphen; empty for a release
 */
record SemVer(List<Long> numbers, List<String> prerelease, String text)
    implements Comparable<SemVer> {
  private static final int LONGEST = 128;
  private static final int LONGEST_NUMBER = 14;

  /** The version that a text is, or null where it is none. */
  static @Nullable SemVer parse(String written) {
    if (written.length() > LONGEST) {
      return null;
    }
    int start = written.startsWith("v") ? 1 : 0;
    int build = written.indexOf('+');
    String text = written.substring(start, build < 0 ? written.length() : Math.max(start, build));
    int hyphen = text.indexOf('-');
    List<Long> numbers = new ArrayList<>();
    for (String part : text.substring(0, hyphen < 0 ? text.length() : hyphen).split("\\.", -1)) {
      if (part.isEmpty() || part.length() > LONGEST_NUMBER || !isNumber(part)) {
        return null;
      }
      numbers.add(Long.parseLong(part));
    }
    List<String> words = hyphen < 0 ? List.of() : List.of(text.substring(hyphen + 1).split("\\."));
    return new SemVer(List.copyOf(numbers), words, written);
  }

  long number(int index) {
    return index < numbers.size() ? numbers.get(index) : 0;
  }

  @Override
  public int compareTo(SemVer other) {
    for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
      int order = Long.compare(number(i), other.number(i));
      if (order != 0) {
        return order;
      }
    }
    if (prerelease.isEmpty() || other.prerelease.isEmpty()) {
      return Boolean.compare(prerelease.isEmpty(), other.prerelease.isEmpty());
    }
    for (int i = 0; i < Math.min(prerelease.size(), other.prerelease.size()); i++) {
      int order = compareWords(prerelease.get(i), other.prerelease.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(prerelease.size(), other.prerelease.size());
  }

  private static int compareWords(String one, String other) {
    boolean number = isNumber(one);
    boolean otherNumber = isNumber(other);
    if (number && otherNumber) {
      int length = Integer.compare(one.length(), other.length());
      return length != 0 ? length : one.compareTo(other);
    }
    return number == otherNumber ? one.compareTo(other) : number ? -1 : 1;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  @Override
  public String toString() {
    return text;
  }
}
