package fr.gouv.social.fabrique.project;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.SourceTree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnImagesTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: api }
      spec: { containers: [{ name: api, image: "ghcr.io/org/api:1.4" }] }
      """;

  private static Project project(String path, String text) {
    Map<String, String> files = new HashMap<>();
    files.put("k8s/api.yaml", POD);
    files.put("apps/api/Dockerfile", "FROM scratch\nCOPY apps/api/main.ts /\n");
    files.put("apps/api/prod.Dockerfile", "FROM scratch AS base\nFROM base\n");
    files.put("apps/api/main.ts", "");
    files.put(path, text);
    return ProjectReader.read(SourceTree.of(files));
  }

  private static List<String> built(Project project) {
    return project.subjects(OwnImage.class).stream()
        .map(
            each ->
                each.label()
                    + " "
                    + each.stage().span().file().path()
                    + " "
                    + each.build().span().file().path())
        .toList();
  }

  private static List<String> contexts(Project project, String dockerfile) {
    return project.subjects(BuildContext.class).stream()
        .filter(each -> each.dockerfile().file().path().equals(dockerfile))
        .map(BuildContext::folder)
        .toList();
  }

  private static void assertBuilt(String path, String text) {
    assertThat(built(project(path, text)))
        .containsExactly("Pod/api › containers[api] apps/api/Dockerfile " + path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker build -t ghcr.io/org/api:1 -f apps/api/Dockerfile .",
        "docker build --tag=ghcr.io/org/api:$TAG --file=apps/api/Dockerfile --pull .",
        "docker buildx build --push --platform linux/amd64 -t ghcr.io/org/api apps/api",
        "docker image build -t ghcr.io/org/api:\"$(git rev-parse HEAD)\" ./apps/api/",
        "docker build -t local -f apps/api/Dockerfile .\ndocker tag local ghcr.io/org/api:$TAG",
        "cd apps/api && docker build -t ghcr.io/org/api ../..  -f Dockerfile",
        "cd \"$(dirname \"$0\")/..\"\nbuildah bud -t ghcr.io/org/api apps/api",
        "podman build -t ghcr.io/org/api apps/api || exit 1",
        "/kaniko/executor --context dir://apps/api --destination ghcr.io/org/api:1",
        "if ! docker pull x; then docker build \\\n  --secret id=npm,env=NPM \\\n"
            + "  --tag ghcr.io/org/api:1 apps/api\nfi",
      })
  void aScriptNamesWhatItBuilds(String command) {
    assertBuilt("scripts/build.sh", "#!/bin/sh\nset -e\n" + command + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker build -t ghcr.io/org/api -f $FILE .",
        "docker build -t ghcr.io/org/api $CONTEXT",
        "docker build -t ghcr.io/org/api -",
        "docker build -t ghcr.io/org/api https://github.com/org/api.git",
        "docker build -t ghcr.io/org/$NAME apps/api",
        "docker build -t ghcr.io/org/other apps/api",
        "docker build -t ghcr.io/org/api --target $STAGE apps/api",
        "cd $SOMEWHERE && docker build -t ghcr.io/org/api -f apps/api/Dockerfile .",
        "echo docker build -t ghcr.io/org/api apps/api",
        "# docker build -t ghcr.io/org/api apps/api",
        "docker build -t ghcr.io/org/api apps/api\n"
            + "docker build -t ghcr.io/org/api -f apps/api/prod.Dockerfile .",
      })
  void whatIsNotCertainMakesNoLink(String command) {
    assertThat(built(project("scripts/build.sh", command + "\n"))).isEmpty();
  }

  @Test
  void makefiles() {
    assertBuilt(
        "Makefile",
        """
        REGISTRY ?= ghcr.io/org
        NAME := $(REGISTRY)/api

        build: lint
        \t@docker build \\
        \t  --tag $(NAME):$$(git describe) \\
        \t  apps/api
        """);
    assertBuilt("apps/api/Makefile", "image:\n\tdocker build -t ghcr.io/org/api .\n");
  }

  @Test
  void scriptsOfPackages() {
    assertBuilt(
        "apps/api/package.json",
        "{\"scripts\": {\"image\": \"tsc && docker build -t ghcr.io/org/api .\"}}");
  }

  @Test
  void jobsOfGitlab() {
    assertBuilt(
        ".gitlab-ci.yml",
        """
        variables: { REGISTRY: ghcr.io, IMAGE: $REGISTRY/org/api }
        .docker:
          image: docker:29
          before_script:
            - export TAG="$CI_COMMIT_SHORT_SHA"
        build:
          extends: .docker
          script:
            - docker manifest inspect $IMAGE:$TAG > /dev/null && echo there || (
              docker build
              --file apps/api/Dockerfile
              --tag $IMAGE:$TAG
              . && docker push $IMAGE:$TAG
              )
        """);
    assertBuilt(
        ".gitlab-ci.yml",
        """
        build:
          image: { name: gcr.io/kaniko-project/executor:debug, entrypoint: [""] }
          script:
            - /kaniko/executor
              --context "${CI_PROJECT_DIR}"
              --dockerfile "$CI_PROJECT_DIR/apps/api/Dockerfile"
              --destination "ghcr.io/org/api:$CI_COMMIT_TAG"
        """);
  }

  @Test
  void stepsOfWorkflows() {
    assertBuilt(
        ".github/workflows/ci.yml",
        """
        env: { REGISTRY: ghcr.io/org }
        jobs:
          images:
            strategy: { matrix: { app: [api] } }
            steps:
              - run: |
                  docker build -t ${{ env.REGISTRY }}/${{ matrix.app }}:${{ github.sha }} .
                working-directory: apps/${{ matrix.app }}
        """);
  }

  @Test
  void composeRunsWhatAScriptBuilds() {
    Map<String, String> files =
        Map.of(
            "compose.yaml", "services: { api: { image: 'ghcr.io/org/api:1' } }\n",
            "api/Dockerfile", "FROM scratch\n",
            "build.sh", "docker build -t ghcr.io/org/api:1 api\n");
    assertThat(built(ProjectReader.read(SourceTree.of(files))))
        .containsExactly("services.api api/Dockerfile build.sh");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          docker build -f apps/api/Dockerfile .                  | ''
          docker build -f apps/api/Dockerfile apps               | apps
          docker build apps/api                                  | apps/api
          """)
  void contextsAreThoseOfTheCommands(String command, String folder) {
    Map<String, String> files =
        Map.of("apps/api/Dockerfile", "FROM scratch\nCOPY dist /\n", "build.sh", command + "\n");
    assertThat(contexts(ProjectReader.read(SourceTree.of(files)), "apps/api/Dockerfile"))
        .containsExactly(folder);
  }

  /** A Compose file that nobody uses any more names a folder beside that of the workflow. */
  @Test
  void aFolderWithoutTheSourcesIsNoContext() {
    Map<String, String> files =
        Map.of(
            "api/Dockerfile", "FROM scratch\nCOPY yarn.lock /\n",
            "yarn.lock", "",
            "compose.yaml", "services: { api: { build: api } }\n",
            "build.sh", "docker build -f api/Dockerfile .\n");
    assertThat(contexts(ProjectReader.read(SourceTree.of(files)), "api/Dockerfile"))
        .containsExactly("");
  }

  @Test
  void aContextHoldsMostOfWhatIsCopied() {
    Map<String, String> files =
        Map.of(
            "api/Dockerfile", "FROM scratch\nCOPY api/yarn.lock ./\nCOPY api/.yarn .yarn\n",
            "api/yarn.lock", "");
    assertThat(contexts(ProjectReader.read(SourceTree.of(files)), "api/Dockerfile"))
        .containsExactly("");
  }

  @Test
  void jobsOfKontinuousSayTheContext() {
    Map<String, String> files =
        Map.of(
            "api/Dockerfile", "FROM scratch\nCOPY dist /\n",
            ".kontinuous/values.yaml",
                """
                jobs:
                  runs:
                    build: { use: build, with: { context: ".", dockerfile: api/Dockerfile } }
                """,
            ".kontinuous/config.yaml", "projectName: x\n");
    assertThat(contexts(ProjectReader.read(SourceTree.of(files)), "api/Dockerfile"))
        .containsExactly("");
  }
}
