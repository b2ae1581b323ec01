package fr.gouv.social.fabrique.rules;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Level;
import fr.gouv.social.fabrique.standard.Requirement;
import fr.gouv.social.fabrique.standard.Standard;
import fr.gouv.social.fabrique.standard.Visibility;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** An obligation that files decide is an error; what is not is here, with the reason. */
class SeverityTest {
  private static final Map<String, String> WEAKER =
      Map.ofEntries(
          Map.entry(
              "kubernetes/hpa-bounds",
              "the page says 1 to 10, the platform's own toolchain deploys 2 to 10: a literal reading breaks every product"),
          Map.entry("kontinuous/hpa-bounds", "as kubernetes/hpa-bounds"),
          Map.entry(
              "kontinuous/single-replica",
              "one pod may be all that the task stands: alone it breaks the statement, beside others that scale it is advice"),
          Map.entry(
              "kontinuous/missing-cpu-request",
              "what values leave out, the platform's sizing may still add before the deployment"),
          Map.entry("kontinuous/missing-memory", "as kontinuous/missing-cpu-request"),
          Map.entry(
              "kontinuous/healthcheck-path", "a route of another name may well tell the health"),
          Map.entry(
              "kontinuous/missing-probes-path",
              "the chart's default path may be served all the same"),
          Map.entry("kubernetes/unusual-healthcheck-route", "as kontinuous/healthcheck-path"),
          Map.entry(
              "kubernetes/added-capability",
              "a capability that the restricted profile admits, such as NET_BIND_SERVICE, is no privilege; dangerous ones are an error"),
          Map.entry(
              "kubernetes/root-in-user-namespace",
              "root of a user namespace is not root of the node"),
          Map.entry(
              "image/unpinned",
              "latest may be the LTS today: the file does not say; a version that is over is an error"),
          Map.entry(
              "docker/incomplete-dockerignore",
              "which patterns make a complete file is a list that the page gives as advice; a missing file is an error"));

  private static Map<RuleId, RulePage> pages() {
    Map<RuleId, RulePage> pages = new TreeMap<>();
    RulePages all = BuiltInRules.load().pages();
    all.all().forEach(page -> pages.put(page.id(), page));
    return pages;
  }

  @Test
  void anObligationThatFilesDecideIsAnError() {
    Map<RuleId, RulePage> pages = pages();
    Map<String, String> weaker = new TreeMap<>();
    for (Requirement requirement : Standard.builtIn().requirements()) {
      if (requirement.level() == Level.OBLIGATION
          && requirement.visibility() == Visibility.DECIDABLE) {
        List<RuleId> rules = new ArrayList<>(requirement.rules());
        rules.addAll(requirement.breaks());
        for (RuleId rule : rules) {
          RulePage page = pages.get(rule);
          assertThat(page).as(rule.value()).isNotNull();
          if (page != null && page.severity() != Severity.ERROR) {
            weaker.put(rule.value(), WEAKER.getOrDefault(rule.value(), "no reason"));
          }
        }
      }
    }
    assertThat(weaker).containsExactlyInAnyOrderEntriesOf(WEAKER);
  }

  /** Whether somebody updates images does not show; that nobody set a bot up to do it does. */
  @Test
  void whatOnlyGoesWithAnObligationIsNoError() {
    Map<RuleId, RulePage> pages = pages();
    for (Requirement requirement : Standard.builtIn().requirements()) {
      if (requirement.visibility() == Visibility.PROXY) {
        for (RuleId rule : requirement.rules()) {
          RulePage page = pages.get(rule);
          // A version past its end is an error by the statement on LTS.
          if (page != null && requirement.id().equals(page.requirement())) {
            assertThat(page.severity()).as(rule.value()).isNotEqualTo(Severity.ERROR);
          }
        }
      }
    }
    RulePage unstated = pages.get(new RuleId("kubernetes/unstated-user"));
    // The image decides who runs where the manifest is silent: the statement speaks of the image.
    assertThat(unstated).extracting(RulePage::requirement).isNull();
    assertThat(unstated).extracting(RulePage::severity).isEqualTo(Severity.WARNING);
  }

  @Test
  void everyRuleOfAStatementIsListedThere() {
    Standard standard = Standard.builtIn();
    for (RulePage page : pages().values()) {
      String id = page.requirement();
      if (id != null) {
        Requirement requirement = standard.find(id);
        assertThat(requirement).as(page.id() + " names " + id).isNotNull();
        if (requirement != null) {
          assertThat(requirement.rules()).as(id).contains(page.id());
        }
      }
    }
  }

  /** Errors of statements that files decide with errors both ways: what is certain all the same. */
  private static final Map<String, String> CERTAIN =
      Map.of(
          "image/secret-file", "a private key and a password file are read, not guessed",
          "image/secret-in-environment", "as secret/literal-in-dockerfile",
          "image/secret-in-history", "as secret/literal-in-dockerfile",
          "kubernetes/missing-key",
              "the ConfigMap or the Secret is here and lacks the key: the pod does not start",
          "secret/copied-file", "as secret/literal-in-dockerfile, by what is in the file",
          "secret/literal-in-configmap", "as secret/literal-in-dockerfile",
          "secret/literal-in-dockerfile",
              "a key, a token, a password in an address or a generated value; what only a name tells is a warning");

  @Test
  void aGuessIsNoError() {
    Map<RuleId, RulePage> pages = pages();
    Map<RuleId, Boolean> decided = new TreeMap<>();
    for (Requirement requirement : Standard.builtIn().requirements()) {
      boolean sure = requirement.visibility() == Visibility.DECIDABLE;
      requirement.rules().forEach(rule -> decided.merge(rule, sure, Boolean::logicalOr));
      requirement.breaks().forEach(rule -> decided.merge(rule, sure, Boolean::logicalOr));
    }
    List<String> errors = new ArrayList<>();
    decided.forEach(
        (rule, sure) -> {
          RulePage page = pages.get(rule);
          if (!sure && page != null && page.severity() == Severity.ERROR) {
            errors.add(rule.value());
          }
        });
    assertThat(errors).containsExactlyInAnyOrderElementsOf(CERTAIN.keySet());
  }

  private static Severity severity(String rule, String path, String text, String... more) {
    Map<String, String> files = new TreeMap<>(Map.of(path, text));
    for (int i = 0; i < more.length; i += 2) {
      files.put(more[i], more[i + 1]);
    }
    return new Checker(BuiltInRules.load(), Standard.builtIn())
            .check(
                "test",
                SourceTree.of(files),
                FabriqueConfig.defaults(LocalDate.of(2026, 11, 22)),
                Baseline.NONE)
            .active()
            .stream()
            .filter(issue -> issue.finding().rule().value().equals(rule))
            .findFirst()
            .orElseThrow()
            .severity();
  }

  @Test
  void aSecretThatOnlyItsNameTellsIsAWarning() {
    String docker = "FROM alpine:3.23\nENV DB_PASSWORD=%s\n";
    String literal = "secret/literal-in-dockerfile";
    assertThat(severity(literal, "Dockerfile", docker.formatted("tournesol")))
        .isEqualTo(Severity.WARNING);
    assertThat(severity(literal, "Dockerfile", docker.formatted("9vK2mQx7Lr4TzB8nWc1Yh6Ud")))
        .isEqualTo(Severity.ERROR);
    assertThat(
            severity(
                literal,
                "Dockerfile",
                docker
                    .formatted("x")
                    .replace("DB_PASSWORD=x", "URL=postgres://api:tournesol@db/a")))
        .isEqualTo(Severity.ERROR);
    String map =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { DB_PASSWORD: %s }\n";
    String configMap = "secret/literal-in-configmap";
    assertThat(severity(configMap, "k8s/a.yaml", map.formatted("tournesol")))
        .isEqualTo(Severity.WARNING);
    assertThat(severity(configMap, "k8s/a.yaml", map.formatted("9vK2mQx7Lr4TzB8nWc1Yh6Ud")))
        .isEqualTo(Severity.ERROR);
    String copy = "FROM alpine:3.23\nCOPY %s /app/\nUSER 1000\n";
    assertThat(severity("secret/copied-file", "Dockerfile", copy.formatted("id_rsa")))
        .isEqualTo(Severity.WARNING);
    assertThat(
            severity(
                "secret/copied-file",
                "Dockerfile",
                copy.formatted("id_rsa"),
                "id_rsa",
                "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA1\n-----END RSA PRIVATE KEY-----\n"))
        .isEqualTo(Severity.ERROR);
  }
}
