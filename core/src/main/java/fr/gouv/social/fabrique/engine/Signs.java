package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.standard.Conformity.Evidence;
import fr.gouv.social.fabrique.standard.Requirement;
import fr.gouv.social.fabrique.standard.Requirement.Sign;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks for the files that go with keeping statements. */
final class Signs {
  /** Larger files are data. */
  private static final long LARGEST = 200_000;

  /** So many files are read for one sign. */
  private static final int MOST_READ = 500;

  /** One file for each sign is enough to show it; a few show it better. */
  private static final int MOST = 3;

  /** Files in which two slashes begin a comment, and files that have no comments of one line. */
  private static final Pattern SLASHES =
      Pattern.compile("(?i).*\\.(?:[cm]?[jt]sx?|java|kts?|gradle|go|rs|scala|groovy|cs|php|vue)");

  private static final Pattern NO_MARK =
      Pattern.compile("(?i).*\\.(?:json|md|html?|xml|css|sql|txt)");

  private final List<SourceEntry> all;

  /** How many folders each of them is in. */
  private final int[] depths;

  /** The entries at the paths of a sign: many signs ask for the same. */
  private final Map<String, List<SourceEntry>> byPath = new HashMap<>();

  Signs(SourceTree tree) {
    this.all = tree.entries();
    this.depths =
        all.stream()
            .mapToInt(entry -> (int) entry.path().chars().filter(c -> c == '/').count())
            .toArray();
  }

  /** The places that show that a statement is kept. */
  List<Evidence> of(Requirement requirement) {
    List<Evidence> found = new ArrayList<>();
    for (Sign sign : requirement.signs()) {
      Pattern text = sign.text().isEmpty() ? null : Pattern.compile(sign.text());
      List<String> literals = Literals.of(sign.text());
      int shown = 0;
      int read = 0;
      for (SourceEntry entry : byPath.computeIfAbsent(sign.path(), this::entries)) {
        if (shown == MOST || read++ == MOST_READ) {
          break;
        }
        if (text == null) {
          found.add(new Evidence(entry.file().span(0, 0), ""));
          shown++;
        } else if (entry.size() <= LARGEST
            && entry.problem() == null
            && mayMatch(sign.text(), literals, entry.file().text())) {
          Span at = shown(text, entry.file());
          if (at != null) {
            found.add(new Evidence(at, ""));
            shown++;
          }
        }
      }
    }
    return found;
  }

  /** The first place that shows the sign and is no comment, or null. */
  private static @Nullable Span shown(Pattern sign, SourceFile file) {
    String text = file.text();
    Matcher matcher = sign.matcher(text);
    while (matcher.find()) {
      int start = matcher.start();
      while (start < matcher.end() && Character.isWhitespace(text.charAt(start))) {
        start++;
      }
      if (!isComment(file, start)) {
        return file.span(start, matcher.end());
      }
    }
    return null;
  }

  /** Whether a place is behind the mark of a comment on its line. */
  private static boolean isComment(SourceFile file, int offset) {
    String name = file.path().substring(file.path().lastIndexOf('/') + 1);
    String mark =
        SLASHES.matcher(name).matches() ? "//" : NO_MARK.matcher(name).matches() ? "" : "#";
    String text = file.text();
    int line = text.lastIndexOf('\n', offset - 1) + 1;
    for (int at = mark.isEmpty() ? -1 : text.indexOf(mark, line);
        at >= 0 && at <= offset;
        at = text.indexOf(mark, at + 1)) {
      if (at == line || Character.isWhitespace(text.charAt(at - 1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayMatch(String expression, List<String> literals, String text) {
    boolean folded = !literals.isEmpty() && Literals.ignoresCase(expression);
    return Literals.isIn(literals, folded ? text.toLowerCase(Locale.ROOT) : text);
  }

  private List<SourceEntry> entries(String path) {
    List<Place> places = Literals.alternatives(path).stream().map(Place::of).toList();
    List<SourceEntry> entries = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      for (Place place : places) {
        if (place.holds(all.get(i), depths[i])) {
          entries.add(all.get(i));
          break;
        }
      }
    }
    return entries;
  }

  /**
   * Where a file is looked for. Most expressions say how deep, and then its name: they are tried on
   * the name alone, for there are many paths.
   *
   * @param start what every path begins with, where the pattern is for the whole path
   * @param depth so many folders at most; negative where the pattern is for the whole path
   */
  private record Place(Pattern pattern, List<String> literals, String start, int depth) {
    private static final Pattern FOLDERS =
        Pattern.compile("\\(\\?:(?:\\.\\*/\\)\\?|\\[\\^/\\]\\+/\\)\\{0,(\\d)\\})([^/]+)");

    private static final Pattern LITERAL = Pattern.compile("(?:\\\\\\.|[\\w/-])+/");

    static Place of(String path) {
      Matcher folders = FOLDERS.matcher(path);
      if (folders.matches()) {
        String deep = folders.group(1);
        int depth = deep == null ? Integer.MAX_VALUE : Integer.parseInt(deep);
        String name = folders.group(2);
        return new Place(Pattern.compile(name), Literals.of(name), "", depth);
      }
      Matcher literal = LITERAL.matcher(path);
      String start = literal.lookingAt() ? literal.group().replace("\\", "") : "";
      return path.indexOf('/') < 0
          ? new Place(Pattern.compile(path), Literals.of(path), "", 0)
          : new Place(Pattern.compile(path), Literals.of(path), start, -1);
    }

    boolean holds(SourceEntry entry, int folders) {
      String text = depth < 0 ? entry.path() : entry.name();
      return (depth < 0 ? text.startsWith(start) : folders <= depth)
          && Literals.isIn(literals, text)
          && pattern.matcher(text).matches();
    }
  }
}
