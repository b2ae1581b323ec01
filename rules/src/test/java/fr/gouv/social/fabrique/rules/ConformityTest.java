package fr.gouv.social.fabrique.rules;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Conformity;
import fr.gouv.social.fabrique.standard.Standard;
import fr.gouv.social.fabrique.standard.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  private static List<String> places(Conformity conformity) {
    return conformity.evidence().stream()
        .map(each -> each.span().file().path() + ":" + each.span().line())
        .toList();
  }

  /** That an image is pinned shows nothing of the support of what is in it. */
  @Test
  void aPinnedImageIsNoEvidenceOfSupport() {
    Conformity lts =
        conformity(
            "docker.lts", "compose.yaml", "services:\n  mail:\n    image: maildev/maildev:2.2.1\n");
    assertThat(places(lts)).containsExactly("Dockerfile:1");
    assertThat(verdict("docker.lts", "Dockerfile", "FROM n8nio/n8n:1.99.0\nUSER 1000\n"))
        .isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(
            verdict(
                "docker.lts", "compose.yaml", "services:\n  mail:\n    image: maildev/maildev\n"))
        .isEqualTo(Verdict.BROKEN);
    assertThat(
            verdict(
                "docker.lts",
                "compose.yaml",
                "services:\n  db:\n    image: mdillon/postgis:11-alpine\n"))
        .isEqualTo(Verdict.BROKEN);
  }

  /** A file that is copied shows no variable of the environment. */
  @Test
  void copiesAreNoEvidenceOfConfigurationByEnvironment() {
    String[] copied = {
      "Dockerfile", DOCKERFILE + "COPY nginx.conf /etc/nginx/\n", "nginx.conf", ""
    };
    assertThat(verdict("kubernetes.env-config", copied)).isEqualTo(Verdict.NOT_VISIBLE);
  }

  @Test
  void whatACommentSaysIsNoSign() {
    String path = ".kontinuous/values.yaml";
    assertThat(
            verdict(
                "securite.uploads",
                path,
                "api:\n  ~chart: app\n#  ingress:\n#    nginx.ingress.kubernetes.io/proxy-body-size: 8m\n"))
        .isEqualTo(Verdict.NOT_VISIBLE);
    String workflow =
        "jobs:\n  a:\n    steps:\n      - with:\n          fetch-depth: 0 # for SonarCloud\n";
    String ci = ".github/workflows/ci.yaml";
    assertThat(verdict("securite.static-analysis", ci, workflow)).isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(
            places(
                conformity(
                    "securite.static-analysis",
                    ci,
                    workflow + "      - uses: SonarSource/sonarcloud-github-action@v5\n")))
        .containsExactly(ci + ":6");
    assertThat(
            verdict(
                "securite.headers",
                "next.config.js",
                "const headers = [\n  // { key: \"X-Frame-Options\" },\n];\n"))
        .isEqualTo(Verdict.NOT_VISIBLE);
  }

  /** A script may have the name of a library. */
  @Test
  void aScriptIsNoDependency() {
    String scripts =
        "{\n  \"scripts\": {\n    \"knex\": \"env-cmd knex\",\n    \"typeorm\": \"typeorm-ts-node\"\n  }%s\n}\n";
    String libraries =
        ",\n  \"dependencies\": {\n    \"knex\": \"catalog:\",\n    \"node-pg-migrate\": \"^7.6.1\"\n  }";
    String[] none = {"package.json", scripts.formatted("")};
    String[] both = {"package.json", scripts.formatted(libraries)};
    assertThat(verdict("databases.no-orm", none)).isEqualTo(Verdict.NOT_APPLICABLE);
    assertThat(places(conformity("databases.no-orm", both))).containsExactly("package.json:7");
    assertThat(verdict("databases.migrations", none)).isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(places(conformity("databases.migrations", both))).containsExactly("package.json:8");
  }

  @Test
  void aPackageThatIsPrivateIsNotPublished() {
    String name = "{\n  \"name\": \"@socialgouv/site\"%s\n}\n";
    assertThat(verdict("faq.npm", "package.json", name.formatted(""))).isEqualTo(Verdict.KEPT);
    assertThat(verdict("faq.npm", "package.json", name.formatted(",\n  \"private\": true")))
        .isEqualTo(Verdict.NOT_VISIBLE);
  }

  /** What goes into a page when it is built stands in no manifest. */
  @Test
  void settingsOfProgramsShowServices() {
    String env =
        "NEXT_PUBLIC_MATOMO_URL=\"https://matomo.fabrique.social.gouv.fr\"\nNEXT_PUBLIC_SENTRY_DSN=\"https://%s\"\n";
    String ours = "67a92c8c0f70486d9f36f2352eff1d19@sentry.fabrique.social.gouv.fr/68";
    String theirs = "67a92c8c0f70486d9f36f2352eff1d19@o1.ingest.sentry.io/68";
    assertThat(
            places(conformity("infrastructure.analytics", ".env.production", env.formatted(ours))))
        .containsExactly(".env.production:1");
    assertThat(verdict("infrastructure.exceptions", ".env.production", env.formatted(ours)))
        .isEqualTo(Verdict.KEPT);
    assertThat(verdict("infrastructure.exceptions", ".env.production", env.formatted(theirs)))
        .isEqualTo(Verdict.BROKEN);
    assertThat(verdict("infrastructure.exceptions", ".env.sample", env.formatted(theirs)))
        .isEqualTo(Verdict.NOT_APPLICABLE);
    String program =
        "export const environment = { dsn: \"https://%s\", m: \"//matomo.fabrique.social.gouv.fr/\" };\n";
    String path = "packages/front/src/environments/environment.prod.ts";
    assertThat(verdict("infrastructure.analytics", path, program.formatted(ours)))
        .isEqualTo(Verdict.KEPT);
    assertThat(verdict("infrastructure.exceptions", path, program.formatted(theirs)))
        .isEqualTo(Verdict.BROKEN);
    assertThat(verdict("infrastructure.exceptions", "src/page.ts", program.formatted(theirs)))
        .isEqualTo(Verdict.NOT_APPLICABLE);
  }

  @Test
  void theBucketOfThePlatformShowsAndAVolumeShowsTheContrary() {
    String path = ".kontinuous/env/prod/values.yaml";
    String app = "api:\n  ~chart: app\n";
    assertThat(
            verdict(
                "infrastructure.object-storage",
                path,
                app
                    + "  env:\n    - name: S3_ENDPOINT\n      valueFrom:\n        secretKeyRef:\n          name: annuaire-prod-app-access-key\n          key: bucket_endpoint\n"))
        .isEqualTo(Verdict.KEPT);
    assertThat(verdict("infrastructure.object-storage", path, app)).isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(
            verdict("infrastructure.object-storage", path, app + "  addVolumes:\n    - uploads\n"))
        .isEqualTo(Verdict.BROKEN);
    String azure =
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: files }\nspec: { encryptedData: { azurestorageaccountkey: AgBy3i4OJSWK } }\n";
    assertThat(verdict("infrastructure.object-storage", "k8s/files.yaml", azure))
        .isEqualTo(Verdict.NOT_VISIBLE);
  }

  @Test
  void theWorkflowThatDeliversIsTheEvidenceOfDelivery() {
    String[] files = {
      ".github/workflows/codeql.yaml", "name: CodeQL\n# docker build\n",
      ".github/workflows/deactivate.yaml",
          "jobs: { a: { uses: socialgouv/workflows/.github/workflows/use-ks-gh-deactivate.yaml@v1 } }\n",
      ".github/workflows/production.yml", "steps:\n  - uses: docker/build-push-action@v6\n",
      ".kontinuous/values.yaml", "api:\n  ~chart: app\n"
    };
    assertThat(places(conformity("infrastructure.deployment", files)))
        .containsExactly(".github/workflows/production.yml:1", ".kontinuous/values.yaml:1");
  }

  @Test
  void whatDrivesABrowserFillsNoDatabase() {
    String database = "services:\n  db:\n    image: postgres:18-alpine\n";
    for (String none :
        List.of(
            "src/client/cypress/fixtures/example.json",
            "e2e/utils/seed.ts",
            "api/db/seeders/.gitkeep",
            "tests/fixtures/a.json")) {
      assertThat(verdict("databases.seed", "compose.yaml", database, none, ""))
          .as(none)
          .isEqualTo(Verdict.BROKEN);
    }
    assertThat(
            places(
                conformity(
                    "databases.seed",
                    "compose.yaml",
                    database,
                    "api/scripts/seed.js",
                    "",
                    "pg/seeds/1-users.sql",
                    "")))
        .containsExactly("pg/seeds/1-users.sql:1");
  }

  @Test
  void aDeploymentWithoutVolumesIsStateless() {
    String deployment =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web }
        spec:
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec:
              containers: [{ name: web, image: nginx:1.30.4-alpine }]
              volumes: [{ name: cache, %s }]
        """;
    assertThat(
            verdict("kubernetes.stateless", "k8s/web.yaml", deployment.formatted("emptyDir: {}")))
        .isEqualTo(Verdict.KEPT);
    assertThat(
            verdict(
                "kubernetes.stateless",
                "k8s/web.yaml",
                deployment.formatted("persistentVolumeClaim: { claimName: web }")))
        .isNotEqualTo(Verdict.KEPT);
  }

  /** What is there, though no file says how, is not absent. */
  @Test
  void whatIsThereWithoutBeingToldIsNotVisible() {
    String ingress =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: web }
        spec:
          rules:
            - host: {{ .Values.host | quote }}
        """;
    String chart = "chart/templates/ingress.yaml";
    assertThat(verdict("developpement.urls", chart, ingress)).isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(verdict("securite.uploads", chart, ingress)).isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(verdict("kubernetes.metrics-private", chart, ingress))
        .isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(verdict("kubernetes.metrics-private")).isEqualTo(Verdict.NOT_APPLICABLE);
    assertThat(verdict("developpement.urls")).isEqualTo(Verdict.NOT_APPLICABLE);
    assertThat(verdict("securite.uploads")).isEqualTo(Verdict.NOT_APPLICABLE);
    String[] front = {"package.json", "{ \"dependencies\": { \"next\": \"^16.0.0\" } }"};
    assertThat(verdict("securite.no-external-script", front)).isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(verdict("securite.no-external-script")).isEqualTo(Verdict.NOT_APPLICABLE);
    String hasura =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: hasura }\ndata: { HASURA_GRAPHQL_ENABLE_CONSOLE: \"false\" }\n";
    assertThat(verdict("faq.hasura-key", "k8s/hasura.yaml", hasura)).isEqualTo(Verdict.NOT_VISIBLE);
    String job =
        """
        apiVersion: batch/v1
        kind: Job
        metadata: { name: dump }
        spec:
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: dump
                  image: postgres:18-alpine
                  env:
                    - name: PGHOST
                      valueFrom: { secretKeyRef: { name: %s, key: PGHOST } }
        """;
    assertThat(verdict("faq.database-secret", "k8s/job.yaml", job.formatted("pg-app")))
        .isEqualTo(Verdict.KEPT);
    assertThat(verdict("faq.database-secret", "k8s/job.yaml", job.formatted("azure-admin-user")))
        .isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(verdict("faq.cleanup", "k8s/job.yaml", job.formatted("pg-app")))
        .isEqualTo(Verdict.BROKEN);
  }

  /** Oblik sizes what it is asked to: no file says that request and limit are equal. */
  @Test
  void whatOblikSizesIsNoEvidenceOfEqualMemory() {
    String values = "api:\n  ~chart: app\n  labels: { oblik.socialgouv.io/enabled: \"true\" }\n";
    String path = ".kontinuous/env/prod/values.yaml";
    assertThat(verdict("kubernetes.memory", path, values)).isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(verdict("kubernetes.cpu-requests", path, values)).isEqualTo(Verdict.KEPT);
  }

  /** A template beside the environments is rendered for each of them, production among them. */
  @Test
  void whatKontinuousRendersEverywhereRunsInProduction() {
    String deployment =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: gateway }
        spec:
          selector: { matchLabels: { app: gateway } }
          template:
            metadata: { labels: { app: gateway } }
            spec:
              containers:
                - name: gateway
                  image: nginx:1.30.4-alpine
                  resources: { requests: { cpu: 10m, memory: 64Mi }, limits: { memory: 128Mi } }
        """;
    String everywhere = ".kontinuous/templates/gateway.yaml";
    for (String statement : List.of("kubernetes.hpa", "kubernetes.memory")) {
      assertThat(verdict(statement, everywhere, deployment)).isEqualTo(Verdict.BROKEN);
      assertThat(
              verdict(
                  statement,
                  everywhere,
                  "{{- if .Values.global.gatewayEnabled }}\n" + deployment + "{{- end }}\n"))
          .isNotEqualTo(Verdict.BROKEN);
      assertThat(verdict(statement, ".kontinuous/env/dev/templates/gateway.yaml", deployment))
          .isNotEqualTo(Verdict.BROKEN);
    }
  }

  /** Who reads the matrix sees what shows it without opening the file. */
  @Test
  void evidenceSaysWhatStandsThere() {
    assertThat(conformity("docker.rootless").evidence())
        .extracting(Conformity.Evidence::label)
        .containsExactly("USER 101");
    assertThat(
            conformity(
                    "infrastructure.exceptions",
                    ".env.production",
                    "SENTRY_DSN=https://67a92c8c0f70486d9f36f2352eff1d19@sentry.fabrique.social.gouv.fr/68\n")
                .evidence())
        .extracting(Conformity.Evidence::label)
        .containsExactly("");
  }

  /** Three findings are shown, the others on request. */
  @Test
  void theGravestFindingStandsFirst() {
    String services = "services:\n  a: {image: acme/a}\n  b: {image: acme/b}\n";
    assertThat(
            conformity("docker.lts", "a/compose.yaml", services, "z/Dockerfile", "FROM node:16\n")
                .findings())
        .extracting(finding -> finding.rule().value())
        .startsWith("image/end-of-life")
        .contains("image/unpinned");
  }

  @Test
  void dataOfReferenceIsNoCopyOfADatabase() {
    String rows = "    (1,'01','Ain'),\n".repeat(80_000);
    String path = "pg/scripts/geo-data.sql";
    String statement = "securite.no-production-data";
    assertThat(verdict(statement, path, "insert into territoires(id,code,label) values\n" + rows))
        .isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(verdict(statement, path, "insert into usagers(id,prenom,nom) values\n" + rows))
        .isEqualTo(Verdict.BROKEN);
    assertThat(verdict(statement, path, "--\n-- PostgreSQL database dump\n--\n" + rows))
        .isEqualTo(Verdict.BROKEN);
  }

  /** Request and limit of the database show; those of the application are Oblik's affair. */
  @Test
  void whatShowsOfOneComponentOrElsewhereIsNoEvidenceForProduction() {
    String values =
        """
        api:
          ~chart: app
          resources:
            requests: { cpu: 500m, memory: 512Mi }
            limits: { memory: 1Gi }
        pg:
          ~chart: pg
          cnpg-cluster: { resources: { requests: { memory: 1Gi }, limits: { memory: 1Gi } } }
        """;
    String oblik = "api:\n  labels: { oblik.socialgouv.io/enabled: \"true\" }\n";
    assertThat(
            verdict(
                "kubernetes.memory",
                ".kontinuous/values.yaml",
                values,
                ".kontinuous/env/prod/values.yaml",
                oblik))
        .isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(
            verdict(
                "kubernetes.memory",
                ".kontinuous/values.yaml",
                values.replace("memory: 512Mi", "memory: 1Gi")))
        .isEqualTo(Verdict.KEPT);
  }

  @Test
  void valuesForChartsFromElsewhereShowNothingOfWhatIsDeployed() {
    String chart =
        """
        apiVersion: v2
        name: backend
        version: 0.1.0
        dependencies:
          - { name: web-app, version: 3.3.0, repository: "%s" }
        """;
    for (String statement :
        List.of(
            "kubernetes.cpu-requests",
            "kubernetes.memory",
            "kubernetes.hpa",
            "kubernetes.healthcheck")) {
      assertThat(
              verdict(statement, "charts/backend/Chart.yaml", chart.formatted("https://charts.fr")))
          .isEqualTo(Verdict.NOT_VISIBLE);
      assertThat(
              verdict(statement, "charts/backend/Chart.yaml", chart.formatted("file://../web-app")))
          .isEqualTo(Verdict.NOT_APPLICABLE);
    }
    String monitoring = "infrastructure.monitoring";
    String path = "charts/backend/Chart.yaml";
    assertThat(verdict(monitoring, path, chart.formatted("https://charts.fr")))
        .isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(
            verdict(
                monitoring,
                path,
                chart.formatted("https://charts.fr"),
                ".kontinuous/values.yaml",
                "api:\n  ~chart: app\n"))
        .isEqualTo(Verdict.NOT_APPLICABLE);
  }

  @Test
  void whatATemplateLeavesOpenConcernsAllTheSame() {
    String deployment =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: api }
        spec:
          selector: { matchLabels: { app: api } }
          template:
            metadata: { labels: { app: api } }
            spec:
              containers:
                - name: api
                  image: "{{ .Values.image }}"
                  resources: {{ toYaml .Values.resources | nindent 12 }}
        """;
    for (String statement :
        List.of("kubernetes.cpu-requests", "kubernetes.memory", "infrastructure.registry")) {
      assertThat(
              verdict(
                  statement,
                  "chart/Chart.yaml",
                  "apiVersion: v2\nname: api\nversion: 0.1.0\n",
                  "chart/templates/api.yaml",
                  deployment))
          .isEqualTo(Verdict.NOT_VISIBLE);
    }
    assertThat(
            verdict(
                "docker.numeric-uid",
                "Dockerfile",
                "ARG UID\nFROM nginx:1.30.4-alpine\nARG UID\nUSER ${UID}\n"))
        .isEqualTo(Verdict.NOT_VISIBLE);
  }

  @Test
  void whatStandsInForAServiceLocallyIsAnotherOneInProduction() {
    String compose = "services:\n  mail: { image: \"maildev/maildev:2.2.1\" }\n";
    assertThat(verdict("infrastructure.emails", "compose.yaml", compose))
        .isEqualTo(Verdict.NOT_VISIBLE);
  }

  @Test
  void podsOfPublicImagesThatStartAsRootBreakRootless() {
    String job =
        """
        apiVersion: batch/v1
        kind: Job
        metadata: { name: dump }
        spec:
          template:
            spec:
              restartPolicy: Never
              %s
              containers: [{ name: dump, image: "%s", command: [pg_dump] }]
        """;
    String none = "automountServiceAccountToken: false";
    assertThat(verdict("docker.rootless", "k8s/dump.yaml", job.formatted(none, "postgres:18")))
        .isEqualTo(Verdict.BROKEN);
    assertThat(
            verdict(
                "docker.rootless",
                "k8s/dump.yaml",
                job.formatted("securityContext: { runAsUser: 70 }", "postgres:18")))
        .isEqualTo(Verdict.KEPT);
    assertThat(
            verdict(
                "docker.rootless", "k8s/dump.yaml", job.formatted(none, "ghcr.io/other/dump:1")))
        .isEqualTo(Verdict.KEPT);
  }

  @Test
  void theRegistryThatIsWrittenIsJudged() {
    String values = "global: { registry: %s }\nweb:\n  ~chart: app\n  imagePackage: web\n";
    String path = ".kontinuous/values.yaml";
    assertThat(
            verdict(
                "infrastructure.registry",
                path,
                values.formatted("harbor.fabrique.social.gouv.fr")))
        .isEqualTo(Verdict.KEPT);
    assertThat(
            verdict(
                "infrastructure.registry",
                path,
                values.formatted("\"{{ .Values.global.other }}\"")))
        .isEqualTo(Verdict.NOT_VISIBLE);
  }

  @Test
  void aShareOfACloudKeepsData() {
    String values =
        """
        api:
          ~chart: app
          volumes:
            - { name: uploads, csi: { driver: %s } }
        """;
    String path = ".kontinuous/env/prod/values.yaml";
    assertThat(verdict("kubernetes.stateless", path, values.formatted("file.csi.azure.com")))
        .isEqualTo(Verdict.BROKEN);
    assertThat(verdict("kubernetes.stateless", path, values.formatted("secrets-store.csi.k8s.io")))
        .isEqualTo(Verdict.KEPT);
  }

  @Test
  void whatTurnsMetricsOffOrConfiguresALinterIsNoSign() {
    String job =
        """
        apiVersion: batch/v1
        kind: Job
        metadata: { name: a, annotations: { "prometheus.io/scrape": "%s" } }
        spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: "a:1" }] } } }
        """;
    assertThat(verdict("kubernetes.metrics", "k8s/job.yaml", job.formatted("false")))
        .isEqualTo(Verdict.NOT_VISIBLE);
    assertThat(verdict("kubernetes.metrics", "k8s/job.yaml", job.formatted("true")))
        .isEqualTo(Verdict.KEPT);
    assertThat(verdict("kubernetes.env-config", "site/.eslintrc.yaml", "env:\n  node: true\n"))
        .isNotEqualTo(Verdict.KEPT);
  }

  @Test
  void aPolicyOfContentStandsInMiddlewareOrInTheValuesOfAChart() {
    String header = "response.headers.set(\"Content-Security-Policy\", policy);\n";
    assertThat(verdict("securite.content-policy", "packages/front/proxy.ts", header))
        .isEqualTo(Verdict.KEPT);
    assertThat(
            verdict(
                "securite.content-policy",
                "helm_charts/charts/backend/values.yaml",
                "securityHeaders:\n  Content-Security-Policy: \"default-src 'none'\"\n"))
        .isEqualTo(Verdict.KEPT);
    assertThat(verdict("securite.content-policy", "packages/front/other.ts", header))
        .isEqualTo(Verdict.NOT_VISIBLE);
  }

  /** A link is a file of the folder in which it stands. */
  @Test
  void aFileStandsInEveryEnvironmentThatLinksToIt(@TempDir Path root) throws IOException {
    Path dev = Files.createDirectories(root.resolve(".kontinuous/env/dev/templates"));
    Path prod = Files.createDirectories(root.resolve(".kontinuous/env/prod/templates"));
    Files.writeString(
        dev.resolve("api.yaml"),
        """
        apiVersion: bitnami.com/v1alpha1
        kind: SealedSecret
        metadata:
          name: api
          annotations: { sealedsecrets.bitnami.com/cluster-wide: "true" }
        spec: { encryptedData: { KEY: AgBy3i4OJSWK } }
        """);
    assertThat(verdict("kubernetes.sealed-scope", root)).isNotEqualTo(Verdict.BROKEN);
    Files.createSymbolicLink(prod.resolve("api.yaml"), Path.of("../../dev/templates/api.yaml"));
    assertThat(verdict("kubernetes.sealed-scope", root)).isEqualTo(Verdict.BROKEN);
  }

  private static Verdict verdict(String requirement, Path root) throws IOException {
    return new Checker(BuiltInRules.load(), Standard.builtIn())
            .check(
                "test",
                SourceTree.walk(root),
                FabriqueConfig.defaults(LocalDate.of(2026, 11, 22)),
                Baseline.NONE)
            .conformity()
            .stream()
            .filter(each -> each.requirement().id().equals(requirement))
            .findFirst()
            .orElseThrow()
            .verdict();
  }
}
