package fr.gouv.social.fabrique.build;

import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.rule.RuleText;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compiles the Markdown pages of the rules into what {@link RulePages} reads. */
public final class CompilePages {
  private CompilePages() {}

  /**
   * Arguments: the folder with the pages, the folder for {@code pages.index} and {@code
   * pages.texts}.
   */
  public static void main(String[] args) throws IOException {
    Path target = Path.of(args[1]);
    Map<RuleId, RulePage> fronts = new TreeMap<>();
    Map<RuleId, RuleText> texts = new TreeMap<>();
    for (Page page : readAll(Path.of(args[0]))) {
      if (fronts.put(page.front().id(), page.front()) != null) {
        throw new IllegalArgumentException("two pages for " + page.front().id());
      }
      texts.put(page.front().id(), page.text());
    }
    Files.createDirectories(target);
    try (DataOutputStream out =
        new DataOutputStream(Files.newOutputStream(target.resolve("pages.index")))) {
      RulePages.write(fronts.values(), out);
    }
    try (DataOutputStream out =
        new DataOutputStream(Files.newOutputStream(target.resolve("pages.texts")))) {
      RulePages.writeTexts(texts, out);
    }
  }

  /** All pages below a folder, by path; each must lie at {@code family/problem.md}. */
  public static List<Page> readAll(Path folder) throws IOException {
    List<Page> pages = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          (Iterable<Path>)
              files.filter(path -> path.toString().endsWith(".md")).sorted()::iterator) {
        Page page = Page.read(file);
        String expected = page.front().id() + ".md";
        if (!folder.relativize(file).toString().replace('\\', '/').equals(expected)) {
          throw new IllegalArgumentException(file.getFileName() + ": should be " + expected);
        }
        pages.add(page);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return pages;
  }
}
