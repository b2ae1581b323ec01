package fr.gouv.social.fabrique.rule;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Text;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulePageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 | « web » : 0 réplica est prêt {x} {9} | “web”: 0 replicas are ready {x} {9}",
        "1 | « web » : 1 réplica est prêt {x} {9} | “web”: 1 replica is ready {x} {9}",
        "2 | « web » : 2 réplicas sont prêts {x} {9} | “web”: 2 replicas are ready {x} {9}",
        "{1:a|b} | « web » : {1:a|b} réplicas sont prêts {x} {9} | “web”: {1:a|b} replicas are ready {x} {9}",
      })
  void wordsGoWithTheirNumber(String row) {
    // The last row holds bars of its own.
    String[] parts = row.split(" \\| ");
    RulePage page =
        new RulePage(
            new RuleId("a/b"),
            Severity.ERROR,
            true,
            null,
            "",
            List.of(),
            Text.same(""),
            Map.of(
                "main",
                new Text(
                    "« {0} » : {1} {1:réplica est prêt|réplicas sont prêts} {x} {9}",
                    "“{0}”: {1} {1:replica is|replicas are} ready {x} {9}")),
            null,
            Map.of());
    Finding finding =
        new Finding(
            page.id(),
            Severity.ERROR,
            SourceFile.of("a", "").all(),
            "",
            "main",
            List.of("web", parts[0]),
            List.of(),
            null);
    assertThat(page.message(finding)).isEqualTo(new Text(parts[1], parts[2]));
  }
}
