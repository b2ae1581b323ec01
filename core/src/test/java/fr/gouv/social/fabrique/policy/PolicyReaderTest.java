package fr.gouv.social.fabrique.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.schema.Schema;
import fr.gouv.social.fabrique.schema.SchemaType;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policy files are read, and what is wrong with them is told with its place. */
class PolicyReaderTest {
  private static final String POLICY =
      """
      policies:
        - id: acme/owner
          title: { fr: Propriétaire, en: Owner }
          message:
            fr: "« {object.name} » n'a pas de {parameters.label} ({object.kind})"
            en: "“{object.name}” has no {parameters.label}"
          severity: warning
          requirement: docker.rootless
          subject: kubernetes.object
          when: object.kind == 'Deployment'
          require: >-
            object.labels.containsKey(parameters.label) &&
            parameters.kinds.contains(object.kind)
          at: metadata.labels
          parameters: { label: owner, kinds: [Deployment], most: 3 }
          why: { fr: "Pour <b>appeler</b> quelqu'un.", en: "To call somebody." }
          examples:
            - bad: |
                kind: Deployment
                #     ^^^^^^^^^^
            - good: { a.yaml: "kind: Service", b.yaml: "kind: Role" }
              parameters: { label: team }
      """;

  private static PolicyReader.Result read(String text) {
    return PolicyReader.read(
        SourceFile.of("p.yaml", text),
        id -> id.value().equals("docker/taken"),
        requirement -> requirement.equals("docker.rootless"));
  }

  @Test
  void aPolicyIsARuleWithAPage() {
    PolicyReader.Result result = read(POLICY);
    assertThat(result.problems()).isEmpty();
    Policy policy = result.policies().get(0);
    RulePage page = policy.page();
    assertThat(page.id().value()).isEqualTo("acme/owner");
    assertThat(page.severity()).isEqualTo(Severity.WARNING);
    assertThat(page.requirement()).isEqualTo("docker.rootless");
    assertThat(page.parameters())
        .isEqualTo(Map.of("label", "owner", "kinds", "Deployment", "most", "3"));
    assertThat(page.messages())
        .isEqualTo(Map.of("message", new Text("« {0} » n'a pas de {1} ({2})", "“{0}” has no {1}")));
    assertThat(policy.text().html().fr())
        .isEqualTo("<p>Pour &lt;b&gt;appeler&lt;/b&gt; quelqu&#39;un.</p>");
    assertThat(policy.examples())
        .extracting(
            PolicyExample::bad, each -> each.files().keySet().toString(), PolicyExample::markers)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                true, "[manifest.yaml]", List.of("manifest.yaml:1:7")),
            org.assertj.core.groups.Tuple.tuple(false, "[a.yaml, b.yaml]", List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "severity: warning | sevrity: warning | 7:5: unknown key “sevrity”; did you mean “severity”?",
        "severity: warning | severity: warn | 7:15: “warn” is not allowed here (expected: error, warning, info)",
        "acme/owner | acme_owner | 2:9: “acme_owner” is not allowed here (expected: family-problem)",
        "acme/owner | docker/taken | 2:5: a rule is named “docker/taken” already",
        "docker.rootless | docker.rootles | 8:5: the standard has no statement “docker.rootles”",
        "kubernetes.object | kubernetes.objekt | 9:14: “kubernetes.objekt” is not allowed here",
        "object.kind == 'Deployment' | object.kynd == 'Deployment' | 10:18: unknown property “kynd” of: object; did you mean “kind”?",
        "parameters.kinds.contains(object.kind) | parameters.kind.contains(object.kind) | 13:18: unknown property “kind” of: parameters; did you mean “kinds”?",
        "parameters.kinds.contains(object.kind) | object.labels.ownr.startWith('a') | 13:26: unknown method “startWith” of: text; did you mean “startsWith”?",
        "require: | forbd: | 11:5: unknown key “forbd”; did you mean “forbid”?",
        "“{object.name}” has | “{object.nam}” has | 6:21: unknown property “nam” of: object; did you mean “name”?",
        "“{object.name}” has | “{object.name” has | 6:13: this brace is not closed",
        "parameters: { label: team } | parameters: { labl: team } | 22:23: unknown parameter “labl”; did you mean “label”?",
        "most: 3 | severity: 3 | 15:54: “severity” is not allowed as the name of a parameter",
        "- good: | - god: | 21:9: unknown key “god”; did you mean “good”?",
      })
  void mistakesHaveTheirPlace(String right, String wrong, String problem) {
    List<String> problems =
        read(POLICY.replace(right, wrong)).problems().stream()
            .map(each -> place(each.span()) + each.message().en())
            .toList();
    assertThat(problems).anyMatch(each -> each.startsWith(problem));
  }

  private static String place(fr.gouv.social.fabrique.source.Span span) {
    return span.line() + ":" + span.column() + ": ";
  }

  @Test
  void aPlaceThatMeansNothingIsAMistake() {
    String stage =
        POLICY
            .replace("subject: kubernetes.object", "subject: dockerfile.stage")
            .replace("at: metadata.labels", "at: USR");
    assertThat(read(stage).problems())
        .anyMatch(
            each -> each.message().en().equals("“USR” is no instruction; did you mean “USER”?"));
    assertThat(read("policies: []\n").problems()).hasSize(1);
    assertThat(read("").problems()).hasSize(1);
    assertThat(read("a: [").problems()).isNotEmpty();
  }

  @Test
  void theSchemaNamesTheSubjects() {
    SchemaType policy = Schema.load(PolicyReader.class, "policy.schema").definition("Policy");
    assertThat(String.valueOf(policy))
        .contains(Arrays.stream(Subject.values()).map(Subject::toString).toList());
  }
}
