package fr.gouv.social.fabrique.rules.facts;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.Version;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Component;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Cycle;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Product;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.State;
import fr.gouv.social.fabrique.rules.facts.OfficialImages.Status;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FactsTest {
  private static final LocalDate AUGUST = LocalDate.parse("2026-08-22");
  private static final LocalDate NOVEMBER = LocalDate.parse("2026-11-22");

  private static ImageReference image(String text) {
    return Objects.requireNonNull(ImageReference.orNull(text), text);
  }

  private static List<String> components(String text) {
    return EndOfLife.componentsOf(image(text)).stream()
        .map(component -> component.cycle().toString())
        .toList();
  }

  private static Cycle main(String text) {
    List<Component> components = EndOfLife.componentsOf(image(text));
    assertThat(components).as(text).isNotEmpty();
    return components.get(0).cycle();
  }

  @ParameterizedTest
  @CsvSource({
    "alpine:3.21.4, Alpine Linux 3.21",
    "postgres:16-alpine, PostgreSQL 16",
    "postgres:9.6.24, PostgreSQL 9.6",
    "postgres:9, PostgreSQL 9.6",
    "php:8.2-fpm, PHP 8.2",
    "python:3, Python 3.14",
    "node:24.19.0-alpine, Node.js 24",
    "node:jod-slim, Node.js 22",
    "docker.io/library/node:16-slim, Node.js 16",
    "public.ecr.aws/docker/library/node:16, Node.js 16",
    "eclipse-temurin:17.0.11_9-jdk, Eclipse Temurin 17",
    "eclipse-temurin:8u412-b08-jre, Eclipse Temurin 8",
    "mysql:8, MySQL 8.4",
    "mysql:8.0.36, MySQL 8.0",
    "mariadb:10.11.6, MariaDB 10.11",
    "debian:bookworm-slim, Debian 12",
    "ubuntu:jammy-20240530, Ubuntu 22.04",
    "pgvector/pgvector:pg16, PostgreSQL 16",
    "traefik:v3.1, Traefik 3.1",
    "ghcr.io/cloudnative-pg/postgresql:16.2-7, PostgreSQL 16",
    "mcr.microsoft.com/dotnet/aspnet:8.0-alpine, Microsoft .NET 8",
    "jenkins/jenkins:2.541.1-lts-jdk21, Jenkins 2.541",
    "gcr.io/distroless/nodejs20-debian12:nonroot, Node.js 20",
    "registry.access.redhat.com/ubi9/nodejs-20:1, Node.js 20",
    "registry.access.redhat.com/ubi8-minimal, Red Hat Enterprise Linux 8",
  })
  void findsTheCycleOfATag(String text, String cycle) {
    assertThat(main(text)).hasToString(cycle);
  }

  @ParameterizedTest
  @CsvSource({
    "node",
    "node:latest",
    "node:lts-alpine",
    "node:${V}",
    "alpine:20240329",
    "alpine:edge",
    "hasura/graphql-engine:v2.36.0",
    "${IMAGE}:16",
    "ghcr.io/node/node:16",
    "nginx:stable",
  })
  void saysNothingWhereNothingCanBeTold(String text) {
    assertThat(components(text)).isEmpty();
  }

  @Test
  void readsWhatAnImageStandsOn() {
    assertThat(components("python:3.12-alpine3.18"))
        .containsExactly("Python 3.12", "Alpine Linux 3.18");
    assertThat(components("php:8.4-fpm-bullseye")).containsExactly("PHP 8.4", "Debian 11");
    assertThat(components("tomcat:10.1-jdk17-temurin-jammy"))
        .containsExactly("Apache Tomcat 10.1", "Eclipse Temurin 17", "Ubuntu 22.04");
    assertThat(components("maven:3.9-eclipse-temurin-21-alpine"))
        .containsExactly("Apache Maven 3.9", "Eclipse Temurin 21");
    assertThat(components("amazoncorretto:17-alpine3.18"))
        .containsExactly("Amazon Corretto 17", "Alpine Linux 3.18");
    assertThat(components("gcr.io/distroless/nodejs20-debian12"))
        .containsExactly("Node.js 20", "Debian 12");
    assertThat(components("python:${PYTHON}-slim-buster")).containsExactly("Debian 10");
    assertThat(components("debian:bookworm-slim")).containsExactly("Debian 12");
  }

  @ParameterizedTest
  @CsvSource({
    // The published page's own example.
    "node:16-slim, 2023-09-11, SUPPORTED",
    "node:16-slim, 2023-09-12, ENDED",
    "python:3.10, 2026-08-22, SUPPORTED",
    "python:3.10, 2026-11-22, ENDED",
    "mcr.microsoft.com/dotnet/sdk:9.0, 2026-11-22, ENDED",
    "postgres:14, 2026-11-12, SUPPORTED",
    "postgres:14, 2026-11-22, ENDED",
    "alpine:3.21, 2026-11-22, ENDED",
    "debian:13, 2026-11-22, SUPPORTED",
    "debian:12, 2026-11-22, EXTENDED",
    "debian:11, 2026-11-22, ENDED",
    // Ubuntu's and RHEL's extended support is sold.
    "ubuntu:20.04, 2026-11-22, ENDED",
    "redis:8.4, 2026-11-22, SUPPORTED",
  })
  void dependsOnTheDate(String text, LocalDate asOf, State state) {
    assertThat(main(text).status(asOf).state()).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource({
    "prom/prometheus:v2.4.2, Prometheus 2.4.2",
    "redis:3.2-alpine, Redis 3.2",
    "golang:1.9, Go 1.9",
    "node:0.12, Node.js 0.12",
    "grafana/grafana:5.4.3, Grafana 5.4.3",
    "cassandra:2.1, Apache Cassandra 2.1",
  })
  void whatIsOlderThanAllThatIsKnownHasEnded(String text, String cycle) {
    assertThat(main(text)).hasToString(cycle);
    assertThat(main(text).status(NOVEMBER))
        .isEqualTo(new EndOfLife.Status(State.ENDED, null, false));
  }

  @ParameterizedTest
  @CsvSource({
    // The oldest that is known is supported, or was not so long ago.
    "eclipse-temurin:7",
    "valkey/valkey:7.0",
    "almalinux:7",
    // A day and a version of the image itself.
    "alpine:0.20240329",
    "discourse/base:2.0.20260901-0055",
  })
  void whatIsOlderMayStillBeSupported(String text) {
    assertThat(components(text)).isEmpty();
  }

  @Test
  void knowsLongTermSupport() {
    assertThat(main("node:26").status(AUGUST).lts()).isFalse();
    assertThat(main("node:26").status(NOVEMBER).lts()).isTrue();
    assertThat(main("node:25").status(AUGUST).lts()).isFalse();
    assertThat(main("node:22").status(NOVEMBER).lts()).isTrue();
    assertThat(main("eclipse-temurin:26").status(AUGUST).lts()).isFalse();
    assertThat(main("eclipse-temurin:25").status(AUGUST).lts()).isTrue();
    Product node = Objects.requireNonNull(EndOfLife.product("nodejs"));
    assertThat(node.hasLts()).isTrue();
    assertThat(node.recommended(AUGUST)).hasToString("Node.js 24");
    assertThat(node.recommended(NOVEMBER)).hasToString("Node.js 26");
    Product python = Objects.requireNonNull(EndOfLife.product("python"));
    assertThat(python.hasLts()).isFalse();
    assertThat(python.recommended(AUGUST)).hasToString("Python 3.14");
  }

  @ParameterizedTest
  @CsvSource({
    "node, ACTIVE",
    "docker.io/library/nginx:1.29, ACTIVE",
    "mirror.gcr.io/library/redis, ACTIVE",
    "openjdk:17, DEPRECATED",
    "mono, REMOVED",
    "centos:7, REMOVED",
    "mongo-express, REMOVED",
    "rockylinux:9, ACTIVE",
    "nextcloud, ACTIVE",
    "scratch, RESERVED",
  })
  void knowsTheOfficialImages(String text, Status status) {
    assertThat(Objects.requireNonNull(OfficialImages.of(image(text))).status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "nginxinc/nginx-unprivileged",
    "hasura/graphql-engine",
    "bitnami/node",
    "ghcr.io/library/node",
    "keycloak",
    "${X}",
    "quay.io/node"
  })
  void knowsWhatIsNotOfficial(String text) {
    assertThat(OfficialImages.of(image(text))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    // Without a suffix.
    "node:24, debian",
    "node, debian",
    "python:3.12, debian",
    "nginx, debian",
    "postgres:16, debian",
    "redis:7.2.4, debian",
    "php:8.3-fpm, debian",
    "httpd:2.4, debian",
    "eclipse-temurin:21, ubuntu",
    "eclipse-temurin:21-jre, ubuntu",
    "maven:3.9-eclipse-temurin-17, ubuntu",
    "gradle:8.5, ubuntu",
    "mariadb:11, ubuntu",
    "mongo:7.0, ubuntu",
    "rabbitmq:3.13, ubuntu",
    "mysql:8.0, oraclelinux",
    // Versions that have left the table.
    "node:20.11.0, debian",
    "node:16.20.2-slim, debian",
    "python:3.6.15, debian",
    "rabbitmq:3.8.9-management, ubuntu",
    // What the tag says.
    "node:16-slim, debian",
    "node:16-alpine, alpine",
    "nginx:1.29-alpine-slim, alpine",
    "python:3.12-slim-bookworm, debian",
    "eclipse-temurin:21-jre-jammy, ubuntu",
    "eclipse-temurin:21-ubi9-minimal, ubi",
    "amazoncorretto:21-al2023, amazonlinux",
    "python:${V}-slim-bookworm, debian",
    "node:${V}-alpine3.20, alpine",
    "node:${V:-2-2}-slim, debian",
    "ghcr.io/acme/app:1-bookworm, debian",
    // By name.
    "debian:12, debian",
    "ubuntu, ubuntu",
    "alpine:3.21, alpine",
    "scratch, scratch",
    "gcr.io/distroless/nodejs22-debian12, distroless",
    "nginxinc/nginx-unprivileged:1.29, debian",
    "nginxinc/nginx-unprivileged:1.29-alpine, alpine",
    "bitnami/node:20, debian",
    "wordpress:6-php8.2-apache, debian",
    "wordpress:6-php8.2-fpm-alpine, alpine",
    "mcr.microsoft.com/dotnet/aspnet:8.0, debian",
    "mcr.microsoft.com/dotnet/aspnet:10.0, ubuntu",
    "mcr.microsoft.com/dotnet/aspnet:10.0-alpine, alpine",
    // The list of the SRE team.
    "ghcr.io/socialgouv/docker/nginx:8.3.6, alpine",
    "ghcr.io/socialgouv/docker/git:7, ubuntu",
    "ghcr.io/socialgouv/docker/greenmask:sha-1234567, debian",
  })
  void knowsWhatImagesAreBuiltOn(String text, String system) {
    assertThat(ImageSystems.of(image(text))).isEqualTo(system);
  }

  @ParameterizedTest
  @CsvSource({
    "node:${V}",
    "${IMAGE}",
    "ghcr.io/acme/app:1",
    "ghcr.io/acme/app:1-slim",
    "hasura/graphql-engine:v2.36.0",
    "amazoncorretto:al",
    "keycloak/keycloak:26"
  })
  void doesNotGuessASystem(String text) {
    assertThat(ImageSystems.of(image(text))).isNull();
  }

  @Test
  void knowsTheImagesOfTheSreTeam() {
    SocialGouvImages.SocialGouvImage nginx =
        Objects.requireNonNull(
            SocialGouvImages.of(image("ghcr.io/socialgouv/docker/nginx4spa:8.2.4")));
    assertThat(nginx.status()).isEqualTo(SocialGouvImages.Status.LISTED);
    assertThat(nginx.user()).isEqualTo("101");
    assertThat(nginx.hasNumericUser()).isTrue();
    SocialGouvImages.SocialGouvImage pgvector =
        Objects.requireNonNull(
            SocialGouvImages.of(image("ghcr.io/socialgouv/docker/cnpg-pgvector:7")));
    assertThat(pgvector.user()).isEqualTo("postgres");
    assertThat(pgvector.hasNumericUser()).isFalse();
    SocialGouvImages.SocialGouvImage wait =
        Objects.requireNonNull(
            SocialGouvImages.of(image("ghcr.io/socialgouv/docker/wait-for-postgres")));
    assertThat(wait.root()).isTrue();
    SocialGouvImages.SocialGouvImage http =
        Objects.requireNonNull(
            SocialGouvImages.of(image("ghcr.io/socialgouv/docker/wait-for-http")));
    assertThat(http.root()).isFalse();
    assertThat(http.user()).isNull();
    assertThat(
            Objects.requireNonNull(
                    SocialGouvImages.of(image("ghcr.io/socialgouv/docker/kubectl:1")))
                .status())
        .isEqualTo(SocialGouvImages.Status.RETIRED);
    assertThat(SocialGouvImages.of(image("ghcr.io/socialgouv/docker/other"))).isNull();
    assertThat(SocialGouvImages.isInFolder(image("ghcr.io/socialgouv/docker/other"))).isTrue();
    assertThat(SocialGouvImages.of(image("nginx"))).isNull();
  }

  @Test
  void knowsTheLifecycleOfApis() {
    ApiLifecycle.Api ingress =
        Objects.requireNonNull(ApiLifecycle.of("extensions/v1beta1", "Ingress"));
    assertThat(ingress.replacement()).isEqualTo("networking.k8s.io/v1");
    assertThat(ingress.isRemovedIn(Version.of("1.21"))).isFalse();
    assertThat(ingress.isDeprecatedIn(Version.of("1.21"))).isTrue();
    assertThat(ingress.isRemovedIn(Version.of("1.22"))).isTrue();
    assertThat(ingress.isRemovedIn(Version.of("1.36"))).isTrue();
    ApiLifecycle.Api cronJob = Objects.requireNonNull(ApiLifecycle.of("batch/v1", "CronJob"));
    assertThat(cronJob.isNotYetIn(Version.of("1.20"))).isTrue();
    assertThat(cronJob.isRemovedIn(Version.of("1.36"))).isFalse();
    assertThat(ApiLifecycle.of("extensions/v1beta1", "IngressList")).isEqualTo(ingress);
    assertThat(ApiLifecycle.of("bitnami.com/v1alpha1", "SealedSecret")).isNull();
  }
}
