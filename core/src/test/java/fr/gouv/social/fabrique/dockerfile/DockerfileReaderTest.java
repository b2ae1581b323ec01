package fr.gouv.social.fabrique.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileReaderTest {

  static Dockerfile read(String text) {
    return DockerfileReader.read(SourceFile.of("Dockerfile", text));
  }

  /** The last instruction, as a type. */
  private static <I extends Instruction> I last(Dockerfile dockerfile, Class<I> type) {
    List<Instruction> all = dockerfile.instructions();
    return type.cast(all.get(all.size() - 1));
  }

  private static String at(Located place) {
    return place.span().line() + ":" + place.span().column() + " " + place.span().text();
  }

  private static List<String> problems(String text) {
    return read(text).problems().stream()
        .map(problem -> problem.kind() + " " + at(problem))
        .toList();
  }

  @Test
  void aContinuationSkipsCommentsAndBlankLines() {
    Dockerfile dockerfile =
        read("FROM a\nRUN one && \\\n  # why\n\n   two \\  \n\t three\\\r\n four\r\n# next\n");
    Instruction.Run run = last(dockerfile, Instruction.Run.class);
    assertThat(run.command().text().text()).isEqualTo("one &&    two \t three four");
    assertThat(run.span().text()).endsWith("three\\\r\n four");
    int two = run.command().text().text().indexOf("two");
    assertThat(at(run.command().text().span(two, two + 3))).isEqualTo("5:4 two");
    assertThat(run.statement().emptyLines()).hasSize(1);
    assertThat(run.statement().emptyLines().get(0).line()).isEqualTo(4);
    assertThat(dockerfile.comments()).extracting(Comment::text).containsExactly("# why", "next");
    assertThat(run.comments()).isEmpty();
  }

  @Test
  void twoEscapesAtTheEndAreNoContinuation() {
    assertThat(read("FROM a\nRUN b\\\\\nRUN c\n").instructions()).hasSize(3);
  }

  @Test
  void aBacktickMayBeTheEscape() {
    Dockerfile dockerfile = read("# escape=`\nFROM a\nCOPY x `\n  c:\\b\\\nRUN y\n");
    assertThat(dockerfile.escape()).isEqualTo('`');
    assertThat(dockerfile.instructions()).hasSize(3);
    Instruction.Copy copy = (Instruction.Copy) dockerfile.instructions().get(1);
    assertThat(copy.destination()).hasToString("c:\\b\\");
    assertThat(at(copy.destination())).isEqualTo("4:3 c:\\b\\");
  }

  @Test
  void directivesEndAtTheFirstOtherLine() {
    Dockerfile dockerfile =
        read(
            "# syntax = docker/dockerfile:1 \n#CHECK=skip=A,B;error=true so\n\n# escape=`\nFROM a\n");
    assertThat(dockerfile.directives())
        .extracting(directive -> directive.kind() + " " + at(directive.value().span()))
        .containsExactly("SYNTAX 1:12 docker/dockerfile:1", "CHECK 2:8 skip=A,B;error=true so");
    assertThat(dockerfile.escape()).isEqualTo('\\');
    assertThat(dockerfile.checkOptions().skips("B")).isTrue();
    assertThat(dockerfile.checkOptions().error()).isTrue();
    assertThat(dockerfile.comments()).extracting(Comment::text).containsExactly("escape=`");
  }

  @Test
  void anInstructionMaySkipChecks() {
    Dockerfile dockerfile = read("# first\n# check=skip=JSONArgsRecommended why\nFROM a\nRUN b\n");
    CheckOptions options = dockerfile.instructions().get(0).checkOptions();
    assertThat(options).isNotNull();
    assertThat(options.skip()).containsExactly("JSONArgsRecommended");
    assertThat(dockerfile.instructions().get(1).checkOptions()).isNull();
  }

  @Test
  void commentsBelongToTheInstructionBelowUnlessABareOneSeparatesThem() {
    Dockerfile dockerfile = read("# a\n#\n# b\n\n# c\nFROM a\n");
    assertThat(dockerfile.instructions().get(0).comments())
        .extracting(Comment::text)
        .containsExactly("b", "c");
  }

  @Test
  void flagsLoseQuotesAndEscapesButKeepTheirPlaces() {
    Dockerfile dockerfile =
        read("FROM a\nCOPY --from=b --chown=\"x y\":z \\\n  --link -- --odd /\n");
    Instruction.Copy copy = last(dockerfile, Instruction.Copy.class);
    assertThat(copy.flags()).extracting(Flag::name).containsExactly("from", "chown", "link");
    assertThat(copy.flags().get(1).text()).isEqualTo("x y:z");
    assertThat(at(copy.flags().get(1))).isEqualTo("2:15 --chown=\"x y\":z");
    assertThat(at(copy.flags().get(2))).isEqualTo("3:3 --link");
    assertThat(at(copy.from())).isEqualTo("2:13 b");
    assertThat(copy.sources()).extracting(Word::toString).containsExactly("--odd");
  }

  @Test
  void theExecFormIsDecodedAcrossLines() {
    Dockerfile dockerfile =
        read("FROM a\nCMD [ \"n\\u00f6de\" , \\\n  # c\n \"a\\\"b\", \"\\ud83d\\ude00\"]\n");
    Instruction.Cmd cmd = last(dockerfile, Instruction.Cmd.class);
    assertThat(cmd.command().strings()).containsExactly("nöde", "a\"b", "😀");
    assertThat(cmd.command().words())
        .extracting(DockerfileReaderTest::at)
        .containsExactly("2:7 \"n\\u00f6de\"", "4:2 \"a\\\"b\"", "4:10 \"\\ud83d\\ude00\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"['a']", "[\"a\",]", "[\"a\"] b", "[\"a\"", "[\"\t\"]", "[\"\\x\"]"})
  void whatIsNoJsonIsForTheShell(String arguments) {
    Dockerfile dockerfile = read("FROM a\nCMD " + arguments + "\n");
    CommandLine command = last(dockerfile, Instruction.Cmd.class).command();
    assertThat(command.isExec()).isFalse();
    assertThat(command.isBrokenExec()).isTrue();
    assertThat(command.text().text()).isEqualTo(arguments);
    assertThat(dockerfile.problems()).isEmpty();
  }

  @Test
  void environmentWordsKeepTheirQuotes() {
    Dockerfile dockerfile = read("FROM a\nENV A=\"b c\" D=e\\ f \\\n  G='h'\nENV I  j k\n");
    Instruction.Env modern = (Instruction.Env) dockerfile.instructions().get(1);
    assertThat(modern.legacy()).isFalse();
    assertThat(modern.assignments())
        .extracting(DockerfileReaderTest::at)
        .containsExactly("2:5 A=\"b c\"", "2:13 D=e\\ f", "3:3 G='h'");
    Instruction.Env legacy = last(dockerfile, Instruction.Env.class);
    assertThat(legacy.legacy()).isTrue();
    assertThat(legacy.assignments().get(0).value()).hasToString("j k");
  }

  @Test
  void aLoneHeredocIsTheScript() {
    Dockerfile dockerfile =
        read("FROM a\nRUN --network=none <<-\"E F\"\n\tset -e\n\t\ttwo $X\n\tE F\nUSER b\n");
    Instruction.Run run = (Instruction.Run) dockerfile.instructions().get(1);
    Heredoc heredoc = run.heredocs().get(0);
    assertThat(heredoc.name()).isEqualTo("E F");
    assertThat(heredoc.expand()).isFalse();
    assertThat(heredoc.stripTabs()).isTrue();
    assertThat(run.script().text()).isEqualTo("set -e\ntwo $X\n");
    assertThat(at(run.script().span(7, 10))).isEqualTo("4:3 two");
    assertThat(at(heredoc)).isEqualTo("2:20 <<-\"E F\"");
    assertThat(run.span().endLine()).isEqualTo(5);
    assertThat(dockerfile.instructions()).hasSize(3);
  }

  @Test
  void aHeredocForACommandStaysWithIt() {
    Dockerfile dockerfile =
        read("FROM a\nRUN <<EOF python3 && \\\n  3<<Y x\nprint(1)\nEOF\nz\nY\n");
    Instruction.Run run = last(dockerfile, Instruction.Run.class);
    assertThat(run.scriptHeredoc()).isNull();
    assertThat(run.heredocs()).extracting(Heredoc::fileDescriptor).containsExactly(0, 3);
    assertThat(run.script().text()).isEqualTo("<<EOF python3 &&   3<<Y x\nprint(1)\nEOF\nz\nY");
    int print = run.script().text().indexOf("print");
    assertThat(at(run.script().span(print, print + 5))).isEqualTo("4:1 print");
  }

  @Test
  void aShebangNamesTheInterpreter() {
    Instruction.Run run =
        last(read("FROM a\nRUN <<E\n#!/usr/bin/env python3\nx\nE\n"), Instruction.Run.class);
    assertThat(run.shebang()).hasToString("/usr/bin/env python3");
  }

  @Test
  void severalHeredocsMayBeCopied() {
    Dockerfile dockerfile =
        read("FROM a\nCOPY <<one.txt <<'two.txt' three /d/\n1\none.txt\n2 $X\ntwo.txt\n");
    Instruction.Copy copy = last(dockerfile, Instruction.Copy.class);
    assertThat(copy.sources()).hasSize(3);
    assertThat(copy.paths()).extracting(Word::toString).containsExactly("three");
    assertThat(copy.heredoc(copy.sources().get(1)).content().text()).isEqualTo("2 $X\n");
    assertThat(copy.heredoc(copy.sources().get(1)).expand()).isFalse();
    assertThat(dockerfile.problems()).isEmpty();
  }

  @Test
  void aTriggerMayHaveHeredocs() {
    Dockerfile dockerfile = read("FROM a\nONBUILD RUN <<E\nx\nE\nUSER b\n");
    Instruction.OnBuild onBuild = (Instruction.OnBuild) dockerfile.instructions().get(1);
    Instruction.Run run = (Instruction.Run) onBuild.trigger();
    assertThat(run.script().text()).isEqualTo("x\n");
    assertThat(at(run)).isEqualTo("2:9 RUN <<E\nx\nE");
    assertThat(dockerfile.problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RUN a <<< b",
        "RUN \"<<X\" c",
        "RUN [\"a\", \"<<X\"]",
        "CMD <<X",
        "RUN echo 'a <<X",
        "RUN a \\<<X",
        "RUN a << \"\""
      })
  void notEverythingIsAHeredoc(String instruction) {
    assertThat(read("FROM a\n" + instruction + "\nUSER b\n").instructions()).hasSize(3);
  }

  @Test
  void afterAHeredocWithoutEndTheNextInstructionIsFound() {
    Dockerfile dockerfile = read("FROM a\nRUN <<EOF\napt update\n EOF\nCOPY . .\nUSER b\n");
    assertThat(dockerfile.problems())
        .extracting(problem -> problem.kind() + " " + at(problem))
        .containsExactly("UNTERMINATED_HEREDOC 2:5 <<EOF");
    assertThat(dockerfile.instructions()).hasSize(4);
  }

  @Test
  void whiteSpaceOfDirectivesIsThatOfGo() {
    assertThat(problems("#escape=\t\nFROM a\n")).containsExactly("INVALID_ESCAPE 1:9 \t");
    assertThat(problems("#escape=`\u00a0\nFROM a\n")).containsExactly("INVALID_ESCAPE 1:9 `\u00a0");
    assertThat(read("# escape =\t` \r\nFROM a\n").escape()).isEqualTo('`');
    assertThat(read("#syntax=\nFROM a\n").directives()).isEmpty();
  }

  @Test
  void mountsAreOneLineOfCsv() {
    Dockerfile dockerfile =
        read("FROM a\nRUN --mount=type=secret,id=npm,required,\\\ndst=/x,\"src=a,b\" c\n");
    RunMount mount = last(dockerfile, Instruction.Run.class).mounts().get(0);
    assertThat(mount.type()).isEqualTo("secret");
    assertThat(at(mount.target())).isEqualTo("3:5 /x");
    assertThat(mount.isRequired()).isTrue();
    assertThat(mount.isReadOnly()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RUN --mount=type=cash,target=/c a | INVALID_MOUNT 2:13 type=cash",
        "RUN --mount=type=bind,target=/c,mode=0755 a | INVALID_MOUNT",
        "RUN --mount=type=secret,id=a,source=b a | INVALID_MOUNT",
        "RUN --mount=from=$X,target=/c a | VARIABLE_IN_FROM",
        "RUN --network=hosts a | INVALID_FLAG_VALUE",
        "COPY --form=b c d | UNKNOWN_FLAG",
        "COPY --link= c d | FLAG_WITHOUT_VALUE",
        "COPY --link=maybe c d | FLAG_NOT_BOOLEAN",
        "COPY --from=a --from=b c d | DUPLICATE_FLAG",
        "COPY --from=$B c d | VARIABLE_IN_FROM",
        "COPY --from=7 c d | INVALID_STAGE_INDEX",
        "COPY --from=0 c d | STAGE_NOT_BEFORE",
        "COPY a | MISSING_DESTINATION",
        "HEALTHCHECK NONE x | HEALTHCHECK_NONE_ARGUMENTS",
        "HEALTHCHECK curl x | HEALTHCHECK_TYPE",
        "HEALTHCHECK --interval=5 CMD x | INVALID_FLAG_VALUE",
        "SHELL bash -c | SHELL_NOT_JSON",
        "CMD [1] | JSON_NOT_STRINGS",
        "ENV A | MISSING_VALUE",
        "ENV A=b c | MISSING_EQUALS",
        "ENV =b | BLANK_NAME",
        "ONBUILD ONBUILD RUN a | FORBIDDEN_TRIGGER",
        "EXPOSE 70000 | INVALID_PORT",
        "EXPOSE 90-80 | INVALID_PORT",
        "EXPOSE 80/http | INVALID_PORT",
        "STOPSIGNAL SIGFOO | INVALID_SIGNAL",
        "USER ${X | INVALID_SUBSTITUTION",
        "USR a | UNKNOWN_INSTRUCTION",
        "FROM a b | FROM_ARGUMENTS",
        "FROM --platform=arm64v8 a | INVALID_FLAG_VALUE 2:17 arm64v8",
        "COPY --chmod=rwx a b | INVALID_FLAG_VALUE 2:14 rwx",
        "COPY https://a.example/b c | REMOTE_COPY 2:6 https://a.example/b",
        "ADD --checksum=sha256:0 a b | CHECKSUM_WITHOUT_DOWNLOAD 2:5 --checksum=sha256:0",
        "ADD --checksum=sha256:0 https://a.example/b c | INVALID_FLAG_VALUE 2:16 sha256:0",
        "VOLUME $NONE | EMPTY_VOLUME 2:8 $NONE",
        "RUN --mount=type=cache a | INVALID_MOUNT 2:13 type=cache",
        "RUN --mount=type=bind,target=/a/../.. a | INVALID_MOUNT 2:23 target=/a/../..",
        "RUN --mount=type=ssh,source=a a | INVALID_MOUNT 2:22 source=a",
        "FROM a AS 1b | INVALID_STAGE_NAME",
      })
  void whatBuildKitRefuses(String instruction, String problem) {
    List<String> found = problems("FROM scratch\n" + instruction + "\n");
    assertThat(found).hasSize(1);
    assertThat(found.get(0)).startsWith(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RUN --mount=type=$T,target=/c a",
        "EXPOSE $PORT 80 443/udp 8000-8010/TCP 127.0.0.1:80:80 [::1]:80:80",
        "STOPSIGNAL 9",
        "STOPSIGNAL SIGRTMIN+3",
        "HEALTHCHECK --interval=1m30s --retries=3 CMD [\"a\"]",
        "COPY --link=FALSE a b",
        "RUN --security=insecure --network=none x",
        "ARG --odd x",
        "ADD --keep-git-dir --unpack=true a b",
        "ADD --checksum=24454f830cdb571e2c4ad15481119c43b3cafd48 https://a.example/b.git c",
        "ADD --checksum=$SUM https://a.example/b c",
        "COPY --chmod=u=rwX,go-w a b",
        "COPY --chmod=$MODE $SOURCE b",
        "COPY a.git b",
        "VOLUME $DATA",
        "RUN --mount=target=. make",
        "FROM --platform=windows(10.0.20348)/amd64 b",
        "LABEL a.b=\"c d\" e=f"
      })
  void whatBuildKitAccepts(String instruction) {
    assertThat(problems("FROM a\n" + instruction + "\n")).isEmpty();
  }

  @Test
  void filesWithoutStagesAreRefused() {
    assertThat(problems("")).containsExactly("NO_INSTRUCTION 1:1 ");
    assertThat(problems("# only\n")).containsExactly("NO_INSTRUCTION 1:1 ");
    assertThat(problems("ARG A=1\n")).containsExactly("NO_STAGE 1:1 ");
    assertThat(problems("ARG A=1\nRUN a\nFROM b\n")).containsExactly("BEFORE_FROM 2:1 RUN");
  }

  @Test
  void aLineMayNotBeTooLong() {
    assertThat(problems("FROM a\nRUN " + "x".repeat(65_531) + "\n")).isEmpty();
    assertThat(read("FROM a\nRUN " + "x".repeat(65_532) + "\n").problems())
        .extracting(DockerfileProblem::kind)
        .containsExactly(DockerfileProblem.Kind.LINE_TOO_LONG);
  }
}
