package fr.gouv.social.fabrique.schema;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.YamlReader;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaTest {
  private static final Schema SCHEMA =
      Schema.parse(
          """
          # A small world.
          Root {x-}
            name!: string
            cpu_percent: string | int(0..100)
            cgroup: "host" | "private"
            caps: [string]!
            ports: [number | string | Port]
            size: size/^[0-9]+[kmg]$/
            labels: Labels   # a comment
            things: Things
          Port {}
            target: int
            depends_on: string
          Labels = {string | number} | [string]
          Things {}
            /^[a-z]+$/: Port | null
          """);

  private static List<String> problems(String yaml) {
    SourceFile file = SourceFile.of("a.yaml", yaml);
    return SCHEMA.check(YamlReader.read(file).documents().get(0).root(), "Root").stream()
        .map(
            p ->
                p.kind()
                    + " "
                    + p.span().line()
                    + ":"
                    + p.span().column()
                    + " "
                    + p.label()
                    + " "
                    + p.found()
                    + " "
                    + p.expected()
                    + " "
                    + p.suggestion())
        .toList();
  }

  @Test
  void acceptsWhatItDescribes() {
    assertThat(
            problems(
                """
                name: a
                cpu_percent: 100
                cgroup: host
                caps: [a, b]
                ports: [80, "81", {target: 0x50}]
                size: 10m
                labels: {a: 1, b: c}
                things: {x: , y: {target: 1}}
                x-more: [anything]
                """))
        .isEmpty();
  }

  @Test
  void pointsAtWhatItDoesNotAllow() {
    assertThat(
            problems(
                """
                naem: a
                cpu_percent: 101
                cgroup: hots
                caps: [a, b, a]
                ports:
                  - {target: "80", dependsOn: x}
                size: 10q
                labels: text
                things: {A: }
                """))
        .containsExactly(
            "UNKNOWN_KEY 1:1 naem naem [] name",
            "OUT_OF_RANGE 2:14 cpu_percent 101 [0, 100] null",
            "NOT_ALLOWED_VALUE 3:9 cgroup hots [host, private] host",
            "DUPLICATE_ITEM 4:14 caps[2] a [] null",
            "WRONG_TYPE 6:14 ports[0].target string [integer] null",
            "UNKNOWN_KEY 6:20 ports[0].dependsOn dependsOn [] depends_on",
            "PATTERN_MISMATCH 7:7 size 10q [size] null",
            "WRONG_TYPE 8:9 labels string [mapping, sequence] null",
            "UNKNOWN_KEY 9:10 things.A A [] null",
            "MISSING_KEY 1:1 name name [name] null");
  }

  @Test
  void whatCannotBeKnownMayBeAnything() {
    SourceFile file = SourceFile.of("a.yaml", "name: {{ x }}\ncaps: $CAPS\ncpu_percent: $CPU\n");
    SourceFile plain = SourceFile.of("a.yaml", "name: x\ncaps: $CAPS\ncpu_percent: $CPU\n");
    assertThat(file.lineCount()).isEqualTo(plain.lineCount());
    assertThat(
            SCHEMA.check(
                YamlReader.read(plain).documents().get(0).root(),
                "Root",
                scalar -> scalar.value().startsWith("$") ? null : scalar.kind()))
        .isEmpty();
  }

  @Test
  void readsTheNumbersOfYaml() {
    assertThat(Numbers.integer("0o17")).isEqualTo(15);
    assertThat(Numbers.integer("017")).isEqualTo(15);
    assertThat(Numbers.integer("-0x1F")).isEqualTo(-31);
    assertThat(Numbers.integer("1_000")).isEqualTo(1000);
    assertThat(Numbers.integer("99999999999999999999")).isNull();
    assertThat(Numbers.integer("--1")).isNull();
    assertThat(YamlScalar.Kind.values()).hasSize(5);
  }

  @Test
  void suggestsOnlyWhatIsNear() {
    List<String> keys = List.of("environment", "env_file", "depends_on", "image");
    assertThat(Spelling.nearest("enviroment", keys)).isEqualTo("environment");
    assertThat(Spelling.nearest("dependsOn", keys)).isEqualTo("depends_on");
    assertThat(Spelling.nearest("imgae", keys)).isEqualTo("image");
    assertThat(Spelling.nearest("volumes", keys)).isNull();
  }
}
