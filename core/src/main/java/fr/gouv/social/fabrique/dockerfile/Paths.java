package fr.gouv.social.fabrique.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** Paths with slashes, as Go's package path treats them. */
final class Paths {
  private Paths() {}

  /** The shortest path of the same meaning; {@code .} for the empty one. */
  static String clean(String path) {
    boolean rooted = path.startsWith("/");
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      boolean up = part.equals("..");
      if (up && !parts.isEmpty() && !parts.get(parts.size() - 1).equals("..")) {
        parts.remove(parts.size() - 1);
      } else if (!up || !rooted) {
        parts.add(part);
      }
    }
    String joined = String.join("/", parts);
    return rooted ? "/" + joined : joined.isEmpty() ? "." : joined;
  }

  /** Whether it starts at the root, or with the letter of a drive. */
  static boolean isAbsolute(String path) {
    return path.startsWith("/") || path.matches("(?s)[A-Za-z]:[\\\\/].*");
  }
}
