package fr.gouv.social.fabrique.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import fr.gouv.social.fabrique.image.BuiltImage;
import fr.gouv.social.fabrique.image.BuiltImage.Step;
import fr.gouv.social.fabrique.image.EngineException;
import fr.gouv.social.fabrique.image.ImageConfig;
import fr.gouv.social.fabrique.image.ImageContents;
import fr.gouv.social.fabrique.image.ImageFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine says of images, asked of a real one. */
class DockerEngineTest {
  private static final TestImage APP =
      new TestImage("fabrique-test/engine:1")
          .layer(
              "ADD rootfs.tar / # buildkit",
              layer ->
                  layer
                      .folder("app", 0755)
                      .file("app/.env", 0644, "PASSWORD=k8Zr0pQ2vX\n")
                      .file("app/old/a", 0644, "a")
                      .file("app/old/b", 0644, "b")
                      .file("app/replaced", 0777, "1")
                      .file("usr/bin/tool", 04755, "x"))
          .env("MODE", "production")
          .env("EMPTY", "")
          .layer(
              "RUN /bin/sh -c rm -r app/.env app/old # buildkit",
              layer ->
                  layer
                      .without("app/.env")
                      .emptied("app/old")
                      .file("app/old/c", 0644, "c")
                      .file("app/replaced", 0644, "2"))
          .user("1000:1000")
          .port("8080/tcp")
          .volume("/data")
          .workdir("/app")
          .label("org.opencontainers.image.source", "https://example.org/app")
          .healthCheck("wget -q localhost")
          .command("/usr/bin/tool", "serve");

  @Test
  void itTellsWhatWasBuilt() throws EngineException {
    DockerClient client = TestEngine.client();
    TestEngine.load(client, APP);
    try (DockerEngine engine = new DockerEngine(TestEngine.environment())) {
      BuiltImage image = engine.inspect("fabrique-test/engine:1");
      assertThat(image).isNotNull();
      assertThat(image.id()).startsWith("sha256:");
      assertThat(image.tags()).contains("fabrique-test/engine:1");
      assertThat(image.digests()).isEmpty();
      assertThat(image.os()).isEqualTo("linux");
      assertThat(image.architecture()).isEqualTo("amd64");
      assertThat(image.created()).isEqualTo(Instant.parse("2026-11-01T10:00:00Z"));
      assertThat(image.size()).isPositive();
      assertThat(image.layers()).isEqualTo(APP.layerIds());
      assertThat(image.config().user()).isEqualTo("1000:1000");
      assertThat(image.config().environment())
          .containsExactly(Map.entry("MODE", "production"), Map.entry("EMPTY", ""));
      assertThat(image.config().ports()).containsExactly("8080/tcp");
      assertThat(image.config().volumes()).containsExactly("/data");
      assertThat(image.config().workdir()).isEqualTo("/app");
      assertThat(image.config().command()).containsExactly("/usr/bin/tool", "serve");
      assertThat(image.config().healthCheck()).containsExactly("CMD-SHELL", "wget -q localhost");
      assertThat(image.config().labels())
          .containsEntry("org.opencontainers.image.source", "https://example.org/app");
      assertThat(image.history().stream().map(Step::keyword))
          .containsExactly("ADD", "ENV", "ENV", "RUN", "USER", "EXPOSE", "VOLUME", "CMD");
      BuiltImage opened = engine.open(image);
      assertThat(opened.history().stream().map(Step::layer))
          .containsExactly(0, -1, -1, 1, -1, -1, -1, -1);
      assertFiles(opened.contents());
    }
  }

  @Test
  void itReadsTheArchiveOfDocker() throws IOException {
    BuiltImage image = new ImageArchive(new ByteArrayInputStream(APP.archive())).read(empty());
    assertFiles(image.contents());
  }

  @Test
  void itReadsTheLayoutOfOci() throws IOException {
    BuiltImage image = new ImageArchive(new ByteArrayInputStream(APP.layout())).read(empty());
    assertFiles(image.contents());
  }

  @Test
  void itSaysThatALayerIsDamaged() throws IOException {
    byte[] archive = APP.archive();
    // In the middle of the header of a file of the last layer, which the archive has first.
    archive[512 + 20] ^= 0x55;
    BuiltImage image = new ImageArchive(new ByteArrayInputStream(archive)).read(empty());
    ImageContents contents = image.contents();
    assertThat(contents).isNotNull();
    assertThat(contents.isComplete()).isFalse();
  }

  private static BuiltImage empty() {
    return new BuiltImage(
        "x",
        "sha256:0",
        List.of(),
        List.of(),
        "linux",
        "amd64",
        null,
        0,
        new ImageConfig(
            "", "", List.of(), List.of(), Map.of(), List.of(), List.of(), List.of(), Map.of(),
            List.of()),
        APP.layerIds(),
        List.of(),
        null);
  }

  private static void assertFiles(ImageContents contents) {
    assertThat(contents.isComplete()).isTrue();
    List<String> files = new ArrayList<>();
    contents.forEach(
        file ->
            files.add(
                file.layer()
                    + " "
                    + Integer.toOctalString(file.mode())
                    + " "
                    + file.path()
                    + (file.hidden() ? " (hidden)" : "")));
    assertThat(files)
        .containsExactly(
            "0 755 app",
            "0 644 app/.env (hidden)",
            "0 644 app/old/a (hidden)",
            "0 644 app/old/b (hidden)",
            "0 777 app/replaced (hidden)",
            "0 4755 usr/bin/tool",
            "1 644 app/old/c",
            "1 644 app/replaced");
    contents.forEach(
        file -> {
          if (file.path().equals("app/.env")) {
            assertThat(file.text()).isEqualTo("PASSWORD=k8Zr0pQ2vX\n");
            assertThat(file.type()).isEqualTo(ImageFile.Type.FILE);
            assertThat(file.size()).isEqualTo(20);
          }
        });
  }

  @Test
  void anImageThatIsNotThereIsNone() throws EngineException {
    TestEngine.client();
    try (DockerEngine engine = new DockerEngine(TestEngine.environment())) {
      assertThat(engine.inspect("fabrique-test/absent:1")).isNull();
      assertThat(engine.inspect("Not A Reference")).isNull();
      assertThat(engine.inspect("../../version?x=")).isNull();
    }
  }

  @Test
  void aRegistryKnowsWhatATagMeans() throws Exception {
    DockerClient client = TestEngine.client();
    String registry = TestEngine.registry();
    String name = registry + "/fabrique-test/pushed";
    TestEngine.load(
        client,
        new TestImage(name + ":1")
            .layer("COPY a /", layer -> layer.file("a", 0644, "one"))
            .command("/a"));
    client.pushImageCmd(name + ":1").start().awaitCompletion();
    try (DockerEngine engine = new DockerEngine(TestEngine.environment())) {
      String digest = engine.published(name + ":1");
      assertThat(digest).startsWith("sha256:");
      BuiltImage image = engine.inspect(name + ":1");
      assertThat(image).isNotNull();
      assertThat(image.digestOf(name)).isEqualTo(digest);
      client.removeImageCmd(name + ":1").withForce(true).exec();
      assertThat(engine.inspect(name + ":1")).isNull();
      assertThat(engine.pull(name + ":1")).isTrue();
      assertThat(engine.inspect(name + ":1")).isNotNull();
      assertThat(engine.published(name + ":2")).isNull();
    }
  }

  // ---- an engine that is not well ----

  private static DockerEngine at(String host, Path home) {
    return new DockerEngine(Map.of("DOCKER_HOST", host), home, Duration.ofMillis(500));
  }

  private static void assertFails(DockerEngine engine, String... words) {
    assertThatThrownBy(() -> engine.inspect("app:1"))
        .isInstanceOfSatisfying(
            EngineException.class,
            failed -> {
              assertThat(failed.isLasting()).isTrue();
              assertThat(failed.text().en()).contains(words);
              assertThat(failed.text().fr()).isNotEqualTo(failed.text().en());
            });
  }

  @Test
  void nobodyAnswers(@TempDir Path home) {
    assertFails(
        at("unix://" + home.resolve("none.sock"), home), "no Docker engine answers at unix://");
    assertFails(at("tcp://127.0.0.1:1", home), "no Docker engine answers at tcp://127.0.0.1:1");
  }

  @Test
  void somebodyDoesNotAnswer(@TempDir Path home) throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      assertFails(at("tcp://127.0.0.1:" + silent.getLocalPort(), home), "has not answered");
    }
    Path socket = home.resolve("s.sock");
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(UnixDomainSocketAddress.of(socket));
      assertFails(at("unix://" + socket, home), "has not answered");
    }
  }

  @Test
  void addressesAreThoseOfTheDockerCli(@TempDir Path home) throws Exception {
    Path docker = Files.createDirectories(home.resolve(".docker"));
    assertThat(resolve(home, Map.of()).host().toString()).isEqualTo("unix:///var/run/docker.sock");
    Files.writeString(docker.resolve("config.json"), "{\"currentContext\": \"far\"}");
    assertThatThrownBy(() -> resolve(home, Map.of()))
        .hasMessageContaining("the Docker context “far” does not exist");
    // The folder of a context is named by the SHA-256 of its name.
    String folder = sha256("far");
    Files.createDirectories(docker.resolve("contexts/meta/" + folder));
    Files.writeString(
        docker.resolve("contexts/meta/" + folder + "/meta.json"),
        "{\"Name\": \"far\", \"Endpoints\": {\"docker\": {\"Host\": \"tcp://far.example:2376\"}}}");
    Path tls = Files.createDirectories(docker.resolve("contexts/tls/" + folder + "/docker"));
    EngineAddress far = resolve(home, Map.of());
    assertThat(far.host().toString()).isEqualTo("tcp://far.example:2376");
    assertThat(far.certificates()).isEqualTo(tls);
    assertThat(far.verified()).isTrue();
    // The environment goes before the configuration, an address before a context.
    assertThat(resolve(home, Map.of("DOCKER_CONTEXT", "default")).host().toString())
        .isEqualTo("unix:///var/run/docker.sock");
    EngineAddress near = resolve(home, Map.of("DOCKER_HOST", "10.0.0.1", "DOCKER_TLS_VERIFY", "1"));
    assertThat(near.host().toString()).isEqualTo("tcp://10.0.0.1:2376");
    assertThat(near.certificates()).isEqualTo(docker);
    assertThat(resolve(home, Map.of("DOCKER_HOST", "tcp://a:1")).certificates()).isNull();
    assertThatThrownBy(() -> resolve(home, Map.of("DOCKER_HOST", "ssh://me@far")))
        .hasMessageContaining("only reached by ssh");
    assertThatThrownBy(() -> resolve(home, Map.of("DOCKER_HOST", "gopher://far")))
        .hasMessageContaining("cannot be used");
  }

  private static EngineAddress resolve(Path home, Map<String, String> environment)
      throws EngineException {
    return EngineAddress.resolve(environment, home);
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
