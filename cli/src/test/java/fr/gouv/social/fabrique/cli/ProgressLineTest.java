package fr.gouv.social.fabrique.cli;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  @Test
  void saysHowFarItIs() {
    Progress progress = new Progress();
    progress.begin(Progress.Phase.READING, 3);
    progress.step();
    assertThat(ProgressLine.text(progress.state(), Language.FR))
        .isEqualTo("fabrique: lecture 1/3 fichiers");
    progress.begin(Progress.Phase.CHECKING, 2);
    progress.step();
    progress.step();
    progress.step();
    assertThat(ProgressLine.text(progress.state(), Language.EN))
        .isEqualTo("fabrique: checking 2/2 rules");
  }

  @Test
  void countsWhereNobodyLooks() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (ProgressLine line =
        ProgressLine.start(
            new PrintStream(err, true, StandardCharsets.UTF_8), Language.FR, false)) {
      line.progress().begin(Progress.Phase.CHECKING, 1);
      line.progress().step();
      assertThat(line.progress().state().done()).isEqualTo(1);
    }
    assertThat(err.size()).isZero();
  }
}
