package fr.gouv.social.fabrique.kontinuous;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class KontinuousProjectTest {
  private static final String BASE = ".kontinuous/values.yaml";

  private static KontinuousProject project(String... pathsAndTexts) {
    List<YamlFile> files = new ArrayList<>();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      files.add(YamlReader.read(SourceFile.of(pathsAndTexts[i], pathsAndTexts[i + 1])));
    }
    List<KontinuousProject> projects = KontinuousProject.in(files);
    assertThat(projects).hasSize(1);
    return projects.get(0);
  }

  private static KontinuousComponent prod(KontinuousProject project, String name) {
    return Objects.requireNonNull(project.component(Environment.PROD, name));
  }

  private static KontinuousComponent dev(KontinuousProject project, String name) {
    return Objects.requireNonNull(project.component(Environment.DEV, name));
  }

  @Test
  void mergesEachEnvironmentOverTheBase() {
    KontinuousProject project =
        project(
            BASE,
            """
            api:
              ~chart: app
              resources:
                requests: { memory: 256Mi }
                limits: { memory: 512Mi }
              env:
                - name: A
                  value: "1"
            """,
            ".kontinuous/env/prod/values.yaml",
            """
            api:
              resources:
                limits:
                  memory: 256Mi
              env:
                - name: B
                  value: "2"
            """);
    Setting<?> limit = prod(project, "api").limit("memory");
    assertThat(limit.value()).hasToString("256Mi");
    assertThat(limit.span()).hasToString(".kontinuous/env/prod/values.yaml:4:7");
    assertThat(limit.span().text()).isEqualTo("memory: 256Mi");
    assertThat(limit.label()).isEqualTo("api.resources.limits.memory");
    assertThat(prod(project, "api").request("memory").span()).hasToString(BASE + ":4:17");
    assertThat(dev(project, "api").limit("memory").span()).hasToString(BASE + ":5:15");
    assertThat(prod(project, "api").variables())
        .extracting(KontinuousVariable::name)
        .containsExactly("B");
    // What is missing is missed where the component is declared.
    assertThat(prod(project, "api").request("cpu").span().text()).isEqualTo("requests");
  }

  @Test
  void knowsTheOtherLayoutAndTheProjectsOfSubfolders() {
    KontinuousProject project =
        project("app/.kontinuous/prod/values.yaml", "web: { ~chart: app, host: a.fr }\n");
    assertThat(project.folder()).isEqualTo("app/.kontinuous");
    assertThat(prod(project, "web").host().value()).isEqualTo("a.fr");
    assertThat(project.component(Environment.DEV, "web")).isNull();
  }

  @Test
  void countsTheDefaultsOfTheToolchain() {
    KontinuousProject project =
        project(
            BASE,
            """
            api: { ~chart: fabrique.contrib.app }
            one: { ~chart: app, replicas: 1 }
            fixed: { ~chart: app, autoscale: { enabled: false } }
            pg:
              cnpg-cluster: { resources: { limits: { memory: 2Gi } } }
            redis: {}
            off: { ~chart: app, enabled: false }
            jobs: { runs: { build: { use: build } } }
            x-shared: { a: 1 }
            global: { a: 1 }
            """);
    assertThat(project.components().stream().filter(e -> e.environment() == Environment.PROD))
        .extracting(KontinuousComponent::name)
        .containsExactly("api", "one", "fixed", "pg", "redis", "jobs");
    KontinuousComponent api = prod(project, "api");
    assertThat(api.chart()).isEqualTo("app");
    assertThat(api.replicas().value()).isEqualTo(2L);
    assertThat(api.autoscaled().isTrue()).isTrue();
    assertThat(api.autoscaled().isSet()).isFalse();
    assertThat(dev(project, "api").replicas().value()).isEqualTo(1L);
    assertThat(dev(project, "api").autoscaled().isFalse()).isTrue();
    assertThat(prod(project, "one").autoscaled().isSet()).isFalse();
    assertThat(prod(project, "fixed").autoscaled().isSet()).isTrue();
    assertThat(api.probesPath().value()).isEqualTo("/index.html");
    assertThat(prod(project, "pg").request("memory").value()).hasToString("1G");
    assertThat(prod(project, "pg").limit("memory").value()).hasToString("2Gi");
    assertThat(prod(project, "redis").limit("memory").value()).hasToString("1Gi");
  }

  @Test
  void readsDottedAndTemplatedKeysAnchorsAndExtends() {
    KontinuousProject project =
        project(
            BASE,
            """
            x-probe: &probe
              probesPath: /healthz
            api:
              <<: *probe
              ~chart: app
              .ingress.enabled: false
              host: "api-{{ .Values.global.host }}"
              ~tpl~replicas: "4"
            """,
            ".kontinuous/env/prod/values.yaml",
            "~extends: [../shared.yaml]\napi: { probesPath: /a }\n",
            ".kontinuous/env/shared.yaml",
            "api: { probesPath: /b }\n");
    KontinuousComponent dev = dev(project, "api");
    assertThat(dev.isExposed()).isFalse();
    assertThat(dev.at("ingress.enabled").span().text()).isEqualTo(".ingress.enabled: false");
    assertThat(dev.host().isUnknown()).isTrue();
    assertThat(dev.replicas().value()).isEqualTo(4L);
    assertThat(dev.probesPath().value()).isEqualTo("/healthz");
    Setting<String> path = prod(project, "api").probesPath();
    assertThat(path.value()).isEqualTo("/b");
    assertThat(path.span().file().path()).isEqualTo(".kontinuous/env/shared.yaml");
  }

  @Test
  void extendsThatRunInCirclesEnd() {
    KontinuousProject project =
        project(BASE, "~extends: [values.yaml, ../../x, '']\napi: { ~chart: app }\n");
    assertThat(project.components()).hasSize(3);
  }
}
