package fr.gouv.social.fabrique.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.schema.Schema;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class CustomSchemaTest {
  private static final KubernetesSchema KUBERNETES =
      new KubernetesSchema(Schema.parse("V1ObjectMeta {}\n  name: string\n"), () -> "");

  private static CustomSchema.Result check(String schema, String spec) {
    String definition =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: things.example.org}
        spec:
          group: example.org
          names: {kind: Thing, plural: things}
          versions:
            - name: v1
              schema:
                openAPIV3Schema:
                  type: object
                  properties:
                    spec: %s
        """
            .formatted(schema);
    String object = "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: a}\nspec: " + spec;
    ObjectIndex index =
        ObjectIndex.of(
            List.of(
                YamlReader.read(SourceFile.of("crd.yaml", definition)),
                YamlReader.read(SourceFile.of("a.yaml", object + "\n"))),
            at -> Environment.UNKNOWN);
    KubernetesObject thing = index.objects().get(1);
    return CustomSchema.check(thing, index.definitions().versions(thing).get(0), KUBERNETES);
  }

  private static List<String> problems(String schema, String spec) {
    return check(schema, spec).problems().stream()
        .map(
            each ->
                "%s %d:%d %s %s %s %s"
                    .formatted(
                        each.kind(),
                        each.span().line(),
                        each.span().column(),
                        each.label(),
                        each.found(),
                        each.expected(),
                        each.suggestion()))
        .toList();
  }

  @Test
  void prunesAsTheApiServerDoes() {
    String schema =
        "{type: object, properties: {a: {type: object, x-kubernetes-preserve-unknown-fields: true,"
            + " properties: {b: {type: object}}}, m: {type: object, additionalProperties: {type: object}},"
            + " l: {type: array, x-kubernetes-preserve-unknown-fields: true, items: {type: object}}}}";
    assertThat(problems(schema, "{a: {x: 1, b: {y: 1}}, m: {any: {z: 1}}, l: [{w: 1}], c: 1}"))
        .containsExactly(
            "UNKNOWN_KEY 4:22 spec.a.b.y y [] null",
            "UNKNOWN_KEY 4:40 spec.m.any.z z [] null",
            "UNKNOWN_KEY 4:61 spec.c c [] null");
  }

  @Test
  void nullsAreDroppedAndDefaultsStand() {
    String schema =
        "{type: object, required: [a, b, c], properties: {a: {type: string, default: x},"
            + " b: {type: string, nullable: true}, c: {type: string}, d: {type: array, items: {type: string}}}}";
    assertThat(problems(schema, "{b: null, c: null, d: [null]}"))
        .containsExactly(
            "MISSING_KEY 4:1 spec.c c [c] null", "WRONG_TYPE 4:30 spec.d[0] null [string] null");
  }

  @Test
  void intsStringsAndNumbers() {
    String schema =
        "{type: object, properties: {p: {x-kubernetes-int-or-string: true}, i: {type: integer},"
            + " n: {type: number, minimum: 0, exclusiveMinimum: true, multipleOf: 0.5}, s: {type: string}}}";
    assertThat(problems(schema, "{p: 80, i: 1.0, n: 1.5, s: \"1\"}")).isEmpty();
    assertThat(problems(schema, "{p: 1.5, i: 1.5, n: 0, s: yes}"))
        .containsExactly(
            "WRONG_TYPE 4:11 spec.p number [integer, string] null",
            "WRONG_TYPE 4:19 spec.i number [integer] null",
            "OUT_OF_RANGE 4:27 spec.n 0 [0, ] null",
            "WRONG_TYPE 4:33 spec.s boolean [string] null");
  }

  @Test
  void patternsOfGo() {
    String schema =
        "{type: object, properties: {a: {type: string, pattern: '^[[:alpha:]&[]+$'},"
            + " b: {type: string, pattern: '(?P<x>a|b)$'}, c: {type: string, pattern: '('}}}";
    assertThat(problems(schema, "{a: 'x&[', b: ca, c: anything}")).isEmpty();
    assertThat(problems(schema, "{a: '1', b: \"a\\n\"}")).hasSize(2);
  }

  @Test
  void embeddedResourcesAndCelRules() {
    String schema =
        "{type: object, x-kubernetes-validations: [{rule: 'true'}], properties: {t: {type: object,"
            + " x-kubernetes-embedded-resource: true, properties: {spec: {type: object}}}}}";
    CustomSchema.Result result = check(schema, "{t: {kind: A, metadata: {nam: b}, more: 1}}");
    assertThat(result.rules()).isEqualTo(1);
    assertThat(problems(schema, "{t: {kind: A, metadata: {nam: b}, more: 1}}"))
        .containsExactly(
            "MISSING_KEY 4:8 spec.t.apiVersion apiVersion [apiVersion] null",
            "UNKNOWN_KEY 4:32 spec.t.metadata.nam nam [] name",
            "UNKNOWN_KEY 4:41 spec.t.more more [] null");
  }

  @Test
  void placeholdersMayBeAnything() {
    String schema = "{type: object, required: [a], properties: {a: {type: integer, minimum: 3}}}";
    assertThat(problems(schema, "{a: '${A}'}")).isEmpty();
    assertThat(problems(schema, "{a: {{ a }}}")).isEmpty();
  }

  @Test
  void hostileDefinitionsAreGivenUp() {
    String backtracking = "{type: string, pattern: '^(a+)+$'}";
    assertThat(problems(backtracking, "a".repeat(40) + "b")).hasSizeLessThan(2);
    String last = "&l0 {minLength: 1}";
    for (int i = 1; i < 15; i++) {
      last = "&l" + i + " {allOf: [" + last + ", *l" + (i - 1) + "]}";
    }
    String schema = "{type: array, items: {type: string, allOf: [" + last + "]}}";
    assertThat(check(schema, "[" + "a, ".repeat(100) + "a]").complete()).isFalse();
  }
}
