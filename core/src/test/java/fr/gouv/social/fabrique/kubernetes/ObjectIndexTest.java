package fr.gouv.social.fabrique.kubernetes;

import static fr.gouv.social.fabrique.kubernetes.Manifests.index;
import static fr.gouv.social.fabrique.kubernetes.Manifests.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectIndexTest {
  private static String deployment(String name, String labels) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %s}
        spec:
          selector: {matchLabels: %s}
          template:
            metadata: {labels: %s}
            spec: {containers: [{name: app, image: app}]}
        ---
        """
        .formatted(name, labels, labels);
  }

  private static String service(String metadata, String selector) {
    return "apiVersion: v1\nkind: Service\nmetadata: %s\nspec: {selector: %s, ports: [{port: 80}]}\n---\n"
        .formatted(metadata, selector);
  }

  private static List<String> chosen(ObjectIndex index) {
    Service service = index.all(Service.class).get(0);
    return index.chosen(service.object(), service.selector()).stream()
        .map(each -> each.object().label())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | true",
        "{matchLabels: {app: web}} | true",
        "{matchLabels: {app: api}} | false",
        "{matchLabels: {app: web, tier: front}} | false",
        "{matchLabels: {app: '${APP}'}} | true",
        "{matchExpressions: [{key: app, operator: In, values: [web, api]}]} | true",
        "{matchExpressions: [{key: app, operator: In, values: [api]}]} | false",
        "{matchExpressions: [{key: app, operator: NotIn, values: [api]}]} | true",
        "{matchExpressions: [{key: app, operator: NotIn, values: [web]}]} | false",
        "{matchExpressions: [{key: none, operator: NotIn, values: [web]}]} | true",
        "{matchExpressions: [{key: app, operator: Exists}]} | true",
        "{matchExpressions: [{key: none, operator: Exists}]} | false",
        "{matchExpressions: [{key: app, operator: DoesNotExist}]} | false",
        "{matchExpressions: [{key: none, operator: DoesNotExist}]} | true",
        "{matchLabels: {app: web}, matchExpressions: [{key: app, operator: DoesNotExist}]} | false",
        "null | false"
      })
  void selects(String selector, boolean matches) {
    assertThat(
            object("kind: X\nselector: " + selector + "\n")
                .selector("selector")
                .matches(Map.of("app", "web")))
        .isEqualTo(matches);
  }

  @Test
  void anEmptyServiceSelectorChoosesNone() {
    assertThat(chosen(index(deployment("web", "{a: b}") + service("{name: web}", "{}")))).isEmpty();
    assertThat(chosen(index(deployment("web", "{a: b}") + service("{name: web}", "{a: b}"))))
        .containsExactly("Deployment/web");
  }

  @Test
  void namespacesAreThoseOfTheApi() {
    assertThat(
            chosen(
                index(
                    deployment("web", "{a: b}")
                        + service("{name: web, namespace: default}", "{a: b}"))))
        .containsExactly("Deployment/web");
    assertThat(
            chosen(
                index(
                    deployment("web", "{a: b}")
                        + service("{name: web, namespace: other}", "{a: b}"))))
        .isEmpty();
    assertThat(
            chosen(
                index(
                    deployment("web", "{a: b}")
                        + service("{name: web, namespace: '${NS}'}", "{a: b}"))))
        .containsExactly("Deployment/web");
  }

  @Test
  void environmentsDoNotMix() {
    ObjectIndex index =
        index(
            List.of(
                "base/web.yaml", deployment("base", "{a: b}"),
                "dev/web.yaml", deployment("dev", "{a: b}"),
                "prod/service.yaml", service("{name: web}", "{a: b}"),
                "prod/web.yaml", deployment("prod", "{a: b}")));
    assertThat(chosen(index)).containsExactly("Deployment/base", "Deployment/prod");
  }

  @Test
  void twinsAreAppliedTogether() {
    String here = service("{name: web}", "{}");
    String named = service("{name: web, namespace: shop}", "{}");
    ObjectIndex index =
        index(
            List.of(
                "one/a.yaml", here + service("{name: web, namespace: default}", "{}"),
                "one/alternative.yaml", here,
                "k/a.yaml", here,
                "k/b.yaml", here,
                "k/kustomization.yaml", "resources: [a.yaml, b.yaml]\n",
                "dev/a.yaml", here,
                "prod/x/a.yaml", here,
                "prod/x/b.yaml", here,
                "prod/y/a.yaml", here + "---\n" + named,
                "prod/z/a.yaml", named,
                "prod/tests/one/a.yaml", named,
                "prod/tests/two/a.yaml", named));
    assertThat(index.objects())
        .extracting(
            each ->
                each.file().path()
                    + " "
                    + index.earlierTwins(each).stream().map(twin -> twin.file().path()).toList())
        .containsExactly(
            "one/a.yaml []",
            "one/a.yaml [one/a.yaml]",
            "one/alternative.yaml []",
            "k/a.yaml []",
            "k/b.yaml [k/a.yaml]",
            "dev/a.yaml []",
            "prod/x/a.yaml []",
            "prod/x/b.yaml [prod/x/a.yaml]",
            "prod/y/a.yaml []",
            "prod/y/a.yaml []",
            "prod/z/a.yaml [prod/y/a.yaml]",
            "prod/tests/one/a.yaml []",
            "prod/tests/two/a.yaml []");
  }

  @Test
  void resolvesReferencesDownToTheKey() {
    ObjectIndex index =
        index(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              serviceAccountName: robot
              volumes:
                - {name: d, persistentVolumeClaim: {claimName: data}}
              containers:
                - name: api
                  env:
                    - {name: A, valueFrom: {secretKeyRef: {name: plain, key: password}}}
                    - {name: B, valueFrom: {secretKeyRef: {name: plain, key: other}}}
                    - {name: C, valueFrom: {secretKeyRef: {name: sealed, key: token}}}
                    - {name: D, valueFrom: {secretKeyRef: {name: outside, key: one}}}
                    - {name: E, valueFrom: {secretKeyRef: {name: pg-app, key: uri}}}
                    - {name: F, valueFrom: {secretKeyRef: {name: pg-superuser, key: uri}}}
                    - {name: G, valueFrom: {secretKeyRef: {name: web-tls, key: tls.crt}}}
                    - {name: H, valueFrom: {configMapKeyRef: {name: config, key: none}}}
                  envFrom: [{configMapRef: {name: config}}, {configMapRef: {name: kube-root-ca.crt}}]
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: plain}
            stringData: {password: x}
            ---
            apiVersion: bitnami.com/v1alpha1
            kind: SealedSecret
            metadata: {name: sealed}
            spec: {encryptedData: {token: AgB}}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: x}
            spec: {target: {name: outside}, data: [{secretKey: two}]}
            ---
            apiVersion: postgresql.cnpg.io/v1
            kind: Cluster
            metadata: {name: pg}
            spec: {instances: 1}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, annotations: {cert-manager.io/cluster-issuer: letsencrypt}}
            spec: {tls: [{hosts: [a], secretName: web-tls}]}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: config}
            data: {url: x}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: robot}
            """);
    PodSpec pod = index.all(PodSpec.class).get(0);
    assertThat(pod.references())
        .extracting(each -> each.name() + " " + index.resolve(pod.object(), each))
        .containsExactly(
            "robot FOUND",
            "data MISSING",
            "plain FOUND",
            "plain KEY_MISSING",
            "sealed FOUND",
            "outside KEY_MISSING",
            "pg-app FOUND",
            "pg-superuser MISSING",
            "web-tls FOUND",
            "config KEY_MISSING",
            "config FOUND",
            "kube-root-ca.crt FOUND");
    assertThat(index.hasService(pod.object(), "pg-rw")).isTrue();
    assertThat(index.hasService(pod.object(), "pg")).isFalse();
    assertThat(index.accountOf(pod)).isNotNull();
  }

  @Test
  void understandsKustomizations() {
    ObjectIndex index =
        index(
            List.of(
                "base/kustomization.yaml",
                "resources: [web.yaml]\nconfigMapGenerator:\n  - name: config\n    literals: [a=b]\n    files: [x/app.conf]\n",
                "base/web.yaml",
                deployment("web", "{a: b}"),
                "prod/kustomization.yaml",
                "namespace: shop\nresources: [../base, service.yaml]\npatches: [{path: patch.yaml}]\n",
                "prod/patch.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {hostNetwork: true, containers: [{name: app}]}}}\n",
                "prod/service.yaml",
                service("{name: web}", "{a: b}")));
    assertThat(index.objects())
        .extracting(each -> each.label() + " " + each.namespace().value() + " " + each.isPartial())
        .containsExactly(
            "Deployment/web shop false", "Deployment/web null true", "Service/web shop false");
    assertThat(chosen(index)).containsExactly("Deployment/web");
    KubernetesObject web = index.objects().get(0);
    assertThat(index.providers(web, Reference.Kind.CONFIG_MAP, "config"))
        .extracting(Provider::keys)
        .containsExactly(java.util.Set.of("a", "app.conf"));
    // A patch leaves things out; nobody can tell that they are missing.
    Container patched = index.all(Container.class).get(1);
    assertThat(patched.limit("memory").isUnknown()).isTrue();
    assertThat(patched.securityContext().runAsNonRoot().isUnknown()).isTrue();
    assertThat(patched.lacks("livenessProbe")).isFalse();
    assertThat(patched.pod().hostNetwork().isTrue()).isTrue();
  }

  private static final String WEB =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        template:
          metadata: {labels: {a: b}}
          spec:
            containers:
              - {name: app, image: "registry.fr/app:latest", env: [{name: A, value: x}]}
              - {name: proxy, image: proxy}
      """;

  private static final String LIMITS =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec: {template: {spec: {containers: [{name: app, resources: {limits: {memory: 1Gi}}}]}}}
      """;

  private static String operations(String path) {
    return """
        resources: [../base]
        patches:
          - target: {kind: Deployment, name: web}
            patch: |-
              - {op: add, path: %s, value: {limits: {memory: 1Gi, cpu: "1"}}}
        """
        .formatted(path);
  }

  /** What is unknown in the base, which two overlays take in. */
  private static List<String> leftUnknown(String one, String other) {
    ObjectIndex index =
        index(
            List.of(
                "base/kustomization.yaml", "resources: [web.yaml]\n",
                "base/web.yaml", WEB,
                "dev/kustomization.yaml", one,
                "dev/limits.yaml", LIMITS,
                "mixin/kustomization.yaml",
                    "kind: Component\npatches: [{path: ../dev/limits.yaml}]\n",
                "prod/kustomization.yaml", other));
    List<String> unknown = new java.util.ArrayList<>();
    for (Container each : index.all(Container.class)) {
      if (!each.object().isPartial()) {
        for (String resource : List.of("memory", "cpu")) {
          if (each.limit(resource).isUnknown()) {
            unknown.add(each.name() + " " + resource);
          } else {
            assertThat(each.limit(resource).isAbsent()).isTrue();
          }
        }
        if (each.image().isUnknown()) {
          unknown.add(each.name() + " image");
        }
        assertThat(each.env()).hasSize(each.name().equals("app") ? 1 : 0);
      }
    }
    Workload web = index.all(Workload.class).get(0);
    if (web.replicas().isUnknown()) {
      unknown.add("replicas");
    }
    assertThat(web.podLabels()).isEqualTo(Map.of("a", "b"));
    assertThat(web.object().label()).isEqualTo("Deployment/web");
    return unknown;
  }

  @Test
  void whatEveryOverlayChangesIsUnknownInTheBase() {
    String merged = "resources: [../base]\npatches: [{path: ../dev/limits.yaml}]\n";
    String none = "resources: [../base]\n";
    assertThat(leftUnknown(merged, merged)).containsExactly("app memory");
    assertThat(leftUnknown(merged, none)).isEmpty();
    assertThat(leftUnknown(none, none)).isEmpty();
    assertThat(leftUnknown(merged, none + "patchesStrategicMerge: [../dev/limits.yaml]\n"))
        .containsExactly("app memory");
    assertThat(leftUnknown(merged, none + "components: [../mixin]\n"))
        .containsExactly("app memory");
    assertThat(leftUnknown(merged, "namePrefix: x-\n" + merged)).containsExactly("app memory");
    String app = operations("/spec/template/spec/containers/0/resources");
    assertThat(leftUnknown(app, app)).containsExactly("app memory", "app cpu");
    assertThat(leftUnknown(app, merged)).containsExactly("app memory");
    assertThat(leftUnknown(app, operations("/spec/template/spec/containers/1/resources")))
        .isEmpty();
    assertThat(leftUnknown(app, operations("/spec/template/spec/containers/-"))).isEmpty();
    String image = none + "images: [{name: registry.fr/app, newTag: v1}]\n";
    assertThat(leftUnknown(image, image + "replicas: [{name: web, count: 3}]\n"))
        .containsExactly("app image");
    assertThat(leftUnknown(image, none + "images: [{name: app, newTag: v1}]\n")).isEmpty();
    String same = none + "images: [{name: registry.fr/app, newTag: latest}]\n";
    assertThat(leftUnknown(same, same)).isEmpty();
    String scaled = none + "replicas: [{name: web, count: 3}]\n";
    assertThat(leftUnknown(scaled, scaled)).containsExactly("replicas");
  }

  @Test
  void kustomizationsThatTakeEachOtherInEnd() {
    ObjectIndex index =
        index(
            List.of(
                "a/kustomization.yaml", "resources: [../b, web.yaml]\n",
                "a/web.yaml", WEB,
                "b/kustomization.yaml", "resources: [../a]\n",
                "c/kustomization.yaml", "resources: [../a]\nnamespace: c\n"));
    assertThat(index.objects().get(0).namespace().value()).isEqualTo("c");
  }

  @Test
  void findsBackendsBudgetsPoliciesAndAutoscalers() {
    ObjectIndex index =
        index(
            deployment("web", "{a: b}")
                + service("{name: web, labels: {m: yes}}", "{a: b}")
                + """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: new}
                spec:
                  defaultBackend: {service: {name: web, port: {number: 80}}}
                  rules: [{http: {paths: [{backend: {resource: {kind: Bucket, name: b}}}]}}]
                ---
                apiVersion: extensions/v1beta1
                kind: Ingress
                metadata: {name: old}
                spec: {rules: [{http: {paths: [{backend: {serviceName: none, servicePort: http}}]}}]}
                ---
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: web}
                spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 3}
                ---
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: web}
                spec: {minAvailable: 50%, selector: {}}
                ---
                apiVersion: policy/v1beta1
                kind: PodDisruptionBudget
                metadata: {name: old}
                spec: {selector: {}}
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: all}
                spec: {podSelector: {}, egress: []}
                ---
                apiVersion: monitoring.coreos.com/v1
                kind: ServiceMonitor
                metadata: {name: web, namespace: monitoring}
                spec: {selector: {matchLabels: {m: "yes"}}, namespaceSelector: {matchNames: [default]}, endpoints: []}
                ---
                apiVersion: v1
                kind: LimitRange
                metadata: {name: limits}
                spec: {limits: [{type: Container, default: {memory: 1Gi}}]}
                """);
    Workload web = index.all(Workload.class).get(0);
    assertThat(index.servicesOf(web)).extracting(Service::label).containsExactly("Service/web");
    assertThat(index.budgetsOf(web))
        .extracting(each -> each.object().apiVersion())
        .containsExactly("policy/v1");
    NetworkPolicy policy = index.policiesOf(web).get(0);
    assertThat(policy.coversIngress()).isTrue();
    assertThat(policy.coversEgress()).isTrue();
    HorizontalPodAutoscaler autoscaler = index.autoscalersOf(web).get(0);
    assertThat(autoscaler.minReplicas().value()).isEqualTo(1L);
    assertThat(index.targetOf(autoscaler)).containsExactly(web.object());
    assertThat(index.all(Ingress.class))
        .extracting(
            each ->
                each.backends().stream()
                    .map(b -> b.serviceName().value() + ":" + b.servicePort().value())
                    .toList())
        .containsExactly(List.of("web:80"), List.of("none:http"));
    assertThat(index.service(web.object(), "web")).isNotNull();
    assertThat(index.service(web.object(), "none")).isNull();
    assertThat(index.monitoredServices(index.all(Monitor.class).get(0))).hasSize(1);
    Container container = index.all(Container.class).get(0);
    assertThat(index.limit(container, "memory").value()).hasToString("1Gi");
    assertThat(index.request(container, "memory").value()).hasToString("1Gi");
    assertThat(index.request(container, "cpu").isAbsent()).isTrue();
  }

  @Test
  void followsBindingsToRolesAndAccounts() {
    ObjectIndex index =
        index(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec: {serviceAccountName: robot, containers: []}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: exec}
            rules: [{apiGroups: [""], resources: ["*/exec"], verbs: [create]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: exec}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: exec}
            subjects: [{kind: ServiceAccount, name: robot, namespace: shop}, {kind: Group, name: system:masters}]
            """);
    PodSpec pod = index.all(PodSpec.class).get(0);
    RoleBinding binding = index.bindingsOf(pod).get(0);
    Role role = index.roleOf(binding);
    assertThat(role).isNotNull();
    assertThat(role.allows("", "pods/exec", "create")).isTrue();
    assertThat(role.allows("", "pods/exec", "get")).isFalse();
    assertThat(role.allows("apps", "pods/exec", "create")).isFalse();
  }
}
