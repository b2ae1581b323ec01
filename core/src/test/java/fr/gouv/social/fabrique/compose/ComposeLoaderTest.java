package fr.gouv.social.fabrique.compose;

import static fr.gouv.social.fabrique.compose.Repository.compose;
import static fr.gouv.social.fabrique.compose.Repository.place;
import static fr.gouv.social.fabrique.compose.Repository.problems;
import static fr.gouv.social.fabrique.compose.Repository.trace;
import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ComposeLoaderTest {

  @Test
  void aValueKnowsTheWayItCameWithinAFile() {
    ComposeProject project =
        compose(
            """
            x-common: &common
              restart: always
              environment: &env
                TZ: Europe/Paris
            services:
              web:
                <<: *common
                image: web
              job:
                image: job
                environment: *env
            """);
    assertThat(problems(project)).isEmpty();
    assertThat(trace(project, "services.web.restart"))
        .isEqualTo("always 2:12 ALIAS@7:9 MERGE_KEY@7:5");
    assertThat(trace(project, "services.web.environment.TZ"))
        .isEqualTo("Europe/Paris 4:9 ALIAS@7:9 MERGE_KEY@7:5");
    assertThat(trace(project, "services.job.environment.TZ"))
        .isEqualTo("Europe/Paris 4:9 ALIAS@11:18");
    assertThat(trace(project, "services.web.image")).isEqualTo("web 8:12");
  }

  @Test
  void aValueKnowsTheWayItCameFromOtherFiles() {
    Repository repository =
        Repository.of(
            "compose.yaml",
            """
            include: [db/compose.yaml]
            services:
              web:
                image: web:1
                extends: { file: common/base.yaml, service: base }
            """,
            "compose.override.yaml",
            """
            services:
              web:
                image: web:2
                environment: { LEVEL: debug }
            """,
            "common/base.yaml",
            """
            x-l: &labels { team: a }
            services:
              base:
                user: "1000"
                labels: *labels
                env_file: ../web.env
                build: ./src
            """,
            "db/compose.yaml",
            """
            services:
              db:
                image: postgres:${PG:-16}
                env_file: db.env
            """,
            "db/db.env",
            "POSTGRES_DB=app\n",
            "web.env",
            "LEVEL=info\nPORT=8080\n");
    ComposeProject project = repository.load("compose.yaml", "compose.override.yaml");
    assertThat(problems(project)).isEmpty();
    assertThat(trace(project, "services.web.image"))
        .isEqualTo("web:2 compose.override.yaml:3:12 OVERRIDE@1:1");
    assertThat(trace(project, "services.web.user"))
        .isEqualTo("1000 common/base.yaml:4:11 EXTENDS@5:14");
    assertThat(trace(project, "services.web.labels.team"))
        .isEqualTo("a common/base.yaml:1:22 ALIAS@common/base.yaml:5:13 EXTENDS@5:14");
    assertThat(trace(project, "services.db.image"))
        .isEqualTo("postgres:16 db/compose.yaml:3:12 INCLUDE@1:11");

    ComposeService web = Objects.requireNonNull(project.service("web"));
    assertThat(web.environment())
        .extracting(v -> v.name() + "=" + v.value().value() + " " + place(v))
        .containsExactlyInAnyOrder(
            "LEVEL=debug compose.override.yaml:4:20", "PORT=8080 web.env:2:1");
    assertThat(Objects.requireNonNull(web.build()).contextFolder()).isEqualTo("common/src");
    assertThat(Objects.requireNonNull(web.build()).dockerfilePath())
        .isEqualTo("common/src/Dockerfile");
    assertThat(Objects.requireNonNull(project.service("db")).variable("POSTGRES_DB")).isNotNull();
    assertThat(project.files())
        .extracting(f -> f.path())
        .contains("db/compose.yaml", "common/base.yaml");
    assertThat(repository.asked).noneMatch(path -> path.startsWith("..") || path.startsWith("/"));
  }

  @Test
  void aVariableWithoutValueIsUnknownAndKnowsItsPart() {
    ComposeProject project =
        compose(
            """
            services:
              web:
                image: "nginx:${TAG}"
                user: ${USER_ID:-1000}
                privileged: ${PRIVILEGED:-yes}
                read_only: ${RO}
                ports: ["${BIND:-127.0.0.1}:${PORT}:80", "${HTTP}:80"]
            """);
    ComposeService web = Objects.requireNonNull(project.service("web"));
    assertThat(web.image().isUnknown()).isTrue();
    YamlScalar image = (YamlScalar) Objects.requireNonNull(web.place().key("image").node());
    assertThat(image.value()).isEqualTo("nginx:${TAG}");
    assertThat(image.isKnown(0, 5)).isTrue();
    assertThat(image.isKnown(6, 12)).isFalse();
    assertThat(place(image.place(6, 12))).isEqualTo("3:19");
    assertThat(web.user()).extracting(Setting::value).isEqualTo("1000");
    assertThat(
            place(
                ((YamlScalar) Objects.requireNonNull(web.place().key("user").node())).place(0, 4)))
        .isEqualTo("4:22");
    assertThat(web.privileged().isTrue()).isTrue();
    assertThat(web.readOnly().isUnknown()).isTrue();
    PortMapping port = web.ports().get(0);
    assertThat(port.hostIp().value()).isEqualTo("127.0.0.1");
    assertThat(port.published().isUnknown()).isTrue();
    assertThat(port.target().value()).isEqualTo(new PortMapping.Range(80, 80));
    assertThat(place(port.target())).isEqualTo("7:41");
    assertThat(web.ports().get(1).hostIp().isUnknown()).isTrue();
    assertThat(problems(project))
        .containsExactly(
            "UNDEFINED_VARIABLE 3:19 [TAG]",
            "YAML11_BOOLEAN 5:17 [yes, true]",
            "UNDEFINED_VARIABLE 6:16 [RO]",
            "UNDEFINED_VARIABLE 7:33 [PORT]",
            "UNDEFINED_VARIABLE 7:47 [HTTP]");
  }

  @Test
  void aRequiredOrInvalidVariableIsAProblemAtItsPlace() {
    assertThat(
            problems(
                """
                services:
                  web:
                    image: web:${TAG:?which one}
                    command: "echo ${ x}"
                    labels: ["a=$$x"]
                """))
        .containsExactly(
            "REQUIRED_VARIABLE_MISSING 3:16 [TAG, which one]",
            "INVALID_INTERPOLATION 4:20 [echo ${ x}]");
  }

  @Test
  void variablesComeFromTheCallerThenFromDotEnv() {
    Repository repository =
        Repository.of(
            "app/compose.yaml",
            "services: { web: { image: \"${A}-${B}-${COMPOSE_PROJECT_NAME}\" } }",
            "app/.env",
            "A=file\nB=\"x${A}\"\n");
    ComposeProject project =
        new ComposeLoader(repository.files::get, Map.of("A", "given"), null, null)
            .load(List.of("app/compose.yaml"));
    assertThat(Objects.requireNonNull(project.service("web")).image().value())
        .isEqualTo("given-xgiven-app");
    assertThat(project.name().value()).isEqualTo("app");
  }

  @Test
  void anIncludeHasItsOwnDotEnv() {
    Repository repository =
        Repository.of(
            "compose.yaml",
            "include: [sub/compose.yaml]\nservices: { web: { image: \"web:${V:-none}\" } }",
            "sub/compose.yaml",
            "services: { db: { image: \"db:${V:-none}\" } }",
            "sub/.env",
            "V=1");
    ComposeProject project = repository.load("compose.yaml");
    assertThat(Objects.requireNonNull(project.service("db")).image().value()).isEqualTo("db:1");
    assertThat(Objects.requireNonNull(project.service("web")).image().value())
        .isEqualTo("web:none");
  }

  @Test
  void documentsOfOneFileAreMerged() {
    ComposeProject project =
        compose(
            """
            services: { web: { image: a, ports: ["80:80"] } }
            ---
            services: { web: { image: b, ports: ["81:81", "80:80/tcp"] } }
            """);
    assertThat(problems(project)).isEmpty();
    ComposeService web = Objects.requireNonNull(project.service("web"));
    assertThat(web.image().value()).isEqualTo("b");
    assertThat(web.ports()).hasSize(2);
  }

  @Test
  void resetAndOverrideTakeAwayWhatCameBefore() {
    Repository repository =
        Repository.of(
            "compose.yaml",
            """
            services:
              web: { image: a, ports: ["80:80"], command: [run], environment: [A=1, B=2] }
            """,
            "over.yaml",
            """
            x-none: &none !reset null
            services:
              web:
                ports: !override ["90:90"]
                command: *none
                environment: { A: !reset null, C: 3 }
            """);
    ComposeService web =
        Objects.requireNonNull(repository.load("compose.yaml", "over.yaml").service("web"));
    assertThat(web.ports())
        .extracting(p -> p.published().value())
        .containsExactly(new PortMapping.Range(90, 90));
    assertThat(web.command()).isEmpty();
    assertThat(web.environment()).extracting(v -> v.name()).contains("B", "C");
  }

  @Test
  void overridesThatCannotBeAreProblems() {
    Repository repository =
        Repository.of(
            "compose.yaml",
            "services: { web: { image: a, healthcheck: { test: x } } }",
            "over.yaml",
            "services: { web: { healthcheck: [a] } }");
    assertThat(problems(repository.load("compose.yaml", "over.yaml")))
        .contains("CANNOT_OVERRIDE over.yaml:1:33 [services.web.healthcheck]");
  }

  @Test
  void extendsGoesThroughFilesAndFindsCycles() {
    Repository repository =
        Repository.of(
            "compose.yaml",
            """
            services:
              a: { extends: { file: b.yaml, service: b } }
              c: { extends: d, image: c }
              d: { extends: c, image: d }
              e: { extends: nothing }
              f: { extends: { file: ../out.yaml, service: f } }
              g: { extends: { file: "${WHERE}.yaml", service: f } }
            """,
            "b.yaml",
            "services: { b: { extends: { file: compose.yaml, service: a } } }");
    assertThat(problems(repository.load("compose.yaml")))
        .contains(
            "EXTENDS_CYCLE 2:8 [compose.yaml:a -> b.yaml:b -> compose.yaml:a]",
            "EXTENDS_CYCLE 3:8 [compose.yaml:c -> compose.yaml:d -> compose.yaml:c]",
            "EXTENDS_UNKNOWN_SERVICE 5:17 [e, nothing, compose.yaml]",
            "OUTSIDE_REPOSITORY 6:25 [../out.yaml]",
            "UNKNOWN_REFERENCE 7:25 [${WHERE}.yaml]")
        .noneMatch(p -> p.startsWith("NO_IMAGE_OR_BUILD"));
  }

  @Test
  void whatCannotBeIncludedHidesNames() {
    assertThat(
            problems(
                """
                include: [oci://registry/stack, missing.yaml]
                services:
                  web: { image: a, depends_on: [elsewhere], networks: [other] }
                """))
        .containsExactly(
            "REMOTE_RESOURCE 1:11 [oci://registry/stack]",
            "INCLUDE_FILE_MISSING 1:33 [missing.yaml]");
  }

  @Test
  void theNameOfTheProjectIsNormalized() {
    assertThat(compose("name: My App_1\nservices: {}").name().value()).isEqualTo("myapp_1");
    assertThat(compose("name: ${X}\nservices: {}").name().isUnknown()).isTrue();
  }

  @Test
  void everyProblemOfTheModelIsReportedAtItsPlace() {
    assertThat(
            problems(
                """
                version: "3"
                services:
                  web:
                    image: a
                    container_name: web
                    network_mode: host
                    networks: [frnot, default]
                    volumes:
                      - data:/a/
                      - ./x:/a
                      - /a::ro
                      - bb:/b:rw,zz
                    tmpfs: /a
                    ports:
                      - 80:80/icmp
                      - localhost:80:80
                      - "3000-3002:4000-4001"
                      - "70000:80"
                      - "8080:"
                    secrets: [pass]
                    depends_on: [dbb, tool]
                    healthcheck: { test: [curl, x], interval: 10 seconds }
                    deploy: { replicas: 2, resources: { limits: { memory: 1g } } }
                    mem_limit: 1025m
                    environment: ["A =1"]
                    enviroment: {}
                  db: { user: root, mode: x }
                  tool: { image: t, profiles: [tools], container_name: web }
                networks: { front: }
                """))
        .containsExactlyInAnyOrder(
            "OBSOLETE_VERSION 1:1 []",
            "REPLACED_ITEM 9:9 [data:/a/, ./x:/a, /a]",
            "SCHEMA 26:5 [UNKNOWN_KEY, enviroment]",
            "SCHEMA 27:21 [UNKNOWN_KEY, mode]",
            "INVALID_PORT 15:9 [80:80/icmp, protocol]",
            "INVALID_PORT 16:9 [localhost:80:80, ip]",
            "INVALID_PORT 17:9 [3000-3002:4000-4001, ranges]",
            "INVALID_PORT 18:9 [70000:80, host-port]",
            "INVALID_PORT 19:9 [8080:, empty]",
            "INVALID_VOLUME 11:9 [/a::ro, empty-section]",
            "UNKNOWN_VOLUME_OPTION 12:18 [bb:/b:rw,zz, zz]",
            "INVALID_DURATION 22:37 [10 seconds]",
            "ENVIRONMENT_TRAILING_SPACE 25:19 [A ]",
            "NETWORK_MODE_AND_NETWORKS 6:5 [web]",
            "UNDEFINED_NETWORK 7:16 [web, frnot, front]",
            "UNDEFINED_VOLUME 12:9 [web, bb, ]",
            "UNDEFINED_SECRET 20:15 [web, pass, ]",
            "UNDEFINED_DEPENDENCY 21:18 [web, dbb, depends_on, db]",
            "DISABLED_DEPENDENCY 21:23 [web, tool, tools]",
            "HEALTHCHECK_TEST_FORM 22:27 [curl]",
            "CONTAINER_NAME_SCALED 5:5 [web, web, 2]",
            "DISTINCT_VALUES 24:5 [web, services.web.mem_limit, services.web.deploy.resources.limits.memory]",
            "MOUNT_TARGET_CLASH 10:9 [web, /a]",
            "NO_IMAGE_OR_BUILD 27:3 [db]",
            "DUPLICATE_CONTAINER_NAME 28:40 [web, tool, web]");
  }

  @Test
  void portsAreReadInAllTheirForms() {
    ComposeService web =
        Objects.requireNonNull(
            compose(
                    """
                    services:
                      web:
                        image: a
                        ports:
                          - 3000
                          - "[::1]:8080:80/udp"
                          - ::1:81:81
                          - 127.0.0.1::82
                          - 9000-9002:83
                          - { target: 84, published: "8084-8085", host_ip: 0.0.0.0 }
                          - [broken]
                    """)
                .service("web"));
    assertThat(web.ports().subList(0, 6))
        .extracting(
            p ->
                p.hostIp().value()
                    + " "
                    + p.published().value()
                    + " "
                    + p.target().value()
                    + " "
                    + p.protocol().value()
                    + " "
                    + p.isOnEveryInterface()
                    + " "
                    + p.error())
        .containsExactly(
            "null null 3000 tcp false null",
            "::1 8080 80 udp false null",
            "::1 81 81 tcp false null",
            "127.0.0.1 null 82 tcp false null",
            "null 9000-9002 83 tcp true null",
            "0.0.0.0 8084-8085 84 tcp true null");
    assertThat(place(web.ports().get(1).target())).isEqualTo("6:21");
  }

  @Test
  void volumesAreReadInAllTheirForms() {
    ComposeService web =
        Objects.requireNonNull(
            compose(
                    """
                    services:
                      web:
                        image: a
                        volumes:
                          - /anonymous
                          - data:/d:ro,z
                          - C:\\a:D:\\b
                          - ${DIR}/x:/x
                          - ${VOLUME}
                          - { type: bind, source: ., target: /s, read_only: true, bind: { propagation: shared } }
                    """)
                .service("web"));
    assertThat(web.volumes())
        .extracting(
            v ->
                v.type()
                    + " "
                    + v.source()
                    + " "
                    + v.target()
                    + " "
                    + v.isReadOnly()
                    + " "
                    + v.options())
        .containsExactly(
            "VOLUME null /anonymous false []",
            "VOLUME data /d true [ro, z]",
            "BIND C:\\a D:\\b false []",
            "null ${DIR}/x /x false []",
            "null null ${VOLUME} false []",
            "BIND . /s true [ro, shared]");
    assertThat(place(Objects.requireNonNull(web.volumes().get(1).target()))).isEqualTo("6:14");
  }

  @Test
  void aCommandIsReadAsWords() {
    ComposeService web =
        Objects.requireNonNull(
            compose(
                    """
                    services:
                      web:
                        image: a
                        command: redis-server --requirepass 'a b' "$PASS"
                        entrypoint: [sh, -c, "x y"]
                    """)
                .service("web"));
    assertThat(web.command())
        .extracting(w -> w.value() + " " + place(w) + " " + w.isKnown())
        .containsExactly(
            "redis-server 4:14 true",
            "--requirepass 4:27 true",
            "a b 4:41 true",
            "\"$PASS\" 4:47 false");
    assertThat(web.entrypoint()).extracting(YamlScalar::value).containsExactly("sh", "-c", "x y");
  }

  @Test
  void dependenciesAreSaidAndImplied() {
    ComposeService web =
        Objects.requireNonNull(
            compose(
                    """
                    services:
                      web:
                        image: a
                        depends_on: { a: { condition: service_healthy, required: false } }
                        links: ["b:alias"]
                        network_mode: service:c
                        volumes_from: ["d:ro", "container:e"]
                    """)
                .service("web"));
    assertThat(web.dependencies())
        .extracting(d -> d.service() + " " + d.condition() + " " + d.required() + " " + d.via())
        .containsExactly(
            "a SERVICE_HEALTHY false depends_on",
            "b SERVICE_STARTED true links",
            "c SERVICE_STARTED true network_mode",
            "d SERVICE_STARTED true volumes_from");
  }
}
