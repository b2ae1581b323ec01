package fr.gouv.social.fabrique.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** No file makes loading throw, hang or swell. */
class HostileComposeTest {
  private static List<ComposeProblem.Kind> kinds(Repository repository) {
    return Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () ->
            repository.load("compose.yaml").problems().stream()
                .map(ComposeProblem::kind)
                .distinct()
                .toList());
  }

  private static List<ComposeProblem.Kind> kinds(String yaml) {
    return kinds(Repository.of("compose.yaml", yaml));
  }

  @Test
  void aVeryLongFileIsTooLarge() {
    String yaml = "services:\n  web:\n    image: a\nx-a:\n" + "  - a\n".repeat(100_001);
    assertThat(kinds(yaml)).contains(ComposeProblem.Kind.TOO_LARGE);
  }

  @Test
  void aBombOfAliasesIsRefused() {
    StringBuilder yaml = new StringBuilder("services: { web: { image: a } }\nx-a: &a0 {k: v}\n");
    for (int i = 1; i < 6; i++) {
      yaml.append("x-").append(i).append(": &a").append(i).append(" [");
      yaml.append(("*a" + (i - 1) + ", ").repeat(8)).append("*a").append(i - 1).append("]\n");
    }
    assertThat(kinds(yaml.toString())).contains(ComposeProblem.Kind.ALIAS_CYCLE_OR_BOMB);
  }

  @Test
  void includesThatMultiplyAreRefused() {
    Repository repository = Repository.of("compose.yaml", "include: [f0.yaml]");
    for (int i = 0; i < 40; i++) {
      // Each way has variables of its own.
      String include = "{ path: f" + (i + 1) + ".yaml, env_file: " + i;
      put(repository, i + "a.env", "X" + i + "=a");
      put(repository, i + "b.env", "X" + i + "=b");
      put(
          repository,
          "f" + i + ".yaml",
          "include: ["
              + include
              + "a.env }, "
              + include
              + "b.env }]\nservices: { s"
              + i
              + ": { image: a } }");
    }
    assertThat(kinds(repository)).contains(ComposeProblem.Kind.TOO_LARGE);
  }

  private static void put(Repository repository, String path, String text) {
    repository.files.put(path, fr.gouv.social.fabrique.source.SourceFile.of(path, text));
  }

  @Test
  void manyVariablesOfOneValueEnd() {
    assertThat(
            kinds(
                "services: { web: { image: a, command: \"" + "${A:-$B}".repeat(100_000) + "\" } }"))
        .contains(ComposeProblem.Kind.UNDEFINED_VARIABLE);
  }

  @Test
  void longChainsEnd() {
    StringBuilder yaml = new StringBuilder("services:\n");
    for (int i = 0; i < 20_000; i++) {
      yaml.append("  s")
          .append(i)
          .append(": { image: a, depends_on: [s")
          .append(i + 1)
          .append("] }\n");
    }
    assertThat(kinds(yaml.append("  s20000: { image: a, extends: s0 }\n").toString())).isNotNull();
    StringBuilder chain = new StringBuilder("services:\n");
    for (int i = 0; i < 5_000; i++) {
      chain.append("  s").append(i).append(": { extends: s").append(i + 1).append(" }\n");
    }
    assertThat(kinds(chain.append("  s5000: { image: a }\n").toString()))
        .contains(ComposeProblem.Kind.EXTENDS_CYCLE);
  }

  /** Each service knows the long way of each variable of all those before it. */
  @Test
  void longChainsOfWaysEnd() {
    StringBuilder yaml = new StringBuilder("services:\n  s0: { image: a }\n");
    for (int i = 1; i < 1_500; i++) {
      yaml.append("  s%d: { extends: s%d, environment: { A%d: x } }\n".formatted(i, i - 1, i));
    }
    assertThat(Repository.problems(yaml.toString())).anyMatch(each -> each.startsWith("TOO_LARGE"));
  }

  @Test
  void longListsOfOptionsAndResetsEnd() {
    String many =
        "services: { web: { image: a, command: \""
            + "w ".repeat(200_000)
            + "\", volumes: [\"a1:/b:";
    ComposeProject project =
        Repository.compose(
            many + "x,".repeat(100_000) + "ro\"], ports: [\"" + "${A}".repeat(20_000) + "\"] } }");
    ComposeService web = java.util.Objects.requireNonNull(project.service("web"));
    assertThat(web.command()).hasSize(1);
    assertThat(web.volumes()).hasSize(1);
    StringBuilder resets = new StringBuilder("services:\n");
    for (int i = 0; i < 20_000; i++) {
      resets
          .append("  s")
          .append(i)
          .append(": { depends_on: [t")
          .append(i)
          .append("], ports: !reset [] }\n");
    }
    assertThat(kinds(resets.append("---\n").append(resets).toString())).isNotEmpty();
  }

  @Test
  void deepTemplatesAreInvalid() {
    String deep = "${A:-".repeat(5_000) + "x" + "}".repeat(5_000);
    assertThat(kinds("services: { web: { image: \"" + deep + "\" } }"))
        .contains(ComposeProblem.Kind.INVALID_INTERPOLATION);
    assertThat(kinds("services: { web: { image: \"" + "${A".repeat(50_000) + "\" } }")).isNotNull();
  }

  @Property(tries = 300, seed = "20261123")
  void anyTemplateIsRead(@ForAll @CharRange(from = '#', to = '~') String text) {
    String template = text.replace('#', '$').replace('%', '{').replace('&', '}');
    Template.Result result = Template.expand(template, Variables.of(java.util.Map.of("a", "1")));
    if (result.interpolation() != null) {
      assertThat(result.interpolation().starts()).hasSize(result.value().length());
    }
  }

  @Property(tries = 200, seed = "20261123")
  void anyValueStandsAnywhere(@ForAll("values") String value, @ForAll("keys") String key) {
    Repository.compose("services:\n  web:\n    image: a\n    " + key + ": " + value + "\n");
    Repository.compose(key + ": " + value + "\n");
    Repository.of(
            "compose.yaml",
            "services: { web: { image: a, " + key + ": [x, 1] } }",
            "over.yaml",
            "services:\n  web:\n    " + key + ": " + value + "\n")
        .load("compose.yaml", "over.yaml");
  }

  @net.jqwik.api.Provide
  net.jqwik.api.Arbitrary<String> values() {
    return net.jqwik.api.Arbitraries.of(
        "x",
        "",
        "1",
        "[]",
        "{}",
        "[[a]]",
        "{a: {b: c}}",
        "[{a: b}]",
        "[1, null, x]",
        "null",
        "true",
        "${X}",
        "!reset x",
        "!override [a]",
        "{1: 2}",
        "{? [a] : b}",
        "\"\"",
        "[\"\"]",
        ":",
        "-1",
        "1.5",
        "{service: [a]}",
        "{file: {a: b}, service: x}",
        "[{path: [a, {b: c}]}]",
        "{context: [x]}",
        "'::::'",
        "[':', '/', '=', '%']");
  }

  @net.jqwik.api.Provide
  net.jqwik.api.Arbitrary<String> keys() {
    return net.jqwik.api.Arbitraries.of(
        "services",
        "volumes",
        "networks",
        "secrets",
        "configs",
        "models",
        "include",
        "name",
        "version",
        "ports",
        "environment",
        "env_file",
        "label_file",
        "build",
        "depends_on",
        "extends",
        "healthcheck",
        "deploy",
        "develop",
        "tmpfs",
        "devices",
        "gpus",
        "links",
        "volumes_from",
        "network_mode",
        "ulimits",
        "logging",
        "profiles",
        "scale",
        "command",
        "extra_hosts",
        "labels",
        "dns",
        "container_name",
        "mem_limit",
        "x-foo");
  }
}
