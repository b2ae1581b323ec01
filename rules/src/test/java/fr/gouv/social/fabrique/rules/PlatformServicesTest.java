package fr.gouv.social.fabrique.rules;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.ConfigReader;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Conformity;
import fr.gouv.social.fabrique.standard.Standard;
import fr.gouv.social.fabrique.standard.Verdict;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The services of the platform's presentation page: each of its rows with a use, an alternative and
 * an absence, and what reports make of them.
 */
class PlatformServicesTest {
  private static final RuleSet RULES = BuiltInRules.load();
  private static final LocalDate AS_OF = LocalDate.of(2026, 11, 22);

  private static Report check(Map<String, String> files) {
    FabriqueConfig config = FabriqueConfig.defaults(AS_OF);
    String yaml = files.get("fabrique.yaml");
    if (yaml != null) {
      ConfigReader.Result read =
          ConfigReader.read(SourceFile.of("fabrique.yaml", yaml), RULES.pages(), AS_OF);
      assertThat(read.problems()).isEmpty();
      config = read.config();
    }
    Report report =
        new Checker(RULES, Standard.builtIn())
            .check("product", SourceTree.of(files), config, Baseline.NONE);
    assertThat(report.defects()).isEmpty();
    return report;
  }

  /** What shows a service, in the shorthand of the table below, as a file of production. */
  private static Map<String, String> files(String shorthand) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("README.md", "# Produit\n");
    String[] parts = shorthand.split(" ", 3);
    switch (parts[0]) {
      case "variable" ->
          files.put(
              "deploy/prod/api.yaml",
              "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: api }\ndata:\n  %s: %s\n"
                  .formatted(parts[1], parts[2]));
      case "image" ->
          files.put(
              "deploy/prod/api.yaml",
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
                        image: %s
              """
                  .formatted(parts[1]));
      case "built" -> {
        files.putAll(files("image " + parts[1]));
        files.put("Dockerfile", "FROM node:24.11.1-alpine3.22\nUSER 1000\n");
        files.put(
            "compose.yaml", "services: { api: { build: ., image: \"%s\" } }\n".formatted(parts[1]));
      }
      case "kind" ->
          files.put(
              "deploy/prod/api.yaml",
              "apiVersion: %s\nkind: %s\nmetadata: { name: api }\nspec: {}\n"
                  .formatted(parts[1], parts[2]));
      case "host" ->
          files.put(
              "deploy/prod/api.yaml",
              """
              apiVersion: networking.k8s.io/v1
              kind: Ingress
              metadata: { name: api }
              spec:
                rules:
                  - host: %s
              """
                  .formatted(parts[1]));
      case "file" -> files.put(parts[1], "x\n");
      default -> {}
    }
    return files;
  }

  private static Conformity statement(Report report, String id) {
    return report.conformity().stream()
        .filter(each -> each.requirement().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> inventory(Report report, String need) {
    return report.services().stream()
        .filter(use -> use.need().key().equals(need))
        .map(use -> use.provider() + " " + use.standing())
        .toList();
  }

  /**
   * Each row: the service, its need, its statement, a use, an alternative, the rule that reports
   * it, and what the inventory calls both.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PostgreSQL   | database   | infrastructure.managed-database | kind postgresql.cnpg.io/v1 Cluster                      | image postgres:18.0-alpine            | database/unmanaged-postgres     | CloudNativePG       | PostgreSQL
          Elastic      | search     | infrastructure.elasticsearch    | variable ELASTIC_URL https://a.es.westeurope.azure.elastic-cloud.com:9243 | image docker.elastic.co/elasticsearch/elasticsearch:9.4.0 | service/other-search | Elastic Cloud | Elasticsearch
          S3           | storage    | infrastructure.object-storage   | variable S3_ENDPOINT https://s3.gra.io.cloud.ovh.net    | image minio/minio:RELEASE.2025-09-07T16-13-09Z | service/other-storage  | OVH                 | MinIO
          Matomo       | analytics  | infrastructure.analytics        | variable NEXT_PUBLIC_MATOMO_URL https://matomo.fabrique.social.gouv.fr | variable CSP https://www.google-analytics.com | service/other-analytics | Matomo | Google Analytics
          Sentry       | exceptions | infrastructure.exceptions       | variable SENTRY_DSN https://k@sentry2.fabrique.social.gouv.fr/1 | variable SENTRY_DSN https://k@o1.ingest.sentry.io/1 | service/other-exception-tracker | Sentry | Sentry SaaS
          Tipimail     | mail       | infrastructure.emails           | variable SMTP_HOST smtp.tipimail.com                    | variable SMTP_HOST smtp.sendgrid.net  | service/other-mail              | Tipimail            | SendGrid
          Grafana      | monitoring | infrastructure.monitoring       | kind monitoring.coreos.com/v1 PodMonitor                | image grafana/grafana:12.4.0          | service/self-hosted-monitoring  | Prometheus          | Grafana
          Emails       | sender     | infrastructure.sender           | variable MAIL_FROM contact@fabrique.social.gouv.fr      | variable MAIL_FROM contact@produit.io | service/mail-sender             | fabrique.social.gouv.fr | produit.io
          NextCloud    | files      | infrastructure.shared-files     | variable DOCS_URL https://nextcloud.fabrique.social.gouv.fr/s/x | image nextcloud:32-apache     | service/other-file-sharing      | Nextcloud           | Nextcloud
          Harbor       | registry   | infrastructure.registry         | image harbor.fabrique.social.gouv.fr/annuaire/api/app:1.4.2 | built annuaire/api:1.4.2          | image/other-registry            | Harbor              | Docker Hub
          OVH          | domain     | infrastructure.domain-name      | host annuaire.travail.gouv.fr                           | host www.annuaire.io                  | service/other-domain            | gouv.fr             | www.annuaire.io
          VaultWarden  | passwords  | infrastructure.password-store   | variable COFFRE_URL https://bitwarden.fabrique.social.gouv.fr | file ops/equipe.kdbx            | project/password-file           | VaultWarden         |
          """)
  void everyRowOfTheTable(
      String service,
      String need,
      String requirement,
      String use,
      String alternative,
      String rule,
      String used,
      @Nullable String other) {
    Report uses = check(files(use));
    assertThat(inventory(uses, need)).contains(used + " PLATFORM");
    assertThat(statement(uses, requirement).verdict()).isEqualTo(Verdict.KEPT);
    assertThat(statement(uses, requirement).evidence()).isNotEmpty();
    assertThat(rules(uses)).doesNotContain(rule);

    Report alternates = check(files(alternative));
    assertThat(rules(alternates)).contains(rule);
    assertThat(inventory(alternates, need))
        .containsExactlyElementsOf(other == null ? List.of() : List.of(other + " ALTERNATIVE"));
    assertThat(statement(alternates, requirement).verdict()).isNotEqualTo(Verdict.KEPT);

    Report absent = check(files("nothing"));
    assertThat(absent.services()).isEmpty();
    assertThat(rules(absent)).doesNotContain(rule);
    assertThat(statement(absent, requirement).verdict())
        .isIn(Verdict.NOT_APPLICABLE, Verdict.NOT_VISIBLE);
  }

  private static List<String> rules(Report report) {
    return report.active().stream().map(issue -> issue.finding().rule().value()).toList();
  }

  /** What stands in for a service while developing is neither the platform's nor reported. */
  @Test
  void whatIsOnlyForDevelopingIsSaidSo() {
    Report report =
        check(
            Map.of(
                "compose.yaml",
                """
                services:
                  db:
                    image: postgres:18.0-alpine
                  s3:
                    image: minio/minio:RELEASE.2025-09-07T16-13-09Z
                  mail:
                    image: axllent/mailpit:v1.28
                  api:
                    image: api:1.0
                    environment:
                      SMTP_HOST: mailpit
                """));
    assertThat(report.services())
        .extracting(use -> use.provider() + " " + use.standing() + " " + use.environment())
        .containsExactly(
            "PostgreSQL STAND_IN DEV",
            "MinIO STAND_IN DEV",
            "Mailpit STAND_IN DEV",
            "Mailpit STAND_IN DEV");
    assertThat(rules(report)).noneMatch(rule -> rule.startsWith("service/other"));
  }

  @Test
  void aTeamExtendsTheCatalogue() {
    Map<String, String> files = files("variable RELAIS smtp.relais.gestion.org");
    assertThat(check(files).services()).isEmpty();
    files.put(
        "fabrique.yaml",
        """
        services:
          catalogue:
            - { need: mail, host: "*.relais.gestion.org", provider: Relais du ministère }
        """);
    assertThat(inventory(check(files), "mail")).containsExactly("Relais du ministère ALLOWED");
    files.put(
        "fabrique.yaml",
        """
        services:
          catalogue:
            - { need: mail, host: "*.relais.gestion.org", provider: Vieux relais, standing: alternative }
        """);
    Report report = check(files);
    assertThat(inventory(report, "mail")).containsExactly("Vieux relais ALTERNATIVE");
    assertThat(rules(report)).contains("service/other-mail");
  }

  @Test
  void kontinuousShowsDatabaseAndHosts() {
    Report report =
        check(
            Map.of(
                ".kontinuous/values.yaml",
                """
                pg:
                  ~chart: pg
                api:
                  ~chart: app
                  envFrom: []
                """,
                ".kontinuous/env/prod/values.yaml",
                """
                api:
                  host: annuaire.travail.gouv.fr
                  vars:
                    SENTRY_DSN: https://k@sentry.fabrique.social.gouv.fr/1
                """));
    assertThat(report.services())
        .extracting(use -> use.provider() + " " + use.standing() + " " + use.environment())
        .containsExactly(
            "CloudNativePG PLATFORM UNKNOWN",
            "Sentry PLATFORM PROD",
            "Harbor PLATFORM UNKNOWN",
            "gouv.fr PLATFORM PROD");
  }
}
