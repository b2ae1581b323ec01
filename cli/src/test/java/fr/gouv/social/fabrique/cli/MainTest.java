package fr.gouv.social.fabrique.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        "check --config $/none.yaml $ | cannot read the configuration none.yaml: it does not exist",
        "check --config $/k8s $ | cannot read the configuration k8s: it is a folder, not a file",
        "rules --language de | the value “de” of --language does not exist",
        "check --root $/k8s $ | is outside of the repository",
        "check --report | ",
        "chekc | unknown argument “chekc”; did you mean “check”?",
        "check --baseline $/none.json $ | cannot read the baseline",
        "baseline $/none | does not exist",
        "baseline --prun $ | unknown option “--prun”; did you mean “--prune”?",
        "init $/k8s | nothing to check",
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
    write("fabrique.yaml", "reports: { json: ../report.json, htlm: x.html }\n");
    assertThat(run("check", "$").err())
        .contains("fabrique.yaml:1:12: error a path in the repository, from its root, is expected")
        .contains("fabrique.yaml:1:34: error unknown key “htlm”; did you mean “html”?");
    Files.createSymbolicLink(root.resolve("away"), root.getParent());
    write("fabrique.yaml", "reports: { json: away/report.json }\n");
    assertThat(run("check", "$").code()).isEqualTo(2);
    assertThat(root.resolveSibling("report.json")).doesNotExist();
  }

  @Test
  void allThatIsWrongWithTheConfigurationIsSaidAtOnce() throws IOException {
    write("a.yaml", FINE);
    write("policies/a.yaml", "policies:\n  - id: acme/a\n    severty: error\n");
    write(
        "fabrique.yaml",
        "policies: [\"none/*.yaml\", \"policies/*.yaml\"]\n"
            + "fail-on: eror\n"
            + "rules: { acme/a: off, docker/rot-user: off, docker/rooot: { min: 2 } }\n");
    String err = run("check", "$").err();
    assertThat(err)
        .contains("fabrique.yaml:1:12: error no file matches this pattern")
        .contains("fabrique.yaml:2:10: error ")
        .contains("fabrique.yaml:3:23: error unknown rule “docker/rot-user”")
        .contains("unknown rule “docker/rooot”")
        .contains("policies/a.yaml:3:5: error unknown key “severty”; did you mean “severity”?")
        .doesNotContain("unknown rule “acme/a”", "unknown parameter");
  }

  @Test
  void whereAReportCannotBeWrittenTheCauseIsSaid() throws IOException {
    write("a.yaml", BROKEN);
    write("file", "");
    write("folder/x", "");
    assertThat(run("check", "--report", "json=$/folder", "$").err())
        .contains("cannot write the report " + root.resolve("folder") + ": it is a folder");
    assertThat(run("check", "--report", "json=$/file/x/r.json", "$").err())
        .contains("cannot write the report " + root.resolve("file/x/r.json") + ": ")
        .contains(root.resolve("file") + " is a file, not a folder");
    assertThat(run("check", "--report", "json=/proc/none/r.json", "$").err())
        .contains("cannot write the report /proc/none/r.json: ")
        .doesNotContain(": null");
  }

  @Test
  void aFolderThatIsNoRepositoryAndHugeIsNotSearched() throws IOException {
    for (int i = 0; i <= 20_000; i++) {
      write("home/" + i / 500 + "/" + i + ".txt", "");
    }
    write("home/1/a.yaml", BROKEN);
    Outcome accident = run("check", "--root", "$/home", "$/home");
    assertThat(accident.code()).isEqualTo(2);
    assertThat(accident.err())
        .contains("is probably no repository: neither .git nor fabrique.yaml");
    // What is asked for by name is checked all the same.
    assertThat(run("check", "--root", "$/home", "$/home/1").out()).contains("1/a.yaml:3:1: error ");
    write("home/fabrique.yaml", "");
    assertThat(run("check", "--root", "$/home", "$/home").out()).contains("1/a.yaml:3:1: error ");
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
    write("b.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: c}\n");
    // What does not fail the check is not said, nor what sums it up.
    assertThat(run("check", "$").out()).contains("b.yaml:2:1: warning ");
    assertThat(run("check", "-q", "$").out().lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).matches("[ab]\\.yaml:\\d+:\\d+: error .*"));
    assertThat(run("check", "-q", "--fail-on", "never", "$").out()).isEmpty();
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
    assertThat(help.out())
        .contains("check", "image", "rules", "explain", "completion", "Exit codes");
    Outcome check = run("check", "--help");
    assertThat(check.code()).isZero();
    assertThat(check.out())
        .contains("--report=FORMAT=FILE", "--fail-on", "--as-of", "Writes a report", "Examples");
    assertThat(run().code()).isEqualTo(2);
    assertThat(run("--version").out()).matches("fabrique \\d+\\.\\d+\\.\\d+.* \\(Java \\d+\\)\\R");
  }

  @Test
  void whatIsExcludedIsNotReported() throws IOException {
    write("Dockerfile", "FROM scratch\n");
    write("old/package.json", "{ \"dependencies\": { \"typeorm\": \"1\" } }\n");
    assertThat(run("check", "$").out()).contains("project/orm-instead-of-query-builder");
    write("fabrique.yaml", "exclude: [\"old/**\"]\n");
    assertThat(run("check", "$").out()).doesNotContain("old/package.json");
  }

  @Test
  void rulesAndTheirPages() {
    assertThat(run("rules").out()).contains("yaml/duplicate-key").contains("error");
    Outcome explained = run("explain", "yaml/duplicate-key", "--language", "fr");
    assertThat(explained.code()).isZero();
    assertThat(explained.out()).contains("yaml/duplicate-key — ").contains("Gravité : ");
    assertThat(run("explain", "duplicate-key").code()).isZero();
    // Lines for a terminal: links by their names, French marks never at the start of a line.
    String page = run("explain", "image/unofficial", "--language", "fr").out();
    assertThat(page)
        .contains("(`bitnami/node`)")
        .containsPattern("celles de\\sSocialGouv/docker\\ssont relues")
        .doesNotContain("](", "**", "```");
    assertThat(page.lines().toList())
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(110).doesNotStartWith(":"));
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
        "check --fail-on=info -q -v --no-suppressions --shellcheck a",
        "check --baseline b --changed-since=main a",
        "check --quiet --verbose -- --strange a",
        "check --images --pull a",
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
  void withoutShellcheckTheRestIsChecked() throws IOException {
    write("a.yaml", FINE);
    Outcome fine = run("check", "--shellcheck", "--language=en", "$");
    assertThat(fine.code()).isEqualTo(2);
    assertThat(fine.err()).contains("fabrique: shellcheck is asked for but not to be found");
    write("b.yaml", BROKEN);
    Outcome broken = run("check", "--shellcheck", "$");
    assertThat(broken.code()).isEqualTo(1);
    assertThat(broken.out()).contains("b.yaml:3:1");
  }

  @Test
  void whatTheBaselineKnowsDoesNotCount() throws IOException {
    write("a.yaml", BROKEN);
    Outcome drawn = run("baseline", "$");
    assertThat(drawn.code()).isZero();
    assertThat(drawn.out()).contains("fabrique-baseline.json: ").contains(" added, 0 removed)");
    assertThat(run("check", "$").code()).isZero();
    assertThat(run("check", "$").out()).contains(" known before.").doesNotContain("a.yaml:");
    assertThat(run("check", "--no-suppressions", "$").code()).isEqualTo(1);
    write("b.yaml", BROKEN);
    Outcome more = run("check", "$");
    assertThat(more.code()).isEqualTo(1);
    assertThat(more.out()).contains("b.yaml:3:1").doesNotContain("a.yaml:");
  }

  @Test
  void whatNoLongerAppliesIsSaidAndPruned() throws IOException {
    write("a.yaml", BROKEN);
    run("baseline", "$");
    write("a.yaml", FINE);
    write("b.yaml", BROKEN);
    assertThat(run("check", "$").out())
        .containsPattern("fabrique-baseline.json:\\d+:5: info source/stale-baseline ");
    assertThat(run("baseline", "--prune", "$").out()).contains("(0 added, ");
    assertThat(run("check", "$").out()).doesNotContain("stale").contains("b.yaml:3:1");
    assertThat(root.resolve("fabrique-baseline.json"))
        .content()
        .contains("\"findings\": [")
        .doesNotContain("yaml/duplicate-key");
  }

  @Test
  void pruningTouchesNothingElse() throws IOException {
    write("a.yaml", BROKEN);
    write("b.yaml", BROKEN);
    run("baseline", "--language", "en", "$");
    Path file = root.resolve("fabrique-baseline.json");
    List<String> before = lines(file);
    write("b.yaml", FINE);
    assertThat(run("baseline", "--prune", "--language", "fr", "$").out()).contains("(0 de plus, ");
    assertThat(lines(file)).hasSizeLessThan(before.size());
    assertThat(before).containsAll(lines(file));
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readString(file).lines().map(line -> line.replaceFirst(",$", "")).toList();
  }

  @Test
  void aWrongBaselineIsTwoWithItsPlace() throws IOException {
    write("a.yaml", FINE);
    write("fabrique-baseline.json", "{\"schema\": 1, \"finding\": []}\n");
    Outcome outcome = run("check", "$");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("the baseline fabrique-baseline.json is wrong")
        .contains(
            "fabrique-baseline.json:1:15: error unknown key “finding”; did you mean “findings”?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fr", "en"})
  void aFirstConfigurationHoldsAndSoDoesWhatItProposes(String language) throws IOException {
    write("deploy/prod/a.yaml", BROKEN);
    write("other/b.yaml", BROKEN);
    write("src/test/resources/\"c.yaml", BROKEN);
    write(".kontinuous/env/prod/templates/c.yaml", FINE);
    Outcome written = run("init", "--language", language, "$");
    assertThat(written.code()).isZero();
    assertThat(written.out()).contains("yaml/duplicate-key", "fabrique.yaml", "baseline");
    Path file = root.resolve("fabrique.yaml");
    String text = Files.readString(file);
    assertThat(text)
        .contains("language: " + language, "deploy/prod", "\"other/**\"", "fabrique-report/")
        // What is found ages, what is deployed is no example, what lacks has no place.
        .doesNotContain("duplicate-key", "templates/**", "project/");
    assertThat(run("check", "--language", "en", "$").out()).contains("other/b.yaml:3:1");
    // Without the marks of comments, what is left of the proposals is a configuration.
    StringBuilder proposed = new StringBuilder();
    boolean proposal = false;
    for (String line : text.lines().toList()) {
      proposal = line.matches("# [a-z-]+:( \\[.*)?") || proposal && line.startsWith("#   ");
      proposed.append(proposal ? line.substring(2) : line).append('\n');
    }
    write("fabrique.yaml", proposed.toString());
    Outcome proposals = run("check", "--language", "en", "$");
    assertThat(proposals.err()).isEmpty();
    assertThat(proposals.out()).doesNotContain("src/test");
    Outcome again = run("init", "$");
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("is there already");
    assertThat(file).content().isEqualTo(proposed.toString());
  }

  @Test
  void onlyWhatAChangeBrought() throws Exception {
    write("a.yaml", BROKEN);
    write("Dockerfile", "FROM alpine:3.22\nUSER 1000\nCMD [\"/a\"]\n");
    assumeTrue(
        git("init", "-q") && git("add", "-A") && git("commit", "-qm", "first"),
        "git is not installed");
    assertThat(run("check", "--changed-since", "HEAD", "$").out()).contains("No finding");
    write("b.yaml", BROKEN);
    // The line that is missing was removed; where it is missed, nothing changed.
    write("Dockerfile", "FROM alpine:3.22\nCMD [\"/a\"]\n");
    Outcome outcome = run("check", "--changed-since=HEAD", "$");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .contains("b.yaml:3:1", "Dockerfile:1:6: error docker/missing-user")
        .doesNotContain("a.yaml:");
    assertThat(run("check", "--changed-since", "nope", "$").err())
        .contains("git does not know the revision “nope”");
  }

  private boolean git(String... arguments) throws InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=a", "-c", "user.email=a@example.org"));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command).directory(root.toFile()).start().waitFor() == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  @Test
  void withoutAnEngineTheFilesAreCheckedAndTheCodeIsTwo() throws IOException {
    write("k8s/a.yaml", BROKEN);
    Map<String, String> nobody =
        Map.of("LANG", "en", "DOCKER_HOST", "unix://" + root.resolve("none.sock"));
    write("Dockerfile", "FROM node:24\nUSER 1000\n");
    Outcome checked = run(nobody, "check", "--images", "$");
    assertThat(checked.code()).isEqualTo(2);
    assertThat(checked.out()).isEqualTo(run(nobody, "check", "$").out()).contains("k8s/a.yaml:3:1");
    assertThat(checked.err())
        .containsOnlyOnce("fabrique: no Docker engine answers at unix://")
        .contains("DOCKER_HOST");
    Outcome image = run(nobody, "image", "--language", "en", "app:1");
    assertThat(image.code()).isEqualTo(2);
    assertThat(image.out()).isEmpty();
    assertThat(image.err()).startsWith("fabrique: no Docker engine answers at unix://");
    assertThat(run("check", "--pull", "$").err()).contains("--pull goes with --images only");
    assertThat(run("image").err()).contains("REF is missing");
  }

  /** Who does not ask for images loads nothing of what asks for them, and opens no connection. */
  @Test
  void aCheckLoadsNoClientAndNoSocket() throws Exception {
    write("k8s/a.yaml", FINE);
    write("Dockerfile", "FROM node:24\n");
    Path classes = root.resolve("classes.log");
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process check =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-Xlog:class+load:file=" + classes,
                "-cp",
                path,
                Main.class.getName(),
                "check",
                root.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("Dockerfile:1:");
    assertThat(check.waitFor()).isEqualTo(1);
    assertThat(Files.readString(classes))
        .contains("fr.gouv.social.fabrique.engine.Checker")
        .doesNotContain(
            "com.github.dockerjava",
            "fr.gouv.social.fabrique.docker.",
            "com.fasterxml.jackson.databind",
            "org.apache.commons.compress",
            " java.net.Socket ",
            "SocketChannelImpl");
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
