package fr.gouv.social.fabrique.project;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.project.ImageReference.Invalid;
import fr.gouv.social.fabrique.project.ImageReference.Part;
import fr.gouv.social.fabrique.project.ImageReference.Reason;
import fr.gouv.social.fabrique.project.ImageReference.Valid;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ImageReferenceTest {
  private static final String SHA =
      "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  /** registry, path, tag and digest; {@code -} for absent, {@code ?} for unknown. */
  private static String parts(String text) {
    ImageReference reference = reference(text);
    return String.join(
        " ",
        show(reference.registry()),
        show(reference.path()),
        show(reference.tag()),
        show(reference.digest()));
  }

  private static String show(Part part) {
    return part.isAbsent() ? "-" : part.isUnknown() ? "?" : part.value();
  }

  private static ImageReference reference(String text) {
    assertThat(ImageReference.parse(text)).as(text).isInstanceOf(Valid.class);
    return ((Valid) ImageReference.parse(text)).reference();
  }

  private static Reason reason(String text) {
    assertThat(ImageReference.parse(text)).as(text).isInstanceOf(Invalid.class);
    return ((Invalid) ImageReference.parse(text)).reason();
  }

  @Test
  void fillsInWhatDockerFillsIn() {
    assertThat(parts("node")).isEqualTo("docker.io library/node - -");
    assertThat(parts("node:16-alpine")).isEqualTo("docker.io library/node 16-alpine -");
    assertThat(parts("docker.io/node")).isEqualTo("docker.io library/node - -");
    assertThat(parts("index.docker.io/library/node:1")).isEqualTo("docker.io library/node 1 -");
    assertThat(parts("hasura/graphql-engine:v2.36.0"))
        .isEqualTo("docker.io hasura/graphql-engine v2.36.0 -");
  }

  @Test
  void tellsARegistryFromAPath() {
    assertThat(parts("ghcr.io/socialgouv/docker/nginx:8.3.6"))
        .isEqualTo("ghcr.io socialgouv/docker/nginx 8.3.6 -");
    assertThat(parts("localhost/app")).isEqualTo("localhost app - -");
    assertThat(parts("localhost:5000/app:1")).isEqualTo("localhost:5000 app 1 -");
    assertThat(parts("Registry/app")).isEqualTo("Registry app - -");
    assertThat(parts("[2001:db8::1]:5000/app")).isEqualTo("[2001:db8::1]:5000 app - -");
    assertThat(parts("app:5000")).isEqualTo("docker.io library/app 5000 -");
    assertThat(parts("ghcr.io/nginx")).isEqualTo("ghcr.io nginx - -");
  }

  @Test
  void takesDigests() {
    assertThat(parts("node@" + SHA)).isEqualTo("docker.io library/node - " + SHA);
    assertThat(parts("a.b:1/node:20@" + SHA)).isEqualTo("a.b:1 node 20 " + SHA);
    assertThat(reason("node@sha256:abc")).isEqualTo(Reason.DIGEST);
    assertThat(reason("node@md5:0123456789abcdef0123456789abcdef")).isEqualTo(Reason.DIGEST);
    assertThat(reason("node@" + SHA.replace('a', 'A'))).isEqualTo(Reason.DIGEST);
    assertThat(reason("node@")).isEqualTo(Reason.DIGEST);
  }

  @Test
  void saysWhyATextIsNoReference() {
    assertThat(reason("")).isEqualTo(Reason.EMPTY);
    assertThat(reason("Node")).isEqualTo(Reason.UPPERCASE);
    assertThat(reason("ghcr.io/SocialGouv/app")).isEqualTo(Reason.UPPERCASE);
    assertThat(reason("node:")).isEqualTo(Reason.TAG);
    assertThat(reason("node:-1")).isEqualTo(Reason.TAG);
    assertThat(reason("node:" + "a".repeat(129))).isEqualTo(Reason.TAG);
    assertThat(reason("-node")).isEqualTo(Reason.PATH);
    assertThat(reason("a//b")).isEqualTo(Reason.PATH);
    assertThat(reason("a___b")).isEqualTo(Reason.PATH);
    assertThat(reason("node 16")).isEqualTo(Reason.PATH);
    assertThat(reason("a.b:x/node")).isEqualTo(Reason.REGISTRY);
    assertThat(reason("https://ghcr.io/a")).isEqualTo(Reason.REGISTRY);
    assertThat(reason("a".repeat(256))).isEqualTo(Reason.TOO_LONG);
    assertThat(reason(SHA.substring("sha256:".length()))).isEqualTo(Reason.IDENTIFIER);
  }

  @Test
  void doesNotGuessBehindVariables() {
    assertThat(parts("${IMAGE}")).isEqualTo("? ? ? ?");
    assertThat(parts("node:${TAG}")).isEqualTo("docker.io library/node ? ?");
    assertThat(parts("node:$TAG")).isEqualTo("docker.io library/node ? ?");
    assertThat(parts("node:${V:-16}-alpine")).isEqualTo("docker.io library/node ? ?");
    assertThat(parts("${REGISTRY}/app:1")).isEqualTo("? ? 1 -");
    assertThat(parts("${REGISTRY}app:1")).isEqualTo("? ? 1 -");
    assertThat(parts("app:1${X}")).isEqualTo("docker.io library/app ? ?");
    assertThat(parts("${REGISTRY:-ghcr.io/a:1}/app")).isEqualTo("? ? - -");
    assertThat(parts("ghcr.io/${OWNER}/app:1")).isEqualTo("ghcr.io ? 1 -");
    assertThat(parts("ghcr.io/socialgouv/app${SUFFIX}")).isEqualTo("ghcr.io ? ? ?");
    assertThat(parts("{{ .Values.image }}:{{ .Values.tag | default \"1\" }}")).isEqualTo("? ? ? ?");
    assertThat(parts("node:${A:-${B:-16}}@" + SHA)).isEqualTo("docker.io library/node ? " + SHA);
    assertThat(parts("node:${TAG")).isEqualTo("docker.io library/node ? ?");
  }

  @Test
  void knowsWhereThePartsStand() {
    ImageReference reference = reference("ghcr.io/a/b:1.2@" + SHA);
    assertThat(cut(reference, reference.registry())).isEqualTo("ghcr.io");
    assertThat(cut(reference, reference.path())).isEqualTo("a/b");
    assertThat(cut(reference, reference.tag())).isEqualTo("1.2");
    assertThat(cut(reference, reference.digest())).isEqualTo(SHA);
    assertThat(cut(reference("node"), reference("node").registry())).isEmpty();
    assertThat(cut(reference("node"), reference("node").path())).isEqualTo("node");
  }

  private static String cut(ImageReference reference, Part part) {
    return reference.text().substring(part.start(), part.end());
  }

  @Test
  void writesNamesAsPeopleDo() {
    assertThat(reference("docker.io/library/node:1").familiarName()).isEqualTo("node");
    assertThat(reference("docker.io/a/b").familiarName()).isEqualTo("a/b");
    assertThat(reference("ghcr.io/a/b").familiarName()).isEqualTo("ghcr.io/a/b");
    assertThat(reference("${X}/b").familiarName()).isNull();
    assertThat(reference("node").isInOfficialNamespace()).isTrue();
    assertThat(reference("ghcr.io/library/node").isInOfficialNamespace()).isFalse();
  }

  @Property(tries = 300, seed = "20261123")
  void normalisationIsStable(@ForAll("references") String text) {
    ImageReference once = reference(text);
    String full =
        once.registry().value()
            + "/"
            + once.path().value()
            + (once.tag().isKnown() ? ":" + once.tag().value() : "")
            + (once.digest().isKnown() ? "@" + once.digest().value() : "");
    assertThat(parts(full)).isEqualTo(parts(text));
  }

  @Property(tries = 5000, seed = "20261123")
  void neverThrowsAndKeepsItsOffsets(@ForAll("noise") String text) {
    if (ImageReference.parse(text) instanceof Valid valid) {
      ImageReference reference = valid.reference();
      for (Part part :
          List.of(reference.registry(), reference.path(), reference.tag(), reference.digest())) {
        assertThat(part.start()).isBetween(0, part.end());
        assertThat(part.end()).isLessThanOrEqualTo(text.length());
      }
    }
  }

  @Test
  void aSlashBehindTheDigestSignEndsNoRegistry() {
    assertThat(ImageReference.parse("B@{{}}/")).isInstanceOf(ImageReference.Parsed.class);
    assertThat(ImageReference.orNull("a@b/c")).isNull();
  }

  @Test
  void takesVeryLongTexts() {
    for (String piece : List.of("a-", "a.", "${", "$a", "a/", "{{", ":a", "@a", "a+")) {
      ImageReference.parse(piece.repeat(50_000));
      ImageReference.parse("a@" + piece.repeat(50_000));
      ImageReference.parse("a." + piece.repeat(50_000) + "/a");
    }
  }

  @Provide
  Arbitrary<String> noise() {
    return Arbitraries.of(
            "a",
            "B",
            "1",
            ".",
            "/",
            ":",
            "@",
            "-",
            "_",
            "$",
            "{",
            "}",
            "{{",
            "}}",
            "${X}",
            "$X",
            SHA,
            "é",
            " ",
            "\0",
            "localhost",
            "sha256:")
        .list()
        .ofMaxSize(12)
        .map(pieces -> String.join("", pieces));
  }

  @Provide
  Arbitrary<String> references() {
    Arbitrary<String> component =
        Arbitraries.of("a", "node", "my-app", "a.b", "a__b", "x1", "a--b", "library");
    Arbitrary<String> registry =
        Arbitraries.of("", "docker.io/", "ghcr.io/", "localhost:5000/", "Reg/");
    Arbitrary<String> tag = Arbitraries.of("", ":1", ":latest", ":v1.2_3-x", ":_A.");
    Arbitrary<String> digest = Arbitraries.of("", "@" + SHA);
    return Combinators.combine(registry, component.list().ofMinSize(1).ofMaxSize(4), tag, digest)
        .as((host, path, label, hash) -> host + String.join("/", path) + label + hash);
  }
}
