package fr.gouv.social.fabrique.rules;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.standard.Level;
import fr.gouv.social.fabrique.standard.Requirement;
import fr.gouv.social.fabrique.standard.Standard;
import fr.gouv.social.fabrique.standard.Visibility;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The standard as it is taken down in {@code standard/*.yaml}. */
class StandardTest {
  private static final Standard STANDARD = Standard.builtIn();

  @Test
  void coversEveryStatement() {
    Set<String> expected =
        Stream.concat(
                IntStream.rangeClosed(1, 150).mapToObj(String::valueOf),
                Stream.of("105b", "127b", "127c"))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> covered = new TreeSet<>();
    STANDARD.requirements().forEach(requirement -> covered.addAll(requirement.statements()));
    assertThat(covered).isEqualTo(expected);
  }

  /** The tables of the published pages give a level to these rows and to no others. */
  @Test
  void givesTheLevelsThatArePublished() {
    assertThat(leveled(Level.RECOMMANDATION)).containsExactly("docker.not-debian");
    assertThat(leveled(Level.OBLIGATION))
        .hasSize(23)
        .contains(
            "docker.official-image",
            "docker.rootless",
            "docker.numeric-uid",
            "docker.no-secret-no-devtools",
            "docker.lts",
            "docker.dockerignore",
            "docker.updated",
            "kubernetes.logs-stdout",
            "kubernetes.logs-json",
            "kubernetes.cpu-requests",
            "kubernetes.memory",
            "kubernetes.hpa",
            "kubernetes.healthcheck",
            "developpement.accessibility-statement",
            "developpement.accessibility-score");
    // They were obligations until January 2024.
    assertThat(Objects.requireNonNull(STANDARD.find("kubernetes.metrics")).level())
        .isEqualTo(Level.PRATIQUE);
    assertThat(STANDARD.find("kubernetes.cpu-limits")).isNull();
  }

  private static List<String> leveled(Level level) {
    return STANDARD.requirements().stream()
        .filter(requirement -> requirement.level() == level)
        .map(Requirement::id)
        .toList();
  }

  @Test
  void saysWhereItComesFrom() {
    assertThat(STANDARD.source()).isEqualTo("SocialGouv/support");
    assertThat(STANDARD.commit()).isEqualTo("44f8b6c");
    assertThat(STANDARD.date()).hasToString("2025-11-20");
    Requirement rootless = Objects.requireNonNull(STANDARD.find("docker.rootless"));
    assertThat(rootless.url())
        .isEqualTo(
            "https://socialgouv.github.io/support/docs/standards/docker#synthèse-des-attentes");
    assertThat(rootless.rules()).contains(new RuleId("kubernetes/privileged-container"));
    assertThat(STANDARD.of("docker")).hasSize(14);
  }

  @Test
  void promisesNoRuleWhereNothingShows() {
    for (Requirement requirement : STANDARD.requirements()) {
      assertThat(requirement.sources().isEmpty())
          .as(requirement.id())
          .isEqualTo(requirement.visibility() == Visibility.NOT_VISIBLE);
      if (requirement.visibility() == Visibility.NOT_VISIBLE) {
        assertThat(requirement.rules()).as(requirement.id()).isEmpty();
        assertThat(requirement.planned()).as(requirement.id()).isEmpty();
      }
    }
  }

  @Test
  void isWrittenInBothLanguages() {
    for (Requirement requirement : STANDARD.requirements()) {
      assertThat(requirement.title().fr())
          .as(requirement.id())
          .isNotEqualTo(requirement.title().en());
      assertThat(requirement.explanation().fr())
          .as(requirement.id())
          .isNotEqualTo(requirement.explanation().en());
    }
  }
}
