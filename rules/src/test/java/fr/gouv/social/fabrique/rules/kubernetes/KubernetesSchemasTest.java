package fr.gouv.social.fabrique.rules.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.KubernetesSchema;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesSchemasTest {
  private static final KubernetesSchema SCHEMA = KubernetesSchemas.of("1.36");

  private static KubernetesObject object(String text) {
    return KubernetesObject.in(YamlReader.read(SourceFile.of("a.yaml", text))).get(0);
  }

  private static List<String> problems(String text) {
    return SCHEMA.check(object(text)).stream()
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
  void acceptsWhatTheApiAccepts() {
    assertThat(
            problems(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: web
                  creationTimestamp: null
                  labels:
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: web}}
                  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      restartPolicy: ""
                      containers:
                        - name: web
                          image: web:1
                          args: null
                          ports: [{containerPort: 80, protocol: TCP}]
                          resources: {limits: {cpu: 1.5, memory: 1.5Gi}, requests: {cpu: 100m, memory: 1e9}}
                          livenessProbe: {httpGet: {port: http, path: /}}
                          env: [{name: A, value: "1"}, {name: B, value: 2001-01-01}]
                status: {}
                """))
        .isEmpty();
  }

  @Test
  void pointsAtWhatItRejects() {
    assertThat(
            problems(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: web
                spec:
                  replicas: two
                  template:
                    spec:
                      restartPolicy: always
                      containers:
                        - name: web
                          imagePullPolicy: Allways
                          resources: {limits: {memory: 42Mb}}
                          readynessProbe: {}
                          env: [{name: A, value: 1}, {name: B, value: yes}]
                        - image: x
                """))
        .containsExactly(
            "WRONG_TYPE 6:13 spec.replicas string [integer] null",
            "NOT_ALLOWED_VALUE 9:22 spec.template.spec.restartPolicy always [Always, Never, OnFailure] Always",
            "NOT_ALLOWED_VALUE 12:28 spec.template.spec.containers[web].imagePullPolicy Allways [Always, IfNotPresent, Never] Always",
            "PATTERN_MISMATCH 13:40 spec.template.spec.containers[web].resources.limits.memory 42Mb [quantity] null",
            "UNKNOWN_KEY 14:11 spec.template.spec.containers[web].readynessProbe readynessProbe [] readinessProbe",
            "WRONG_TYPE 15:34 spec.template.spec.containers[web].env[A].value integer [string] null",
            "WRONG_TYPE 15:55 spec.template.spec.containers[web].env[B].value boolean [string] null",
            "MISSING_KEY 11:11 spec.template.spec.containers[web].image image [image] null",
            "MISSING_KEY 16:11 spec.template.spec.containers[1].name name [name] null",
            "MISSING_KEY 5:1 spec.selector selector [selector] null");
  }

  @Test
  void aRequiredNullIsMissing() {
    assertThat(problems("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"))
        .containsExactly("MISSING_KEY 3:1 spec.containers containers [containers] null");
  }

  @Test
  void containerFieldsAreUnknownAtThePod() {
    assertThat(
            problems(
                """
                apiVersion: v1
                kind: Pod
                spec:
                  securityContext: {runAsNonRoot: true, readOnlyRootFilesystem: true}
                  containers: [{name: web, image: web}]
                """))
        .containsExactly(
            "UNKNOWN_KEY 4:41 spec.securityContext.readOnlyRootFilesystem readOnlyRootFilesystem [] null");
  }

  @Test
  void placeholdersMayBeAnything() {
    assertThat(
            problems(
                """
                apiVersion: apps/v1
                kind: StatefulSet
                spec:
                  replicas: ${REPLICAS}
                  serviceName: "{{ x }}"
                  selector: ${SELECTOR}
                  podManagementPolicy: ${POLICY}
                  template: {spec: {containers: [{name: web, image: web}]}}
                """))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1 Pod",
        "v1 Secret",
        "v1 Binding",
        "apps/v1 Deployment",
        "batch/v1 CronJob",
        "networking.k8s.io/v1 Ingress",
        "policy/v1 PodDisruptionBudget",
        "policy/v1 Eviction",
        "autoscaling/v1 Scale",
        "autoscaling/v2 HorizontalPodAutoscaler",
        "events.k8s.io/v1 Event",
        "v1 Event",
        "rbac.authorization.k8s.io/v1 ClusterRole",
        "apiextensions.k8s.io/v1 CustomResourceDefinition",
        "apiregistration.k8s.io/v1 APIService",
        "resource.k8s.io/v1beta1 DeviceClass"
      })
  void knowsTheKindsOfItsRelease(String kind) {
    String[] words = kind.split(" ");
    assertThat(SCHEMA.knows(object("apiVersion: " + words[0] + "\nkind: " + words[1] + "\n")))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "extensions/v1beta1 Deployment",
        "v1 Deployment",
        "batch/v1beta1 CronJob",
        "example.org/v1 Pod"
      })
  void doesNotKnowTheRest(String kind) {
    String[] words = kind.split(" ");
    KubernetesObject object =
        object("apiVersion: " + words[0] + "\nkind: " + words[1] + "\nx: y\n");
    assertThat(SCHEMA.knows(object)).isFalse();
    assertThat(SCHEMA.check(object)).isEmpty();
  }

  @Test
  void checksWhatWeRelyOnOfOperators() {
    assertThat(
            problems(
                """
                apiVersion: postgresql.cnpg.io/v1
                kind: Cluster
                metadata: {name: db}
                spec:
                  instances: 0
                  other: {anything: true}
                  storage: {size: 10Gb}
                  backup: {retentionPolicy: 30 days}
                  resources: {limits: {memory: 1GB}}
                """))
        .containsExactly(
            "OUT_OF_RANGE 5:14 spec.instances 0 [1, ] null",
            "PATTERN_MISMATCH 7:19 spec.storage.size 10Gb [quantity] null",
            "PATTERN_MISMATCH 8:29 spec.backup.retentionPolicy 30 days [retention] null",
            "PATTERN_MISMATCH 9:32 spec.resources.limits.memory 1GB [quantity] null");
    assertThat(
            problems(
                """
                apiVersion: monitoring.coreos.com/v1
                kind: ServiceMonitor
                spec:
                  selector: {matchLabels: {app: web}}
                  endpoints: [{port: http, interval: 30s, scheme: ftp}]
                """))
        .containsExactly(
            "NOT_ALLOWED_VALUE 5:51 spec.endpoints[0].scheme ftp [http, https, HTTP, HTTPS] null");
    assertThat(problems("apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec: {}\n"))
        .containsExactly("MISSING_KEY 3:1 spec.encryptedData encryptedData [encryptedData] null");
    assertThat(
            problems(
                """
                apiVersion: external-secrets.io/v1
                kind: ExternalSecret
                spec: {data: [{secretKey: a, remoteRef: {}}]}
                """))
        .containsExactly("MISSING_KEY 3:30 spec.data[0].remoteRef.key key [key] null");
  }

  @Test
  void anUnquotedPlaceholderMayBeAnything() {
    assertThat(
            problems(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, labels: {app: {{ app }}}}
                spec: {hostPID: {{ pid }}, containers: [{name: web, image: web}]}
                """))
        .isEmpty();
  }

  @Test
  void saysWhatAFieldIsFor() {
    KubernetesObject object = object("apiVersion: v1\nkind: Pod\n");
    assertThat(SCHEMA.description(object, "spec.containers[a.b].imagePullPolicy"))
        .isEqualTo("Image pull policy");
    assertThat(SCHEMA.description(object, "spec.hostPID")).startsWith("Use the host");
    assertThat(SCHEMA.description(object, "spec.securityContext")).isNotEmpty();
    assertThat(SCHEMA.description(object, "spec.nodeSelector.a")).isNull();
    assertThat(SCHEMA.description(object, "spec.none")).isNull();
  }

  @Test
  void readsTheSchemasInACustomResourceDefinition() {
    assertThat(
            problems(
                """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: x}
                spec:
                  group: g
                  names: {kind: K, plural: ks}
                  scope: Namespaced
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      schema:
                        openAPIV3Schema:
                          type: object
                          x-kubernetes-preserve-unknown-fields: true
                          properties: {a: {$ref: x, default: {b: c}, items: {type: string}}}
                """))
        .isEmpty();
  }

  @Test
  void earlierReleasesLackWhatCameLater() {
    KubernetesObject later =
        object("apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingAdmissionPolicy\n");
    assertThat(KubernetesSchemas.of("1.36").knows(later)).isTrue();
    assertThat(KubernetesSchemas.of("1.33").knows(later)).isFalse();
    for (String release : KubernetesSchema.RELEASES) {
      assertThat(KubernetesSchemas.of(release).knows(object("apiVersion: v1\nkind: Pod\n")))
          .isTrue();
    }
  }

  @Test
  void everyDefinitionOfEveryReleaseIsSound() {
    for (String release : KubernetesSchema.RELEASES) {
      assertThat(KubernetesSchemas.of(release).mistakes()).as(release).isEmpty();
    }
  }

  @Test
  void asksWhatTheApiServerAsksBeyondTypes() {
    assertThat(
            problems(
                """
                apiVersion: v1
                kind: Pod
                spec:
                  terminationGracePeriodSeconds: -1
                  containers:
                    - name: a_b
                      livenessProbe: {httpGet: {port: 80}, tcpSocket: {port: 70000}}
                      lifecycle: {preStop: {}}
                      env: [{name: A, value: "", valueFrom: {fieldRef: {fieldPath: status.podIPx}}}]
                      resources: {limits: {memory: -1, gpu: 1}}
                  volumes: [{name: v, emptyDir: null, hostPath: {path: /a/../b}}]
                """))
        .containsExactly(
            "PATTERN_MISMATCH 6:13 spec.containers[a_b].name a_b [dns-label] null",
            "OUT_OF_RANGE 7:62 spec.containers[a_b].livenessProbe.tcpSocket.port 70000 [1, 65535] null",
            "SEVERAL_ALTERNATIVES 7:44 spec.containers[a_b].livenessProbe.tcpSocket tcpSocket"
                + " [exec, grpc, httpGet, tcpSocket] null",
            "NO_ALTERNATIVE 8:19 spec.containers[a_b].lifecycle.preStop  [exec, httpGet, sleep, tcpSocket] null",
            "PATTERN_MISMATCH 9:68 spec.containers[a_b].env[A].valueFrom.fieldRef.fieldPath status.podIPx [field-path] null",
            "PATTERN_MISMATCH 10:36 spec.containers[a_b].resources.limits.memory -1 [quantity] null",
            "PATTERN_MISMATCH 10:40 spec.containers[a_b].resources.limits.gpu gpu [resource-name] null",
            "MISSING_KEY 6:7 spec.containers[a_b].image image [image] null",
            "PATTERN_MISMATCH 11:56 spec.volumes[v].hostPath.path /a/../b [host-path] null");
  }
}
