package fr.gouv.social.fabrique.config;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.SourceFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselineTest {
  private static Baseline.Entry entry(String fingerprint, String path, String message) {
    SourceFile file = SourceFile.of(path, "x");
    return new Baseline.Entry(fingerprint, "docker/root-user", path, message, file.span(0, 1));
  }

  private static Baseline.Result read(String text) {
    return Baseline.read(SourceFile.of(Baseline.NAME, text));
  }

  @Test
  void oneSortedLineForEachFinding() {
    Baseline baseline =
        new Baseline(
            List.of(
                entry("00000000000000bb", "b/Dockerfile", "m"),
                entry("00000000000000aa", "a/Dockerfile", "« é » \"q\" \\ \n\u0000 \uD800 漢")));
    assertThat(baseline.text())
        .isEqualTo(
            """
            {
              "schema": 1,
              "findings": [
                { "fingerprint": "00000000000000aa", "rule": "docker/root-user", "path": "a/Dockerfile", "message": "« é » \\"q\\" \\\\ \\u000a\\u0000 \\ud800 漢" },
                { "fingerprint": "00000000000000bb", "rule": "docker/root-user", "path": "b/Dockerfile", "message": "m" }
              ]
            }
            """);
    assertThat(Baseline.NONE.text()).isEqualTo("{\n  \"schema\": 1,\n  \"findings\": []\n}\n");
  }

  @Test
  void whatIsWrittenIsRead() {
    String text = new Baseline(List.of(entry("00000000000000aa", "a \"b\"", "é\n\\"))).text();
    Baseline.Result result = read(text);
    assertThat(result.problems()).isEmpty();
    Baseline.Entry read = result.baseline().entries().get(0);
    assertThat(read.path()).isEqualTo("a \"b\"");
    assertThat(read.message()).isEqualTo("é\n\\");
    assertThat(read.span().line()).isEqualTo(4);
    assertThat(read.span().column()).isEqualTo(5);
    assertThat(result.baseline().text()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | 1:1 | this file is empty",
        "{} | 1:1 | the key “schema” is missing",
        "{\"schema\": 2, \"findings\": []} | 1:12 | “2” is not allowed here",
        "{\"schema\": 1, \"findings\": [{\"fingerprint\": \"x\", \"rule\": \"r\", \"path\": \"p\", \"message\": \"m\"}]} | 1:44 | “x” is not allowed here",
        "{\"schema\": 1, \"findings\": [}) | 1:28 | invalid YAML",
      })
  void mistakesHaveTheirPlace(String text, String place, String message) {
    ConfigProblem problem = read(text == null ? "" : text).problems().get(0);
    assertThat(problem.message().en()).startsWith(message);
    assertThat(problem.span().line() + ":" + problem.span().column()).isEqualTo(place);
  }
}
