package fr.gouv.social.fabrique.dockerfile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shell pattern of a variable substitution: {@code *}, {@code ?} and escapes, no brackets.
 * Matches without backtracking.
 */
final class Glob {
  private static final int STAR = -1;
  private static final int ANY = -2;

  /** More steps than this are not made: the result is then not known. */
  private static final long MOST_STEPS = 20_000_000;

  private final int[] atoms;

  private Glob(int[] atoms) {
    this.atoms = atoms;
  }

  /** The pattern, null when an escape in it is invalid. */
  static @Nullable Glob parse(String pattern) {
    List<Integer> atoms = new ArrayList<>();
    int[] characters = pattern.codePoints().toArray();
    for (int i = 0; i < characters.length; i++) {
      switch (characters[i]) {
        case '*' -> atoms.add(STAR);
        case '?' -> atoms.add(ANY);
        case '\\' -> {
          int escaped = ++i < characters.length ? characters[i] : 0;
          if ("*?\\}/".indexOf(escaped) < 0 || escaped == 0) {
            return null;
          }
          atoms.add(escaped);
        }
        default -> atoms.add(characters[i]);
      }
    }
    return new Glob(atoms.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Without the shortest or longest beginning that matches; null when that takes too long. */
  @Nullable String cutPrefix(String value, boolean longest) {
    int[] characters = value.codePoints().toArray();
    if ((long) characters.length * atoms.length > MOST_STEPS) {
      return null;
    }
    int end = match(characters, 0, longest);
    return end < 0 ? value : new String(characters, end, characters.length - end);
  }

  /**
   * The pattern backwards, for the ends of values, read backwards too as trimSuffix of lex.go does;
   * null when it is invalid.
   */
  static @Nullable Glob parseBackwards(String pattern) {
    int[] characters = pattern.codePoints().toArray();
    int[] backwards = new int[characters.length];
    int to = characters.length;
    for (int i = 0; i < characters.length; i++) {
      to--;
      if (characters[i] == '\\' && i + 1 < characters.length) {
        backwards[to] = characters[++i];
        backwards[--to] = '\\';
      } else {
        backwards[to] = characters[i];
      }
    }
    return parse(new String(backwards, 0, backwards.length));
  }

  /** A text backwards. */
  static String reverse(String text) {
    int[] characters = text.codePoints().toArray();
    int[] backwards = new int[characters.length];
    for (int i = 0; i < characters.length; i++) {
      backwards[characters.length - 1 - i] = characters[i];
    }
    return new String(backwards, 0, backwards.length);
  }

  /** With the first or every longest match replaced; null when that takes too long. */
  @Nullable String replace(String value, String replacement, boolean all) {
    int[] characters = value.codePoints().toArray();
    long steps = (long) characters.length * characters.length * Math.max(1, atoms.length);
    if (steps > MOST_STEPS || (long) replacement.length() * characters.length > MOST_STEPS) {
      return null;
    }
    StringBuilder result = new StringBuilder();
    boolean done = false;
    int lastEnd = -1;
    for (int at = 0; at <= characters.length; ) {
      int end = done ? -1 : match(characters, at, true);
      if (end > at || (end == at && end != lastEnd)) {
        result.append(replacement);
        done = !all;
        lastEnd = end;
      }
      if (end > at) {
        at = end;
      } else {
        if (at < characters.length) {
          result.appendCodePoint(characters[at]);
        }
        at++;
      }
    }
    return result.toString();
  }

  /** The end of the shortest or longest match that starts at an offset, -1 when there is none. */
  private int match(int[] characters, int from, boolean longest) {
    boolean[] reached = new boolean[atoms.length + 1];
    reached[0] = true;
    skipStars(reached);
    int end = -1;
    for (int at = from; ; at++) {
      if (reached[atoms.length]) {
        end = at;
        if (!longest) {
          return end;
        }
      }
      if (at == characters.length) {
        return end;
      }
      boolean[] then = new boolean[atoms.length + 1];
      boolean any = false;
      int character = characters[at];
      for (int i = 0; i < atoms.length; i++) {
        if (!reached[i]) {
          continue;
        }
        if (atoms[i] == STAR && character != '\n') {
          then[i] = true;
          any = true;
        } else if (atoms[i] == character || (atoms[i] == ANY && character != '\n')) {
          then[i + 1] = true;
          any = true;
        }
      }
      if (!any) {
        return end;
      }
      skipStars(then);
      reached = then;
    }
  }

  private void skipStars(boolean[] reached) {
    for (int i = 0; i < atoms.length; i++) {
      if (reached[i] && atoms[i] == STAR) {
        reached[i + 1] = true;
      }
    }
  }

  @Override
  public String toString() {
    return Arrays.toString(atoms);
  }
}
