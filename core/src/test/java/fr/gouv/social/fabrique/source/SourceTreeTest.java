package fr.gouv.social.fabrique.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceTreeTest {
  @TempDir Path root;

  private void write(String path, String text) throws IOException {
    write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(String path, byte[] bytes) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static FileKind kind(String path, String text) {
    SourceEntry entry = SourceTree.of(Map.of(path, text)).entry(path);
    return entry.kind();
  }

  private static SourceTree tree(String... pathsAndTexts) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      texts.put(pathsAndTexts[i], pathsAndTexts[i + 1]);
    }
    return SourceTree.of(texts);
  }

  // --- kinds ---

  @ParameterizedTest
  @CsvSource({
    "Dockerfile, DOCKERFILE",
    "dockerfile, DOCKERFILE",
    "Containerfile, DOCKERFILE",
    "a/b/Dockerfile.prod, DOCKERFILE",
    "a/Dockerfile-worker, DOCKERFILE",
    "api.Dockerfile, DOCKERFILE",
    "api.dockerfile, DOCKERFILE",
    "build/Dockerfile, DOCKERFILE",
    "Dockerfile.md, OTHER",
    "Dockerfile.dockerignore, DOCKERIGNORE",
    ".dockerignore, DOCKERIGNORE",
    "Dockerfile.j2, OTHER",
    "dockerfiles.go, OTHER",
    "Dockerfile~, OTHER",
    ".env, ENV_FILE",
    ".env.production, ENV_FILE",
    "app.env, ENV_FILE",
    ".env.d.ts, OTHER",
    ".envrc, OTHER",
    "compose.yaml, COMPOSE",
    "docker-compose.prod.yml, COMPOSE",
    "docker-compose-dev.yml, COMPOSE",
    "compose.txt, OTHER",
    "x/Chart.yaml, HELM_CHART",
    "k/kustomization.yml, KUSTOMIZATION",
    "k/Kustomization, KUSTOMIZATION",
    "fabrique.yaml, FABRIQUE_CONFIG",
    ".kontinuous/values.yaml, KONTINUOUS",
    ".kontinuous/env/prod/values.yaml, KONTINUOUS",
    "other.yaml, YAML_OTHER",
    "package.json, OTHER",
    "main.go, OTHER",
  })
  void namesTell(String path, FileKind expected) {
    assertThat(kind(path, "")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apiVersion: v1\nkind: Pod\n",
        "# c\n---\nkind: Pod\nmetadata: {}\napiVersion: v1",
        "a: 1\n---\napiVersion: v1\nkind: Pod\n",
        "\"apiVersion\": v1\n'kind' : Pod\n",
        "  apiVersion: v1\n  kind: Pod\n",
        "{\"apiVersion\": \"v1\", \"items\": [{\"a\": \"}\"}], \"kind\": \"List\"}",
        "--- {apiVersion: v1, kind: Pod}\n",
        "%YAML 1.2\n---\napiVersion: v1\r\nkind: Pod\r\n",
        "apiVersion: v1\ndata:\n  x: |\n    {{ .Values.a }}\nkind: ConfigMap\n",
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  x: \"{{ $labels.pod }}\"\n",
        "apiVersion: v1\nkind: Pod\nspec:\n  image: app:{{ .tag }}\n",
      })
  void apiVersionAndKindMakeAManifest(String text) {
    assertThat(kind("a.yaml", text)).isEqualTo(FileKind.KUBERNETES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apiVersion: v1\n---\nkind: Pod\n",
        "x:\n  apiVersion: v1\n  kind: Pod\n",
        "# apiVersion: v1\n# kind: Pod\n",
        "x: |\n apiVersion: v1\n kind: Pod\n",
        "services:\n  _defaults:\n    autowire: true\n  App\\Foo:\n    class: Foo\n",
        "services:\n  - postgres\n  - name: x\n    image: y\n",
        "services:\n  web:\n    port: 1\n",
        "jobs:\n  a:\n    services:\n      db:\n        image: postgres\n",
        "name: ${{ x }}\nrun: echo {{ y }}\n",
        "- hosts: all\n  x: {{ y }}\n",
      })
  void otherYaml(String text) {
    assertThat(kind("a.yaml", text)).isEqualTo(FileKind.YAML_OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "services:\n  web:\n    image: nginx\n",
        "services: # here\n\n    web:\n        ports:\n        - 80:80\n        build: .\n",
        "x-a: &a\n  image: b\nservices:\n  web: {<<: *a, image: nginx}\n",
        "services: {web: {image: nginx}}\n",
        "{services: {web: {ports: [], build: .}}}\n",
        "---\nservices:\n  web:\n    <<: *x\n    extends: y\n",
      })
  void servicesMakeACompose(String text) {
    assertThat(kind("stack.yml", text)).isEqualTo(FileKind.COMPOSE);
  }

  @Test
  void jsonManifest() {
    assertThat(kind("a.json", "{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}"))
        .isEqualTo(FileKind.KUBERNETES);
    assertThat(kind("b.json", "{\"x\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}}"))
        .isEqualTo(FileKind.OTHER);
  }

  @Test
  void templatesOfAChartAreNotManifests() {
    SourceTree tree =
        tree(
            "chart/Chart.yaml", "name: x",
            "chart/templates/a.yaml", "apiVersion: v1\nkind: Pod\nx: \"{{ .Values.y }}\"\n",
            "chart/templates/b.yaml", "apiVersion: v1\nkind: Pod\n",
            "templates/c.yaml", "apiVersion: v1\nkind: Pod\nx: \"{{ .Values.y }}\"\n",
            "d.yaml", "{{- if .x }}\napiVersion: v1\nkind: Pod\n{{- end }}\n",
            ".kontinuous/env/dev/templates/e.yaml", "{{ include \"x\" . }}\n",
            ".kontinuous/templates/f.sealed-secret.yaml", "apiVersion: v1\nkind: SealedSecret\n");
    assertThat(tree.entries())
        .extracting(Object::toString)
        .containsExactly(
            ".kontinuous/env/dev/templates/e.yaml (HELM_TEMPLATE)",
            ".kontinuous/templates/f.sealed-secret.yaml (KUBERNETES)",
            "chart/Chart.yaml (HELM_CHART)",
            "chart/templates/a.yaml (HELM_TEMPLATE)",
            "chart/templates/b.yaml (KUBERNETES)",
            "d.yaml (HELM_TEMPLATE)",
            "templates/c.yaml (KUBERNETES)");
  }

  @Test
  void shapeOfAnythingIsTakenWithoutFailure() {
    String alphabet = "{}[]:,\"'\\#-|>&*! \n\tab{{";
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      if (random.nextBoolean()) {
        text.insert(0, "services:\n  a: ");
      }
      YamlShape.of(text.toString());
    }
    assertThat(YamlShape.of("[".repeat(200_000)).isManifest()).isFalse();
    assertThat(YamlShape.of("{a: ".repeat(200_000)).isManifest()).isFalse();
  }

  // --- what is there ---

  @Test
  void ignoredFilesAreNotThere() {
    SourceTree tree =
        tree(
            ".gitignore", "*.log\n/dist/\nkeep/*\n!keep/me.yaml\nout\n!out/Dockerfile\n",
            ".git/info/exclude", "secret.yaml\n*.tmp\n",
            ".git/config", "",
            "sub/.gitignore", "!important.log\nlocal\n",
            "a.log", "",
            "sub/important.log", "",
            "sub/local/x", "",
            "dist/a", "",
            "sub/dist/a", "",
            "keep/me.yaml", "",
            "keep/you.yaml", "",
            "out/Dockerfile", "",
            "secret.yaml", "",
            "b.tmp", "");
    assertThat(tree.paths())
        .containsExactly(
            ".gitignore", "keep/me.yaml", "sub/.gitignore", "sub/dist/a", "sub/important.log");
    assertThat(tree.skipped())
        .containsExactly(
            new SourceTree.Skipped("dist", SourceTree.Reason.IGNORED),
            new SourceTree.Skipped("out", SourceTree.Reason.IGNORED),
            new SourceTree.Skipped("sub/local", SourceTree.Reason.IGNORED));
  }

  @Test
  void generatedFoldersAreSkippedAndCommittedOnesAreNot() {
    SourceTree tree =
        tree(
            "node_modules/x/Dockerfile", "",
            "pom.xml", "",
            "target/classes/compose.yaml", "",
            "docs/target/compose.yaml", "",
            "package.json", "",
            "build/Dockerfile", "",
            "dist/Dockerfile", "",
            "rust/CACHEDIR.TAG", "",
            "rust/Dockerfile", "",
            "venv/pyvenv.cfg", "");
    assertThat(tree.paths())
        .containsExactly(
            "build/Dockerfile",
            "dist/Dockerfile",
            "docs/target/compose.yaml",
            "package.json",
            "pom.xml");
    assertThat(tree.skipped())
        .extracting(SourceTree.Skipped::path)
        .containsExactly("node_modules", "rust", "target", "venv");
  }

  @Test
  void whatIsNamedIsThereEvenIfIgnored() throws IOException {
    write(".gitignore", "build\nx.yaml\n");
    write("build/rendered/a.yaml", "apiVersion: v1\nkind: Pod\n");
    write("build/other/b.yaml", "");
    write("x.yaml", "");
    write("y.conf", "# base\nfrom alpine\n");
    write("z.conf", "a=b");
    SourceTree tree = SourceTree.walk(root, List.of("build/rendered", "y.conf", "z.conf"), 1000);
    assertThat(tree.entries())
        .extracting(Object::toString)
        .containsExactly(
            ".gitignore (OTHER)",
            "build/rendered/a.yaml (KUBERNETES)",
            "y.conf (DOCKERFILE)",
            "z.conf (OTHER)");
  }

  @Test
  void lookups() {
    SourceTree tree = tree("a/b/Dockerfile", "FROM x", "a-b/c", "");
    assertThat(tree.hasFolder("")).isTrue();
    assertThat(tree.hasFolder("a")).isTrue();
    assertThat(tree.hasFolder("a/b")).isTrue();
    assertThat(tree.hasFolder("a/b/Dockerfile")).isFalse();
    assertThat(tree.hasFolder("b")).isFalse();
    assertThat(tree.entry("a/b/Dockerfile").file().text()).isEqualTo("FROM x");
    assertThat(tree.entry("a/b/Dockerfile").file()).isSameAs(tree.entry("a/b/Dockerfile").file());
    assertThat(tree.entry("a/b")).isNull();
  }

  // --- bad input ---

  @Test
  void unreadableFilesAndFolders() throws IOException {
    write("Dockerfile", "FROM x");
    write("sub/Dockerfile", "FROM x");
    Files.setPosixFilePermissions(
        root.resolve("Dockerfile"), PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(
        root.resolve("sub"), PosixFilePermissions.fromString("---------"));
    try {
      assumeThat(Files.isReadable(root.resolve("Dockerfile")))
          .as("permissions bind this user")
          .isFalse();
      SourceTree tree = SourceTree.walk(root);
      SourceProblem problem = tree.entry("Dockerfile").problem();
      assertThat(problem.kind()).isEqualTo(SourceProblem.Kind.UNREADABLE);
      assertThat(problem.detail()).isEqualTo("permission denied");
      assertThat(tree.skipped())
          .containsExactly(new SourceTree.Skipped("sub", SourceTree.Reason.UNREADABLE));
    } finally {
      Files.setPosixFilePermissions(
          root.resolve("sub"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void aFileThatVanishesIsUnreadable() throws IOException {
    write("Dockerfile", "FROM x");
    SourceTree tree = SourceTree.walk(root);
    Files.delete(root.resolve("Dockerfile"));
    assertThat(tree.entry("Dockerfile").problem().kind()).isEqualTo(SourceProblem.Kind.UNREADABLE);
    assertThat(tree.entry("Dockerfile").file().text()).isEmpty();
  }

  @Test
  void bytesThatAreNotUtf8() throws IOException {
    write("Dockerfile", "FROM x\n# caf\u00e9 \u0080\n".getBytes(StandardCharsets.ISO_8859_1));
    SourceEntry entry = SourceTree.walk(root).entry("Dockerfile");
    assertThat(entry.file().text()).isEqualTo("FROM x\n# caf\u00e9 \uFFFD\n");
    assertThat(entry.problem())
        .isEqualTo(
            new SourceProblem(SourceProblem.Kind.ENCODING, entry.file().span(12, 13), 12, "0xE9"));
    assertThat(entry.problem().costsTheFile()).isFalse();
  }

  @Test
  void aReplacementCharacterThatIsWrittenIsNoProblem() throws IOException {
    write("Dockerfile", "# \uFFFD \uD83D\uDC33");
    SourceEntry entry = SourceTree.walk(root).entry("Dockerfile");
    assertThat(entry.problem()).isNull();
    assertThat(entry.file().text()).isEqualTo("# \uFFFD \uD83D\uDC33");
  }

  @Test
  void byteOrderMarksAndUtf16() throws IOException {
    write("Dockerfile", "\uFEFFFROM x");
    write("a.yaml", "\uFEFFapiVersion: v1\nkind: Pod".getBytes(StandardCharsets.UTF_16LE));
    write("b/Dockerfile", "\uFEFFFROM x".getBytes(StandardCharsets.UTF_16BE));
    SourceTree tree = SourceTree.walk(root);
    assertThat(tree.entry("Dockerfile").file().text()).isEqualTo("FROM x");
    assertThat(tree.entry("Dockerfile").problem()).isNull();
    assertThat(tree.entry("a.yaml").kind()).isEqualTo(FileKind.KUBERNETES);
    assertThat(tree.entry("a.yaml").problem()).isNull();
    assertThat(tree.entry("b/Dockerfile").file().text()).isEqualTo("FROM x");
    assertThat(tree.entry("b/Dockerfile").problem().detail()).isEqualTo("UTF-16BE");
  }

  @Test
  void binaryAndEmptyFiles() throws IOException {
    write("Dockerfile", "FROM x\0y");
    write("compose.yaml", "");
    SourceTree tree = SourceTree.walk(root);
    assertThat(tree.entry("Dockerfile").problem().kind()).isEqualTo(SourceProblem.Kind.BINARY);
    assertThat(tree.entry("Dockerfile").problem().byteOffset()).isEqualTo(6);
    assertThat(tree.entry("compose.yaml").problem()).isNull();
    assertThat(tree.entry("compose.yaml").file().text()).isEmpty();
  }

  @Test
  void aFileOfFiftyMegabytes() throws IOException {
    write("big.yaml", "apiVersion: v1\nkind: List\nitems:\n");
    try (RandomAccessFile file = new RandomAccessFile(root.resolve("big.yaml").toFile(), "rw")) {
      file.setLength(50_000_000);
    }
    SourceEntry entry = SourceTree.walk(root).entry("big.yaml");
    assertThat(entry.kind()).isEqualTo(FileKind.KUBERNETES);
    assertThat(entry.problem().kind()).isEqualTo(SourceProblem.Kind.TOO_LARGE);
    assertThat(entry.problem().detail()).isEqualTo("50000000");
    assertThat(entry.file().text()).isEmpty();
  }

  @Test
  void linksAreAliasesAndNeverLeadOut(@TempDir Path outside) throws IOException {
    Files.writeString(outside.resolve("Dockerfile"), "FROM secret");
    write("docker/Dockerfile", "FROM x");
    write("docker/base", "FROM y");
    Files.createSymbolicLink(root.resolve("Dockerfile"), Path.of("docker/Dockerfile"));
    Files.createSymbolicLink(root.resolve("Containerfile"), Path.of("docker/base"));
    Files.createSymbolicLink(root.resolve("folder"), Path.of("docker"));
    Files.createSymbolicLink(root.resolve("docker/up"), Path.of(".."));
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    Files.createSymbolicLink(root.resolve("out"), outside);
    Files.createSymbolicLink(root.resolve("o.Dockerfile"), outside.resolve("Dockerfile"));
    Files.createSymbolicLink(root.resolve("gone.yaml"), Path.of("nowhere"));
    SourceTree tree = SourceTree.walk(root);
    assertThat(tree.entries())
        .extracting(Object::toString)
        .containsExactly(
            "Containerfile (DOCKERFILE)",
            "docker/Dockerfile (DOCKERFILE)",
            "docker/base (OTHER)",
            "gone.yaml (YAML_OTHER)",
            "o.Dockerfile (DOCKERFILE)");
    assertThat(tree.entry("Dockerfile")).isSameAs(tree.entry("docker/Dockerfile"));
    assertThat(tree.entry("folder/Dockerfile")).isSameAs(tree.entry("docker/Dockerfile"));
    assertThat(tree.entry("Containerfile").file().text()).isEqualTo("FROM y");
    assertThat(tree.entry("o.Dockerfile").problem().kind()).isEqualTo(SourceProblem.Kind.LINK);
    assertThat(tree.entry("o.Dockerfile").file().text()).isEmpty();
    assertThat(tree.entry("out/Dockerfile")).isNull();
    assertThat(tree.hasFolder("folder")).isTrue();
  }

  @Test
  void aFolderNamedDockerfileIsNoFile() {
    SourceTree tree = tree("Dockerfile/readme", "", "compose.yaml/x", "");
    assertThat(tree.entry("Dockerfile")).isNull();
    assertThat(tree.entries(FileKind.DOCKERFILE)).isEmpty();
    assertThat(tree.hasFolder("Dockerfile")).isTrue();
  }

  // --- against git ---

  private String git(String... arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("git", "-c", "core.quotePath=false"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile());
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private void initialise() {
    try {
      git("init", "-q");
    } catch (IOException | InterruptedException noGit) {
      assumeThat(false).as("git is there").isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void trackedFilesAreNeverIgnored(int version) throws Exception {
    initialise();
    write(".gitignore", "build/\n.env\nnode_modules\n");
    write("build/Dockerfile", "FROM x");
    write("build/other", "");
    write("node_modules/a/Dockerfile", "FROM x");
    write("node_modules/b", "");
    write(".env", "A=1");
    write("caf\u00e9.yaml", "");
    git("config", "index.version", String.valueOf(version));
    git("add", "-f", "build/Dockerfile", "node_modules/a", ".env", ".gitignore");
    if (version == 3) {
      git("add", "-N", "caf\u00e9.yaml");
    }
    assertThat(SourceTree.walk(root).paths())
        .containsExactly(
            ".env",
            ".gitignore",
            "build/Dockerfile",
            "caf\u00e9.yaml",
            "node_modules/a/Dockerfile");
  }

  @Test
  void ignoresWhatGitIgnores() throws Exception {
    initialise();
    String[] names = {"a", "b", "ab", "a.b", "a b", "[a]", "b]"};
    String[] patterns = {
      "a",
      "/a",
      "a/",
      "*",
      "!a",
      "!/b/",
      "**/a",
      "a/**",
      "a/**/b",
      "*.b",
      "a*",
      "?",
      "[ab]",
      "[!a]",
      "[^b]*",
      "[[:alpha:]]",
      "\\[a\\]",
      "a\\ b",
      "a b  ",
      "!*/",
      "/*",
      "!a/b",
      "a/b",
      "**",
      "!**/ab",
      "a**b",
      "b/*/a",
      "[a-b]b",
      "#a",
      "\\#",
      "\\!a",
      "!",
      "/",
      "a/*",
      "[]]",
      "b[]]",
      "a?b",
      "*b/",
      "**/",
      "!a b",
      "b\\",
      "[a",
      "**/a/**",
      "***",
      "/**/b",
      "a//b",
      "[b-]*"
    };
    Random random = new Random(20261101);
    for (String one : names) {
      for (String two : names) {
        write(one + "/" + two + "/" + names[random.nextInt(names.length)], "");
        write(one + "/" + two + "/x", "");
      }
      write(one + "/y", "");
    }
    for (int round = 0; round < 60; round++) {
      for (String where : new String[] {".gitignore", "a/.gitignore", ".git/info/exclude"}) {
        StringBuilder text = new StringBuilder(round % 7 == 0 ? "\uFEFF" : "");
        for (int lines = 1 + random.nextInt(4); lines > 0; lines--) {
          text.append(patterns[random.nextInt(patterns.length)])
              .append(random.nextInt(5) == 0 ? "\r\n" : "\n");
        }
        write(where, where.startsWith("a/") && random.nextBoolean() ? "" : text.toString());
      }
      TreeSet<String> expected =
          new TreeSet<>(List.of(git("ls-files", "-z", "-o", "--exclude-standard").split("\0")));
      expected.remove("");
      assertThat(SourceTree.walk(root).paths())
          .as(
              "%s | %s | %s",
              Files.readString(root.resolve(".gitignore")),
              Files.readString(root.resolve("a/.gitignore")),
              Files.readString(root.resolve(".git/info/exclude")))
          .containsExactlyElementsOf(expected);
    }
  }

  @Test
  void anIndexThatIsDamagedOrHostileIsNoIndex() {
    byte[] huge = new byte[100];
    System.arraycopy("DIRC".getBytes(StandardCharsets.UTF_8), 0, huge, 0, 4);
    huge[7] = 4;
    huge[8] = 127;
    assertThat(GitIndex.of(huge).tracks("")).isFalse();
    assertThat(GitIndex.of(new byte[0]).tracksWithin("a")).isFalse();
  }

  @Test
  void aPatternOfManyStarsTakesLittleTime() {
    PathPattern pattern = PathPattern.of("*a".repeat(200) + "b");
    assertThat(pattern.matches("a".repeat(3000))).isFalse();
    assertThat(PathPattern.of("**/env/prod/**").matches("env/prod/x.yaml")).isTrue();
    assertThat(PathPattern.of("**/env/prod/**").matches("k/env/prod/a/x.yaml")).isTrue();
    assertThat(PathPattern.of("**/env/prod/**").matches("k/myenv/prod/x.yaml")).isFalse();
    assertThat(PathPattern.of("deploy/*.yaml").matches("deploy/a/b.yaml")).isFalse();
  }
}
