package fr.gouv.social.fabrique.project;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.source.SourceTree;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of a repository is read, and what is only listed. */
class ProjectReaderTest {
  private static List<String> dockerfiles(Project project) {
    return project.subjects(Dockerfile.class).stream().map(each -> each.file().path()).toList();
  }

  private static List<String> notChecked(Project project) {
    return project.notChecked().stream()
        .map(each -> each.path() + " " + each.reason().en())
        .toList();
  }

  @Test
  void templatesOfDockerfilesAreListed() {
    Project project =
        ProjectReader.read(
            SourceTree.of(
                Map.of(
                    "api/Dockerfile", "{% if debian %}\nFROM debian\n{% endif %}\n",
                    "eng/dockerfile-templates/Dockerfile.env", "ENV A=1\n",
                    "templates/web/Dockerfile", "FROM alpine:3.22\nENV A=1\n",
                    "web/Dockerfile", "ENV A=1\n")));
    assertThat(dockerfiles(project)).containsExactly("templates/web/Dockerfile", "web/Dockerfile");
    assertThat(notChecked(project))
        .containsExactly(
            "api/Dockerfile template: to be checked once rendered",
            "eng/dockerfile-templates/Dockerfile.env template: to be checked once rendered");
  }
}
