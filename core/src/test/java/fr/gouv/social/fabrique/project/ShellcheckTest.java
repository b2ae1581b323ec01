package fr.gouv.social.fabrique.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fr.gouv.social.fabrique.source.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellcheckTest {
  private static List<StageScript> scripts(String dockerfile) {
    SourceTree tree = SourceTree.of(Map.of("Dockerfile", dockerfile));
    return ProjectReader.read(tree).subjects(StageScript.class);
  }

  private static List<String> remarks(String dockerfile) {
    Shellcheck program = Shellcheck.find(System.getenv().getOrDefault("PATH", ""));
    assumeTrue(program != null, "shellcheck is not here");
    Shellcheck.Result result = Objects.requireNonNull(program).check(scripts(dockerfile));
    assertThat(result.unread()).isEmpty();
    return result.remarks().stream()
        .map(
            each ->
                each.span().line()
                    + ":"
                    + each.span().column()
                    + " SC"
                    + each.code()
                    + " "
                    + each.span().text())
        .toList();
  }

  @Test
  void placesAreThoseOfTheDockerfile() {
    assertThat(
            remarks(
                "FROM debian:13\r\nRUN a && \\\r\n  # comment\r\n\r\n  echo \"é😀\" $b \\\r\n  $c\r\n"
                    + "RUN <<-EOF\n\techo $d\n\tEOF\nONBUILD RUN echo $e\n"
                    + "RUN <<EOF bash -e\necho ${f[0]}\nEOF\n"))
        .contains("5:14 SC2086 $b", "6:3 SC2086 $c", "8:7 SC2086 $d", "10:18 SC2086 $e")
        .contains("12:6 SC2086 ${f[0]}")
        .doesNotContain("8:7 SC3054 ${f[0]}");
  }

  @Test
  void manyScriptsAreReadByFewProcesses() {
    StringBuilder text = new StringBuilder("FROM debian:13\n");
    for (int i = 0; i < 250; i++) {
      text.append("RUN echo $x").append(i).append('\n');
    }
    assertThat(remarks(text.toString()).stream().filter(each -> each.contains("SC2086")))
        .hasSize(250)
        .contains("251:10 SC2086 $x249");
  }

  @Test
  void whatDoesNotWorkIsNotFoundAndWhatFailsIsSaid(@TempDir Path folder) throws IOException {
    assertThat(Shellcheck.find(folder.toString())).isNull();
    assertThat(Shellcheck.find("")).isNull();
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path program = folder.resolve("shellcheck");
    Files.writeString(program, "#!/bin/sh\nexit 4\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(Shellcheck.find(folder.toString())).isNull();
    Files.writeString(
        program, "#!/bin/sh\n[ \"$1\" = --version ] && echo 'version: 0.10.0' || exit 4\n");
    Shellcheck found = Objects.requireNonNull(Shellcheck.find(folder.toString()));
    assertThat(found.knowsBusybox()).isTrue();
    Shellcheck.Result result = found.check(scripts("FROM debian:13\nRUN echo $x\nCMD [\"a\"]\n"));
    assertThat(result.remarks()).isEmpty();
    assertThat(result.unread())
        .extracting(each -> each.path() + ":" + each.line() + " " + each.reason().en())
        .containsExactly("Dockerfile:2 shellcheck could not read this script");
  }
}
