package fr.gouv.social.fabrique.rules.image;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.ImageUse;
import fr.gouv.social.fabrique.project.ImageUse.Role;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Text;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BaseImagesTest {
  private static final String NOVEMBER = "2026-11-22";

  /** What the rule says: {@code key(arguments)} for each finding, {@code keep}, or nothing. */
  private static String check(Rule<ImageUse> rule, String image, Role role, String asOf) {
    SourceFile file = SourceFile.of("Dockerfile", image);
    ImageReference reference = Objects.requireNonNull(ImageReference.orNull(image));
    List<String> said = new ArrayList<>();
    RuleContext context = new Recorder(LocalDate.parse(asOf), said);
    rule.check(
        new ImageUse(reference, Setting.explicit(image, file.all()), role, file.all()), context);
    return String.join(" ", said);
  }

  private static String check(Rule<ImageUse> rule, String image) {
    return check(rule, image, Role.FINAL_BASE, NOVEMBER);
  }

  @Test
  void thePublishedExampleBreaksItsOwnTable() {
    assertThat(check(BaseImages.END_OF_LIFE, "node:16-slim"))
        .isEqualTo("ended(Node.js 16, 2023-09-11)");
    assertThat(check(BaseImages.DEBIAN_BASED, "node:16-slim")).isEqualTo("debian(node:16-slim)");
    assertThat(check(BaseImages.UNOFFICIAL, "node:16-slim")).isEqualTo("keep");
  }

  @Test
  void recommendedComponentsAreExceptions() {
    assertThat(check(BaseImages.UNOFFICIAL, "hasura/graphql-engine:v2.36.0")).isEqualTo("keep");
    assertThat(check(BaseImages.UNOFFICIAL, "ghcr.io/cloudnative-pg/postgis:14")).isEqualTo("keep");
    assertThat(check(BaseImages.UNOFFICIAL, "acme/allowed:1")).isEqualTo("keep");
    assertThat(check(BaseImages.UNOFFICIAL, "acme/allowed-not:1"))
        .isEqualTo("unofficial(acme/allowed-not)");
    assertThat(check(BaseImages.UNOFFICIAL, "nginxinc/nginx-unprivileged:1.29-alpine"))
        .isEqualTo("unofficial(nginxinc/nginx-unprivileged)");
  }

  @Test
  void onlyTheFinalBaseMustBeOfficial() {
    for (Role role : Role.values()) {
      assertThat(check(BaseImages.UNOFFICIAL, "acme/tool:1", role, NOVEMBER))
          .isEqualTo(role == Role.FINAL_BASE ? "unofficial(acme/tool)" : "");
    }
  }

  @Test
  void whatCannotBeKnownIsNeitherGoodNorBad() {
    for (Rule<?> rule : BaseImages.ALL) {
      @SuppressWarnings("unchecked")
      Rule<ImageUse> each = (Rule<ImageUse>) rule;
      assertThat(check(each, "${IMAGE}")).as(rule.id().value()).isEmpty();
    }
    assertThat(check(BaseImages.UNPINNED, "node:${TAG}")).isEmpty();
    assertThat(check(BaseImages.END_OF_LIFE, "node:${TAG}")).isEmpty();
    assertThat(check(BaseImages.DEBIAN_BASED, "node:${TAG}")).isEmpty();
    assertThat(check(BaseImages.DEBIAN_BASED, "node:${TAG}-alpine")).isEqualTo("keep");
  }

  @Test
  void saysWhatHasEnded() {
    assertThat(check(BaseImages.END_OF_LIFE, "python:3.13-alpine3.18", Role.BUILD_BASE, NOVEMBER))
        .isEqualTo("platform-ended(Alpine Linux 3.18, 2025-05-09)");
    assertThat(check(BaseImages.END_OF_LIFE, "python:3.9-alpine3.18"))
        .isEqualTo("ended(Python 3.9, 2025-10-31)");
    assertThat(check(BaseImages.END_OF_LIFE, "debian:12"))
        .isEqualTo("extended(Debian 12, 2028-06-30)");
    assertThat(check(BaseImages.END_OF_LIFE, "python:3.13-bookworm")).isEqualTo("keep");
    assertThat(check(BaseImages.END_OF_LIFE, "postgres:14", Role.CONTAINER, "2026-08-22"))
        .isEqualTo("keep");
    assertThat(check(BaseImages.END_OF_LIFE, "hasura/graphql-engine:v2.36.0")).isEmpty();
  }

  @Test
  void ltsCountsWhereThereAreSuchReleases() {
    assertThat(check(BaseImages.NOT_LTS, "node:26-alpine", Role.FINAL_BASE, "2026-08-22"))
        .isEqualTo("not-lts(Node.js 26, 24)");
    assertThat(check(BaseImages.NOT_LTS, "node:26-alpine")).isEqualTo("keep");
    assertThat(check(BaseImages.NOT_LTS, "eclipse-temurin:26", Role.FINAL_BASE, "2026-08-22"))
        .isEqualTo("not-lts(Eclipse Temurin 26, 25)");
    assertThat(check(BaseImages.NOT_LTS, "python:3.14")).isEmpty();
    // One line of support years ago does not make an LTS rhythm.
    assertThat(check(BaseImages.NOT_LTS, "composer:2.10")).isEmpty();
    assertThat(check(BaseImages.NOT_LTS, "drupal:11")).isEmpty();
    assertThat(check(BaseImages.NOT_LTS, "node:25", Role.BUILD_BASE, "2026-05-20")).isEmpty();
  }

  @Test
  void pinsAreVersionsOrDigests() {
    String digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    assertThat(check(BaseImages.UNPINNED, "node")).isEqualTo("no-tag(node)");
    assertThat(check(BaseImages.UNPINNED, "a/b:latest")).isEqualTo("latest(a/b:latest)");
    assertThat(check(BaseImages.UNPINNED, "node:alpine")).isEqualTo("variant-only(node:alpine)");
    assertThat(check(BaseImages.UNPINNED, "php:fpm-alpine"))
        .isEqualTo("variant-only(php:fpm-alpine)");
    assertThat(check(BaseImages.UNPINNED, "a/b:alpine")).isEqualTo("keep");
    assertThat(check(BaseImages.UNPINNED, "debian:trixie-slim")).isEqualTo("keep");
    assertThat(check(BaseImages.UNPINNED, "node:lts-alpine")).isEqualTo("keep");
    assertThat(check(BaseImages.UNPINNED, "node:latest" + digest)).isEqualTo("keep");
    assertThat(check(BaseImages.UNPINNED, "scratch")).isEmpty();
    // The toolchain deploys mutable tags: they name a release all the same.
    assertThat(check(BaseImages.UNPINNED, "harbor.fabrique.social.gouv.fr/a/b/app:prod"))
        .isEqualTo("keep");
  }

  private record Recorder(LocalDate asOf, List<String> said) implements RuleContext {
    @Override
    public Project project() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Environment environment(Located at) {
      return Environment.UNKNOWN;
    }

    @Override
    public String parameter(String name) {
      return name.equals("allowed")
          ? "hasura/graphql-engine,ghcr.io/cloudnative-pg/*"
          : "acme/allowed";
    }

    @Override
    public Reported report(Located at, String messageKey, Object... arguments) {
      said.add(
          messageKey
              + "("
              + Arrays.stream(arguments).map(String::valueOf).collect(Collectors.joining(", "))
              + ")");
      return Reported.UNREAD;
    }

    @Override
    public void notChecked(Located at, Text reason) {}

    @Override
    public void keep(Located at) {
      said.add("keep");
    }

    @Override
    public void concerns() {}
  }
}
