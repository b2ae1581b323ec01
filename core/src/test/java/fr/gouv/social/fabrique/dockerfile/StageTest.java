package fr.gouv.social.fabrique.dockerfile;

import static fr.gouv.social.fabrique.dockerfile.DockerfileReaderTest.read;
import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Setting.Origin;
import fr.gouv.social.fabrique.source.SourceFile;
import org.junit.jupiter.api.Test;

class StageTest {

  private static Stage last(String text) {
    Stage stage = read(text).finalStage();
    assertThat(stage).isNotNull();
    return stage;
  }

  private static String known(Setting<?> setting) {
    return setting.origin() + " " + setting.value();
  }

  @Test
  void theBaseImageIsKnownWhereArgumentsHaveDefaults() {
    String text = "ARG REGISTRY=ghcr.io\nARG TAG\nFROM ";
    assertThat(known(last(text + "alpine:3.20").baseImage())).isEqualTo("EXPLICIT alpine:3.20");
    assertThat(known(last(text + "${REGISTRY}/a:1").baseImage())).isEqualTo("DEFAULT ghcr.io/a:1");
    assertThat(known(last(text + "a:${TAG:-2}").baseImage())).isEqualTo("DEFAULT a:2");
    assertThat(last(text + "a:$TAG").baseImage().isUnknown()).isTrue();
    assertThat(last(text + "a-$TARGETARCH").baseImage().isUnknown()).isTrue();
  }

  @Test
  void whatAStageDoesNotSayComesFromItsBase() {
    Stage stage =
        last(
            "FROM node:22 AS Base\nUSER node\nWORKDIR /app\nSHELL [\"bash\", \"-c\"]\nEXPOSE 80\n"
                + "FROM base\nWORKDIR src\n");
    assertThat(stage.base()).isNotNull();
    assertThat(known(stage.effectiveUser())).isEqualTo("INHERITED node");
    assertThat(known(stage.effectiveWorkdir())).isEqualTo("EXPLICIT /app/src");
    assertThat(known(stage.effectiveShell())).isEqualTo("INHERITED [bash, -c]");
    assertThat(stage.exposedPorts().get(0).value().first()).isEqualTo(80);
    assertThat(known(stage.rootImage())).isEqualTo("INHERITED node:22");
  }

  @Test
  void namesInFromAreComparedAsWritten() {
    assertThat(last("FROM a AS b\nFROM B\n").base()).isNull();
    assertThat(last("FROM a AS B\nFROM b\n").base()).isNotNull();
    assertThat(last("FROM a AS b\nFROM c\nCOPY --from=B x y\n").sources().get(0).stage())
        .isNotNull();
  }

  @Test
  void whatNobodyWroteIsAbsent() {
    Stage stage = last("FROM a\nRUN b\n");
    assertThat(stage.effectiveUser().isSet()).isFalse();
    assertThat(stage.effectiveUser().isUnknown()).isFalse();
    assertThat(stage.effectiveWorkdir().value()).isNull();
    assertThat(known(stage.effectiveShell())).isEqualTo("DEFAULT [/bin/sh, -c]");
    assertThat(known(last("FROM scratch\nCOPY a /\n").effectiveUser())).isEqualTo("DEFAULT root");
  }

  @Test
  void aUserMayBeUnknown() {
    assertThat(known(last("FROM a\nARG U=app\nUSER ${U}:g\n").effectiveUser()))
        .isEqualTo("EXPLICIT app:g");
    assertThat(last("FROM a\nARG U\nUSER $U\n").effectiveUser().isUnknown()).isTrue();
    assertThat(last("FROM a\nUSER $U\n").effectiveUser().isUnknown()).isTrue();
    assertThat(known(last("FROM scratch\nUSER x$U\n").effectiveUser())).isEqualTo("EXPLICIT x");
  }

  @Test
  void argumentsBeforeFromHaveToBeDeclaredAgain() {
    Stage stage = last("ARG V=1\nFROM a\nARG V\nARG W=2 X=$W$V\nENV Y=$X Z=$Y\n");
    assertThat(known(stage.scope().get("V"))).isEqualTo("DEFAULT 1");
    assertThat(known(stage.scope().get("X"))).isEqualTo("DEFAULT 21");
    assertThat(known(stage.scope().get("Y"))).isEqualTo("EXPLICIT 21");
    assertThat(stage.scope().get("Z").origin()).isEqualTo(Origin.UNKNOWN);
    assertThat(last("ARG V=1\nFROM a\nRUN b\n").scope().get("V")).isNull();
    Instruction env = stage.instructions().get(2);
    assertThat(stage.scopeBefore(env).get("Y")).isNull();
    assertThat(stage.scopeBefore(env).get("X")).isNotNull();
  }

  @Test
  void expansionTellsWhatItLacks() {
    Scope scope = last("FROM a\nARG A\nARG B=b\n").scope();
    Expansion expansion = Expansion.of("${B}-${A:-x}-${A}-${C:-d}", '\\', scope);
    assertThat(expansion.text()).isNull();
    assertThat(expansion.missing()).containsExactly("A", "C");
    assertThat(expansion.used()).containsExactly("B");
    assertThat(expansion.unset()).containsExactly("A", "C");
    assertThat(Expansion.of("${B}-${A:-x}", '\\', scope).text()).isEqualTo("b-x");
    Expansion.Reference first = expansion.references().get(0);
    assertThat(first.from()).isEqualTo(0);
    assertThat(first.to()).isEqualTo(4);
  }

  @Test
  void textThatDoublesItselfEndsUnknown() {
    String text = "FROM scratch\nENV A=xxxxxxxx\n" + "ENV A=$A$A\n".repeat(200);
    assertThat(last(text).scope().get("A").isUnknown()).isTrue();
    assertThat(Expansion.of("${A:-".repeat(50_000), '\\', Scope.empty()).text()).isNull();
    Scope scope = last("FROM scratch\nENV A=" + "a".repeat(30_000) + "\n").scope();
    assertThat(Expansion.of("${A##" + "*a".repeat(10_000) + "b}", '\\', scope).failure()).isNull();
  }

  @Test
  void anEntrypointDropsTheInheritedCommand() {
    String base = "FROM a AS b\nCMD [\"x\"]\nFROM b\n";
    assertThat(last(base).command().origin()).isEqualTo(Origin.INHERITED);
    assertThat(last(base + "ENTRYPOINT [\"y\"]\n").command().isSet()).isFalse();
    assertThat(last(base + "CMD [\"z\"]\nENTRYPOINT [\"y\"]\n").command().isSet()).isTrue();
  }

  @Test
  void triggersRunInTheStageUponThem() {
    Stage stage = last("FROM a AS b\nONBUILD USER app\nFROM b\n");
    assertThat(known(stage.effectiveUser())).isEqualTo("EXPLICIT app");
    assertThat(known(last("FROM a AS b\nONBUILD USER app\n").effectiveUser()))
        .isEqualTo("DEFAULT null");
  }

  @Test
  void theFinalImageIsMadeOfWhatItReaches() {
    Dockerfile dockerfile =
        read(
            "FROM a AS one\nFROM b AS two\nFROM c AS three\nFROM d AS four\n"
                + "COPY --from=0 x y\nFROM four\nRUN --mount=from=three,target=/t z\n");
    assertThat(dockerfile.builtFor(dockerfile.finalStage()))
        .extracting(Stage::index)
        .containsExactlyInAnyOrder(0, 2, 3, 4);
    assertThat(dockerfile.problems()).isEmpty();
  }

  @Test
  void ignoreFilesMatchAsDockerDoes() {
    DockerIgnore ignore =
        DockerIgnore.read(
            SourceFile.of(
                ".dockerignore",
                "# c\n/node_modules/\n**/*.md\n!README.md\n docs/** \nsecret[0-9]?\n!\n**.log\n"));
    assertThat(ignore.invalid()).hasSize(1);
    assertThat(ignore.invalid().get(0).line()).isEqualTo(7);
    assertThat(ignore.hasExceptions()).isTrue();
    assertThat(ignore.ignores("node_modules/a/b.js")).isTrue();
    assertThat(ignore.ignores("x/node_modules/b.js")).isFalse();
    assertThat(ignore.ignores("a/b/c.md")).isTrue();
    assertThat(ignore.ignores("README.md")).isFalse();
    assertThat(ignore.ignores("a/README.md")).isTrue();
    assertThat(ignore.ignores("docs/a/b")).isTrue();
    assertThat(ignore.ignores("docs")).isFalse();
    assertThat(ignore.ignores("secret1x")).isTrue();
    assertThat(ignore.ignores("secret12/x")).isTrue();
    assertThat(ignore.ignores("secretab")).isFalse();
    assertThat(ignore.ignores("a/x.log")).isTrue();
    assertThat(ignore.deciding("a/b.md").span().text()).isEqualTo("**/*.md");
    assertThat(DockerIgnore.candidates("app/Dockerfile", "app"))
        .containsExactly("app/Dockerfile.dockerignore", "app/.dockerignore");
  }
}
