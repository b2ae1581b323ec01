package fr.gouv.social.fabrique.rules.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Standard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whether the rules that speak for the API server say what it says. */
class ServerVerdictsTest {
  /** The allocator of node ports, which is no part of validation, refuses what is out of range. */
  private static final Set<String> REFUSED_LATER = Set.of("svc-nodeport-max");

  private static final Set<String> RULES =
      Set.of(
          "conflicting-fields",
          "conflicting-pod-fields",
          "duplicate-name",
          "duplicate-port-name",
          "duplicate-service-port",
          "ephemeral-container",
          "invalid-definition",
          "invalid-label",
          "invalid-name",
          "invalid-pod-label",
          "invalid-port-name",
          "invalid-port-number",
          "invalid-restart-policy",
          "invalid-schedule",
          "invalid-success-threshold",
          "invalid-target-port",
          "invalid-topology-spread",
          "refused-probe",
          "request-above-limit",
          "schema",
          "selector-mismatch",
          "unknown-volume",
          "wrong-api");

  @Test
  void agreesWithTheApiServer() throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    Set<String> refused = new TreeSet<>();
    for (String document : text().split("(?m)^--- # ")) {
      int line = document.indexOf('\n');
      int colon = document.indexOf(": ");
      if (!document.startsWith("#")) {
        String name = document.substring(0, colon);
        files.put("k8s/" + name + ".yaml", document.substring(line + 1));
        if (document.substring(colon + 2, line).equals("refused")) {
          refused.add(name);
        }
      }
    }
    Report report =
        new Checker(BuiltInRules.load(), Standard.builtIn())
            .check(
                "verdicts",
                SourceTree.of(files),
                FabriqueConfig.defaults(LocalDate.of(2026, 11, 22)),
                Baseline.NONE);
    assertThat(report.defects()).isEmpty();
    Set<String> found =
        report.issues().stream()
            .filter(issue -> isOfServer(issue.finding().rule().value()))
            .map(issue -> issue.finding().span().file().name().replace(".yaml", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> expected = new TreeSet<>(refused);
    expected.addAll(REFUSED_LATER);
    System.out.println(
        "verdicts of the API server: "
            + (files.size() - REFUSED_LATER.size())
            + "/"
            + files.size());
    assertThat(found).isEqualTo(expected);
  }

  private static boolean isOfServer(String rule) {
    return rule.startsWith("yaml/")
        || rule.startsWith("kubernetes/") && RULES.contains(rule.substring("kubernetes/".length()));
  }

  private static String text() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            ServerVerdictsTest.class.getResourceAsStream("server-verdicts.yaml"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
