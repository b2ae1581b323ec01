package fr.gouv.social.fabrique.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fr.gouv.social.fabrique.build.CompilePages;
import fr.gouv.social.fabrique.build.Page;
import fr.gouv.social.fabrique.build.PageExample;
import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.ConfigReader;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.config.RulePattern;
import fr.gouv.social.fabrique.config.RuleSetting;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.image.Images;
import fr.gouv.social.fabrique.project.Outside;
import fr.gouv.social.fabrique.project.Shellcheck;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.Fix;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Progress;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.standard.Standard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The pages of the rules hold: each rule has one, and their examples yield just the findings that
 * they mark.
 */
class RulePagesTest {
  private static final Path PAGES = Path.of("src/main/resources/fr/gouv/social/fabrique/rules");
  private static final RuleSet RULES = BuiltInRules.load();
  private static final @Nullable Shellcheck SHELLCHECK =
      Shellcheck.find(System.getenv().getOrDefault("PATH", ""));

  @Test
  void noMessageLeavesThePluralToTheReader() {
    assertThat(BuiltInRules.load().pages().all())
        .allSatisfy(
            page ->
                assertThat(page.messages().values())
                    .allSatisfy(
                        message ->
                            assertThat(message.fr() + message.en())
                                .doesNotContainPattern("\\p{L}\\((?:s|e|es|x)\\)")));
  }

  @Test
  void everyRuleHasAPageAndEveryPageARule() throws IOException {
    Set<String> rules = new TreeSet<>();
    for (Rule<?> rule : RULES.rules()) {
      assertThat(rules.add(rule.id().value())).as("two rules named " + rule.id()).isTrue();
    }
    Set<String> pages = new TreeSet<>();
    CompilePages.readAll(PAGES).forEach(page -> pages.add(page.front().id().value()));
    assertThat(rules).isEqualTo(pages);
  }

  @TestFactory
  Stream<DynamicContainer> examples() throws IOException {
    String only = System.getProperty("rule", "");
    return CompilePages.readAll(PAGES).stream()
        .filter(page -> page.front().id().value().startsWith(only))
        .map(
            page -> {
              List<DynamicTest> tests = new ArrayList<>();
              for (int i = 0; i < page.examples().size(); i++) {
                PageExample example = page.examples().get(i);
                String name = "example " + (i + 1) + (example.bad() ? " is bad" : " is good");
                tests.add(DynamicTest.dynamicTest(name, () -> check(page, example)));
              }
              return DynamicContainer.dynamicContainer(page.front().id().value(), tests);
            });
  }

  private static void check(Page page, PageExample example) {
    RuleId id = page.front().id();
    assumeTrue(
        !id.value().equals("docker/shellcheck") || SHELLCHECK != null, "shellcheck is not here");
    Report report = report(id, example);
    assertThat(report.defects()).isEmpty();
    List<String> found = new ArrayList<>();
    for (Issue issue : report.issues()) {
      if (issue.isActive() && issue.finding().rule().equals(id)) {
        found.add(marker(issue.finding()));
        assertThat(page.front().message(issue.finding()).fr()).doesNotContainPattern("\\{[0-9]\\}");
      }
    }
    List<String> expected = new ArrayList<>();
    for (PageExample.Marker marker : example.markers()) {
      expected.add(
          marker.file()
              + ":"
              + marker.line()
              + ":"
              + marker.column()
              + " "
              + "^".repeat(marker.length())
              + " "
              + marker.key());
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    if (example.fixed() != null) {
      String first = example.files().keySet().iterator().next();
      assertThat(fixed(first, example.files().get(first), report, id)).isEqualTo(example.fixed());
    }
  }

  private static Report report(RuleId id, PageExample example) {
    Map<String, String> files = new LinkedHashMap<>();
    // A page cannot hold a NUL byte.
    example.files().forEach((path, text) -> files.put(path, text.replace("{NUL}", "\u0000")));
    // What the engine has is no part of the repository.
    List<SourceFile> described = new ArrayList<>();
    example
        .files()
        .forEach(
            (path, text) -> {
              if (path.startsWith("engine/")) {
                described.add(SourceFile.of(path, text));
                files.remove(path);
              }
            });
    Images images =
        described.isEmpty() ? Images.none() : Images.of(new ExampleEngine(described), true);
    FabriqueConfig config = FabriqueConfig.defaults(LocalDate.parse(example.asOf()));
    String yaml = files.get("fabrique.yaml");
    if (yaml != null) {
      ConfigReader.Result read =
          ConfigReader.read(
              SourceFile.of("fabrique.yaml", yaml), RULES.pages(), LocalDate.parse(example.asOf()));
      assertThat(read.problems()).isEmpty();
      config = read.config();
    }
    // The rule under test runs even where it is off by default.
    List<RuleSetting> settings = new ArrayList<>();
    settings.add(new RuleSetting(new RulePattern(id.value()), false, null, Map.of()));
    settings.addAll(config.rules());
    Shellcheck shellcheck = id.value().equals("docker/shellcheck") ? SHELLCHECK : null;
    return new Checker(RULES, Standard.builtIn())
        .with(new Outside(new Progress(), shellcheck, images))
        .check("example", SourceTree.of(files), config.withRules(settings), baseline(files));
  }

  private static Baseline baseline(Map<String, String> files) {
    String text = files.get(Baseline.NAME);
    if (text == null) {
      return Baseline.NONE;
    }
    Baseline.Result read = Baseline.read(SourceFile.of(Baseline.NAME, text));
    assertThat(read.problems()).isEmpty();
    return read.baseline();
  }

  /** As the marker lines write it: the underlined part of the first line. */
  private static String marker(Finding finding) {
    Span span = finding.span();
    SourceFile file = span.file();
    int end = Math.min(span.end(), file.lineEnd(span.line()));
    int length = Math.max(1, end - span.start());
    return file.path()
        + ":"
        + span.line()
        + ":"
        + span.column()
        + " "
        + "^".repeat(length)
        + " "
        + finding.messageKey();
  }

  private static String fixed(String path, String text, Report report, RuleId id) {
    List<TextEdit> edits = new ArrayList<>();
    for (Issue issue : report.issues()) {
      Fix fix = issue.finding().fix();
      if (fix != null && issue.finding().rule().equals(id)) {
        edits.addAll(fix.edits());
      }
    }
    edits.sort(Comparator.comparing(TextEdit::span).reversed());
    StringBuilder out = new StringBuilder(text);
    for (TextEdit edit : edits) {
      assertThat(edit.span().file().path()).isEqualTo(path);
      out.replace(edit.span().start(), edit.span().end(), edit.replacement());
    }
    return out.toString();
  }
}
