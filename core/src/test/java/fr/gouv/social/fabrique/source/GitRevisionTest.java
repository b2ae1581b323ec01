package fr.gouv.social.fabrique.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitRevisionTest {
  @TempDir Path root;

  @BeforeEach
  void aRepository() throws Exception {
    boolean git;
    try {
      git = new ProcessBuilder("git", "--version").start().waitFor() == 0;
    } catch (IOException missing) {
      git = false;
    }
    assumeTrue(git, "git is not installed");
    git("init", "-q", "-b", "main");
    write("compose.yaml", "services: {web: {image: a}}\n");
    write("k8s/é a.yaml", "apiVersion: v1\nkind: Pod\n");
    write("ignored/Dockerfile", "FROM a\n");
    write(".gitignore", "ignored\n");
    Files.createSymbolicLink(root.resolve("k8s/link.yaml"), Path.of("../compose.yaml"));
    git("add", "-A", "-f");
    git("commit", "-qm", "first");
  }

  private void git(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=a", "-c", "user.email=a@example.org"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }

  @Test
  void theFilesAsTheyWere() throws Exception {
    write("compose.yaml", "services: {web: {image: b}}\n");
    write("k8s/new.yaml", "a: b\n");
    Files.delete(root.resolve("k8s/é a.yaml"));
    try (GitRevision revision = GitRevision.open(root, "HEAD")) {
      SourceTree tree = revision.tree();
      assertThat(tree.paths())
          .containsExactlyInAnyOrder(
              ".gitignore", "compose.yaml", "ignored/Dockerfile", "k8s/é a.yaml");
      assertThat(tree.entry("compose.yaml").file().text()).contains("image: a");
      assertThat(tree.entry("k8s/link.yaml").path()).isEqualTo("compose.yaml");
      assertThat(tree.entry("k8s/é a.yaml").kind()).isEqualTo(FileKind.KUBERNETES);
    }
  }

  @Test
  void aFolderOfTheRepositoryAndOneThatWasNotThere() throws Exception {
    write("later/a.yaml", "a: b\n");
    try (GitRevision revision = GitRevision.open(root.resolve("k8s"), "main")) {
      // As on the disk: a link that leads out is there, and broken.
      assertThat(revision.tree().paths()).containsExactly("link.yaml", "é a.yaml");
    }
    try (GitRevision revision = GitRevision.open(root.resolve("later"), "main")) {
      assertThat(revision.tree().paths()).isEmpty();
    }
  }

  /** What came on the other branch since is no change of this one. */
  @Test
  void whereTheHistoriesPart() throws Exception {
    git("checkout", "-qb", "topic");
    git("checkout", "-q", "main");
    write("compose.yaml", "services: {}\n");
    git("commit", "-qam", "second");
    git("checkout", "-q", "topic");
    try (GitRevision revision = GitRevision.open(root, "main")) {
      assertThat(revision.tree().entry("compose.yaml").file().text()).contains("image: a");
    }
  }

  @Test
  void noSuchRevision() {
    for (String wrong : List.of("nope", "--all", "", "HEAD:compose.yaml")) {
      assertThatThrownBy(() -> GitRevision.open(root, wrong))
          .isInstanceOfSatisfying(
              GitRevision.TroubleException.class,
              each -> assertThat(each.trouble()).isEqualTo(GitRevision.Trouble.UNKNOWN_REVISION));
    }
  }
}
