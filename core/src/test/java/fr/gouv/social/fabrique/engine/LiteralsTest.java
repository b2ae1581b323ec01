package fr.gouv.social.fabrique.engine;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Level;
import fr.gouv.social.fabrique.standard.Requirement;
import fr.gouv.social.fabrique.standard.Requirement.Sign;
import fr.gouv.social.fabrique.standard.Visibility;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is looked for before a regular expression is tried, and what it may not lose. */
class LiteralsTest {
  @Test
  void findsTheLongestTextsOfWhichOneMustBeThere() {
    assertThat(Literals.of("package\\.json")).containsExactly("package.json");
    assertThat(Literals.of("ab?cde")).containsExactly("cde");
    assertThat(Literals.of("abc+d")).containsExactly("abc");
    assertThat(Literals.of("a{0,2}bc")).containsExactly("bc");
    assertThat(Literals.of("(?:one|three)\\s*:x?")).containsExactly("one", "three");
    assertThat(Literals.of("(?:one)?ab")).containsExactly("ab");
    assertThat(Literals.of("(?<!xyzxyz)(?:clam|virus)(?!abcabc)")).containsExactly("clam", "virus");
    assertThat(Literals.of("[a)|b]cd|\\bef")).containsExactly("cd", "ef");
    assertThat(Literals.of("(?i)X-Frame|CSP")).containsExactly("x-frame", "csp");
  }

  @Test
  void tellsNothingWhereOneAlternativeHasNoText() {
    assertThat(Literals.of("abc|\\d+")).isEmpty();
    assertThat(Literals.of("")).isEmpty();
    assertThat(Literals.isIn(List.of(), "anything")).isTrue();
  }

  private static int found(String path, String text, String... paths) {
    Requirement requirement =
        new Requirement(
            "docker.signs",
            "docker",
            List.of("1"),
            Level.PRATIQUE,
            Visibility.PROXY,
            Text.same("x"),
            Text.same("x"),
            "https://example.org",
            Set.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(new Sign(path, text)));
    Map<String, String> files = new TreeMap<>();
    for (String each : paths) {
      files.put(each, "A: x-frame-Options\n");
    }
    return new Signs(SourceTree.of(files)).of(requirement).size();
  }

  @Test
  void findsFilesByDepthNameAndStart() {
    assertThat(found("(?:[^/]+/){0,1}a\\.json", "", "a.json", "b/a.json", "b/c/a.json"))
        .isEqualTo(2);
    assertThat(found("(?:.*/)?\\w+\\.conf", "", "a.conf", "b/c/d.conf", "b.conf/x")).isEqualTo(2);
    assertThat(found("package\\.json|\\.github/w/[^/]+", "", ".github/w/x", "a/package.json"))
        .isEqualTo(1);
    assertThat(found("(?!\\.github/).+\\.ya?ml", "", ".github/a.yml", "b/a.yaml")).isEqualTo(1);
  }

  @Test
  void findsTextsWithAndWithoutCase() {
    assertThat(found("a", "(?i)X-Frame-Options", "a")).isEqualTo(1);
    assertThat(found("a", "X-Frame-Options", "a")).isZero();
  }
}
