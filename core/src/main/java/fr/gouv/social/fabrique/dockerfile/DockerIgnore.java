package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code .dockerignore} file, read and matched as moby/patternmatcher does.
 *
 * @param patterns its valid patterns, in order
 * @param invalid the lines that Docker refuses, and with them the file
 */
public record DockerIgnore(SourceFile file, List<Pattern> patterns, List<Span> invalid) {

  /**
   * One pattern.
   *
   * @param text the path pattern, cleaned, without {@code !}
   * @param exception whether it is written with {@code !}: what it matches is not ignored
   */
  public record Pattern(Span span, String text, boolean exception, PathPattern matcher)
      implements Located {

    /** Whether it matches a path, or a folder above it. */
    public boolean matches(String path) {
      if (matcher.matches(path)) {
        return true;
      }
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        if (matcher.matches(path.substring(0, slash))) {
          return true;
        }
      }
      return false;
    }
  }

  public DockerIgnore {
    patterns = List.copyOf(patterns);
    invalid = List.copyOf(invalid);
  }

  /** Reads a file. Never throws. */
  public static DockerIgnore read(SourceFile file) {
    List<Pattern> patterns = new ArrayList<>();
    List<Span> invalid = new ArrayList<>();
    String text = file.text();
    for (int line = 1; line <= file.lineCount(); line++) {
      int start = file.lineStart(line);
      int end = file.lineEnd(line);
      if (text.startsWith("#", start) && start < end) {
        continue;
      }
      start = Spaces.skip(text, start, end);
      end = Spaces.skipBack(text, start, end);
      if (start == end) {
        continue;
      }
      Span span = file.span(start, end);
      boolean exception = text.charAt(start) == '!';
      String path = Spaces.strip(text.substring(exception ? start + 1 : start, end));
      String cleaned = path.isEmpty() ? "" : Paths.clean(path);
      if (cleaned.length() > 1 && cleaned.startsWith("/")) {
        cleaned = cleaned.substring(1);
      }
      // Docker cleans the line once more with its mark, and only then looks for the mark.
      cleaned = Paths.clean(exception ? "!" + cleaned : cleaned);
      exception = cleaned.startsWith("!");
      cleaned = exception ? cleaned.substring(1) : cleaned;
      PathPattern matcher = cleaned.isEmpty() ? null : PathPattern.parse(cleaned);
      if (matcher == null) {
        invalid.add(span);
      } else {
        patterns.add(new Pattern(span, cleaned, exception, matcher));
      }
    }
    return new DockerIgnore(file, patterns, invalid);
  }

  /**
   * The places where a build looks for the file, the first that exists counts.
   *
   * @param dockerfile the path of the Dockerfile
   * @param context the path of the build context, empty for the root of the repository
   */
  public static List<String> candidates(String dockerfile, String context) {
    return List.of(
        dockerfile + ".dockerignore",
        context.isEmpty() ? ".dockerignore" : context + "/.dockerignore");
  }

  /** Whether a path, relative to the build context, is left out of it. */
  public boolean ignores(String path) {
    Pattern last = deciding(path);
    return last != null && !last.exception();
  }

  /**
   * The last pattern that decides about a path; null when it is not touched. A path is matched with
   * the folders above it (MatchesOrParentMatches).
   */
  public @Nullable Pattern deciding(String path) {
    String cleaned = Paths.clean(path);
    Pattern deciding = null;
    boolean ignored = false;
    for (Pattern pattern : patterns) {
      if (pattern.exception() == ignored && pattern.matches(cleaned)) {
        ignored = !pattern.exception();
        deciding = pattern;
      }
    }
    return deciding;
  }

  /** Whether any pattern is written with {@code !}. */
  public boolean hasExceptions() {
    return patterns.stream().anyMatch(Pattern::exception);
  }
}
