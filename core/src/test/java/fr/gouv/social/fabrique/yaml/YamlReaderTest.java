package fr.gouv.social.fabrique.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {

  private static YamlFile read(String text) {
    return YamlReader.read(SourceFile.of("x.yaml", text));
  }

  private static YamlPlace root(String text) {
    YamlFile file = read(text);
    assertThat(file.problems()).isEmpty();
    return YamlPlace.of(file.documents().get(0).root());
  }

  @Test
  void spansSliceTheSource() {
    YamlPlace root = root("a: 1\nb:\n  c: &x \"q\\u0041\"\n  d: !!str 5 # five\ne: [1, {f: g}]\n");
    assertThat(root.at("a").span().text()).isEqualTo("a: 1");
    assertThat(root.at("b").span().text()).isEqualTo("b:\n  c: &x \"q\\u0041\"\n  d: !!str 5");
    assertThat(node(root, "b.c").span().text()).isEqualTo("\"q\\u0041\"");
    assertThat(root.at("b.c").text()).isEqualTo("qA");
    assertThat(node(root, "b.d").span().text()).isEqualTo("5");
    assertThat(((YamlScalar) node(root, "b.d")).kind()).isEqualTo(YamlScalar.Kind.STRING);
    assertThat(node(root, "e").span().text()).isEqualTo("[1, {f: g}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a:~\tb: c | 2:1 | une tabulation sert d'indentation | a tab is used to indent",
        "a:~  b: \"c~  d: e~ | 2:6 | ce guillemet n'est jamais fermé | this quote is never closed",
        "a: 'it's' | 1:8 | du texte suit un guillemet fermant | text follows a closing quote",
        "a:~  b: [1, 2~  c: d~ | 2:6 | « [ » n'est pas fermé | “[” is not closed",
        "a: {b: c~d: e | 1:4 | « { » n'est pas fermé | “{” is not closed",
        "a: b: c | 1:5 | « : » suivi d'une espace | “:” and a space in a value",
        "a: b~  c: d | 2:4 | cette clé n'est pas alignée | this key is not aligned",
        "a:~  b~  c: d | 3:4 | cette clé n'est pas alignée | this key is not aligned",
        "a:~  b: c~ d: e | 3:2 | cette ligne n'est pas alignée | this line is not aligned",
        "a:~    - b~   - c | 3:4 | cette ligne n'est pas alignée | this line is not aligned",
        "a: - b | 1:4 | une liste à tirets commence sur la ligne qui suit | a list with dashes starts",
        "a: @b | 1:4 | une valeur qui commence par « @ » | a value that starts with “@”",
        "a: *.b | 1:5 | une valeur qui commence par « * » | a value that starts with “*”",
        "a: [b]] | 1:7 | « ] » ne ferme rien | “]” closes nothing",
        "a: \"C:\\web\" | 1:8 | « \\w » n'est pas un échappement | “\\w” is no escape",
        "a: |x~  b | 1:5 | après « | » ou « > » | only “+”, “-” or a digit",
        "a: \u0001b | 1:4 | caractère de contrôle U+0001 | control character U+0001",
        "a:~<<<<<<< HEAD~  b: 1~=======~  b: 2~>>>>>>> x | 2:1 | des marques de conflit | marks of a git conflict",
        "a: !x!y z | 1:4 | le préfixe d'étiquette « !x! » | the tag handle “!x!”",
      })
  void mistakesOfSyntaxAreSaidInBothLanguages(String row) {
    // A bar may stand in the text itself: the columns are counted from the end.
    String[] columns = row.split(" \\| (?=\\d+:\\d+ \\| )", 2);
    String[] expected = columns[1].split(" \\| ", 2);
    YamlProblem problem = read(columns[0].replace('~', '\n')).problems().get(0);
    assertThat(problem.kind()).isEqualTo(YamlProblem.Kind.SYNTAX);
    assertThat(problem.span().line() + ":" + problem.span().column()).isEqualTo(expected[0]);
    assertThat(expected[1]).contains(problem.detail().fr().substring(0, 15));
    assertThat(expected[1]).contains(problem.detail().en().substring(0, 15));
  }

  private static YamlNode node(YamlPlace root, String path) {
    YamlNode node = root.at(path).node();
    assertThat(node).isNotNull();
    return node;
  }

  @Test
  void anAbsentKeyStandsAtTheNearestMappingsKey() {
    YamlPlace root = root("spec:\n  resources:\n    requests: {}\n");
    assertThat(root.at("spec.resources.limits.memory").span().text()).isEqualTo("resources");
    assertThat(root.at("spec.resources.limits.memory").label())
        .isEqualTo("spec.resources.limits.memory");
    assertThat(root.at("spec.resources.limits.memory").isPresent()).isFalse();
  }

  @Test
  void anAbsentKeyOfAnItemStandsAtItsName() {
    YamlPlace root = root("containers:\n  - image: a\n    name: api\n");
    YamlPlace item = root.at("containers").items().get(0);
    assertThat(item.label()).isEqualTo("containers[api]");
    assertThat(item.at("resources.limits").span()).hasToString("x.yaml:3:5");
    assertThat(item.at("resources.limits").span().text()).isEqualTo("name: api");
  }

  @Test
  void aBrokenDocumentDoesNotHideTheOthers() {
    YamlFile file = read("a: 1\n---\nb: [1\nc: 2\n---\nd: 3\n...\n---\n");
    assertThat(file.documents()).hasSize(3);
    assertThat(YamlPlace.of(file.documents().get(1).root()).at("d").span())
        .hasToString("x.yaml:6:1");
    assertThat(file.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.kind()).isEqualTo(YamlProblem.Kind.SYNTAX);
              assertThat(problem.span().line()).isEqualTo(3);
            });
  }

  @Test
  void mergeKeysAndAliasesSayTheirWay() {
    YamlPlace root = root("base: &b\n  x: 1\n  y: 2\nuse:\n  <<: *b\n  y: 3\nagain: *b\n");
    assertThat(root.at("use.y").text()).isEqualTo("3");
    assertThat(root.at("use.x").text()).isEqualTo("1");
    assertThat(root.at("use.x").span()).hasToString("x.yaml:2:3");
    assertThat(node(root, "use.x").way())
        .extracting(Step::kind)
        .containsExactly(Step.Kind.ALIAS, Step.Kind.MERGE_KEY);
    assertThat(node(root, "use.x").way())
        .extracting(step -> step.at().toString())
        .containsExactly("x.yaml:5:7", "x.yaml:5:3");
    assertThat(root.at("again.x").text()).isEqualTo("1");
    assertThat(root.at("again").span()).hasToString("x.yaml:2:3");
  }

  @Test
  void mergeListsLetTheFirstWin() {
    YamlPlace root = root("a: &a {k: 1, l: 1}\nb: &b {k: 2, m: 2}\nc:\n  <<: [*a, *b]\n");
    assertThat(root.at("c.k").text()).isEqualTo("1");
    assertThat(root.at("c.l").text()).isEqualTo("1");
    assertThat(root.at("c.m").text()).isEqualTo("2");
  }

  @Test
  void duplicateKeysAreProblemsAndTheFirstCounts() {
    YamlFile file = read("a: 1\nb: 2\na: 3\n");
    assertThat(file.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.kind()).isEqualTo(YamlProblem.Kind.DUPLICATE_KEY);
              assertThat(problem.span()).hasToString("x.yaml:3:1");
              assertThat(problem.detail().en()).isEqualTo("a");
            });
    assertThat(YamlPlace.of(file.documents().get(0).root()).at("a").text()).isEqualTo("1");
  }

  @Test
  void anAliasBombIsRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append("*a%d, ".formatted(i - 1).repeat(10)).append("x]\n");
    }
    bomb.append("---\nok: 1\n");
    YamlFile file = read(bomb.toString());
    assertThat(file.problems())
        .extracting(YamlProblem::kind)
        .containsExactly(YamlProblem.Kind.ALIAS_BOMB);
    assertThat(file.documents()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: &a\n  b: *a\n", "&a [*a]"})
  void anAnchorInsideItselfIsRefused(String text) {
    assertThat(read(text).problems())
        .extracting(YamlProblem::kind)
        .containsExactly(YamlProblem.Kind.ALIAS_BOMB);
  }

  @Test
  void depthIsBounded() {
    assertThat(read("[".repeat(100_000)).problems())
        .extracting(YamlProblem::kind)
        .containsExactly(YamlProblem.Kind.TOO_LARGE);
  }

  @Test
  void commentsAreFoundAndScalarsAreNot() {
    YamlFile file =
        read("# top\na: 'x # no' # yes\nb: | # block\n  # text\n  more\nc: x#no\n# end\n");
    assertThat(file.comments())
        .extracting(Span::text)
        .containsExactly("# top", "# yes", "# block", "# end");
  }

  @Test
  void emptyFilesAndCommentsAreEmptyDocuments() {
    assertThat(read("").documents()).singleElement().matches(YamlDocument::isEmpty);
    assertThat(read("# only\n").documents()).singleElement().matches(YamlDocument::isEmpty);
    assertThat(read("# only\n").comments()).hasSize(1);
    assertThat(read("# c\n---\na: 1\n").documents()).hasSize(1);
  }

  @Test
  void astralCharactersDoNotShiftPlaces() {
    YamlPlace root = root("a: \"😀😀\"\nb: 1\n");
    assertThat(root.at("b").span().text()).isEqualTo("b: 1");
    assertThat(node(root, "a").span().text()).isEqualTo("\"😀😀\"");
  }

  @Test
  void unprintableCharactersAreProblems() {
    assertThat(read("a: \u0007\n").problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.span()).hasToString("x.yaml:1:4"));
  }

  @Test
  void partsOfScalarsHavePlaces() {
    YamlPlace root =
        root(
            "lit: |-\n    one\n      two\n\n    three\nfold: >\n  a b\n  c\nq: 'it''s'\ndq: \"a\\tb\"\nmulti: one\n  two\n");
    assertPart(root, "lit", "two", "two");
    assertPart(root, "lit", "three", "three");
    assertPart(root, "fold", "c", "c");
    assertPart(root, "q", "s", "s");
    assertPart(root, "dq", "b", "b");
    assertPart(root, "multi", "two", "two");
  }

  private static void assertPart(YamlPlace root, String key, String part, String expected) {
    YamlScalar scalar = (YamlScalar) node(root, key);
    int from = scalar.value().lastIndexOf(part);
    assertThat(scalar.place(from, from + part.length()).text()).isEqualTo(expected);
  }

  @Test
  void wordsOfYaml11AreStringsAndNumbersAreNot() {
    YamlPlace root =
        root("- yes\n- 0o17\n- 0x1F\n- 1.5e3\n- ~\n- 1_000\n- 2024-01-01\n- .inf\n- 0440\n");
    assertThat(root.items())
        .extracting(item -> ((YamlScalar) item.node()).kind())
        .containsExactly(
            YamlScalar.Kind.STRING,
            YamlScalar.Kind.INTEGER,
            YamlScalar.Kind.INTEGER,
            YamlScalar.Kind.FLOAT,
            YamlScalar.Kind.NULL,
            YamlScalar.Kind.INTEGER,
            YamlScalar.Kind.STRING,
            YamlScalar.Kind.FLOAT,
            YamlScalar.Kind.INTEGER);
  }

  @Test
  void emptyValuesStandAfterTheColon() {
    YamlPlace root = root("a:\nb:\n  c:\n");
    assertThat(root.at("a").isPresent()).isFalse();
    assertThat(root.at("a").span()).hasToString("x.yaml:1:1");
    assertThat(root.at("b.c").span().line()).isEqualTo(3);
  }

  @Test
  void tabsAtTheEndOfALineAreBlanks() {
    SourceFile file = SourceFile.of("a.yaml", "a:\t\n  b: c # x\nd: e\n");
    YamlFile yaml = YamlReader.read(file);
    assertThat(yaml.problems()).isEmpty();
    assertThat(yaml.comments()).hasSize(1);
    YamlMapping root = (YamlMapping) yaml.documents().get(0).root();
    assertThat(YamlPlace.of(root).at("a.b").text()).isEqualTo("c");
    assertThat(YamlPlace.of(root).at("d").span().start()).isEqualTo(file.text().indexOf("d:"));
  }
}
