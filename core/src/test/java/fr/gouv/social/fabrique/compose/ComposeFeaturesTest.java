package fr.gouv.social.fabrique.compose;

import static fr.gouv.social.fabrique.compose.Repository.compose;
import static fr.gouv.social.fabrique.compose.Repository.problems;
import static fr.gouv.social.fabrique.compose.Repository.trace;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the specification has beyond services with images, each loaded as Compose loads it. */
class ComposeFeaturesTest {

  @Test
  void allOfTheSpecificationIsAccepted() {
    assertThat(
            problems(
                """
                name: everything
                x-top: { any: [thing] }
                models:
                  llm: { model: ai/smollm2, context_size: 1024, runtime_flags: ["--a"], x-m: 1 }
                services:
                  web:
                    image: web
                    x-service: 1
                    attach: "yes"
                    umask: "022"
                    gpus: [{ driver: nvidia, count: 2, x-gpu: 1 }]
                    models: { llm: { endpoint_var: AI_URL, x-model: 1 } }
                    build:
                      context: .
                      additional_contexts: { base: "service:base" }
                      no_cache_filter: [base]
                      ulimits: { nofile: { soft: 1, hard: 2, x-limit: 1 } }
                      x-build: 1
                    configs: [{ source: app, target: /app.conf, mode: "0440", x-mount: 1 }]
                    secrets: [token]
                    volumes:
                      - { type: image, source: alpine, target: /a, image: { subpath: etc }, x-volume: 1 }
                      - { type: tmpfs, target: /t, tmpfs: { size: 1m, mode: 0o1777 } }
                    ports: [{ target: 80, published: "8080-8090", name: web, app_protocol: http, x-port: 1 }]
                    networks: { front: { aliases: [w], gw_priority: 1, interface_name: eth1, x-network: 1 } }
                    depends_on: { base: { condition: service_started, required: false, x-need: 1 } }
                    deploy: { resources: { reservations: { devices: [{ capabilities: [gpu], count: all }] } }, x-deploy: 1 }
                    develop:
                      watch:
                        - { action: sync+exec, path: ./src, target: /src, exec: { command: [reload], x-exec: 1 }, x-watch: 1 }
                        - { action: rebuild, path: package.json, initial_sync: true }
                    pre_start: [{ image: tool, command: [migrate], per_replica: false, mem_limit: 64m }]
                    post_start: [{ command: [a], user: root, privileged: true, environment: [A=1], x-hook: 1 }]
                    pre_stop: [{ command: b }]
                    healthcheck: { test: a, start_interval: 1s, x-health: 1 }
                    logging: { driver: local, x-log: 1 }
                  base: { build: { dockerfile_inline: "FROM scratch" } }
                  cloud: { provider: { type: awesomecloud, options: { size: 10, tags: [a, b] } } }
                jobs:
                  nightly: { image: job, triggers: { schedule: ["0 0 * * *", { cron: "@daily", timezone: Europe/Paris }] } }
                configs: { app: { content: "a=${A:-1}", x-config: 1 } }
                secrets: { token: { environment: TOKEN, x-secret: 1 } }
                networks: { front: { x-front: 1, ipam: { config: [{ subnet: 10.0.0.0/24, x-range: 1 }] } } }
                """))
        .containsExactly("JOBS 39:1 []");
  }

  @Test
  void jobsAndContainersBeforeAServiceAreReadLikeServices() {
    assertThat(
            problems(
                """
                services:
                  web:
                    image: web
                    attach: perhaps
                    umask: rw
                    pre_start: [{ image: a, mem_limit: lots, read_only: perhaps }]
                    post_start: [{ command: a, privileged: perhaps }]
                    env_file: [{ path: a.env, required: perhaps }]
                jobs:
                  nightly: { image: job, cpus: some, triggers: { schedule: [{ timezone: UTC }] } }
                """))
        .containsExactly(
            "INVALID_CAST 5:12 [rw, integer]",
            "INVALID_CAST 6:57 [perhaps, boolean]",
            "INVALID_CAST 10:32 [some, number]",
            "JOBS 9:1 []",
            "SCHEMA 10:61 [MISSING_KEY, cron]",
            "INVALID_CAST 4:5 [perhaps, boolean]",
            "INVALID_SIZE 6:29 [lots]",
            "INVALID_CAST 8:31 [perhaps, boolean]",
            "INVALID_CAST 7:32 [perhaps, boolean]");
  }

  @Test
  void whatTheReferenceRefusesOfValuesIsRefused() {
    assertThat(
            problems(
                """
                services:
                  web:
                    image: web
                    container_name: w
                    blkio_config: { weight: "300", device_read_bps: [{ path: /dev/a, rate: fast }] }
                    env_file: [{ path: a.env, required: false, format: json }]
                    expose: [80, 80.5]
                    extra_hosts: [alone, "a:1.2.3.4", b=::1]
                    links: ["web:a:b"]
                    ports: [0, "80:0", { target: 80, host_ip: "" }]
                    secrets: [{ source: token, mode: "0o440" }, { target: nothing }]
                    shm_size: 1e6
                    post_start: [{ command: 'a "b', environment: ["A =1"] }]
                    pre_start: [{ image: a, entrypoint: a), extra_hosts: [alone] }]
                    environment: { "A ": mapping }
                    command: a && b
                  two: { image: two, container_name: a@bc }
                secrets:
                  token: { driver: vault }
                  none: { external: false }
                  blank: { environment: "" }
                  other: { external: true }
                """))
        .containsExactly(
            "SECRET_WITHOUT_SOURCE 19:3 [secret, token, file, environment]",
            "SECRET_WITHOUT_SOURCE 20:3 [secret, none, file, environment]",
            "SECRET_WITHOUT_SOURCE 21:3 [secret, blank, file, environment]",
            "INVALID_PORT 10:13 [0, container-port]",
            "INVALID_PORT 10:16 [80:0, container-port]",
            "INVALID_HOST_IP 10:24 []",
            "CUT_COMMAND 16:16 [&& b]",
            "HOST_WITHOUT_ADDRESS 8:19 [alone]",
            "INVALID_COMMAND 14:29 [a)]",
            "HOST_WITHOUT_ADDRESS 14:59 [alone]",
            "INVALID_CAST 6:48 [json, env-file-format]",
            "INVALID_COMMAND 13:20 [a \"b]",
            "ENVIRONMENT_TRAILING_SPACE 13:51 [A ]",
            "INVALID_CAST 5:21 [300, bare-integer]",
            "INVALID_SIZE 5:70 [fast]",
            "INVALID_CAST 7:18 [80.5, integer]",
            "INVALID_CAST 11:32 [0o440, mode]",
            "UNDEFINED_SECRET 11:51 [web, , ]",
            "UNDEFINED_DEPENDENCY 9:13 [web, web:a:b, links, ]",
            "REFUSED_CONTAINER_NAME 4:5 [w]",
            "INVALID_CONTAINER_NAME 17:22 [a@bc]");
  }

  @Test
  void nullTakesTheServicesAndTheLogsOfNoFile() {
    assertThat(
            problems(
                Repository.of(
                        "compose.yaml",
                        "services: { web: { image: web, logging: { driver: local }, ports: [80] } }",
                        "one.yaml",
                        "services:",
                        "two.yaml",
                        "services: { web: { logging: , ports: } }")
                    .load("compose.yaml", "one.yaml", "two.yaml")))
        .containsExactly(
            "CANNOT_OVERRIDE one.yaml:1:1 [services]",
            "CANNOT_OVERRIDE two.yaml:1:28 [services.web.logging]");
  }

  /** As any scalar with a tag of its own: {@code !override null} does not take a key away. */
  @Test
  void whatOverridesIsAText() {
    ComposeProject project =
        Repository.of(
                "compose.yaml",
                "services: { web: { image: web, scale: 1, user: a } }",
                "over.yaml",
                "services: { web: { scale: !override 3, user: !override null } }")
            .load("compose.yaml", "over.yaml");
    assertThat(problems(project)).isEmpty();
    assertThat(project.place().at("services.web.scale").text("?")).isEqualTo("3");
    assertThat(project.place().at("services.web.user").text("?")).isEqualTo("null");
  }

  /** Thirty files that are included by two each, and so by half a billion ways. */
  @Test
  void whatIsIncludedByManyWaysIsReadOnce() {
    String[] files = new String[124];
    for (int i = 0; i < 31; i++) {
      for (int side = 0; side < 2; side++) {
        int at = 4 * i + 2 * side;
        String include = "include: [a" + (i + 1) + ".yaml, b" + (i + 1) + ".yaml]\n";
        files[at] = (side == 0 ? "a" : "b") + i + ".yaml";
        files[at + 1] =
            (i < 30 ? include : "")
                + ("services: { "
                    + (side == 0 ? "a" : "b")
                    + i
                    + ": { image: web, ports: [80] } }");
      }
    }
    ComposeProject project = Repository.of(files).load("a0.yaml");
    assertThat(problems(project)).isEmpty();
    assertThat(project.services()).hasSize(61);
    assertThat(project.services().get(60).ports()).hasSize(1);
  }

  @Test
  void aCommandIsTakenApartAsGoShellwordsDoes() {
    assertThat(words("a \"b c\" 'd e' f\\ g '' h\"i\"'j'"))
        .containsExactly("a", "b c", "d e", "f g", "", "hij");
    assertThat(words("a b;c d")).containsExactly("a", "b");
    assertThat(words("a 2>b")).containsExactly("a");
    assertThat(words("a >b")).containsExactly("a");
    assertThat(words("a `b | c` $$(d; e) 'f|g'")).containsExactly("a", "`b | c`", "$(d; e)", "f|g");
  }

  private static List<String> words(String command) {
    String yaml =
        "services: { web: { image: web, command: \""
            + command.replace("\\", "\\\\").replace("\"", "\\\"")
            + "\" } }";
    return compose(yaml).services().get(0).command().stream().map(each -> each.value()).toList();
  }

  @Test
  void anIncludeMayHaveAnotherFolderAndItsOwnVariables() {
    ComposeProject project =
        Repository.of(
                "compose.yaml",
                """
                include:
                  - path: [db/compose.yaml, db/more.yaml]
                    project_directory: data
                    env_file: [db/one.env, db/two.env]
                services: { web: { image: "web:${V:-none}" } }
                """,
                "db/compose.yaml",
                "services: { db: { image: \"db:${V}-${W}\", build: ., env_file: [{ path: own.env }] } }",
                "db/more.yaml",
                "services: { db: { restart: always } }",
                "db/one.env",
                "V=1\nW=1",
                "db/two.env",
                "W=${V}2",
                "data/.env",
                "V=not-read",
                "data/own.env",
                "A=1")
            .load("compose.yaml");
    assertThat(problems(project)).isEmpty();
    assertThat(trace(project, "services.db.image"))
        .isEqualTo(
            "db:1-12 db/compose.yaml:1:26 VARIABLE@db/one.env:1:1 VARIABLE@db/two.env:1:1"
                + " INCLUDE@2:5");
    assertThat(trace(project, "services.db.restart"))
        .isEqualTo("always db/more.yaml:1:28 OVERRIDE@db/compose.yaml:1:1 INCLUDE@2:5");
    assertThat(trace(project, "services.web.image")).isEqualTo("web:none 5:27");
    ComposeService db = Objects.requireNonNull(project.service("db"));
    assertThat(Objects.requireNonNull(db.build()).contextFolder()).isEqualTo("data");
    assertThat(db.variable("A")).isNotNull();
  }

  @Test
  void anIncludeThatCannotBeReadIsAProblemAtItsPlace() {
    assertThat(
            problems(
                """
                include:
                  - { path: other/compose.yaml, env_file: no.env }
                  - { project_directory: a }
                services: { web: { image: a } }
                """))
        .containsExactly(
            "INCLUDE_FILE_MISSING 2:13 [other/compose.yaml]", "INVALID_INCLUDE 3:5 []");
    assertThat(
            problems(
                Repository.of(
                        "compose.yaml",
                        "include: [{ path: a.yaml, env_file: no.env }]",
                        "a.yaml",
                        "include: [compose.yaml]\nservices: { a: { image: a } }")
                    .load("compose.yaml")))
        .containsExactly(
            "INCLUDE_ENV_FILE_MISSING 1:37 [no.env]",
            "INCLUDE_CYCLE a.yaml:1:11 [compose.yaml -> a.yaml -> compose.yaml]");
  }

  @Test
  void extendsFromAnotherFolderKeepsItsPaths() {
    ComposeProject project =
        Repository.of(
                "compose.yaml",
                "services: { web: { extends: { file: lib/base.yaml, service: base }, env_file: own.env } }",
                "lib/base.yaml",
                """
                services:
                  base: { extends: { file: ../deep/deep.yaml, service: deep }, build: { context: ./src } }
                """,
                "deep/deep.yaml",
                "services: { deep: { image: deep, env_file: deep.env, volumes: [\"./data:/data\"] } }",
                "own.env",
                "A=own",
                "deep/deep.env",
                "A=deep\nB=deep")
            .load("compose.yaml");
    assertThat(problems(project)).isEmpty();
    ComposeService web = Objects.requireNonNull(project.service("web"));
    assertThat(Objects.requireNonNull(web.build()).contextFolder()).isEqualTo("lib/src");
    assertThat(web.environment())
        .extracting(v -> v.name() + "=" + v.value().value())
        .containsExactlyInAnyOrder("A=own", "B=deep");
    VolumeMount data = web.volumes().get(0);
    assertThat(project.resolve(data, "./data")).isEqualTo("deep/data");
    assertThat(trace(project, "services.web.image"))
        .isEqualTo("deep deep/deep.yaml:1:28 EXTENDS@lib/base.yaml:2:20 EXTENDS@1:29");
  }

  @Test
  void resetAndOverrideWorkAtAnyDepth() {
    ComposeProject project =
        Repository.of(
                "compose.yaml",
                """
                services:
                  web:
                    image: a
                    build: { context: ., args: { A: 1, B: 2 } }
                    deploy: { resources: { limits: { memory: 1g, cpus: "1" } } }
                    healthcheck: { test: a, interval: 1s }
                    networks: { front: { aliases: [a] }, back: { aliases: [b] } }
                networks: { front: , back: , }
                """,
                "over.yaml",
                """
                services:
                  web:
                    build: { args: !override { C: 3 } }
                    deploy: { resources: { limits: { memory: !reset null } } }
                    healthcheck: !reset {}
                    networks: { front: !reset null, back: { aliases: !override [c] } }
                networks: { front: !reset null }
                """)
            .load("compose.yaml", "over.yaml");
    assertThat(problems(project)).isEmpty();
    ComposeService web = Objects.requireNonNull(project.service("web"));
    assertThat(Objects.requireNonNull(web.build()).args())
        .extracting(ComposeVariable::name)
        .containsExactly("C");
    assertThat(web.memoryLimit().isAbsent()).isTrue();
    assertThat(web.cpuLimit().isSet()).isTrue();
    assertThat(web.healthCheck()).isNull();
    assertThat(web.networks()).containsOnlyKeys("back");
    assertThat(web.place().at("networks.back.aliases").texts()).containsExactly("c");
  }

  @Test
  void filesOfVariablesAndLabelsMayBeMissingOnlyWhereTheyAreNotRequired() {
    ComposeProject project =
        Repository.of(
                "compose.yaml",
                """
                services:
                  web:
                    image: a
                    env_file:
                      - { path: raw.env, format: raw }
                      - { path: gone.env, required: false }
                      - missing.env
                    label_file: labels.txt
                """,
                "raw.env",
                "A='${B}' # kept\n")
            .load("compose.yaml");
    assertThat(problems(project))
        .containsExactly(
            "ENV_FILE_MISSING 7:9 [web, missing.env]", "LABEL_FILE_MISSING 8:17 [web, labels.txt]");
    assertThat(
            Objects.requireNonNull(Objects.requireNonNull(project.service("web")).variable("A"))
                .value()
                .value())
        .isEqualTo("'${B}' # kept");
  }

  @Test
  void aProfileThatDotEnvTurnsOnIsOn() {
    String yaml =
        """
        services:
          web: { image: a, depends_on: [tool, other] }
          tool: { image: b, profiles: [tools] }
          other: { image: c, profiles: [others] }
        """;
    assertThat(
            problems(
                Repository.of("compose.yaml", yaml, ".env", "COMPOSE_PROFILES=dev,tools")
                    .load("compose.yaml")))
        .containsExactly("DISABLED_DEPENDENCY 2:39 [web, other, others]");
  }

  @Test
  void aDependencyThatIsNotRequiredMayBeOffButMustExist() {
    assertThat(
            problems(
                """
                services:
                  web:
                    image: a
                    depends_on:
                      tool: { condition: service_started, required: false }
                      gone: { condition: service_started, required: false }
                  tool: { image: b, profiles: [tools] }
                """))
        .containsExactly("UNDEFINED_DEPENDENCY 6:7 [web, gone, depends_on, ]");
  }

  @Test
  void whatIsThereTwiceAfterAMergeIsThereOnce() {
    ComposeProject project =
        Repository.of(
                "compose.yaml",
                """
                services:
                  web:
                    image: a
                    ports: ["80:80", "127.0.0.1:81:81"]
                    volumes: ["./a:/x", "data:/y:ro"]
                    security_opt: ["no-new-privileges:true"]
                    dns: 1.1.1.1
                    cap_add: [NET_ADMIN]
                    env_file: [a.env]
                    depends_on: [db]
                    secrets: [s]
                  db: { image: b }
                volumes: { data: }
                secrets: { s: { environment: S } }
                """,
                "over.yaml",
                """
                services:
                  web:
                    ports: ["0.0.0.0:80:80/tcp", { target: 81, published: "81", host_ip: 127.0.0.1 }]
                    volumes: ["./b:/x/", { type: volume, source: data, target: /y }]
                    security_opt: ["no-new-privileges:true"]
                    dns: [1.1.1.1, 8.8.8.8]
                    cap_add: [NET_ADMIN]
                    env_file: a.env
                    depends_on: { db: { condition: service_healthy } }
                    secrets: [{ source: s }]
                """,
                "a.env",
                "")
            .load("compose.yaml", "over.yaml");
    assertThat(problems(project)).isEmpty();
    ComposeService web = Objects.requireNonNull(project.service("web"));
    assertThat(web.ports()).hasSize(2);
    assertThat(web.volumes())
        .extracting(volume -> volume.source() + " " + volume.isReadOnly())
        .containsExactly("./b false", "data false");
    assertThat(web.place().key("security_opt").texts()).hasSize(1);
    assertThat(web.place().key("dns").texts()).containsExactly("1.1.1.1", "8.8.8.8");
    assertThat(web.place().key("cap_add").texts()).hasSize(1);
    assertThat(web.place().key("env_file").texts()).hasSize(1);
    assertThat(web.secrets()).hasSize(1);
    assertThat(web.dependencies())
        .extracting(ServiceDependency::condition)
        .containsExactly(ServiceDependency.Condition.SERVICE_HEALTHY);
  }

  @Test
  void whatAFileGetsWrongIsWrongThoughALaterOneMendsIt() {
    assertThat(
            problems(
                Repository.of(
                        "compose.yaml",
                        "services: { web: { image: a, tty: { } } }",
                        "over.yaml",
                        "services: { web: { tty: true } }")
                    .load("compose.yaml", "over.yaml")))
        .contains("SCHEMA 1:35 [WRONG_TYPE, mapping]");
  }

  @Test
  void aVersionAloneIsNoProject() {
    assertThat(problems("version: '3'")).contains("EMPTY_FILE 1:1 []");
  }

  @Test
  void portsMayBeRangesOfAddressesAndProtocols() {
    ComposeService web =
        Objects.requireNonNull(
            compose(
                    """
                    services:
                      web:
                        image: a
                        ports:
                          - "[2001:db8::1]:8000-8002:9000-9002/udp"
                          - "0.0.0.0:7000-7010:80/sctp"
                          - { target: 53, published: "5300-5310", protocol: UDP, host_ip: "::1", mode: host }
                    """)
                .service("web"));
    assertThat(web.ports())
        .extracting(
            p ->
                String.join(
                    " ",
                    List.of(
                        "" + p.hostIp().value(),
                        "" + p.published().value(),
                        "" + p.target().value(),
                        "" + p.protocol().value(),
                        "" + p.error())))
        .containsExactly(
            "2001:db8::1 8000-8002 9000-9002 udp null",
            "0.0.0.0 7000-7010 80 sctp null",
            "::1 5300-5310 53 UDP null");
  }
}
