package fr.gouv.social.fabrique.compose;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Paths within a repository, their parts separated by {@code /}. */
final class Paths {
  private static final Pattern REMOTE =
      Pattern.compile("([a-z][a-z0-9+.-]*://|git@|github\\.com/|oci:).*", Pattern.CASE_INSENSITIVE);

  private Paths() {}

  /**
   * A path seen from a folder.
   *
   * @return relative to the root of the repository, empty for the root; null when it leads out
   */
  static @Nullable String from(String folder, String path) {
    if (path.startsWith("/") || path.startsWith("~") || path.matches("[A-Za-z]:[\\\\/].*")) {
      return null;
    }
    Deque<String> parts = new ArrayDeque<>();
    for (String part : (folder + "/" + path.replace('\\', '/')).split("/")) {
      if (part.equals("..")) {
        if (parts.pollLast() == null) {
          return null;
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  static boolean isRemote(String reference) {
    return REMOTE.matcher(reference).matches();
  }

  static String folderOf(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}
