package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Conformity.Evidence;
import fr.gouv.social.fabrique.standard.Requirement;
import fr.gouv.social.fabrique.standard.Requirement.Sign;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for the files that go with keeping statements. */
final class Signs {
  /** Larger files are data. */
  private static final long LARGEST = 500_000;

  /** So many files are read for one sign. */
  private static final int MOST_READ = 500;

  /** One file for each sign is enough to show it; a few show it better. */
  private static final int MOST = 3;

  private final SourceTree tree;

  /** The entries at the paths of a sign: many signs ask for the same. */
  private final Map<String, List<SourceEntry>> byPath = new HashMap<>();

  Signs(SourceTree tree) {
    this.tree = tree;
  }

  /** The places that show that a statement is kept. */
  List<Evidence> of(Requirement requirement) {
    List<Evidence> found = new ArrayList<>();
    for (Sign sign : requirement.signs()) {
      Pattern text = sign.text().isEmpty() ? null : Pattern.compile(sign.text());
      int shown = 0;
      int read = 0;
      for (SourceEntry entry : byPath.computeIfAbsent(sign.path(), this::entries)) {
        if (shown == MOST || read++ == MOST_READ) {
          break;
        }
        if (text == null) {
          found.add(new Evidence(entry.file().span(0, 0), ""));
          shown++;
        } else if (entry.size() <= LARGEST && entry.problem() == null) {
          Matcher matcher = text.matcher(entry.file().text());
          if (matcher.find()) {
            int start = matcher.start();
            while (start < matcher.end()
                && Character.isWhitespace(entry.file().text().charAt(start))) {
              start++;
            }
            found.add(new Evidence(entry.file().span(start, matcher.end()), ""));
            shown++;
          }
        }
      }
    }
    return found;
  }

  private List<SourceEntry> entries(String path) {
    Pattern pattern = Pattern.compile(path);
    List<SourceEntry> entries = new ArrayList<>();
    for (SourceEntry entry : tree.entries()) {
      if (pattern.matcher(entry.path()).matches()) {
        entries.add(entry);
      }
    }
    return entries;
  }
}
