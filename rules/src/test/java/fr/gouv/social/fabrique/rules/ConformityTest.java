package fr.gouv.social.fabrique.rules;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Conformity;
import fr.gouv.social.fabrique.standard.Standard;
import fr.gouv.social.fabrique.standard.Verdict;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What findings, evidence and signs make of a statement. */
class ConformityTest {
  private static final String DOCKERFILE = "FROM nginx:1.30.4-alpine\nUSER 101\n";
  private static final String LICENCE =
      "MIT License\n\nPermission is hereby granted, free of charge, to any person\n";

  private static Conformity conformity(String requirement, String... files) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("README.md", "# Produit\n");
    texts.put("Dockerfile", DOCKERFILE);
    for (int i = 0; i < files.length; i += 2) {
      texts.put(files[i], files[i + 1]);
    }
    return new Checker(BuiltInRules.load(), Standard.builtIn())
            .check(
                "test",
                SourceTree.of(texts),
                FabriqueConfig.defaults(LocalDate.of(2026, 11, 22)),
                Baseline.NONE)
            .conformity()
            .stream()
            .filter(each -> each.requirement().id().equals(requirement))
            .findFirst()
            .orElseThrow();
  }

  private static Verdict verdict(String requirement, String... files) {
    return conformity(requirement, files).verdict();
  }

  @Test
  void whatIsOnlyInformationBreaksAStatementThatNothingElseShows() {
    // That there is a licence is no evidence of its being the right one.
    Conformity other = conformity("developpement.licence", "LICENSE", LICENCE);
    assertThat(other.verdict()).isEqualTo(Verdict.BROKEN);
    assertThat(other.findings()).hasSize(1);
    assertThat(
            verdict(
                "developpement.licence", "LICENSE", "Apache License\nVersion 2.0, January 2004\n"))
        .isEqualTo(Verdict.KEPT);
  }

  @Test
  void informationIsAdviceBesideWhatIsRight() {
    Conformity backup =
        conformity(
            "infrastructure.database-backup",
            ".kontinuous/values.yaml",
            "pg: { ~chart: pg }\n",
            ".kontinuous/env/preprod/values.yaml",
            "pg:\n  cnpg-cluster:\n    backup:\n      ~tpl~enabled: \"false\"\n");
    assertThat(backup.verdict()).isEqualTo(Verdict.KEPT);
    assertThat(backup.findings()).isEmpty();
  }

  @Test
  void whatConcernsTheRepositoryWithoutShowingIsNotVisible() {
    assertThat(verdict("infrastructure.database-backup")).isEqualTo(Verdict.NOT_APPLICABLE);
    assertThat(
            verdict(
                "infrastructure.database-backup",
                "compose.yaml",
                "services:\n  db:\n    image: postgres:18-alpine\n"))
        .isEqualTo(Verdict.NOT_VISIBLE);
  }

  @Test
  void signsShowThatAStatementIsKept() {
    Conformity json =
        conformity(
            "kubernetes.logs-json", "packages/api/package.json", "{\n  \"pino\": \"^9.0.0\"\n}\n");
    assertThat(json.verdict()).isEqualTo(Verdict.KEPT);
    assertThat(json.evidence()).hasSize(1);
    assertThat(json.evidence().get(0).span().line()).isEqualTo(2);
    assertThat(verdict("kubernetes.logs-json")).isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(verdict("developpement.release", ".releaserc.json", "{}")).isEqualTo(Verdict.KEPT);
    assertThat(verdict("developpement.release")).isEqualTo(Verdict.NOT_VISIBLE);
  }
}
