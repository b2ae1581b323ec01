package fr.gouv.social.fabrique.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.SourceFile;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TemplatesTest {
  private static YamlFile read(String text) {
    return Templates.read(SourceFile.of("templates/a.yaml", text));
  }

  private static YamlPlace root(String text) {
    YamlFile file = read(text);
    assertThat(file.problems()).isEmpty();
    return YamlPlace.of(file.documents().get(0).root());
  }

  @Test
  void aValueWithAnActionIsUnknownAndKeepsItsText() {
    YamlPlace root =
        root(
            """
            name: {{ .Values.name }}
            image: {{ .Values.registry }}/api:{{ .Values.tag | default "1.0" }} # why
            quoted: "https://{{ .Values.host | default \\"a.fr\\" }}/x"
            plain: api
            """);
    assertThat(root.key("name").string().isUnknown()).isTrue();
    assertThat(root.key("name").text()).isEqualTo("{{ .Values.name }}");
    YamlScalar image = (YamlScalar) root.key("image").node();
    assertThat(image).isNotNull();
    assertThat(image.value())
        .isEqualTo("{{ .Values.registry }}/api:{{ .Values.tag | default \"1.0\" }}");
    assertThat(image.isKnown()).isFalse();
    int api = image.value().indexOf("api");
    assertThat(image.isKnown(api, api + 3)).isTrue();
    assertThat(image.place(api, api + 3).text()).isEqualTo("api");
    assertThat(root.key("quoted").isUnknown()).isTrue();
    assertThat(root.key("plain").string().value()).isEqualTo("api");
    assertThat(root.key("plain").span().line()).isEqualTo(4);
  }

  @Test
  void whatLiesUnderAnUnknownValueIsUnknown() {
    YamlPlace root = root("resources: {{ toYaml .Values.resources | nindent 2 }}\n");
    assertThat(root.at("resources.limits.memory").string().isUnknown()).isTrue();
  }

  @Test
  void linesOfActionsAreLeftOut() {
    String text =
        """
        {{- if .Values.on }}
        # about {{ this }}
        kind: A
        {{- range $i, $e := .Values.list }}
          {{- /* a comment
            over lines */}}
        b: 1
        {{- end }}
        {{- end }}
        """;
    YamlPlace root = root(text);
    assertThat(root.key("b").integer().value()).isEqualTo(1L);
    assertThat(root.key("b").span().line()).isEqualTo(7);
  }

  @Test
  void onlyWhatBringsTextOpensADocument() {
    assertThat(read("{{- if .a }}\nkind: A\n{{- else }}\nname: b\n{{ end }}\n").documents().get(0))
        .matches(document -> !document.open());
    assertThat(read("{{- $a := .b }}\nkind: A\n").documents().get(0).open()).isFalse();
    assertThat(read("labels:\n  {{- include \"l\" . | nindent 2 }}\n").documents().get(0).open())
        .isTrue();
    assertThat(read("{{ .key }}: value\n").documents().get(0).open()).isTrue();
    YamlFile two = read("kind: A\n---\nkind: B\n{{ toYaml .x }}\n");
    assertThat(two.documents()).extracting(YamlDocument::open).containsExactly(false, true);
  }

  @Test
  void actionsInABlockScalarMakeItUnknown() {
    YamlPlace root =
        root(
            """
            vars:
              host: >-
                {{- include "host" . | nindent 16 }}
              other: |
                first
                {{- if .x }}
                second
                {{- end }}
              last: plain
            """);
    assertThat(root.at("vars.host").string().isUnknown()).isTrue();
    assertThat(root.at("vars.other").string().isUnknown()).isTrue();
    assertThat(root.at("vars.last").string().value()).isEqualTo("plain");
  }

  @Test
  void aConditionMayStandBehindADashOrAKey() {
    YamlPlace root =
        root(
            """
            containers:
              - {{- if .Values.image }}
                image: a
                {{- else }}
                image: b
                {{- end }}
                name: c
            limits: {{- with .Values.limits }}
              memory: 1Gi
              {{- end }}
            """);
    YamlPlace container = root.key("containers").items().get(0);
    assertThat(container.key("image").string().isUnknown()).isTrue();
    assertThat(container.key("name").text()).isEqualTo("c");
    assertThat(root.at("limits.memory").text()).isEqualTo("1Gi");
  }

  @Test
  void aKeyOfBothBranchesIsUnknown() {
    YamlPlace root =
        root("{{ if .prod }}\nreplicas: 3\n{{ else }}\nreplicas: 1\n{{ end }}\nkind: A\n");
    assertThat(root.key("replicas").integer().isUnknown()).isTrue();
    assertThat(root.key("kind").text()).isEqualTo("A");
  }

  @Test
  void whatIsNoYamlAroundItsActionsIsAProblem() {
    YamlFile file = read("a: 1\n---\na: [{{ .b }}\nc: ]}\n---\nd: {{ .e }}\n");
    assertThat(file.problems()).hasSize(1);
    assertThat(file.documents()).hasSize(2);
    assertThat(read("a: {{ unclosed\n").documents()).isEmpty();
  }

  @Property(tries = 300, seed = "20261123")
  void neverThrows(@ForAll @From("templates") String text) {
    YamlFile file = read(text);
    for (YamlDocument document : file.documents()) {
      YamlPlace.of(document.root()).values().forEach(YamlPlace::string);
    }
  }

  @Provide
  Arbitrary<String> templates() {
    return Arbitraries.of(
            "{{", "}}", "{{-", "-}}", "\"", "`", "\\", "\n", "  ", "a: ", "- ", "if .x", "/*", "*/",
            "#", "'", "b", "---\n", "|\n", "{", "}", "[", "&a ", "*a", "\uE000", "é")
        .list()
        .ofMaxSize(25)
        .map(parts -> String.join("", parts));
  }
}
