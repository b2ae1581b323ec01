package fr.gouv.social.fabrique.source;

import java.util.regex.Pattern;

/**
 * A pattern for paths below the root of a repository: {@code **} stands for any folders, {@code *}
 * and {@code ?} for characters of one name, {@code {a,b}} for one of several. A pattern that ends
 * with {@code /} covers all that lies in the folder.
 */
public final class PathGlob {
  private final String pattern;
  private final Pattern regex;

  private PathGlob(String pattern) {
    this.pattern = pattern;
    this.regex = Pattern.compile(regex(pattern.endsWith("/") ? pattern + "**" : pattern));
  }

  /** The glob that a text describes; every text is one. */
  public static PathGlob of(String pattern) {
    return new PathGlob(pattern.startsWith("./") ? pattern.substring(2) : pattern);
  }

  /** Whether a path relative to the root, with {@code /} between its parts, is of this form. */
  public boolean matches(String path) {
    return regex.matcher(path).matches();
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    int braces = 0;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i)) {
        regex.append("(?:.+/)?");
        i += 2;
      } else if (glob.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (c == '{' && glob.indexOf('}', i) > 0) {
        braces++;
        regex.append("(?:");
      } else if (c == '}' && braces > 0) {
        braces--;
        regex.append(')');
      } else if (c == ',' && braces > 0) {
        regex.append('|');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.append(")".repeat(braces)).toString();
  }

  @Override
  public String toString() {
    return pattern;
  }
}
