package fr.gouv.social.fabrique.dockerfile;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path pattern of moby/patternmatcher: {@code *}, {@code ?}, {@code [a-z]}, escapes and {@code
 * **}. Matches without backtracking.
 */
final class PathPattern {
  private enum Kind {
    /** One of some characters. */
    ONE,
    /** Anything but a slash. */
    ANY,
    /** Any number of anything but slashes. */
    STAR,
    /** Nothing, or anything that ends with a slash. */
    FOLDERS,
    /** Anything. */
    REST
  }

  /** An atom; {@code ranges} holds pairs of first and last characters. */
  private record Atom(Kind kind, String ranges, boolean negated) {
    /** Whether it is one character. */
    boolean isPlain() {
      return kind == Kind.ONE
          && !negated
          && ranges.length() == 2
          && ranges.charAt(0) == ranges.charAt(1);
    }

    boolean accepts(char character) {
      return switch (kind) {
        case ANY, STAR -> character != '/';
        case FOLDERS, REST -> true;
        case ONE -> {
          boolean found = false;
          for (int i = 0; i + 1 < ranges.length(); i += 2) {
            found |= ranges.charAt(i) <= character && character <= ranges.charAt(i + 1);
          }
          yield found != negated;
        }
      };
    }
  }

  private final List<Atom> atoms;

  /** What a path need only end with: the pattern is {@code **} and then plain characters. */
  private final @Nullable String suffix;

  /** The plain characters that the pattern starts with: few paths do, and matching costs more. */
  private final String prefix;

  private PathPattern(List<Atom> atoms, @Nullable String suffix) {
    this.atoms = atoms;
    this.suffix = suffix;
    StringBuilder plain = new StringBuilder();
    for (Atom atom : atoms) {
      if (!atom.isPlain()) {
        break;
      }
      plain.append(atom.ranges().charAt(0));
    }
    this.prefix = plain.toString();
  }

  /** The pattern, null when its syntax is not that of Go's path/filepath. */
  static @Nullable PathPattern parse(String pattern) {
    List<Atom> atoms = new ArrayList<>();
    boolean plainAfterStart = pattern.startsWith("**");
    int at = 0;
    while (at < pattern.length()) {
      char character = pattern.charAt(at);
      boolean special = true;
      if (pattern.startsWith("**", at)) {
        special = at > 0;
        at += pattern.startsWith("/", at + 2) ? 3 : 2;
        atoms.add(new Atom(at == pattern.length() ? Kind.REST : Kind.FOLDERS, "", false));
      } else if (character == '*') {
        atoms.add(new Atom(Kind.STAR, "", false));
        at++;
      } else if (character == '?') {
        atoms.add(new Atom(Kind.ANY, "", false));
        at++;
      } else if (character == '[') {
        at = set(pattern, at + 1, atoms);
        if (at < 0) {
          return null;
        }
      } else {
        if (character == '\\') {
          at++;
          if (at == pattern.length()) {
            return null;
          }
          character = pattern.charAt(at);
        } else {
          special = character == ']';
        }
        atoms.add(new Atom(Kind.ONE, "" + character + character, false));
        at++;
      }
      plainAfterStart &= !special;
    }
    return new PathPattern(atoms, plainAfterStart ? pattern.substring(2) : null);
  }

  /** Reads a set from after its bracket and says where it ends, -1 when it is invalid. */
  private static int set(String pattern, int from, List<Atom> atoms) {
    int at = from;
    boolean negated = pattern.startsWith("^", at);
    at += negated ? 1 : 0;
    StringBuilder ranges = new StringBuilder();
    while (at < pattern.length() && (pattern.charAt(at) != ']' || ranges.isEmpty())) {
      int first = member(pattern, at);
      if (first < 0) {
        return -1;
      }
      char low = pattern.charAt(first);
      char high = low;
      at = first + 1;
      if (pattern.startsWith("-", at)) {
        int last = member(pattern, at + 1);
        if (last < 0) {
          return -1;
        }
        high = pattern.charAt(last);
        at = last + 1;
      }
      ranges.append(low).append(high);
    }
    if (at >= pattern.length()) {
      return -1;
    }
    atoms.add(new Atom(Kind.ONE, ranges.toString(), negated));
    return at + 1;
  }

  private static int member(String pattern, int at) {
    if (at >= pattern.length() || pattern.charAt(at) == '-' || pattern.charAt(at) == ']') {
      return -1;
    }
    int character = pattern.charAt(at) == '\\' ? at + 1 : at;
    return character < pattern.length() ? character : -1;
  }

  /** Whether it matches a whole path. */
  boolean matches(String path) {
    if (suffix != null) {
      return path.endsWith(suffix) || (suffix.startsWith("/") && path.equals(suffix.substring(1)));
    }
    if (!path.startsWith(prefix)) {
      return false;
    }
    if (prefix.length() == atoms.size()) {
      return path.length() == prefix.length();
    }
    // One bit for "before this atom", one for "within": only FOLDERS needs the second.
    BitSet before = new BitSet();
    BitSet within = new BitSet();
    reach(before, prefix.length());
    for (int i = prefix.length(); i < path.length(); i++) {
      char character = path.charAt(i);
      BitSet then = new BitSet();
      BitSet thenWithin = new BitSet();
      for (int atom = before.nextSetBit(0); atom >= 0; atom = before.nextSetBit(atom + 1)) {
        if (atom < atoms.size() && atoms.get(atom).accepts(character)) {
          step(atom, character, then, thenWithin);
        }
      }
      for (int atom = within.nextSetBit(0); atom >= 0; atom = within.nextSetBit(atom + 1)) {
        step(atom, character, then, thenWithin);
      }
      before = then;
      within = thenWithin;
    }
    return before.get(atoms.size());
  }

  private void step(int atom, char character, BitSet then, BitSet thenWithin) {
    switch (atoms.get(atom).kind()) {
      case STAR, REST -> reach(then, atom);
      case FOLDERS -> {
        thenWithin.set(atom);
        if (character == '/') {
          reach(then, atom + 1);
        }
      }
      default -> reach(then, atom + 1);
    }
  }

  private void reach(BitSet bits, int atom) {
    int at = atom;
    bits.set(at);
    while (at < atoms.size()
        && (atoms.get(at).kind() == Kind.STAR
            || atoms.get(at).kind() == Kind.REST
            || atoms.get(at).kind() == Kind.FOLDERS)) {
      at++;
      bits.set(at);
    }
  }
}
