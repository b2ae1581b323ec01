package fr.gouv.social.fabrique.source;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ignore patterns in force in one folder: those of its own {@code .gitignore}, then those of
 * the folders above (gitignore(5); dir.c for how a line is read).
 *
 * @param outer those in force in the folder above, or null
 * @param base the path of the folder with a {@code /} at its end, empty for the root
 */
record IgnoreRules(@Nullable IgnoreRules outer, String base, List<Line> lines) {

  /**
   * One pattern.
   *
   * @param anchored whether it speaks of the path from the folder, not of the name alone
   */
  record Line(PathPattern pattern, boolean negated, boolean folderOnly, boolean anchored) {}

  /** The rules with those of one more file; nearer files come later and win. */
  static IgnoreRules and(@Nullable IgnoreRules outer, String base, String text) {
    List<Line> lines = new ArrayList<>();
    for (String written : text.split("\n", -1)) {
      Line line = line(written);
      if (line != null) {
        lines.add(line);
      }
    }
    return new IgnoreRules(outer, base, lines);
  }

  private static @Nullable Line line(String written) {
    String pattern = written.endsWith("\r") ? written.substring(0, written.length() - 1) : written;
    if (pattern.startsWith("#")) {
      return null;
    }
    pattern = withoutTrailingSpaces(pattern);
    boolean negated = pattern.startsWith("!");
    if (negated) {
      pattern = pattern.substring(1);
    }
    boolean folderOnly = pattern.endsWith("/");
    if (folderOnly) {
      pattern = pattern.substring(0, pattern.length() - 1);
    }
    boolean anchored = pattern.indexOf('/') >= 0;
    if (pattern.startsWith("/")) {
      pattern = pattern.substring(1);
    }
    return pattern.isEmpty()
        ? null
        : new Line(PathPattern.of(pattern), negated, folderOnly, anchored);
  }

  private static String withoutTrailingSpaces(String line) {
    int end = 0;
    for (int at = 0; at < line.length(); at++) {
      if (line.charAt(at) == '\\') {
        at++;
        end = Math.min(at + 1, line.length());
      } else if (line.charAt(at) != ' ') {
        end = at + 1;
      }
    }
    return line.substring(0, end);
  }

  /** Whether a path is ignored, when no folder above it is: the last pattern that matches wins. */
  boolean ignores(String path, String name, boolean folder) {
    for (IgnoreRules rules = this; rules != null; rules = rules.outer) {
      for (int i = rules.lines.size() - 1; i >= 0; i--) {
        Line line = rules.lines.get(i);
        if ((folder || !line.folderOnly)
            && line.pattern.matches(line.anchored ? path.substring(rules.base.length()) : name)) {
          return !line.negated;
        }
      }
    }
    return false;
  }
}
