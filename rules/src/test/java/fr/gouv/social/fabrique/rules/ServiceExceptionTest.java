package fr.gouv.social.fabrique.rules;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.standard.Standard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An exception of the configuration may name a service of Compose. */
class ServiceExceptionTest {
  @ParameterizedTest
  @CsvSource({"api, 2", "api.v1, 1", "'api*', 2", "web, 0"})
  void coversTheServiceThatItNames(String object, int covered, @TempDir Path root)
      throws Exception {
    Files.writeString(
        root.resolve("compose.yaml"),
        "services:\n  api: {image: acme/a}\n  api.v1: {image: acme/b}\n  db: {image: acme/c}\n");
    Files.writeString(
        root.resolve("fabrique.yaml"),
        "ignore: [{rules: [image/unpinned], where: {object: '" + object + "'}, reason: r}]\n");
    Run.Decided decided = Run.decided(root, null, BuiltInRules.load(), LocalDate.of(2026, 11, 22));
    long excepted =
        Run.check(
                new Checker(decided.rules(), Standard.builtIn()),
                root,
                List.of(),
                decided.config(),
                Baseline.NONE)
            .issues()
            .stream()
            .filter(issue -> issue.suppression() != null)
            .count();
    // A name with dots lies in the service of its first part, too.
    assertThat(excepted).isEqualTo(covered);
  }
}
