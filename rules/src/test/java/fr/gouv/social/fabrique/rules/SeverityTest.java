package fr.gouv.social.fabrique.rules;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.standard.Level;
import fr.gouv.social.fabrique.standard.Requirement;
import fr.gouv.social.fabrique.standard.Standard;
import fr.gouv.social.fabrique.standard.Visibility;
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
}
