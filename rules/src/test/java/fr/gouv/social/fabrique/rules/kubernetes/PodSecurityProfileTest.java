package fr.gouv.social.fabrique.rules.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.ConfigReader;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Standard;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The levels of the Pod Security Standards, selected by a configuration. */
class PodSecurityProfileTest {
  private static final RuleSet RULES = BuiltInRules.load();

  private static FabriqueConfig config(String yaml) {
    ConfigReader.Result result =
        ConfigReader.read(
            SourceFile.of("fabrique.yaml", yaml), RULES.pages(), LocalDate.of(2026, 11, 22));
    assertThat(result.problems()).isEmpty();
    return result.config();
  }

  /** The rules that have something to say of a pod, once all but a profile is off. */
  private static List<String> broken(String level, String spec) {
    String pod =
        "apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop }\nspec:\n" + spec;
    Report report =
        new Checker(RULES, Standard.builtIn())
            .check(
                "pods",
                SourceTree.of(Map.of("k8s/pod.yaml", pod)),
                config("profiles: [pss-" + level + "]\nrules: { \"*\": off }\n"),
                Baseline.NONE);
    assertThat(report.defects()).isEmpty();
    assertThat(report.issues()).allMatch(each -> each.finding().severity() == Severity.ERROR);
    return report.issues().stream()
        .map(each -> each.finding().rule().value().substring("kubernetes/".length()))
        .distinct()
        .sorted()
        .toList();
  }

  private static Stream<String> ids(List<Rule<?>> rules) {
    return rules.stream().map(each -> each.id().value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"baseline", "restricted"})
  void theProfileAndTheNamespaceHoldToTheSameRules(String level) {
    FabriqueConfig config = config("profiles: [pss-" + level + "]\nrules: { \"*\": off }\n");
    assertThat(RULES.pages().all())
        .filteredOn(config::runs)
        .extracting(each -> each.id().value())
        .containsExactlyInAnyOrderElementsOf(ids(PodSecurityStandards.of(level)).toList());
  }

  @Test
  void aProfileLeavesTheRestAlone() {
    FabriqueConfig config = config("profiles: [pss-restricted]\n");
    FabriqueConfig defaults = config("");
    List<String> own = ids(PodSecurityStandards.of("restricted")).toList();
    for (RulePage page : RULES.pages().all()) {
      if (own.contains(page.id().value())) {
        assertThat(config.severity(page)).isEqualTo(Severity.ERROR);
      } else {
        assertThat(config.runs(page)).isEqualTo(defaults.runs(page));
        assertThat(config.severity(page)).isEqualTo(defaults.severity(page));
      }
    }
  }

  @Test
  void aRuleOfAProfileCanBeChangedByItsName() {
    FabriqueConfig config =
        config(
            """
            profiles: [pss-restricted]
            rules: { kubernetes/restricted-volume: off, kubernetes/added-capability: info }
            """);
    RulePage volume =
        RULES.pages().byAlias("trivy:KSV-0028").stream()
            .filter(each -> !config.runs(each))
            .findFirst()
            .orElseThrow();
    assertThat(volume.id().value()).isEqualTo("kubernetes/restricted-volume");
    assertThat(config.severity(RULES.pages().byAlias("checkov:CKV_K8S_25").get(0)))
        .isEqualTo(Severity.INFO);
  }

  @Test
  void anUnknownProfileIsAnError() {
    assertThat(
            ConfigReader.read(
                    SourceFile.of("fabrique.yaml", "profiles: [pss-restrict]\n"),
                    RULES.pages(),
                    LocalDate.of(2026, 11, 22))
                .problems())
        .singleElement()
        .satisfies(each -> assertThat(each.message().en()).contains("pss-restricted"));
  }

  private static final String HELD =
      """
        securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
        containers:
          - name: web
            image: ghcr.io/socialgouv/web:1.4.2
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
      """;

  @Test
  void whatKeepsTheLevelIsFine() {
    assertThat(broken("restricted", HELD)).isEmpty();
  }

  @Test
  void windowsNeedsNoLinuxSettings() {
    String pod =
        """
          os: { name: windows }
          securityContext: { runAsNonRoot: true }
          containers: [{ name: web, image: "ghcr.io/socialgouv/web:1.4.2" }]
        """;
    assertThat(broken("restricted", pod)).isEmpty();
  }

  @Test
  void aPodWithUsersOfItsOwnMayRunAsRoot() {
    String pod =
        HELD.replace("runAsNonRoot: true", "runAsUser: 0, runAsNonRoot: false")
            + "  hostUsers: false\n";
    assertThat(broken("restricted", pod)).isEmpty();
    String unmasked = pod.replace("drop: [ALL] }", "drop: [ALL] }, procMount: Unmasked");
    assertThat(broken("baseline", unmasked)).isEmpty();
    assertThat(broken("restricted", unmasked)).containsExactly("unmasked-proc-in-user-namespace");
    assertThat(broken("baseline", unmasked.replace("hostUsers: false", "hostUsers: true")))
        .containsExactly("unmasked-proc");
  }

  @Test
  void whatNobodyTakesFromThePodCountsToo() {
    String pod =
        """
          securityContext: { runAsNonRoot: false, seccompProfile: { type: Unconfined } }
          containers:
            - name: web
              image: ghcr.io/socialgouv/web:1.4.2
              securityContext:
                runAsNonRoot: true
                seccompProfile: { type: Localhost, localhostProfile: web.json }
                allowPrivilegeEscalation: false
                capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] }
        """;
    assertThat(broken("baseline", pod)).containsExactly("unconfined-seccomp");
    assertThat(broken("restricted", pod))
        .containsExactly("unconfined-seccomp", "unenforced-non-root");
  }

  @Test
  void allKindsOfContainersCount() {
    for (String kind : List.of("initContainers", "ephemeralContainers")) {
      String pod =
          HELD + "  " + kind + ": [{ name: other, image: \"ghcr.io/socialgouv/other:1.4.2\" }]\n";
      assertThat(broken("baseline", pod)).isEmpty();
      assertThat(broken("restricted", pod))
          .containsExactly("kept-capabilities", "unstated-privilege-escalation");
    }
  }
}
