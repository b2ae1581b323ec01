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
  void informationOnAnObligationIsAdviceBesideWhatIsRight() {
    String probes =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web, namespace: web }
        spec:
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec:
              containers:
                - name: web
                  image: nginx:1.30.4-alpine
                  livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
                  readinessProbe: { httpGet: { path: /index.html, port: 8080 } }
        """;
    Conformity health = conformity("kubernetes.healthcheck", "k8s/web.yaml", probes);
    assertThat(health.verdict()).isEqualTo(Verdict.KEPT);
    assertThat(health.findings()).isEmpty();
  }

  @Test
  void informationOnAPracticeBreaksItForOneOfTwoImages() {
    String install =
        """
        FROM node:24-alpine AS build
        WORKDIR /app
        COPY package.json package-lock.json ./
        RUN npm ci
        FROM node:24-alpine
        """;
    Conformity modules =
        conformity(
            "docker.no-dev-dependencies",
            "package.json",
            "{\"devDependencies\": {\"jest\": \"30\"}}",
            "package-lock.json",
            "{}",
            "api.Dockerfile",
            install + "COPY --from=build /app/node_modules ./node_modules\nUSER 1000\n",
            "site.Dockerfile",
            install + "COPY --from=build /app/dist ./dist\nUSER 1000\n");
    assertThat(modules.verdict()).isEqualTo(Verdict.BROKEN);
    assertThat(modules.findings()).hasSize(1);
    assertThat(modules.evidence()).hasSize(1);
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

  @Test
  void whatOnlyANameShowsIsNotVisible() {
    String sealed =
        """
        apiVersion: bitnami.com/v1alpha1
        kind: SealedSecret
        metadata: { name: api }
        spec: { encryptedData: { API_SENTRY_DSN: AgBy3i4OJSWK, S3_BUCKET_NAME: AgBy3i4OJSWK } }
        """;
    String path = ".kontinuous/env/prod/templates/api.yaml";
    assertThat(verdict("infrastructure.exceptions")).isEqualTo(Verdict.NOT_APPLICABLE);
    assertThat(verdict("infrastructure.exceptions", path, sealed)).isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(verdict("infrastructure.object-storage", path, sealed))
        .isEqualTo(Verdict.NOT_VISIBLE);
    String pipeline =
        "jobs:\n  build:\n    steps:\n      - with:\n          build-args: |\n            API_SENTRY_DSN=https://0@%s/3\n";
    String workflow = ".github/workflows/production.yml";
    assertThat(
            verdict(
                "infrastructure.exceptions",
                workflow,
                pipeline.formatted("sentry2.fabrique.social.gouv.fr")))
        .isEqualTo(Verdict.KEPT);
    assertThat(
            verdict(
                "infrastructure.exceptions", workflow, pipeline.formatted("o1.ingest.sentry.io")))
        .isEqualTo(Verdict.BROKEN);
  }

  @Test
  void onePodAloneBreaksTheAutoscalerAndBesideOthersIsAdvice() {
    String path = ".kontinuous/env/prod/values.yaml";
    String cron = "cron:\n  ~chart: app\n  replicas: 1\n";
    assertThat(verdict("kubernetes.hpa", path, cron)).isEqualTo(Verdict.BROKEN);
    assertThat(verdict("kubernetes.hpa", path, cron + "api:\n  ~chart: app\n"))
        .isEqualTo(Verdict.KEPT);
  }

  @Test
  void aSecretThatNoFileShowsMayBeElsewhere() {
    String values = "api:\n  ~chart: app\n  envFrom:\n    - secretRef: { name: api }\n";
    assertThat(verdict("kubernetes.secret-references", ".kontinuous/values.yaml", values))
        .isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(
            verdict(
                "kubernetes.secret-references",
                ".kontinuous/values.yaml",
                values.replace("name: api", "name: pg-app")))
        .isEqualTo(Verdict.KEPT);
  }

  @Test
  void pluginsThatInstallAreEvidence() {
    String dockerfile =
        """
        FROM node:24.19.0-alpine AS build
        WORKDIR /app
        COPY yarn.lock .yarnrc.yml ./
        RUN yarn fetch --immutable
        COPY . .
        RUN yarn workspaces focus --production
        FROM node:24.19.0-alpine
        COPY --from=build /app /app
        USER 1000
        """;
    String[] files = {
      "Dockerfile", dockerfile, ".yarnrc.yml", "", "yarn.lock", "x", "package.json", "{}"
    };
    assertThat(verdict("docker.locked-install", files)).isEqualTo(Verdict.KEPT);
    assertThat(verdict("docker.no-dev-dependencies", files)).isEqualTo(Verdict.KEPT);
    String deployed =
        """
        FROM node:24.19.0-alpine AS build
        WORKDIR /app
        COPY . .
        RUN pnpm --filter api deploy --prod /out
        FROM node:24.19.0-alpine
        COPY --from=build /out/node_modules /app/node_modules
        USER 1000
        """;
    assertThat(verdict("docker.no-dev-dependencies", "Dockerfile", deployed))
        .isEqualTo(Verdict.KEPT);
  }

  @Test
  void theBaseOfAnImageIsNoEvidenceOfSecretsThatAreNotInIt() {
    assertThat(verdict("docker.no-secret-no-devtools")).isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(
            verdict(
                "docker.no-secret-no-devtools",
                "Dockerfile",
                DOCKERFILE + "COPY nginx.conf /etc/nginx/\n",
                "nginx.conf",
                ""))
        .isEqualTo(Verdict.KEPT);
  }
}
