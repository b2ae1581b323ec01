package fr.gouv.social.fabrique.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What expressions give, and what is said of those that are wrong. */
class ExpressionTest {
  private static final String MANIFEST =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
        namespace: shop
        labels: { app: web, team: "{{ .Values.team }}", version: 1.10 }
        annotations: { until: "2027-03-31" }
      spec:
        replicas: 2
        template:
          metadata: { labels: { app: web } }
          spec:
            containers:
              - name: api
                image: ghcr.io/socialgouv/web:1.4.2-rc.1
                env:
                  - { name: PORT, value: "8080" }
                  - { name: HOST, value: "${HOST}" }
                resources:
                  limits: { memory: 512Mi, cpu: 500m }
                  requests: { memory: 256Mi }
                livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              - name: side
                image: nginx:${TAG}
            volumes:
              - { name: data, emptyDir: {} }
      """;

  private final Expressions files = new Expressions(Map.of("deploy/prod/web.yaml", MANIFEST));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // literals and operators
        "1 + 2 * 3 | 7",
        "7 / 2 | 3.5",
        "7 div 2 == 3.5 | true",
        "7 mod 4 | 3",
        "-(2 - 5) | 3",
        "1 lt 2 and not (2 le 1) | true",
        "1 == 1.0 | true",
        "'a' += 'b' += 1 | 'ab1'",
        "empty [] and empty '' and empty null | true",
        "true ? 'yes' : 'no' | 'yes'",
        "[1, 2, 3].size() | 3",
        "1 / 0 | ?",
        "null == null | true",
        // lists
        "[3, 1, 2].sorted() | [1, 2, 3]",
        "[1, 2, 3].filter(x -> x > 1).map(x -> x * 10) | [20, 30]",
        "[1, 2, 3].anyMatch(x -> x == 2) | true",
        "[].allMatch(x -> x == 2) | true",
        "[1, 2, 3].sum() + [1, 2, 3].max() + [4, 2].average() | 12",
        "[[1, 2], [3]].flatMap(x -> x) | [1, 2, 3]",
        "['b', 'a', 'b'].distinct().join('-') | 'b-a'",
        "[1, 2, 3].stream().filter(x -> x > 1).findFirst().get() | 2",
        "[1, 2, 3].stream().anyMatch(x -> x > 5) | false",
        "[].stream().findFirst().orElse('none') | 'none'",
        "[1, 2, 3].stream().reduce(0, (sum, x) -> sum + x) | 6",
        "[1, 2, 3].stream().map(x -> x + 1).toList()[2] | 4",
        "['a', 'b'].contains('b') | true",
        // the model
        "container.name | 'api'",
        "container.image.tag | '1.4.2-rc.1'",
        "container.image.registry += '/' += container.image.path | 'ghcr.io/socialgouv/web'",
        "container.image.version < '1.4.2' | true",
        "container.image.version.major | 1",
        "container.limits.memory > container.requests.memory | true",
        "container.limits.memory == '0.5Gi' | true",
        "container.limits['memory'] <= quantity('512Mi') | true",
        "container.limits.memory.value / 1024 | 524288",
        "container.limits['nvidia.com/gpu'] == null | true",
        "container.limits.size() | 2",
        "container.requests.cpu | 500m",
        "container.env.anyMatch(e -> e.name == 'PORT' && e.value == '8080') | true",
        "container.livenessProbe.path.startsWith('/health') | true",
        "container.livenessProbe.port == '8080' | true",
        "container.readinessProbe.port | null",
        "empty container.readinessProbe | true",
        "container.security.privileged | false",
        "container.security.runAsNonRoot | null",
        "container.object.labels['app'] | 'web'",
        "container.object.labels.version.startsWith('1.1') | true",
        "container.object.labels.team | ?",
        "container.object.labels.owner == null | true",
        "container.object.annotations.containsKey('until') | true",
        "date(container.object.annotations.until) > today | true",
        "container.object.spec.replicas == 2 | true",
        "container.object.spec.template.spec.containers.size() | 2",
        "container.object.spec.template.spec.containers.map(c -> c.name).contains('side') | true",
        "container.object.at('spec.replicas') + 1 | 3",
        "container.workload.replicas | 2",
        "container.workload.pod.volumes[0].type | 'emptyDir'",
        "container.workload.isBatch | false",
        "environment | 'prod'",
        "project.containers.size() | 2",
        "project.has('deploy/**') | true",
        // what cannot be known
        "container.env.filter(e -> e.name == 'HOST')[0].value | ?",
        "container.env.anyMatch(e -> e.value == 'x') | ?",
        "container.env.anyMatch(e -> e.value == '8080') | true",
        "container.object.labels.team == 'a' or true | true",
        "container.object.labels.team == 'a' && false | false",
        "!(container.object.labels.team == 'a') | ?",
        "empty container.object.labels.team | ?",
        "container.object.labels.team += '!' | ?",
        // functions
        "glob('ghcr.io/socialgouv/web', 'ghcr.io/*/web') | true",
        "glob('ghcr.io/socialgouv/web', 'ghcr.io/*') | false",
        "glob('ghcr.io/socialgouv/web', '{ghcr.io,quay.io}/**') | true",
        "matches('v1.2', 'v\\\\d+\\\\.\\\\d+') | true",
        "semver('1.10.0') > semver('1.9') | true",
        "semver('1.0.0-rc.1') < '1.0.0' | true",
        "quantity('1Gi') > '1000Mi' | true",
        "duration('1h30m').seconds | 5400",
        "duration('2d') > '36h' | true",
        "base64('Y2Fmw6k=') | 'café'",
        "image('node:22').path | 'library/node'",
        "cron('0 3 * * 1').hours | [3]",
        "number('12') > 3 | true",
        "semver('latest'.trim()) == null | true",
        "date('2026-11-21') < today | true",
        "'a,b'.split(',')[1].toUpperCase() | 'B'",
        "'abc'.substring(1, 2) | 'b'",
        "'abc'.replace('b', '') | 'ac'",
      })
  void values(String expression, String value) {
    if (value == null) {
      assertThat(files.refusal(Subject.KUBERNETES_CONTAINER, expression)).isNotEmpty();
    } else {
      assertThat(files.eval(Subject.KUBERNETES_CONTAINER, expression)).isEqualTo(value);
    }
  }

  @Test
  void anImageWithAVariableKeepsWhatIsKnown() {
    assertThat(files.all(Subject.KUBERNETES_CONTAINER, "container.image.tag"))
        .containsExactly("'1.4.2-rc.1'", "?");
    assertThat(files.all(Subject.KUBERNETES_CONTAINER, "container.image.path"))
        .containsExactly("'socialgouv/web'", "'library/nginx'");
    assertThat(files.all(Subject.KUBERNETES_CONTAINER, "container.image.isLatest"))
        .containsExactly("false", "?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "contaner.name | 1: unknown name “contaner”; did you mean “container”?",
        "image.tag | 1: unknown name “image”; did you mean “container.image”?",
        "container.imag.tag | 11: unknown property “imag” of: container; did you mean “image”?",
        "container.image.tag.endWith('x') | 21: unknown method “endWith” of: text; did you mean “endsWith”?",
        "container.name() | 11: “name” is written without parentheses",
        "container.env.size > 1 | 15: “size” is written with parentheses: size(…)",
        "container.env.anyMatch(e -> e.nam == 'x') | 31: unknown property “nam” of: variable; did you mean “name”?",
        "container.limits.memory < '512Mo' | 27: “512Mo” is no quantity",
        "container.image.tag < '3.10' | 1: no order between: text, text; see semver(), quantity(), duration(), date(), number()",
        "container.name == 3 | 1: these are never equal: text, number",
        "container.name && true | 1: this is not true or false but: text; compare it, or “not empty …”",
        "container.name + 'x' | 1: this is not a number but: text; texts are joined by “+=”",
        "globb('a', 'b') | 1: unknown function “globb”; did you mean “glob”?",
        "glob('a') | 1: expected: glob(text, pattern)",
        "matches('a', '(a') | 14: wrong regular expression (RE2 syntax): missing closing )",
        "semver('one') > semver('2') | 8: “one” is no semver",
        "container.env.anyMatch('x') | 24: expected: a lambda, x -> …",
        "container.env.anyMatch((a, b) -> true) | 24: number of parameters expected of the lambda: 1",
        "container.env.anyMatch(container -> true) | 24: the name “container” is taken",
        "container.name = 'x' | 16: a policy assigns nothing; did you mean “==”?",
        "container.name; true | 15: a policy is one expression, without “;”",
        "container.name == | 17: the expression is not finished",
        "container.name == == 'x' | 19: “==” is not expected here",
        "matches('a', '\\d') | 14: in a text, “\\” is written “\\\\”",
        "${container.name} | 1: the expression is written alone, without ${ }",
        "container.object.spec.replicas.sizee() | 32: unknown method “sizee” of: yaml; did you mean “size”?",
        "true ? container.name : glob('a', 'b') | 1: of two kinds: text, boolean",
        "container.image.version >= 2 | 1: no order between: semver, number",
        "{'a': 1} | 1: “{'a': 1}” is not allowed in a policy",
        "x -> x | 1: a lambda can only be an argument of an operation of a list",
        "container['na' += 'me'] | 10: the name of a property is written out",
      })
  void mistakes(String expression, String message) {
    assertThat(files.refusal(Subject.KUBERNETES_CONTAINER, expression)).isEqualTo(message);
  }
}
