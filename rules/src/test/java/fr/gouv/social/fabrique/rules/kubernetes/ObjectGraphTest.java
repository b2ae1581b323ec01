package fr.gouv.social.fabrique.rules.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.ConfigReader;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Standard;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The links between objects, by what the rules say of whole repositories. */
class ObjectGraphTest {
  private static final RuleSet RULES = BuiltInRules.load();

  /** {@code path:line problem/key text} of each finding of some rules, in order. */
  private static List<String> found(String rules, String... pathsAndTexts) {
    Map<String, String> files = new LinkedHashMap<>();
    String config = "";
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      if (pathsAndTexts[i].equals("fabrique.yaml")) {
        config = pathsAndTexts[i + 1];
      } else {
        files.put(pathsAndTexts[i], pathsAndTexts[i + 1]);
      }
    }
    Set<String> wanted = Set.of(rules.split(" "));
    return report(rules, files, config).issues().stream()
        .map(Issue::finding)
        .filter(each -> wanted.contains(each.rule().value().replace("kubernetes/", "")))
        .map(ObjectGraphTest::text)
        .toList();
  }

  private static Report report(String rules, Map<String, String> files, String config) {
    StringBuilder yaml = new StringBuilder(config);
    if (!config.startsWith("rules:")) {
      yaml.append("rules:\n");
      for (String each : rules.split(" ")) {
        yaml.append("  kubernetes/").append(each).append(": error\n");
      }
    }
    FabriqueConfig settings =
        ConfigReader.read(
                SourceFile.of("fabrique.yaml", yaml.toString()),
                RULES.pages(),
                LocalDate.of(2026, 11, 22))
            .config();
    Report report =
        new Checker(RULES, Standard.builtIn())
            .check("graph", SourceTree.of(files), settings, Baseline.NONE);
    assertThat(report.defects()).isEmpty();
    return report;
  }

  private static String text(Finding finding) {
    String problem = finding.rule().value().replace("kubernetes/", "");
    String place = finding.span().text().lines().findFirst().orElse("").strip();
    return finding.span().file().path()
        + ":"
        + finding.span().line()
        + " "
        + problem
        + "/"
        + finding.messageKey()
        + " "
        + place;
  }

  private static String deployment(String metadata, String labels, String podSpec) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: %s
        spec:
          selector: {matchLabels: %s}
          template:
            metadata: {labels: %s}
            spec:
        %s
        ---
        """
        .formatted(metadata, labels, labels, podSpec.indent(6).stripTrailing());
  }

  private static final String APP =
      "containers: [{name: app, image: app:1.0, ports: [{name: http, containerPort: 80}]}]";

  private static String web() {
    return deployment("{name: web}", "{app: web, tier: front}", APP);
  }

  private static String object(String version, String kind, String metadata, String spec) {
    return "apiVersion: %s\nkind: %s\nmetadata: %s\nspec: %s\n---\n"
        .formatted(version, kind, metadata, spec);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{matchExpressions: [{key: app, operator: In, values: [web, api]}]} | true",
        "{matchExpressions: [{key: app, operator: In, values: [api]}]} | false",
        "{matchExpressions: [{key: app, operator: NotIn, values: [api]}]} | true",
        "{matchExpressions: [{key: app, operator: NotIn, values: [web]}]} | false",
        "{matchExpressions: [{key: tier, operator: Exists}]} | true",
        "{matchExpressions: [{key: zone, operator: Exists}]} | false",
        "{matchExpressions: [{key: zone, operator: DoesNotExist}]} | true",
        "{matchExpressions: [{key: tier, operator: DoesNotExist}]} | false",
        "{matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [back]}]} | false",
        "{matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [front]}]} | true",
      })
  void expressionsChoosePods(String selector, boolean chooses) {
    String budget =
        object(
            "policy/v1",
            "PodDisruptionBudget",
            "{name: web}",
            "{maxUnavailable: 1, selector: " + selector + "}");
    String policy =
        object(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            "{name: web}",
            "{podSelector: " + selector + ", policyTypes: [Ingress, Egress]}");
    String monitor =
        object(
            "monitoring.coreos.com/v1",
            "PodMonitor",
            "{name: web}",
            "{selector: " + selector + ", podMetricsEndpoints: [{port: http}]}");
    List<String> found =
        found(
            "dangling-budget dangling-network-policy dangling-monitor pod-without-network-policy",
            "web.yaml",
            web(),
            "budget.yaml",
            budget,
            "policy.yaml",
            policy,
            "monitor.yaml",
            monitor);
    if (chooses) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found)
          .containsExactly(
              "budget.yaml:4 dangling-budget/dangling selector: " + selector,
              "monitor.yaml:4 dangling-monitor/no-pod selector: " + selector,
              "policy.yaml:4 dangling-network-policy/dangling podSelector: " + selector,
              "web.yaml:3 pod-without-network-policy/none name: web");
    }
  }

  @Test
  void servicesOfAnotherNamespaceLeadNowhere() {
    assertThat(
            found(
                "dangling-service",
                "a.yaml",
                deployment("{name: web, namespace: shop}", "{app: web}", APP)
                    + object(
                        "v1",
                        "Service",
                        "{name: web, namespace: shop}",
                        "{selector: {app: web}, ports: [{port: 80}]}")
                    + object(
                        "v1",
                        "Service",
                        "{name: other, namespace: office}",
                        "{selector: {app: web}, ports: [{port: 80}]}")))
        .containsExactly("a.yaml:19 dangling-service/dangling selector: {app: web}");
  }

  @Test
  void whatHasNoNamespaceIsInDefault() {
    assertThat(
            found(
                "dangling-service",
                "a.yaml",
                deployment("{name: web, namespace: default}", "{app: web}", APP)
                    + object(
                        "v1",
                        "Service",
                        "{name: web}",
                        "{selector: {app: web}, ports: [{port: 80}]}")))
        .isEmpty();
    // A kustomization gives both the namespace that one of them lacks.
    assertThat(
            found(
                "dangling-service",
                "a/web.yaml",
                deployment("{name: web, namespace: shop}", "{app: web}", APP),
                "a/service.yaml",
                object(
                    "v1", "Service", "{name: web}", "{selector: {app: web}, ports: [{port: 80}]}"),
                "a/kustomization.yaml",
                "namespace: shop\nresources: [web.yaml, service.yaml]\n"))
        .isEmpty();
  }

  @Test
  void clusterScopedObjectsHaveNoNamespace() {
    assertThat(
            found(
                "duplicate-object dangling-role",
                "a.yaml",
                """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: reader, namespace: shop}
                rules: []
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: reader}
                rules: []
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: reader, namespace: office}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
                subjects: [{kind: ServiceAccount, name: a, namespace: office}]
                """))
        .containsExactly("a.yaml:8 duplicate-object/duplicate name: reader");
  }

  @Test
  void copiesForTwoEnvironmentsDoNotMix() {
    String config =
        object("v1", "ConfigMap", "{name: web}", "{}").replace("spec: {}", "data: {A: x}");
    String pod =
        deployment(
            "{name: web}",
            "{app: web}",
            "containers: [{name: app, image: app:1.0, env: [{name: B, valueFrom: {configMapKeyRef: {name: web, key: B}}}]}]");
    assertThat(
            found(
                "duplicate-object missing-key",
                "dev/config.yaml",
                config.replace("A: x", "A: x, B: y"),
                "dev/web.yaml",
                pod,
                "prod/config.yaml",
                config,
                "prod/web.yaml",
                pod))
        .containsExactly("prod/web.yaml:9 missing-key/key key: B");
  }

  @Test
  void aggregatedRolesAllowWhatTheirPartsAllow() {
    String text =
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: all}
        aggregationRule: {clusterRoleSelectors: [{matchLabels: {part: all}}]}
        rules: []
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: part, labels: {part: all}}
        rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: all}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}
        subjects: [{kind: ServiceAccount, name: robot, namespace: shop}]
        """;
    assertThat(found("cluster-admin-binding", "a.yaml", text))
        .containsExactly("a.yaml:15 cluster-admin-binding/admin name: all");
    assertThat(
            found(
                "cluster-admin-binding",
                "a.yaml",
                text.replace("labels: {part: all}", "labels: {part: other}")))
        .isEmpty();
  }

  @Test
  void projectedVolumesNeedTheirKeys() {
    String pod =
        deployment(
            "{name: web}",
            "{app: web}",
            """
            volumes:
              - name: all
                projected:
                  sources:
                    - configMap: {name: web, items: [{key: A, path: a}, {key: B, path: b}]}
                    - secret: {name: web, items: [{key: C, path: c}, {key: D, path: d}]}
                    - secret: {name: web, optional: true, items: [{key: E, path: e}]}
                    - configMap: {name: gone}
                    - serviceAccountToken: {path: token}
            containers: [{name: app, image: app:1.0, volumeMounts: [{name: all, mountPath: /all}]}]""");
    assertThat(
            found(
                "missing-key dangling-configmap",
                "a.yaml",
                pod
                    + "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {A: x}\n---\n"
                    + "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData: {C: x}\n"))
        .containsExactly(
            "a.yaml:13 missing-key/key key: B",
            "a.yaml:14 missing-key/key key: D",
            "a.yaml:16 dangling-configmap/missing name: gone");
  }

  @Test
  void operatorsProvideSecretsAndServices() {
    String pod =
        deployment(
            "{name: web}",
            "{app: web}",
            """
            imagePullSecrets: [{name: registry}]
            containers:
              - name: app
                image: app:1.0
                env:
                  - {name: A, valueFrom: {secretKeyRef: {name: sealed, key: a}}}
                  - {name: B, valueFrom: {secretKeyRef: {name: sealed, key: b}}}
                  - {name: C, valueFrom: {secretKeyRef: {name: outside, key: c}}}
                  - {name: D, valueFrom: {secretKeyRef: {name: outside, key: d}}}
                  - {name: E, valueFrom: {secretKeyRef: {name: vault, key: any}}}
                  - {name: F, valueFrom: {secretKeyRef: {name: pg-app, key: uri}}}
                  - {name: G, valueFrom: {secretKeyRef: {name: pg-app, key: url}}}
                  - {name: H, valueFrom: {secretKeyRef: {name: pg-superuser, key: uri}}}
                  - {name: I, valueFrom: {secretKeyRef: {name: elsewhere, key: x}}}""");
    String providers =
        """
        apiVersion: bitnami.com/v1alpha1
        kind: SealedSecret
        metadata: {name: sealed}
        spec: {encryptedData: {a: AgB}}
        ---
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: outside}
        spec: {data: [{secretKey: c}]}
        ---
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: vault}
        spec: {dataFrom: [{extract: {key: all}}]}
        ---
        apiVersion: postgresql.cnpg.io/v1
        kind: Cluster
        metadata: {name: pg}
        spec: {instances: 2, storage: {size: 1Gi}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: db}
        spec: {defaultBackend: {service: {name: pg-rw, port: {number: 5432}}}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: none}
        spec: {defaultBackend: {service: {name: pg-wr, port: {number: 5432}}}}
        """;
    String rules = "missing-key dangling-secret dangling-ingress";
    assertThat(found(rules, "a.yaml", pod, "b.yaml", providers))
        .containsExactly(
            "a.yaml:15 missing-key/key key: b",
            "a.yaml:17 missing-key/key key: d",
            "a.yaml:20 missing-key/key key: url",
            "a.yaml:21 dangling-secret/missing name: pg-superuser",
            "a.yaml:22 dangling-secret/missing name: elsewhere",
            "b.yaml:29 dangling-ingress/service name: pg-wr");
    assertThat(
            found(
                rules,
                "a.yaml",
                pod,
                "b.yaml",
                providers,
                "fabrique.yaml",
                "kubernetes: {externals: [Secret/else*, \"default/Secret/pg-superuser\", Service/pg-wr]}\n"))
        .containsExactly(
            "a.yaml:15 missing-key/key key: b",
            "a.yaml:17 missing-key/key key: d",
            "a.yaml:20 missing-key/key key: url");
  }

  private static final String ROUTE =
      object(
          "gateway.networking.k8s.io/v1",
          "HTTPRoute",
          "{name: web, namespace: front}",
          "{rules: [{backendRefs: [{name: web, namespace: shop, port: 80}]}]}");

  private static String service(String name, String namespace) {
    return object(
        "v1",
        "Service",
        "{name: " + name + ", namespace: " + namespace + "}",
        "{selector: {app: web}, ports: [{name: http, port: 80}]}");
  }

  @Test
  void routesIntoOtherNamespacesNeedAGrant() {
    String grant =
        object(
            "gateway.networking.k8s.io/v1beta1",
            "ReferenceGrant",
            "{name: front, namespace: shop}",
            "{from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: front}], to: [{group: '', kind: Service}]}");
    assertThat(found("dangling-route", "a.yaml", ROUTE + service("web", "shop") + grant)).isEmpty();
    assertThat(found("dangling-route", "a.yaml", ROUTE + service("web", "shop")))
        .containsExactly("a.yaml:4 dangling-route/grant namespace: shop");
    assertThat(
            found(
                "dangling-route",
                "a.yaml",
                ROUTE
                    + service("web", "shop")
                    + grant.replace("namespace: front}]", "namespace: back}]")))
        .containsExactly("a.yaml:4 dangling-route/grant namespace: shop");
    assertThat(
            found(
                "dangling-route",
                "a.yaml",
                ROUTE
                    + service("web", "shop")
                    + grant.replace("kind: Service}", "kind: Service, name: api}")))
        .containsExactly("a.yaml:4 dangling-route/grant namespace: shop");
    assertThat(found("dangling-route", "a.yaml", ROUTE + service("other", "shop") + grant))
        .containsExactly("a.yaml:4 dangling-route/service name: web");
    assertThat(
            found(
                "dangling-route",
                "a.yaml",
                ROUTE.replace("port: 80", "port: 81") + service("web", "shop") + grant))
        .containsExactly("a.yaml:4 dangling-route/port port: 81");
  }

  @Test
  void monitorsLookWhereTheyAreTold() {
    String service =
        object(
            "v1",
            "Service",
            "{name: web, namespace: shop, labels: {app: web}}",
            "{selector: {app: web}, ports: [{name: http, port: 80}]}");
    String monitor =
        object(
            "monitoring.coreos.com/v1",
            "ServiceMonitor",
            "{name: web, namespace: watch}",
            "{selector: {matchExpressions: [{key: app, operator: In, values: [web]}]}, namespaceSelector: {matchNames: [shop]}, endpoints: [{port: http}]}");
    assertThat(found("dangling-monitor", "a.yaml", service + monitor)).isEmpty();
    assertThat(
            found(
                "dangling-monitor",
                "a.yaml",
                service + monitor.replace("{matchNames: [shop]}", "{any: true}")))
        .isEmpty();
    assertThat(
            found(
                "dangling-monitor",
                "a.yaml",
                service + monitor.replace("port: http", "port: metrics")))
        .containsExactly("a.yaml:9 dangling-monitor/port port: metrics");
    assertThat(found("dangling-monitor", "a.yaml", service + monitor.replace("[web]", "[api]")))
        .containsExactly(
            "a.yaml:9 dangling-monitor/no-service selector: {matchExpressions: [{key: app, operator: In, values: [api]}]}");
  }

  @Test
  void listsAndGeneratedNamesAreObjects() {
    assertThat(
            found(
                "duplicate-object dangling-service schema",
                "a.yaml",
                """
                apiVersion: v1
                kind: List
                items:
                  - apiVersion: v1
                    kind: Pod
                    metadata: {generateName: web-, labels: {app: web}}
                    spec: {containers: [{name: app, image: "app:1.0"}]}
                  - apiVersion: v1
                    kind: Pod
                    metadata: {generateName: web-, labels: {app: web}}
                    spec: {containers: [{name: app, image: "app:1.0"}]}
                  - apiVersion: v1
                    kind: Service
                    metadata: {name: web}
                    spec: {selector: {app: web}, ports: [{port: 80}]}
                  - apiVersion: v1
                    kind: Service
                    metadata: {name: api}
                    spec: {selector: {app: api}, ports: [{port: 80, portt: 1}]}
                """))
        .containsExactly(
            "a.yaml:19 dangling-service/dangling selector: {app: api}",
            "a.yaml:19 schema/unknown-key portt");
  }

  @Test
  void branchesOfTemplatesDoNotContradictEachOther() {
    assertThat(
            found(
                "schema duplicate-name duplicate-variable duplicate-port-name",
                "chart/Chart.yaml",
                "apiVersion: v2\nname: web\nversion: 1.0.0\n",
                "chart/templates/web.yaml",
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: {{ .Release.Name }}
                spec:
                  containers:
                    - name: app
                      image: app:1.0
                      env:
                        {{- if .Values.a }}
                        - {name: A, value: one}
                        {{- else }}
                        - {name: A, value: two}
                        {{- end }}
                        - {name: B, value: one}
                        - {name: B, value: two}
                      imagePullPolicyy: Always
                  volumes:
                    - name: config
                      {{- if eq .Values.type "emptyDir" }}
                      emptyDir: {}
                      {{- else }}
                      persistentVolumeClaim: {claimName: data}
                      {{- end }}
                    {{- if .Values.memory }}
                    - name: data
                      emptyDir: {medium: Memory}
                    {{- else }}
                    - name: data
                      emptyDirr: {}
                    {{- end }}
                """))
        .containsExactly(
            "chart/templates/web.yaml:16 duplicate-variable/duplicate name: B",
            "chart/templates/web.yaml:17 schema/unknown-key-suggestion imagePullPolicyy",
            "chart/templates/web.yaml:30 schema/unknown-key-suggestion emptyDirr");
  }

  @Test
  void whatIsWrongByItselfIsSoInAnyBranch() {
    assertThat(
            found(
                "schema",
                "chart/Chart.yaml",
                "apiVersion: v2\nname: web\nversion: 1.0.0\n",
                "chart/templates/web.yaml",
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: {{ .Release.Name }}
                spec:
                  {{- if .Values.fast }}
                  dnsPolcy: Default
                  terminationGracePeriodSeconds: soon
                  {{- else }}
                  restartPolicy: Allways
                  hostname: {{ .Values.host }}
                  priority: {{ .Values.priority }}
                  {{- end }}
                  containers:
                    {{- if .Values.debug }}
                    - name: app
                    {{- else }}
                    - name: app
                      image: app:1.0
                    {{- end }}
                """,
                "chart/templates/widget.yaml",
                """
                apiVersion: example.org/v1
                kind: Widget
                metadata: {name: one}
                spec:
                  {{- if .Values.fast }}
                  sized: 1
                  {{- else }}
                  size: one
                  {{- end }}
                """,
                "crds/widget.yaml",
                """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: widgets.example.org}
                spec:
                  group: example.org
                  names: {kind: Widget, plural: widgets}
                  scope: Namespaced
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      schema:
                        openAPIV3Schema:
                          type: object
                          properties:
                            spec:
                              type: object
                              required: [size, colour]
                              properties: {size: {type: integer}, colour: {type: string}}
                """))
        .containsExactly(
            "chart/templates/web.yaml:7 schema/unknown-key-suggestion dnsPolcy",
            "chart/templates/web.yaml:8 schema/wrong-type soon",
            "chart/templates/web.yaml:10 schema/not-allowed-value-suggestion Allways",
            "chart/templates/widget.yaml:4 schema/missing-key spec",
            "chart/templates/widget.yaml:6 schema/unknown-key sized",
            "chart/templates/widget.yaml:8 schema/wrong-type one");
  }

  @Test
  void whatDependsOnTheBranchIsNotWrong() {
    assertThat(
            found(
                "schema",
                "chart/Chart.yaml",
                "apiVersion: v2\nname: web\nversion: 1.0.0\n",
                "chart/templates/hpa.yaml",
                """
                {{- if .Capabilities.APIVersions.Has "autoscaling/v2" }}
                apiVersion: autoscaling/v2
                {{- else }}
                apiVersion: autoscaling/v2beta1
                {{- end }}
                kind: HorizontalPodAutoscaler
                metadata: {name: web}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                  maxReplicas: 3
                  metrics:
                    - type: Resource
                      resource:
                        name: cpu
                        {{- if .Capabilities.APIVersions.Has "autoscaling/v2" }}
                        target: {type: Utilization, averageUtilization: 80}
                        {{- else }}
                        targetAverageUtilization: 80
                        {{- end }}
                """,
                "chart/templates/role.yaml",
                """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: web}
                {{- if .Values.rules }}
                rules:
                  - {apiGroups: [""], resources: [pods], verbs: [get]}
                {{- else }}
                rules: []
                {{- end }}
                """))
        .isEmpty();
  }

  private static final String DENY_ALL =
      object(
          "networking.k8s.io/v1",
          "NetworkPolicy",
          "{name: deny-all}",
          "{podSelector: {}, policyTypes: [Ingress, Egress]}");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // where the policy is, where the pods are, whether it holds for them
        "web/deny.yaml | web/web.yaml | true",
        "web/deny.yaml | web/front/web.yaml | true",
        "web/policies/deny.yaml | web/web.yaml | true",
        "policies/deny.yaml | web/web.yaml | false",
        "api/deny.yaml | web/web.yaml | false",
        "api/policies/deny.yaml | web/web.yaml | false",
        "deny.yaml | web/web.yaml | true",
        ".kontinuous/common/templates/deny.yaml | .kontinuous/env/dev/templates/web.yaml | true",
      })
  void aPolicyForAllPodsHoldsWhereItIs(String policy, String pods, boolean holds) {
    List<String> found =
        found(
            "pod-without-network-policy",
            policy,
            DENY_ALL,
            pods,
            web(),
            "api/api.yaml",
            deployment("{name: api}", "{app: api}", APP),
            "policies/job.yaml",
            deployment("{name: job}", "{app: job}", APP));
    assertThat(found.stream().noneMatch(each -> each.startsWith(pods))).isEqualTo(holds);
  }

  @Test
  void aPolicyForAllPodsOfANamespaceHoldsForThem() {
    assertThat(
            found(
                "pod-without-network-policy",
                "policies/deny.yaml",
                DENY_ALL.replace("name: deny-all", "name: deny-all, namespace: shop"),
                "policies/job.yaml",
                deployment("{name: job}", "{app: job}", APP),
                "web/web.yaml",
                deployment("{name: web, namespace: shop}", "{app: web}", APP)))
        .containsExactly("policies/job.yaml:3 pod-without-network-policy/none name: job");
    // One kustomization brings both into one namespace, whatever their folders.
    assertThat(
            found(
                "pod-without-network-policy",
                "kustomization.yaml",
                "resources: [policies, web]\n",
                "policies/kustomization.yaml",
                "resources: [deny.yaml, job.yaml]\n",
                "policies/deny.yaml",
                DENY_ALL,
                "policies/job.yaml",
                deployment("{name: job}", "{app: job}", APP),
                "web/kustomization.yaml",
                "resources: [web.yaml]\n",
                "web/web.yaml",
                web()))
        .isEmpty();
  }

  @Test
  void whatAComponentBringsHoldsWhereItIsTakenIn() {
    String policy =
        object(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            "{name: web}",
            "{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress]}");
    assertThat(
            found(
                "pod-without-network-policy",
                "base/kustomization.yaml",
                "resources: [web.yaml]\n",
                "base/web.yaml",
                web(),
                "component/kustomization.yaml",
                "kind: Component\nresources: [policy.yaml]\n",
                "component/policy.yaml",
                policy,
                "prod/kustomization.yaml",
                "resources: [../base]\ncomponents: [../component]\n",
                "release/web.yaml",
                web()))
        .containsExactly("release/web.yaml:3 pod-without-network-policy/none name: web");
  }

  @Test
  void aServiceWithoutNamespaceMayBeBesideThePodsOfAKustomization() {
    String service = object("v1", "Service", "{name: web}", "{selector: {app: web}}");
    String strict = "rules:\n  kubernetes/dangling-service: {severity: error, strict: true}\n";
    String[] files = {
      "fabrique.yaml",
      strict,
      "dev/kustomization.yaml",
      "namespace: shop\nresources: [web.yaml]\n",
      "dev/web.yaml",
      web(),
      "dev/service.yaml",
      service
    };
    assertThat(found("dangling-service", files)).isEmpty();
    files[7] = service.replace("name: web", "name: web, namespace: other");
    assertThat(found("dangling-service", files))
        .containsExactly("dev/service.yaml:4 dangling-service/dangling selector: {app: web}");
  }

  @Test
  void tokensThatClustersMakeAreThere() {
    String secrets = "rules:\n  kubernetes/dangling-secret: {severity: error, strict: true}\n";
    assertThat(
            found(
                "dangling-secret",
                "fabrique.yaml",
                secrets,
                "pod.yaml",
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec:
                  containers: [{name: web, image: web:1.0}]
                  volumes:
                    - {name: token, secret: {secretName: default-token-f9jvj}}
                    - {name: own, secret: {secretName: api-token-value}}
                """))
        .containsExactly("pod.yaml:8 dangling-secret/missing secretName: api-token-value");
  }

  @Test
  void theOverlaysThatLeaveAFindingAreNamed() {
    String patch =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: app, %s}]}}}\n";
    Report report =
        report(
            "missing-memory-limit",
            Map.of(
                "base/kustomization.yaml",
                "resources: [web.yaml]\n",
                "base/web.yaml",
                web(),
                "one/kustomization.yaml",
                "resources: [../base]\npatches: [{path: patch.yaml}]\n",
                "one/patch.yaml",
                patch.formatted("resources: {limits: {memory: 1Gi}}"),
                "two/kustomization.yaml",
                "resources: [../base]\nnamePrefix: two-\n",
                "three/kustomization.yaml",
                "resources: [../base]\npatches: [{path: patch.yaml}]\n",
                "three/patch.yaml",
                patch.formatted("resources: {limits: {cpu: 1}}")),
            "");
    assertThat(report.issues())
        .filteredOn(each -> each.finding().rule().value().equals("kubernetes/missing-memory-limit"))
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.finding().related())
                    .extracting(related -> related.span().file().path())
                    .containsExactly("three/kustomization.yaml", "two/kustomization.yaml"));
  }

  @Test
  void whatEveryOverlayCompletesIsNotMissing() {
    String monitor =
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: web}\nspec: {selector: {}}\n";
    String patch =
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: web}\nspec: {endpoints: [{port: http}]}\n";
    String base = "resources: [monitor.yaml]\n";
    String overlay =
        "namePrefix: x-\nresources: [../base]\npatches: [{path: monitor_patch.yaml}]\n";
    assertThat(
            found(
                "schema",
                "base/kustomization.yaml",
                base,
                "base/monitor.yaml",
                monitor,
                "over/kustomization.yaml",
                overlay,
                "over/monitor_patch.yaml",
                patch))
        .isEmpty();
    // A patch that no kustomization lists yet is none of an object, but the base lacks its field.
    assertThat(
            found(
                "schema",
                "base/kustomization.yaml",
                base,
                "base/monitor.yaml",
                monitor,
                "over/kustomization.yaml",
                "resources: [../base]\n",
                "over/monitor_patch.yaml",
                patch))
        .containsExactly("base/monitor.yaml:4 schema/missing-key spec");
  }

  @Test
  void accountsBringTokensAndRegistries() {
    String account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\n";
    String pod =
        deployment(
            "{name: web}",
            "{app: web}",
            "serviceAccountName: robot\ncontainers: [{name: app, image: registry.example.org/app:1.0}]");
    String rules = "mounted-service-account-token unrefused-token missing-pull-secret";
    assertThat(
            found(
                rules,
                "a.yaml",
                pod
                    + account
                    + "automountServiceAccountToken: false\nimagePullSecrets: [{name: registry}]\n"))
        .isEmpty();
    assertThat(
            found(
                "missing-pull-secret",
                "a.yaml",
                pod + account + "imagePullSecrets: [{name: registry}]\n"))
        .isEmpty();
    // What the pod says counts more than what its account says.
    assertThat(
            found(
                "mounted-service-account-token unrefused-token",
                "a.yaml",
                pod.replace(
                        "serviceAccountName: robot",
                        "serviceAccountName: robot\n      automountServiceAccountToken: true")
                    + account
                    + "automountServiceAccountToken: false\n"))
        .hasSize(1);
  }

  @Test
  void budgetsAndAutoscalersMeetTheirWorkloads() {
    String budget = "{minAvailable: %s, selector: {matchLabels: {app: web}}}";
    String scaler =
        object(
            "autoscaling/v2",
            "HorizontalPodAutoscaler",
            "{name: web}",
            "{scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 4}");
    String two = web().replace("spec:\n  selector", "spec:\n  replicas: 2\n  selector");
    String rule = "blocking-budget";
    String[] values = {"1", "2", "50%", "100%", "\"51%\""};
    List<Boolean> blocks = List.of(false, true, false, true, true);
    for (int i = 0; i < values.length; i++) {
      String text =
          object("policy/v1", "PodDisruptionBudget", "{name: web}", budget.formatted(values[i]));
      assertThat(found(rule, "a.yaml", two, "b.yaml", text))
          .as(values[i])
          .hasSize(blocks.get(i) ? 1 : 0);
      assertThat(found(rule, "a.yaml", web() + scaler, "b.yaml", text))
          .as(values[i] + " scaled")
          .hasSize(blocks.get(i) ? 1 : 0);
    }
    assertThat(found("dangling-autoscaler replicas-beside-autoscaler", "a.yaml", two + scaler))
        .containsExactly("a.yaml:5 replicas-beside-autoscaler/both replicas: 2");
    assertThat(
            found(
                "dangling-autoscaler",
                "a.yaml",
                web() + scaler.replace("name: web}, min", "name: wbe}, min")))
        .containsExactly("a.yaml:14 dangling-autoscaler/dangling name: wbe");
  }
}
