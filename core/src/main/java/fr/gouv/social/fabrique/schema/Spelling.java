package fr.gouv.social.fabrique.schema;

import fr.gouv.social.fabrique.source.Text;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the word that somebody probably meant. */
public final class Spelling {
  private static final int LONGEST = 64;

  private Spelling() {}

  /**
   * The candidate nearest to a word, or null where none is near. A different case, and hyphens or
   * underscores more or less, count as no difference; otherwise one slip (a letter more, less,
   * other, or two swapped) is allowed for each three letters, three at most. Among equals the first
   * candidate wins.
   */
  public static @Nullable String nearest(String word, Iterable<String> candidates) {
    if (word.isEmpty() || word.length() > LONGEST) {
      return null;
    }
    String plain = plain(word);
    int bound = Math.min(3, Math.max(1, plain.length() / 3));
    String nearest = null;
    for (String candidate : candidates) {
      if (candidate.equals(word) || candidate.length() > LONGEST) {
        continue;
      }
      int distance = distance(plain, plain(candidate), bound);
      if (distance <= bound) {
        nearest = candidate;
        bound = distance - 1;
        if (bound < 0) {
          break;
        }
      }
    }
    return nearest;
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  /** The optimal string alignment distance, or more than the bound. */
  private static int distance(String a, String b, int bound) {
    if (Math.abs(a.length() - b.length()) > bound) {
      return bound + 1;
    }
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + same);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, beforeLast[j - 2] + 1);
        }
        row[j] = best;
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }

  /**
   * A message that ends with what was probably meant.
   *
   * @param meant null when nothing comes near
   */
  public static Text suggesting(Text message, @Nullable String meant) {
    return meant == null
        ? message
        : new Text(
            message.fr() + " ; vouliez-vous « " + meant + " » ?",
            message.en() + "; did you mean “" + meant + "”?");
  }
}
