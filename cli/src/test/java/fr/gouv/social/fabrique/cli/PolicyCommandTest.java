package fr.gouv.social.fabrique.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

/** A team's own rules, from the command line. */
class PolicyCommandTest {
  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: web, namespace: shop }
      spec:
        containers:
          - name: api
            image: quay.io/acme/web:1
          - name: side
            image: ghcr.io/socialgouv/web:${TAG}
      """;

  private static final String POLICIES =
      """
      policies:
        - id: acme/registry
          title: { fr: Registres, en: Registries }
          message: { fr: "{container.image} est d'ailleurs", en: "{container.image} is from elsewhere" }
          severity: error
          requirement: docker.rootless
          subject: kubernetes.container
          require: parameters.allowed.contains(container.image.registry)
          at: image
          parameters: { allowed: [ghcr.io] }
          why: { fr: "Parce que.", en: "Because." }
          examples:
            - bad: |
                kind: Pod
                apiVersion: v1
                metadata: { name: a }
                spec: { containers: [{ name: a, image: "quay.io/a:1" }] }
                #                               ^^^^^
            - good: |
                kind: Pod
                apiVersion: v1
                metadata: { name: a }
                spec: { containers: [{ name: a, image: "ghcr.io/a:1" }] }
      """;

  @TempDir Path root;

  @BeforeEach
  void aRepository() throws IOException {
    write("k8s/web.yaml", MANIFEST);
    write("policies/registry.yaml", POLICIES);
    configure("");
  }

  private void configure(String more) throws IOException {
    write(
        "fabrique.yaml",
        "policies: [\"policies/*.yaml\"]\nrules:\n  kubernetes/*: off\n  image/*: off\n" + more);
  }

  private record Outcome(int code, String out, String err) {}

  private Outcome run(String... arguments) {
    String[] placed =
        Arrays.stream(arguments)
            .map(each -> each.replace("$", root.toString()))
            .toArray(String[]::new);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            placed,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("LANG", "en_GB.UTF-8"));
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void aPolicyIsARuleAsAnyOther() throws IOException {
    Outcome found = run("check", "$");
    assertThat(found.err()).isEmpty();
    assertThat(found.code()).isEqualTo(1);
    assertThat(found.out())
        .contains("k8s/web.yaml:7:7: error acme/registry quay.io/acme/web:1 is from elsewhere")
        .doesNotContain("web.yaml:9:");
    // Severity, parameters and exceptions are decided as for any rule.
    configure("  acme/registry: { severity: info }\n");
    assertThat(run("check", "$").out()).contains("7:7: info acme/registry");
    configure("  acme/registry: { allowed: [ghcr.io, quay.io] }\n");
    assertThat(run("check", "$").out()).doesNotContain("acme/registry");
    configure("  acme/*: off\n");
    assertThat(run("check", "$").out()).doesNotContain("acme/registry");
    configure("ignore: [{ rules: [acme/registry], reason: \"older\" }]\n");
    assertThat(run("check", "$").out()).doesNotContain("acme/registry");
    configure("");
    write(
        "k8s/web.yaml", MANIFEST.replace("web:1", "web:1  # fabrique:ignore acme/registry -- old"));
    assertThat(run("check", "$").out()).doesNotContain("acme/registry");
    write("k8s/web.yaml", MANIFEST);
    run("check", "--report", "json=$/report.json", "--report", "html=$/report.html", "$");
    String json = Files.readString(root.resolve("report.json"));
    assertThat(json.substring(json.indexOf("\"docker.rootless\"")))
        .containsPattern("(?s)^.{0,600}\"verdict\": \"broken\"");
    assertThat(root.resolve("report.html")).content().contains("<p>Because.</p>");
    assertThat(run("check", "--report", "sarif=-", "$").out()).contains("acme/registry");
  }

  @Test
  void aWrongPolicyStopsTheRunWithItsPlace() throws IOException {
    write("policies/registry.yaml", POLICIES.replace("image.registry)", "image.registri)"));
    Outcome wrong = run("check", "$");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.out()).isEmpty();
    assertThat(wrong.err())
        .contains("policies are wrong")
        .contains(
            "policies/registry.yaml:8:58: error unknown property “registri” of: image;"
                + " did you mean “registry”?");
    write("fabrique.yaml", "policies: [\"policy/*.yaml\"]\n");
    assertThat(run("check", "$").err()).contains("fabrique.yaml:1:12: error no file matches");
  }

  @Test
  void aPolicyThatIsTooMuchStopsTheRunWithItsPlace() throws IOException {
    String hundred = "[0,1,2,3,4,5,6,7,8,9].flatMap(A -> [0,1,2,3,4,5,6,7,8,9])";
    String much =
        hundred.replace("A", "a")
            + ".flatMap(b -> "
            + hundred.replace("A", "c")
            + ").flatMap(d -> "
            + hundred.replace("A", "e")
            + ").size() > 0";
    write(
        "policies/registry.yaml",
        POLICIES.replace(
            "parameters.allowed.contains(container.image.registry)", "\"" + much + "\""));
    Outcome wrong = run("check", "$");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err())
        .contains("a policy cannot be evaluated")
        .contains("policies/registry.yaml:8:15: error the evaluation ");
  }

  @Test
  void aParameterOfTheWrongKindIsRefused() throws IOException {
    write(
        "policies/registry.yaml",
        POLICIES
            .replace("allowed: [ghcr.io]", "allowed: [ghcr.io], most: 3")
            .replace("require: ", "require: parameters.most > 0 && "));
    configure("  acme/registry: { most: many }\n");
    Outcome wrong = run("check", "$");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("“many” is not allowed for the parameter most: number");
  }

  @Test
  void examplesAreTried() throws IOException {
    Outcome fine = run("policy", "test", "$/policies/registry.yaml");
    assertThat(fine.code()).isZero();
    assertThat(fine.out()).contains("✔ acme/registry (2/2 examples)");
    write("policies/registry.yaml", POLICIES.replace("ghcr.io/a:1", "docker.io/a:1"));
    Outcome failing = run("policy", "test", "$/policies/registry.yaml");
    assertThat(failing.code()).isEqualTo(1);
    assertThat(failing.out())
        .contains("✖ acme/registry (1/2 examples)")
        .contains("registry.yaml:19:9: expected nothing, found manifest.yaml:4:33");
    write("policies/registry.yaml", POLICIES.substring(0, POLICIES.indexOf("      - good")));
    assertThat(run("policy", "test", "$/policies/registry.yaml").out())
        .contains("there is no good example");
    assertThat(run("policy", "test", "$/policies/none.yaml").code()).isEqualTo(2);
  }

  @Test
  void expressionsAreShown() {
    assertThat(run("policy", "eval", "container.image.tag", "$/k8s/web.yaml").out())
        .isEqualTo(
            """
            kubernetes.container
              k8s/web.yaml:6:7  Pod/web › containers[api]  '1'
              k8s/web.yaml:8:7  Pod/web › containers[side]  ?
            """);
    assertThat(
            run("policy", "eval", "object.spec", "$/k8s/web.yaml", "--subject", "kubernetes.object")
                .out())
        .contains("Pod/web  {'containers': [{'name': 'api', ");
    assertThat(run("policy", "eval", "container.imag", "$/k8s/web.yaml").err())
        .contains("expression:1:11: error unknown property “imag” of: container;");
    assertThat(run("policy", "eval", "1", "$/k8s/web.yaml", "--subject", "kubernetes.pod").err())
        .contains("there is no subject “kubernetes.pod”");
    assertThat(run("policy", "eval", "service.name", "$/k8s/web.yaml").code()).isEqualTo(2);
  }

  @Test
  void aRunWithoutPoliciesLoadsNothingOfThem() throws Exception {
    write("fabrique.yaml", "language: fr\n");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                "fr.gouv.social.fabrique.cli.Main",
                "check",
                root.toString()));
    Path log = root.resolve("classes.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    process.waitFor();
    assertThat(Files.readString(log))
        .contains("fr.gouv.social.fabrique.run.Run ")
        .doesNotContain("jakarta.el.")
        .doesNotContain("org.glassfish.expressly")
        .doesNotContain("com.google.re2j")
        .doesNotContain("fr.gouv.social.fabrique.policy.");
  }
}
