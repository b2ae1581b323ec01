package fr.gouv.social.fabrique.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests that another program rendered come through standard input. */
class RenderedInputTest {
  private static final String MANIFEST =
      """
      ---
      # Source: web/templates/pod.yaml
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec:
        containers:
          - name: api
            image: ghcr.io/socialgouv/web:1.2.3
            securityContext: { privileged: true }
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int check(String input, String... arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      return Main.run(
          arguments,
          new PrintStream(out, true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8),
          Map.of("LANG", "en_GB.UTF-8"));
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void findingsNameTheTemplateOfTheirObject() {
    assertThat(check(MANIFEST, "check", "-", "--language", "en", "--as-of", "2026-11-22", "-v"))
        .isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("10:26  error  ")
        .contains(
            "Pod/web › containers[api] › securityContext.privileged (web/templates/pod.yaml)");
  }

  @Test
  void inputWithoutManifestsIsRefused() {
    assertThat(check("nothing\n", "check", "-", "--language", "en")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("nothing to check");
  }

  @Test
  void whatIsPipedInIsTakenForManifests() {
    assertThat(check("key: value\n", "check", "-", "--language", "en")).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("The object has no `kind`");
  }

  @Test
  void definitionsOfTheConfigurationCount(@TempDir Path root) throws IOException {
    String config = "language: en\nkubernetes: {crds: [crds]}\n";
    Files.writeString(root.resolve("fabrique.yaml"), config + "colour: red\n");
    String cache = "apiVersion: example.org/v1\nkind: Cache\nmetadata: {name: a}\nsize: big\n";
    assertThat(check(cache, "check", "-", "--root", root.toString())).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains(
            "fabrique.yaml:2:21: error kubernetes.crds: no definition at “crds”",
            "fabrique.yaml:3:1: error unknown key “colour”");
    Files.writeString(root.resolve("fabrique.yaml"), config);
    Files.createDirectory(root.resolve("crds"));
    Files.writeString(
        root.resolve("crds/cache.yaml"),
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: caches.example.org}
        spec:
          group: example.org
          scope: Namespaced
          names: {kind: Cache, plural: caches}
          versions:
            - name: v1
              served: true
              storage: true
              schema: {openAPIV3Schema: {type: object, properties: {size: {type: integer}}}}
        """);
    assertThat(check(cache, "check", "-", "--root", root.toString())).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("4:")
        .contains("kubernetes/schema")
        .doesNotContain("crds/");
  }
}
