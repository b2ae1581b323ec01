package fr.gouv.social.fabrique.compose;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.SourceFile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComposeValuesTest {

  private static Map<String, DotEnv.Entry> dotEnv(String text) {
    DotEnv.Result result =
        DotEnv.read(SourceFile.of(".env", text), Variables.of(Map.of("OUTER", "out")), false);
    assertThat(result.errors()).isEmpty();
    return result.entries();
  }

  @Test
  void dotEnvHasItsOwnGrammar() {
    Map<String, DotEnv.Entry> entries =
        dotEnv(
            """
            # a comment
            PLAIN=some value # not this
            export EXPORTED=1
            YAML: yes
            SINGLE='$PLAIN \\n'
            DOUBLE="a\\tb \\"$EXPORTED\\" \\$x"
            LINES="one
            two"
            EMPTY=
            OUTER
            UNSET
            USES=${OUTER}-${NOPE:-none}
            UNKNOWN=$HOME/x
            HASH=a#b
            PLAIN=last
            """);
    assertThat(entries.get("PLAIN").value().text()).isEqualTo("last");
    assertThat(entries.get("EXPORTED").value().text()).isEqualTo("1");
    assertThat(entries.get("YAML").value().text()).isEqualTo("yes");
    assertThat(entries.get("SINGLE").value().text()).isEqualTo("$PLAIN \\n");
    assertThat(entries.get("DOUBLE").value().text()).isEqualTo("a\tb \"1\" $x");
    assertThat(entries.get("LINES").value().text()).isEqualTo("one\ntwo");
    assertThat(entries.get("EMPTY").value().text()).isEmpty();
    assertThat(entries.get("OUTER").value().text()).isEqualTo("out");
    assertThat(entries).doesNotContainKey("UNSET");
    assertThat(entries.get("USES").value().text()).isEqualTo("out-none");
    assertThat(entries.get("UNKNOWN").value().known()).isFalse();
    assertThat(entries.get("HASH").value().text()).isEqualTo("a#b");
  }

  @Test
  void dotEnvPointsAtItsLinesWhateverTheirEnds() {
    SourceFile file = SourceFile.of(".env", "A=1\r\nBB=\"x\"\r\n");
    DotEnv.Entry entry = DotEnv.read(file, Variables.of(Map.of()), false).entries().get("BB");
    assertThat(entry.value().text()).isEqualTo("x");
    assertThat(entry.span().text()).isEqualTo("BB=\"x\"");
  }

  @Test
  void aBrokenDotEnvSaysWhere() {
    for (String text : List.of("A=1\nB C=2\n", "A=1\nB=\"open\n", "A=1\nB;=2\n", "A=1\nB=${\n")) {
      DotEnv.Result result =
          DotEnv.read(SourceFile.of(".env", text), Variables.of(Map.of()), false);
      assertThat(result.errors()).extracting(span -> span.line()).containsExactly(2);
      assertThat(result.entries()).containsOnlyKeys("A");
    }
  }

  @Test
  void aRawFileIsTakenAsItStands() {
    DotEnv.Result result =
        DotEnv.read(SourceFile.of("raw.env", "A=\"$B\" # c\n#X=1\n"), Variables.of(Map.of()), true);
    assertThat(result.entries().get("A").value().text()).isEqualTo("\"$B\" # c");
    assertThat(result.entries()).hasSize(1);
  }

  @Test
  void quantities() {
    assertThat(Units.bytes("1g")).isEqualTo(Units.bytes("1024m")).isEqualTo(1L << 30);
    assertThat(Units.bytes("1.5kb")).isEqualTo(1536);
    assertThat(Units.bytes("64MiB")).isEqualTo(64L << 20);
    assertThat(Units.bytes("-1")).isEqualTo(-1);
    assertThat(List.of("", "g", "1x", "1 g b")).allMatch(text -> Units.bytes(text) == null);
    assertThat(Units.duration("1m30s")).isEqualTo(Duration.ofSeconds(90));
    assertThat(Units.duration("1.5h")).isEqualTo(Duration.ofMinutes(90));
    assertThat(Units.duration("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(List.of("", "10", "10 s", "s", "1y")).allMatch(text -> Units.duration(text) == null);
  }

  @Test
  void addresses() {
    assertThat(List.of("127.0.0.1", "::1", "fe80::1:2", "::ffff:10.0.0.1", "1:2:3:4:5:6:7:8"))
        .allMatch(Addresses::isAddress);
    assertThat(List.of("localhost", "127.0.1", "256.0.0.1", "1:2", ":::", "1::2::3", "01.2.3.4"))
        .noneMatch(Addresses::isAddress);
    assertThat(List.of("0.0.0.0", "::", "::0", "0:0:0:0:0:0:0:0", "::ffff:0.0.0.0"))
        .allMatch(Addresses::isUnspecified);
    assertThat(List.of("::1", "127.0.0.1", "10.0.0.0", "::ffff:127.0.0.1"))
        .noneMatch(Addresses::isUnspecified);
  }
}
