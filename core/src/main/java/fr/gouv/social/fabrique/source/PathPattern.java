package fr.gouv.social.fabrique.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A glob over a path with {@code /} between its parts, as git's {@code wildmatch} with {@code
 * WM_PATHNAME} reads it: {@code *} and {@code ?} stay within one part, {@code **} between slashes
 * stands for any number of folders, {@code [a-z]} and {@code [[:digit:]]} for one character, {@code
 * \} takes the next character as it is. Matching takes time proportional to the length of the
 * pattern times that of the path, whatever the pattern.
 */
final class PathPattern {
  private enum Kind {
    CHARACTER,
    ANY,
    CLASS,
    STAR,
    /** Enters {@code **}{@code /}: skips it, or goes into the {@link #FOLDERS} that follows. */
    FOLDERS_START,
    FOLDERS,
    EVERYTHING
  }

  private record Token(Kind kind, char character, @Nullable CharacterClass characters) {
    static Token of(Kind kind) {
      return new Token(kind, '\0', null);
    }
  }

  private final String glob;
  private final List<Token> tokens;
  private final @Nullable String literal;

  private PathPattern(String glob, List<Token> tokens, @Nullable String literal) {
    this.glob = glob;
    this.tokens = tokens;
    this.literal = literal;
  }

  /** Reads a glob; one that git would never match (an open bracket) matches nothing. */
  static PathPattern of(String glob) {
    List<Token> tokens = new ArrayList<>(glob.length());
    StringBuilder literal = new StringBuilder();
    boolean plain = true;
    int at = 0;
    while (at < glob.length()) {
      char c = glob.charAt(at);
      if (c == '*') {
        int end = at;
        while (end < glob.length() && glob.charAt(end) == '*') {
          end++;
        }
        boolean starts = at == 0 || glob.charAt(at - 1) == '/';
        plain = false;
        if (end - at >= 2 && starts && end == glob.length()) {
          tokens.add(Token.of(Kind.EVERYTHING));
        } else if (end - at >= 2 && starts && glob.charAt(end) == '/') {
          tokens.add(Token.of(Kind.FOLDERS_START));
          tokens.add(Token.of(Kind.FOLDERS));
          end++;
        } else {
          tokens.add(Token.of(Kind.STAR));
        }
        at = end;
      } else if (c == '?') {
        tokens.add(Token.of(Kind.ANY));
        plain = false;
        at++;
      } else if (c == '[') {
        CharacterClass characters = CharacterClass.read(glob, at);
        if (characters == null) {
          return new PathPattern(glob, List.of(Token.of(Kind.CLASS)), null);
        }
        tokens.add(new Token(Kind.CLASS, '\0', characters));
        plain = false;
        at = characters.end();
      } else {
        if (c == '\\') {
          if (++at == glob.length()) {
            return new PathPattern(glob, List.of(Token.of(Kind.CLASS)), null);
          }
          c = glob.charAt(at);
        }
        tokens.add(new Token(Kind.CHARACTER, c, null));
        literal.append(c);
        at++;
      }
    }
    return new PathPattern(glob, tokens, plain ? literal.toString() : null);
  }

  /** Whether the whole path matches. */
  boolean matches(String path) {
    if (literal != null) {
      return literal.equals(path);
    }
    int count = tokens.size();
    boolean[] now = new boolean[count + 1];
    boolean[] next = new boolean[count + 1];
    enter(now, 0);
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean alive = false;
      for (int state = 0; state < count; state++) {
        if (now[state]) {
          alive |= step(next, state, c);
        }
      }
      if (!alive) {
        return false;
      }
      boolean[] used = now;
      now = next;
      next = used;
      Arrays.fill(next, false);
    }
    return now[count];
  }

  private boolean step(boolean[] next, int state, char c) {
    Token token = tokens.get(state);
    boolean stays = false;
    boolean moves = false;
    switch (token.kind) {
      case CHARACTER -> moves = token.character == c;
      case ANY -> moves = c != '/';
      case CLASS -> moves = c != '/' && token.characters != null && token.characters.holds(c);
      case STAR -> stays = c != '/';
      case EVERYTHING -> stays = true;
      case FOLDERS -> {
        stays = true;
        moves = c == '/';
      }
      case FOLDERS_START -> {}
    }
    if (stays) {
      // What is left without a character more: FOLDERS asks for its slash first.
      next[state] = true;
      if (token.kind != Kind.FOLDERS) {
        enter(next, state + 1);
      }
    }
    if (moves) {
      enter(next, state + 1);
    }
    return stays || moves;
  }

  /** Marks a state, and those it reaches without a character. */
  private void enter(boolean[] states, int state) {
    int at = state;
    while (!states[at]) {
      states[at] = true;
      if (at == tokens.size()) {
        return;
      }
      switch (tokens.get(at).kind) {
        case STAR, EVERYTHING -> at++;
        case FOLDERS_START -> {
          states[at + 1] = true;
          at += 2;
        }
        default -> {
          return;
        }
      }
    }
  }

  @Override
  public String toString() {
    return glob;
  }

  /**
   * The characters between brackets.
   *
   * @param members single characters and the ends of ranges, two by two
   * @param end the offset after the closing bracket
   */
  private record CharacterClass(boolean negated, String members, List<String> names, int end) {

    static @Nullable CharacterClass read(String glob, int open) {
      int at = open + 1;
      boolean negated = at < glob.length() && (glob.charAt(at) == '!' || glob.charAt(at) == '^');
      if (negated) {
        at++;
      }
      StringBuilder members = new StringBuilder();
      List<String> names = new ArrayList<>();
      for (boolean first = true; at < glob.length(); first = false) {
        char c = glob.charAt(at);
        if (c == ']' && !first) {
          return new CharacterClass(negated, members.toString(), names, at + 1);
        }
        if (glob.startsWith("[:", at)) {
          int close = glob.indexOf(":]", at + 2);
          if (close > 0) {
            names.add(glob.substring(at + 2, close));
            at = close + 2;
            continue;
          }
        }
        if (c == '\\' && at + 1 < glob.length()) {
          c = glob.charAt(++at);
        }
        at++;
        char last = c;
        if (at + 1 < glob.length() && glob.charAt(at) == '-' && glob.charAt(at + 1) != ']') {
          at++;
          if (glob.charAt(at) == '\\' && at + 1 < glob.length()) {
            at++;
          }
          last = glob.charAt(at++);
        }
        members.append(c).append(last);
      }
      return null;
    }

    boolean holds(char c) {
      boolean found = false;
      for (int i = 0; i < members.length() && !found; i += 2) {
        found = members.charAt(i) <= c && c <= members.charAt(i + 1);
      }
      for (int i = 0; i < names.size() && !found; i++) {
        found = named(names.get(i), c);
      }
      return found != negated;
    }

    private static boolean named(String name, char c) {
      boolean lower = c >= 'a' && c <= 'z';
      boolean upper = c >= 'A' && c <= 'Z';
      boolean digit = c >= '0' && c <= '9';
      boolean graph = c > ' ' && c < 127;
      return switch (name) {
        case "alnum" -> lower || upper || digit;
        case "alpha" -> lower || upper;
        case "blank" -> c == ' ' || c == '\t';
        case "cntrl" -> c < ' ' || c == 127;
        case "digit" -> digit;
        case "graph" -> graph;
        case "lower" -> lower;
        case "print" -> graph || c == ' ';
        case "punct" -> graph && !lower && !upper && !digit;
        case "space" -> c == ' ' || c >= '\t' && c <= '\r';
        case "upper" -> upper;
        case "xdigit" -> digit || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
        default -> false;
      };
    }
  }
}
