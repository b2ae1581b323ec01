package fr.gouv.social.fabrique.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComposeFilesTest {
  private static final String WHOLE = "services: { web: { image: a } }";
  private static final String FRAGMENT = "services: { web: { restart: always } }";

  private static List<List<String>> discover(Repository repository) {
    List<String> paths =
        repository.files.keySet().stream().filter(path -> !path.endsWith(".env")).toList();
    return ComposeFiles.discover(paths, repository.files::get);
  }

  @Test
  void theMainFileAndItsOverrideAreOneProject() {
    assertThat(
            discover(
                Repository.of(
                    "docker-compose.yml", WHOLE,
                    "compose.override.yaml", FRAGMENT,
                    "app/compose.yaml", WHOLE)))
        .containsExactly(
            List.of("app/compose.yaml"), List.of("docker-compose.yml", "compose.override.yaml"));
  }

  @Test
  void dotEnvMayNameTheFiles() {
    assertThat(
            discover(
                Repository.of(
                    "app/.env", "COMPOSE_FILE=compose.yaml:compose.prod.yaml",
                    "app/compose.yaml", WHOLE,
                    "app/compose.override.yaml", FRAGMENT,
                    "app/compose.prod.yaml", FRAGMENT)))
        .containsExactly(
            List.of("app/compose.yaml", "app/compose.override.yaml"),
            List.of("app/compose.yaml", "app/compose.prod.yaml"));
  }

  @Test
  void anotherFileIsAnOverrideWhenItCannotStandAlone() {
    assertThat(
            discover(
                Repository.of(
                    "compose.yaml", WHOLE,
                    "compose.prod.yaml", FRAGMENT,
                    "docker-compose.test.yml", WHOLE,
                    "sub/docker-compose.dev.yml", FRAGMENT)))
        .containsExactly(
            List.of("compose.yaml"),
            List.of("compose.yaml", "compose.prod.yaml"),
            List.of("compose.yaml", "sub/docker-compose.dev.yml"),
            List.of("docker-compose.test.yml"));
  }

  @Test
  void whatAFileLacksTellsTheFilesBeforeIt() {
    assertThat(
            discover(
                Repository.of(
                    "compose.yaml", "services: { db: { image: a } }",
                    "compose.full.yaml",
                        "services: { shop: { image: a, depends_on: [db, collector], networks: [back] } }",
                    "compose.watch.yaml", "services: { collector: { image: a } }",
                    "compose.net.yaml", "{ networks: { back: {} }, services: { n: { image: a } } }",
                    "compose.none.yaml", "# nothing yet",
                    "compose.lost.yaml", "services: { x: { image: a, depends_on: [nowhere] } }")))
        .containsExactly(
            List.of("compose.lost.yaml"),
            List.of("compose.net.yaml"),
            List.of("compose.watch.yaml"),
            List.of("compose.yaml"),
            List.of("compose.yaml", "compose.net.yaml", "compose.watch.yaml", "compose.full.yaml"),
            List.of("compose.yaml", "compose.none.yaml"));
  }

  @Test
  void anOverrideWithoutItsMainFileLacksNothing() {
    ComposeProject project =
        Repository.of("app/compose.override.yml", FRAGMENT).load("app/compose.override.yml");
    assertThat(project.problems()).isEmpty();
    assertThat(project.isComplete()).isFalse();
  }

  @Test
  void whatOneListSaysTwiceIsNoted() {
    ComposeProject project =
        Repository.of(
                "compose.yaml",
                """
                services:
                  web:
                    image: a
                    environment: [A=1, B=1, A=2, B=1]
                    volumes: ["xx:/data", "yy:/data/"]
                volumes: { xx: , yy: }
                """,
                "compose.override.yaml",
                "services: { web: { environment: [A=3], volumes: ['yy:/data'] } }")
            .load("compose.yaml", "compose.override.yaml");
    assertThat(project.problems())
        .filteredOn(each -> each.kind() == ComposeProblem.Kind.REPLACED_ITEM)
        .extracting(each -> each.span().text() + " for " + each.arguments().get(1))
        .containsExactly("A=1 for A=2", "\"xx:/data\" for yy:/data/");
  }

  @Test
  void ofTwoMainFilesTheFirstIsTheProjectAndTheOtherStandsAlone() {
    assertThat(
            discover(
                Repository.of(
                    "docker-compose.yml", WHOLE,
                    "compose.override.yml", FRAGMENT,
                    "compose.yaml", WHOLE)))
        .containsExactly(
            List.of("compose.yaml", "compose.override.yml"), List.of("docker-compose.yml"));
  }

  @Test
  void aFileWithAnotherNameStandsAloneUnlessItIsPartOfAnother() {
    assertThat(
            discover(
                Repository.of(
                    "compose.yaml", "include: [parts/db.yaml]\n" + WHOLE,
                    "parts/db.yaml", WHOLE,
                    "parts/stack.yaml", WHOLE)))
        .containsExactly(List.of("compose.yaml"), List.of("parts/stack.yaml"));
  }

  @Test
  void includedAndExtendedFilesBelongToTheProjectThatNamesThem() {
    assertThat(
            discover(
                Repository.of(
                    "compose.yaml",
                    "include: [compose.db.yaml]\nservices: { web: { extends: { file: compose.base.yaml, service: base } } }",
                    "compose.db.yaml",
                    WHOLE,
                    "compose.base.yaml",
                    "services: { base: { image: b } }")))
        .containsExactly(List.of("compose.yaml"));
  }

  @Test
  void namesTellComposeFiles() {
    assertThat(
            List.of(
                "compose.yaml", "docker-compose.prod.yml", "compose-dev.yaml", "dev.compose.yml"))
        .allMatch(ComposeFiles::isComposeName);
    assertThat(List.of("composer.yaml", "compose.json", "mycompose.yaml", "decompose.yml"))
        .noneMatch(ComposeFiles::isComposeName);
  }
}
