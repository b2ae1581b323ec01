package fr.gouv.social.fabrique.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private static final String BROKEN =
      "apiVersion: v1\nkind: Pod\nkind: Pod\nmetadata: {name: a}\n";
  private static final String FINE =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n";

  @TempDir Path root;

  /** The temporary folder may lie in a repository. */
  @BeforeEach
  void markTheRoot() throws IOException {
    write(".gitlab-ci.yml", "");
  }

  private record Outcome(int code, String out, String err) {}

  private Outcome run(String... arguments) {
    return run(Map.of("LANG", "en_GB.UTF-8"), arguments);
  }

  private Outcome run(Map<String, String> environment, String... arguments) {
    String[] placed =
        Arrays.stream(arguments)
            .map(each -> each.replace("$", root.toString()))
            .toArray(String[]::new);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream toOut = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream toErr = new PrintStream(err, true, StandardCharsets.UTF_8);
    int code = Main.run(placed, toOut, toErr, environment);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void fineIsZeroAndViolationsAreOne() throws IOException {
    write("k8s/a.yaml", BROKEN);
    Outcome broken = run("check", "$");
    assertThat(broken.code()).isEqualTo(1);
    assertThat(broken.err()).isEmpty();
    assertThat(broken.out()).contains("k8s/a.yaml:3:1: error yaml/duplicate-key ");
    assertThat(run("check", "--fail-on=never", "$").code()).isZero();
  }

  @Test
  void aPartIsCheckedInItsRepository() throws IOException {
    write("k8s/a.yaml", BROKEN);
    write("k8s/b.yaml", FINE);
    Outcome part = run("check", "--fail-on", "never", "$/k8s/b.yaml");
    assertThat(part.out()).doesNotContain("a.yaml").doesNotContain("Standards");
    assertThat(run("check", "$/k8s").out()).contains("k8s/a.yaml:3:1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "check $ | nothing to check",
        "check $/k8z | k8z does not exist; did you mean “k8s”?",
        "check --fail-onn error $ | unknown option “--fail-onn”; did you mean “--fail-on”?",
        "check --fail-on eror $ | the value “eror” of --fail-on does not exist; did you mean “error”?",
        "check --report jsn=x $ | the format “jsn” does not exist; did you mean “json”?",
        "check --report json $ | --report takes FORMAT=FILE",
        "check --report json=- --report csv=- $ | only one report can go to standard output",
        "check --as-of soon $ | --as-of takes a date YYYY-MM-DD, not “soon”",
        "check --color red $ | the value “red” of --color does not exist",
        "check --config $/none.yaml $ | cannot read the configuration",
        "check --root $/k8s $ | is outside of the repository",
        "check --report | ",
        "chekc | unknown argument “chekc”; did you mean “check”?",
        "explain | RULE is missing",
        "explain yaml/duplicate-keys | unknown rule “yaml/duplicate-keys”; did you mean “yaml/duplicate-key”?",
        "completion fish | no completion for “fish”",
      })
  void wrongUsageIsTwoAndHelps(String command, String message) throws IOException {
    write("k8s/x.txt", "");
    Outcome outcome = run(command.strip().split(" "));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains(message == null ? "" : message.strip());
    assertThat(outcome.err()).startsWith("fabrique: ").doesNotContain("\tat ");
  }

  @Test
  void aWrongConfigurationIsTwoWithItsPlace() throws IOException {
    write("a.yaml", FINE);
    write("fabrique.yaml", "fail-onn: error\n");
    Outcome outcome = run("check", "$");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("the configuration fabrique.yaml is wrong")
        .contains("fabrique.yaml:1:1: error unknown key “fail-onn”; did you mean “fail-on”?");
  }

  @Test
  void reportsOfTheConfigurationStayInTheRepository() throws IOException {
    write("a.yaml", BROKEN);
    write("fabrique.yaml", "reports: { json: out/report.json }\nlanguage: fr\n");
    Outcome outcome = run("check", "$");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).contains("a.yaml:3:1: erreur ");
    assertThat(root.resolve("out/report.json")).isNotEmptyFile();
    write("fabrique.yaml", "reports: { json: ../report.json }\n");
    assertThat(run("check", "$").err()).contains("leaves the repository");
    Files.createSymbolicLink(root.resolve("away"), root.getParent());
    write("fabrique.yaml", "reports: { json: away/report.json }\n");
    assertThat(run("check", "$").code()).isEqualTo(2);
    assertThat(root.resolveSibling("report.json")).doesNotExist();
  }

  @Test
  void aReportOnStandardOutputIsAlone() throws IOException {
    write("a.yaml", BROKEN);
    Outcome outcome = run("check", "--report", "json=-", "--report=csv=$/x/y.csv", "-q", "$");
    assertThat(outcome.out()).startsWith("{\n  \"schema\": 1").endsWith("}\n");
    assertThat(root.resolve("x/y.csv")).content().contains("yaml/duplicate-key");
  }

  @Test
  void quietVerboseAndColours() throws IOException {
    write("a.yaml", BROKEN);
    assertThat(run("check", "-q", "$").out()).startsWith("✖ ");
    assertThat(run("check", "-v", "$").out()).contains(" │ ^");
    assertThat(run("check", "--color", "always", "$").out()).contains("\u001b[");
    assertThat(run("check", "$").out()).doesNotContain("\u001b[");
  }

  @Test
  void theLanguageIsThatOfTheEnvironmentUnlessItIsGiven() throws IOException {
    write("a.yaml", FINE);
    write("b.yaml", BROKEN);
    assertThat(run(Map.of("LANG", "C.UTF-8"), "check", "$").out()).contains(": erreur ");
    assertThat(run(Map.of(), "check", "$").out()).contains(": erreur ");
    assertThat(run(Map.of("LANG", "fr_FR.UTF-8", "LC_ALL", "en_US"), "check", "$").out())
        .contains(": error ");
    assertThat(run(Map.of(), "check", "--language", "en", "$").out()).contains(": error ");
    assertThat(run(Map.of("LANG", "fr_FR"), "--help").out()).contains("Vérifie les Dockerfiles");
  }

  @Test
  void helpIsForReading() {
    Outcome help = run("--help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).contains("check", "rules", "explain", "completion", "Exit codes");
    Outcome check = run("check", "--help");
    assertThat(check.code()).isZero();
    assertThat(check.out())
        .contains("--report=FORMAT=FILE", "--fail-on", "--as-of", "Writes a report", "Examples");
    assertThat(run().code()).isEqualTo(2);
    assertThat(run("--version").out()).matches("fabrique \\d+\\.\\d+\\.\\d+.* \\(Java \\d+\\)\\R");
  }

  @Test
  void rulesAndTheirPages() {
    assertThat(run("rules").out()).contains("yaml/duplicate-key").contains("error");
    Outcome explained = run("explain", "yaml/duplicate-key", "--language", "fr");
    assertThat(explained.code()).isZero();
    assertThat(explained.out()).contains("yaml/duplicate-key — ").contains("Gravité : ");
    assertThat(run("explain", "duplicate-key").code()).isZero();
  }

  @Test
  void completionKnowsTheOptions() {
    Outcome script = run("completion", "zsh");
    assertThat(script.code()).isZero();
    assertThat(script.out()).contains("--fail-on").contains("bashcompinit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check",
        "check a b",
        "check --report json=x --report=csv=- a",
        "check --fail-on warning --config c --root r --language en --as-of 2026-01-01 --color never",
        "check --fail-on=info -q -v --no-suppressions a",
        "check --quiet --verbose -- --strange a",
      })
  void theShortWayReadsWhatTheLibraryReads(String command) {
    Terminal terminal = new Terminal(System.out, System.err, Map.of());
    String[] arguments = command.split(" ");
    assertThat(CheckCommand.parse(arguments, terminal))
        .usingRecursiveComparison()
        .ignoringFields("terminal")
        .isEqualTo(Commands.check(arguments, terminal));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check --help",
        "check --nope",
        "check --report",
        "check -x a",
        "rules",
        "",
        "check --config --root",
        "check @file",
        "check --fail-on"
      })
  void theShortWayLeavesTheRest(String command) {
    Terminal terminal = new Terminal(System.out, System.err, Map.of());
    List<String> arguments = List.of(command.split(" "));
    assertThat(CheckCommand.parse(arguments.toArray(String[]::new), terminal)).isNull();
  }

  @Test
  void aDefectIsOwnedUpToWithoutATrace() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    int code = Main.run(new String[] {"check", null}, stream, stream, Map.of("LANG", "en"));
    assertThat(code).isEqualTo(3);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("this is a defect of fabrique", "FABRIQUE_TRACE=1")
        .doesNotContain("\tat ");
  }
}
