package fr.gouv.social.fabrique.rules;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.ConfigReader;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.source.SourceFile;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A pinned rule set stays what it was when newer rules come. */
class RulesetTest {
  private static final RulePage TODAY =
      Objects.requireNonNull(BuiltInRules.load().pages().all().iterator().next());

  private static RulePage since(String version) {
    return new RulePage(
        TODAY.id(),
        TODAY.severity(),
        true,
        null,
        version,
        List.of(),
        TODAY.title(),
        TODAY.messages(),
        null,
        TODAY.parameters());
  }

  private static ConfigReader.Result read(String yaml, RulePage... pages) {
    RulePages known =
        new RulePages(
            List.of(pages),
            () -> {
              throw new IOException("no prose here");
            });
    return ConfigReader.read(
        SourceFile.of("fabrique.yaml", yaml), known, LocalDate.of(2026, 11, 22));
  }

  @Test
  void newerRulesDoNotRun() {
    FabriqueConfig pinned = read("ruleset: \"2026.9\"\n", since("2026.9")).config();
    assertThat(pinned.runs(since("2026.1"))).isTrue();
    assertThat(pinned.runs(since("2026.9"))).isTrue();
    assertThat(pinned.runs(since("2026.10"))).isFalse();
    assertThat(read("", since("2026.1")).config().runs(since("2030.1"))).isTrue();
  }

  @Test
  void theLastLineThatMatchesDecides() {
    String family = TODAY.id().family();
    assertThat(read("rules: { \"*\": off }\n", TODAY).config().runs(TODAY)).isFalse();
    String back = "rules: { \"*\": off, \"" + family + "/*\": warning }\n";
    assertThat(read(back, TODAY).config().runs(TODAY)).isTrue();
    RulePage resting =
        BuiltInRules.load().pages().all().stream()
            .filter(each -> !each.enabled())
            .findFirst()
            .orElseThrow();
    String all = "rules: { \"*\": off, \"" + resting.id().family() + "/*\": warning }\n";
    assertThat(read(all, resting).config().runs(resting)).isFalse();
    String named = "rules: { \"*\": off, " + resting.id() + ": warning }\n";
    assertThat(read(named, resting).config().runs(resting)).isTrue();
  }

  @Test
  void anUnknownRuleSetIsAnError() {
    assertThat(read("ruleset: \"2019.3\"\n", since("2026.1")).problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.span()).hasToString("fabrique.yaml:1:1");
              assertThat(problem.message().en())
                  .isEqualTo("unknown rule set “2019.3” (known: 2026.1)");
            });
  }
}
