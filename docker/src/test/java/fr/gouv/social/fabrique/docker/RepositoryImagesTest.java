package fr.gouv.social.fabrique.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.NotChecked;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.image.BuiltImage;
import fr.gouv.social.fabrique.image.Images;
import fr.gouv.social.fabrique.project.Outside;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Progress;
import fr.gouv.social.fabrique.standard.Standard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository and the images that a real engine built from it. */
class RepositoryImagesTest {
  private static final TestImage BASE =
      new TestImage("fabrique-test/base:1")
          .layer(
              "ADD rootfs.tar / # buildkit",
              layer -> layer.file("bin/sh", 0755, "x").file("usr/bin/sudo", 04755, "x"))
          .env("MODE", "production")
          .user("app")
          .port("8080/tcp")
          .healthCheck("wget -q localhost");

  @TempDir Path root;

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Report check(Images images) throws Exception {
    FabriqueConfig config = FabriqueConfig.defaults(LocalDate.parse("2026-11-22"));
    return Run.check(
        new Checker(BuiltInRules.load(), Standard.builtIn())
            .with(new Outside(new Progress(), null, images)),
        root,
        List.of(),
        config,
        Baseline.NONE);
  }

  private static List<String> findings(Report report, String rules) {
    assertThat(report.defects()).isEmpty();
    return report.issues().stream()
        .map(issue -> issue.finding())
        .filter(finding -> finding.rule().value().matches(rules))
        .map(RepositoryImagesTest::line)
        .toList();
  }

  private static String line(Finding finding) {
    return finding.span() + " " + finding.rule() + " " + finding.messageKey();
  }

  private void build(DockerClient client, String tag, String token) {
    client
        .buildImageCmd(root.toFile())
        .withTags(Set.of(tag))
        .withBuildArg("NPM_TOKEN", token)
        .exec(new BuildImageResultCallback())
        .awaitImageId();
  }

  @Test
  void findingsPointAtWhatMadeTheImage() throws Exception {
    DockerClient client = TestEngine.client();
    TestEngine.load(client, BASE);
    write(
        "Dockerfile",
        """
        FROM fabrique-test/base:1
        ARG NPM_TOKEN
        ENV NPM_TOKEN=$NPM_TOKEN LEVEL=$MODE OTHER=$NOWHERE
        COPY app /srv/app
        LABEL org.opencontainers.image.source=https://example.org/web
        """);
    write("app/.npmrc", "//npm.example.org/:_authToken=k8Zr0pQ2vXs91LmQ\n");
    write("app/index.js", "1\n");
    write(
        "compose.yaml",
        """
        services:
          web:
            build: .
            image: fabrique-test/web:1
          absent:
            image: fabrique-test/absent:1
        """);
    write(
        "k8s/web.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          securityContext:
            runAsNonRoot: true
          containers:
            - name: web
              image: fabrique-test/web:1
              ports:
                - containerPort: 80
        """);
    build(client, "fabrique-test/web:1", "k8Zr0pQ2vXs91LmQ");
    try (DockerEngine engine = new DockerEngine(TestEngine.environment())) {
      Report report = check(Images.of(engine, false));
      assertThat(findings(report, "image/(?!unofficial|unpinned).*"))
          .containsExactly(
              "Dockerfile:1:6 image/missing-label missing",
              "Dockerfile:3:5 image/secret-in-environment variable",
              "Dockerfile:4:1 image/secret-file file",
              "k8s/web.yaml:6:5 image/refused-user named",
              "k8s/web.yaml:11:11 image/unexposed-port unexposed");
      // What the base image sets is known, and the finding says whose it is.
      assertThat(findings(report, "docker/(named-user|missing-user|undefined-variable)"))
          .containsExactly(
              "Dockerfile:1:6 docker/named-user named",
              "Dockerfile:3:44 docker/undefined-variable undefined");
      assertThat(
              report.issues().stream()
                  .filter(issue -> issue.finding().rule().value().equals("docker/named-user"))
                  .map(issue -> issue.finding().subject()))
          .containsExactly("fabrique-test/base:1 › USER");
      assertThat(report.notChecked().stream().map(NotChecked::path)).contains("compose.yaml");
      // Without an engine the base image is not known.
      assertThat(findings(check(Images.none()), "docker/(named-user|undefined-variable)"))
          .isEmpty();
    }
  }

  @Test
  void anImageIsKnownByItsHistory() throws Exception {
    DockerClient client = TestEngine.client();
    TestEngine.load(client, BASE);
    write("Dockerfile", "FROM fabrique-test/base:1\nWORKDIR /srv\nCOPY a /srv/\nUSER 0\n");
    write("a", "a");
    write(
        "pod.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: fabrique-test/linked:1
        """);
    build(client, "fabrique-test/linked:1", "");
    try (DockerEngine engine = new DockerEngine(TestEngine.environment())) {
      // The Dockerfile says root itself: docker/root-user, and nothing of the image beside it.
      Report report = check(Images.of(engine, false));
      assertThat(findings(report, "(docker|image)/root-user"))
          .containsExactly("Dockerfile:4:6 docker/root-user root");
      assertThat(findings(report, "image/missing-label"))
          .containsExactly("Dockerfile:1:6 image/missing-label missing");
    }
  }

  @Test
  void anImageAloneIsShownAsAText() throws Exception {
    DockerClient client = TestEngine.client();
    TestEngine.load(
        client,
        new TestImage("fabrique-test/alone:1")
            .layer("COPY . /app # buildkit", layer -> layer.file("app/.git/HEAD", 0644, "x"))
            .env("API_TOKEN", "k8Zr0pQ2vXs91LmQ"));
    try (DockerEngine engine = new DockerEngine(TestEngine.environment())) {
      Images images = Images.of(engine, false);
      BuiltImage image = images.local("fabrique-test/alone:1");
      assertThat(image).isNotNull();
      Report report =
          Run.checkImages(
              new Checker(BuiltInRules.load(), Standard.builtIn()),
              List.of(images.opened(image)),
              images,
              FabriqueConfig.defaults(LocalDate.parse("2026-11-22")),
              Baseline.NONE);
      assertThat(findings(report, ".*"))
          .containsExactly(
              "image/fabrique-test/alone:1:1:1 image/missing-label missing",
              "image/fabrique-test/alone:1:1:1 image/root-user root",
              "image/fabrique-test/alone:1:4:1 image/secret-in-environment variable",
              "image/fabrique-test/alone:1:8:1 image/context-leftover leftover");
      // Nothing shows the value.
      assertThat(report.issues().get(0).finding().span().file().text())
          .contains("ENV API_TOKEN\n", "ENV API_TOKEN=…\n")
          .doesNotContain("k8Zr0pQ2vXs91LmQ");
    }
  }

  @Test
  void theBaseOfAnImageAloneIsKnownByItsLayers() throws Exception {
    DockerClient client = TestEngine.client();
    TestEngine.load(client, BASE);
    write("Dockerfile", "FROM fabrique-test/base:1\nCOPY tool /usr/bin/\n");
    write("tool", "x");
    assertThat(root.resolve("tool").toFile().setExecutable(true, false)).isTrue();
    build(client, "fabrique-test/upon:1", "");
    try (DockerEngine engine = new DockerEngine(TestEngine.environment())) {
      Images images = Images.of(engine, false);
      BuiltImage image = images.local("fabrique-test/upon:1");
      assertThat(image).isNotNull();
      BuiltImage base = images.baseOf(image);
      assertThat(base).isNotNull();
      assertThat(base.reference()).isEqualTo("fabrique-test/base:1");
      Report report =
          Run.checkImages(
              new Checker(BuiltInRules.load(), Standard.builtIn()),
              List.of(images.opened(image)),
              images,
              FabriqueConfig.defaults(LocalDate.parse("2026-11-22")),
              Baseline.NONE);
      // What its base brings is not the image's own doing: sudo is setuid there.
      assertThat(findings(report, ".*"))
          .containsExactly("image/fabrique-test/upon:1:4:1 image/missing-label missing");
      assertThat(report.issues().get(0).finding().span().text())
          .isEqualTo("FROM fabrique-test/base:1");
    }
  }

  @Test
  void aTagThatMovedIsFound() throws Exception {
    DockerClient client = TestEngine.client();
    String name = TestEngine.registry() + "/fabrique-test/moved";
    TestEngine.load(
        client,
        new TestImage(name + ":1").layer("COPY a /", layer -> layer.file("a", 0644, "one")));
    client.pushImageCmd(name + ":1").start().awaitCompletion();
    try (DockerEngine engine = new DockerEngine(TestEngine.environment())) {
      String first = engine.published(name + ":1");
      TestEngine.load(
          client,
          new TestImage(name + ":1").layer("COPY a /", layer -> layer.file("a", 0644, "two")));
      write("tagged.yaml", pod(name + ":1"));
      assertThat(findings(check(Images.of(engine, true)), "image/tag-drift"))
          .containsExactly("tagged.yaml:7:7 image/tag-drift published");
      // Without leave no registry is asked.
      assertThat(findings(check(Images.of(engine, false)), "image/tag-drift")).isEmpty();
      client.pushImageCmd(name + ":1").start().awaitCompletion();
      write("tagged.yaml", pod(name + ":1@" + first));
      assertThat(findings(check(Images.of(engine, true)), "image/tag-drift"))
          .containsExactly("tagged.yaml:7:7 image/tag-drift pinned");
    }
  }

  private static String pod(String image) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: IMAGE
        """
        .replace("IMAGE", image);
  }

  @Test
  void withoutAnEngineTheRestIsUnharmed() throws Exception {
    write("Dockerfile", "FROM fabrique-test/base:1\nUSER root\n");
    DockerEngine nobody =
        new DockerEngine(
            Map.of("DOCKER_HOST", "unix://" + root.resolve("none.sock")),
            root,
            Duration.ofMillis(500));
    Images images = Images.of(nobody, true);
    Report with = check(images);
    Report without = check(Images.none());
    assertThat(images.trouble()).isNotNull();
    assertThat(findings(with, ".*")).isEqualTo(findings(without, ".*"));
    assertThat(with.notChecked()).isEqualTo(without.notChecked());
  }
}
