package fr.gouv.social.fabrique.rules;

import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.policy.Policy;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.project.ProjectReader;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.run.Policies;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Text;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What policies cost: 50 of them over 10,000 containers. No test of its own, since time is no
 * verdict: {@code -Dtest=PolicyBenchmark} runs it and prints what it took.
 */
class PolicyBenchmark {
  private static final int OBJECTS = 2_500;
  private static final int POLICIES = 50;

  private static final List<String> CONDITIONS =
      List.of(
          "parameters.registries.anyMatch(each -> glob(container.image.registry, each))",
          "!container.image.isLatest",
          "container.limits.memory <= '1Gi' && container.limits.cpu <= '2'",
          "container.requests.memory * 2 >= container.limits.memory",
          "container.security.droppedCapabilities.contains('ALL')",
          "container.security.runAsNonRoot == true && !container.security.privileged",
          "container.env.noneMatch(each -> each.name.matches('.*(PASSWORD|SECRET|TOKEN).*') && each.value != null)",
          "container.livenessProbe != null && container.livenessProbe.periodSeconds >= 5",
          "container.image.version == null || container.image.version >= '1.2.0'",
          "not empty container.workload.labels['app.kubernetes.io/name']");

  @TempDir Path folder;

  /** Counts, and keeps nothing. */
  private static final class Context implements RuleContext {
    private final Project project;
    private final Map<String, String> parameters;
    private int found;

    Context(Project project, Map<String, String> parameters) {
      this.project = project;
      this.parameters = parameters;
    }

    @Override
    public Project project() {
      return project;
    }

    @Override
    public LocalDate asOf() {
      return LocalDate.of(2026, 11, 22);
    }

    @Override
    public Environment environment(Located at) {
      return Environment.PROD;
    }

    @Override
    public String parameter(String name) {
      return parameters.getOrDefault(name, "");
    }

    @Override
    public void keep(Located at) {}

    @Override
    public void concerns() {}

    @Override
    public void notChecked(Located at, Text reason) {}

    @Override
    public Reported report(Located at, String messageKey, Object... arguments) {
      found++;
      return Reported.UNREAD;
    }
  }

  @Test
  void fiftyPoliciesOverTenThousandContainers() throws Exception {
    long start = now();
    List<Policy> policies = policies();
    System.out.printf("%d policies compiled in %d ms%n", policies.size(), since(start));
    Project project = project();
    List<Container> containers = project.subjects(Container.class);
    for (int round = 1; round <= 5; round++) {
      start = now();
      int found = 0;
      for (Policy policy : policies) {
        Context context = new Context(project, policy.page().parameters());
        check(policy.rule(), containers, context);
        found += context.found;
      }
      System.out.printf(
          "round %d: %d policies over %d containers in %d ms of one processor, %d findings%n",
          round, policies.size(), containers.size(), since(start), found);
    }
  }

  private static <S> void check(Rule<S> rule, List<Container> containers, Context context) {
    for (Container each : containers) {
      rule.check(rule.subject().cast(each), context);
    }
  }

  private List<Policy> policies() throws Exception {
    StringBuilder text = new StringBuilder("policies:\n");
    for (int i = 0; i < POLICIES; i++) {
      text.append("  - id: bench/rule-").append(i).append('\n');
      text.append("    title: t\n    message: \"{container.name}: {container.image}\"\n");
      text.append("    severity: info\n    subject: kubernetes.container\n");
      text.append("    parameters: { registries: [ghcr.io, '*.example.org'] }\n");
      text.append("    require: >-\n      ").append(CONDITIONS.get(i % CONDITIONS.size()));
      text.append('\n');
    }
    Path file = folder.resolve("bench.yaml");
    Files.writeString(file, text);
    return Policies.read(BuiltInRules.load().pages(), folder, List.of(file));
  }

  private static Project project() {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < OBJECTS; i++) {
      StringBuilder text = new StringBuilder("apiVersion: apps/v1\nkind: Deployment\n");
      text.append("metadata: { name: web-").append(i).append(", namespace: shop }\n");
      text.append("spec:\n  template:\n    spec:\n      containers:\n");
      for (int j = 0; j < 4; j++) {
        text.append("        - name: c").append(j).append('\n');
        text.append("          image: registry.example.org/shop/c")
            .append(j)
            .append(":1.")
            .append(j);
        text.append(".0\n          env:\n");
        text.append("            - { name: PORT, value: \"8080\" }\n");
        text.append(
            "            - { name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: p } } }\n");
        text.append(
            "          resources: { limits: { cpu: 500m, memory: 512Mi }, requests: { memory: 256Mi } }\n");
        text.append(
            "          securityContext: { capabilities: { drop: [ALL] }, runAsNonRoot: true }\n");
        text.append(
            "          livenessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 10 }\n");
      }
      files.put("deploy/prod/web-" + i + ".yaml", text.toString());
    }
    return ProjectReader.read(SourceTree.of(files));
  }

  /** The time that this thread had of a processor, which others on the machine do not lengthen. */
  private static long now() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long since(long start) {
    return (now() - start) / 1_000_000;
  }
}
