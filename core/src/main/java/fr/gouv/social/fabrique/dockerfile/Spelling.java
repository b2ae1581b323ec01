package fr.gouv.social.fabrique.dockerfile;

import java.util.Collection;

/** What somebody may have meant. */
public final class Spelling {
  private static final int TOO_FAR = 3;

  private Spelling() {}

  /**
   * The option that is at most two edits away from a word, the nearest and then the first in order;
   * the empty string when none is, or when the word is itself an option (BuildKit's util/suggest).
   */
  public static String closest(String word, Collection<String> options) {
    String best = "";
    int distance = TOO_FAR;
    for (String option : options.stream().sorted().toList()) {
      if (option.equals(word)) {
        return "";
      }
      if (Math.abs(option.length() - word.length()) < distance) {
        int edits = edits(word, option);
        if (edits < distance) {
          best = option;
          distance = edits;
        }
      }
    }
    return best;
  }

  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int above = row[j];
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(Math.min(above, row[j - 1]) + 1, replaced);
        diagonal = above;
      }
    }
    return row[to.length()];
  }
}
