package fr.gouv.social.fabrique.kubernetes;

import static fr.gouv.social.fabrique.kubernetes.Manifests.index;
import static fr.gouv.social.fabrique.kubernetes.Manifests.object;
import static fr.gouv.social.fabrique.kubernetes.Manifests.place;
import static fr.gouv.social.fabrique.kubernetes.Manifests.pod;
import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Setting.Origin;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesModelTest {
  @Test
  void namesObjectContainerAndPath() {
    ObjectIndex index =
        index(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
              labels: {app: web}
            spec:
              template:
                metadata:
                  labels: {app: web}
                spec:
                  containers:
                    - name: api
                      image: api:1
                      resources:
                        limits:
                          memory: 1Gi
            """);
    KubernetesObject object = index.objects().get(0);
    assertThat(object.label()).isEqualTo("Deployment/web");
    assertThat(place(object)).isEqualTo("4:3 name: web");
    assertThat(object.group()).isEqualTo("apps");
    assertThat(object.version()).isEqualTo("v1");
    assertThat(object.labels()).containsExactly(java.util.Map.entry("app", "web"));
    Container api = index.all(Container.class).get(0);
    assertThat(api.label()).isEqualTo("Deployment/web › containers[api]");
    assertThat(place(api)).isEqualTo("12:11 name: api");
    Setting<Quantity> memory = api.limit("memory");
    assertThat(memory.value()).hasToString("1Gi");
    assertThat(memory.label()).isEqualTo("resources.limits.memory");
    assertThat(place(memory)).isEqualTo("16:15 memory: 1Gi");
    Setting<Quantity> cpu = api.limit("cpu");
    assertThat(cpu.isAbsent()).isTrue();
    assertThat(cpu.label()).isEqualTo("resources.limits.cpu");
    assertThat(place(cpu)).isEqualTo("15:13 limits");
    PodSpec pod = index.all(PodSpec.class).get(0);
    assertThat(pod.at("securityContext").label()).isEqualTo("securityContext");
    assertThat(place(pod.at("securityContext"))).isEqualTo("10:5 spec");
  }

  @Test
  void emptyAndCommentOnlyDocumentsAreSilent() {
    assertThat(index("").objects()).isEmpty();
    assertThat(index("# nothing\n").objects()).isEmpty();
    assertThat(index("---\n---\n# nothing\n---\n[1, 2]\n---\ntext\n").objects()).isEmpty();
    assertThat(index("apiVersion: v1\nkind: List\nitems:\n").objects()).isEmpty();
  }

  @Test
  void unwrapsLists() {
    ObjectIndex index =
        index(
            """
            apiVersion: v1
            kind: List
            items:
              - {apiVersion: v1, kind: Pod, metadata: {name: a}}
              - {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: b}}]}
              - text
            ---
            apiVersion: apps/v1
            kind: DeploymentList
            items:
              - {metadata: {name: c}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: d}
            """);
    assertThat(index.objects())
        .extracting(KubernetesObject::label)
        .containsExactly("Pod/a", "Pod/b", "Deployment/c", "Pod/d");
    assertThat(index.objects().get(2).apiVersion()).isEqualTo("apps/v1");
  }

  @Test
  void knowsTheTemplateOfARenderedObject() {
    List<KubernetesObject> objects =
        index(
                """
                ---
                # Source: web/templates/deployment.yaml
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                """)
            .objects();
    assertThat(objects.get(0).template()).isEqualTo("web/templates/deployment.yaml");
    assertThat(objects.get(0).namespace().isUnknown()).isTrue();
    assertThat(objects.get(1).template()).isNull();
    assertThat(objects.get(1).namespace())
        .extracting(Setting::value, Setting::origin)
        .containsExactly("default", Origin.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "v1, Pod, spec",
    "apps/v1, Deployment, spec.template.spec",
    "apps/v1, StatefulSet, spec.template.spec",
    "apps/v1, DaemonSet, spec.template.spec",
    "apps/v1, ReplicaSet, spec.template.spec",
    "extensions/v1beta1, Deployment, spec.template.spec",
    "v1, ReplicationController, spec.template.spec",
    "v1, PodTemplate, template.spec",
    "batch/v1, Job, spec.template.spec",
    "batch/v1, CronJob, spec.jobTemplate.spec.template.spec",
    "apps.openshift.io/v1, DeploymentConfig, spec.template.spec"
  })
  void findsThePodsOfEveryWorkload(String apiVersion, String kind, String path) {
    StringBuilder text =
        new StringBuilder(
            "apiVersion: %s%nkind: %s%nmetadata: {name: x}%n".formatted(apiVersion, kind));
    String indent = "";
    for (String key : path.split("\\.")) {
      text.append(indent).append(key).append(":\n");
      indent += "  ";
    }
    text.append(indent).append("hostNetwork: true\n");
    text.append(indent).append("containers: [{name: c, image: c}]\n");
    ObjectIndex index = index(text.toString());
    assertThat(index.all(Container.class))
        .extracting(Container::label)
        .containsExactly(kind + "/x › containers[c]");
    assertThat(index.all(PodSpec.class).get(0).hostNetwork().isTrue()).isTrue();
  }

  @Test
  void aKindOfAnotherGroupIsNoWorkload() {
    assertThat(
            index("apiVersion: example.org/v1\nkind: Job\nspec: {template: {spec: {}}}\n")
                .all(Workload.class))
        .isEmpty();
  }

  @Test
  void tellsContainersApart() {
    PodSpec pod =
        pod(
            """
              initContainers:
                - {name: migrate}
                - {name: proxy, restartPolicy: Always}
              containers:
                - {name: api}
                - {image: unnamed}
              ephemeralContainers:
                - {name: debug}
            """);
    assertThat(pod.containers())
        .extracting(each -> each.kind() + " " + each.label())
        .containsExactly(
            "INIT Pod/web › initContainers[migrate]",
            "SIDECAR Pod/web › initContainers[proxy]",
            "MAIN Pod/web › containers[api]",
            "MAIN Pod/web › containers[1]",
            "EPHEMERAL Pod/web › ephemeralContainers[debug]");
    assertThat(pod.longRunning()).extracting(Container::name).containsExactly("proxy", "api", "");
  }

  @Test
  void inheritsOnlyWhatPodsHandDown() {
    PodSpec pod =
        pod(
            """
              securityContext:
                runAsUser: 1000
                runAsGroup: 2000
                runAsNonRoot: true
                seccompProfile: {type: RuntimeDefault}
                seLinuxOptions: {type: spc_t, user: u}
                appArmorProfile: {type: Unconfined}
                windowsOptions: {hostProcess: true}
                privileged: true
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                procMount: Unmasked
                capabilities: {drop: [ALL]}
              containers:
                - name: inherits
                - name: overrides
                  securityContext:
                    runAsUser: 0
                    runAsNonRoot: no
                    seccompProfile: {type: Unconfined}
                    seLinuxOptions: {type: container_t}
                    windowsOptions: {runAsUserName: me}
                    privileged: yes
                    capabilities: {add: [CAP_NET_ADMIN], drop: [all]}
            """);
    SecurityContext inherits = pod.containers().get(0).securityContext();
    assertThat(inherits.runAsUser())
        .extracting(Setting::value, Setting::origin)
        .containsExactly(1000L, Origin.INHERITED);
    assertThat(place(inherits.runAsUser())).isEqualTo("7:5 runAsUser: 1000");
    assertThat(inherits.runAsUser().label()).isEqualTo("securityContext.runAsUser");
    assertThat(inherits.runAsGroup().value()).isEqualTo(2000L);
    assertThat(inherits.runAsNonRoot().isTrue()).isTrue();
    assertThat(inherits.seccomp().value()).isEqualTo("RuntimeDefault");
    assertThat(inherits.seLinux("type").value()).isEqualTo("spc_t");
    assertThat(inherits.appArmor().value()).isEqualTo("Unconfined");
    assertThat(inherits.hostProcess().isTrue()).isTrue();
    assertThat(inherits.privileged())
        .extracting(Setting::value, Setting::origin)
        .containsExactly(false, Origin.DEFAULT);
    assertThat(inherits.allowPrivilegeEscalation().isTrue()).isTrue();
    assertThat(inherits.readOnlyRootFilesystem().isFalse()).isTrue();
    assertThat(inherits.procMount().value()).isEqualTo("Default");
    assertThat(inherits.droppedCapabilities()).isEmpty();
    SecurityContext overrides = pod.containers().get(1).securityContext();
    assertThat(overrides.runAsUser())
        .extracting(Setting::value, Setting::origin)
        .containsExactly(0L, Origin.EXPLICIT);
    assertThat(overrides.runAsNonRoot().isFalse()).isTrue();
    assertThat(overrides.seccomp().value()).isEqualTo("Unconfined");
    assertThat(overrides.seLinux("type").value()).isEqualTo("container_t");
    // The options come as a whole.
    assertThat(overrides.seLinux("user").isAbsent()).isTrue();
    // But those of Windows one by one.
    assertThat(overrides.hostProcess().isTrue()).isTrue();
    assertThat(overrides.privileged().isTrue()).isTrue();
    assertThat(overrides.adds("NET_ADMIN")).isTrue();
    assertThat(overrides.drops("ALL")).isTrue();
  }

  @Test
  void readsTheAppArmorAnnotation() {
    ObjectIndex index =
        index(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              annotations:
                container.apparmor.security.beta.kubernetes.io/a: runtime/default
                container.apparmor.security.beta.kubernetes.io/b: localhost/x
            spec:
              containers: [{name: a}, {name: b}, {name: c}]
            """);
    assertThat(index.all(Container.class))
        .extracting(each -> each.securityContext().appArmor().value())
        .containsExactly("RuntimeDefault", "Localhost", null);
  }

  @Test
  void requestsDefaultToLimits() {
    Container container =
        pod("""
                  containers:
                    - name: api
                      resources:
                        requests: {cpu: 100m}
                        limits: {cpu: 1, memory: 1Gi, ephemeral-storage: "${SIZE}"}
                """)
            .containers()
            .get(0);
    assertThat(container.request("cpu").value()).hasToString("100m");
    assertThat(container.request("memory"))
        .extracting(each -> String.valueOf(each.value()), Setting::origin)
        .containsExactly("1Gi", Origin.DEFAULT);
    assertThat(container.request("memory").isAbsent()).isFalse();
    assertThat(container.request("memory").label()).isEqualTo("resources.requests.memory");
    assertThat(container.request("ephemeral-storage").isUnknown()).isTrue();
    assertThat(container.limit("hugepages-2Mi").isAbsent()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "nginx, Always",
    "nginx:latest, Always",
    "nginx:1.27, IfNotPresent",
    "registry:5000/app, Always",
    "registry:5000/app:1, IfNotPresent",
    "nginx@sha256:abc, IfNotPresent",
    "nginx:latest@sha256:abc, IfNotPresent"
  })
  void pullsAsTheApiDefaults(String image, String policy) {
    Container container =
        pod("  containers: [{name: a, image: '" + image + "'}]\n").containers().get(0);
    assertThat(container.imagePullPolicy().value()).isEqualTo(policy);
  }

  @Test
  void whatIsNotResolvedIsUnknown() {
    PodSpec pod =
        pod(
            """
              hostNetwork: ${HOST}
              automountServiceAccountToken: "{{ x }}"
              hostPID: {{ pid }}
              containers: [{name: a, image: "app:${TAG}"}]
            """);
    assertThat(pod.hostPid().isUnknown()).isTrue();
    assertThat(pod.hostNetwork().isUnknown()).isTrue();
    assertThat(pod.automountToken().isUnknown()).isTrue();
    assertThat(pod.containers().get(0).image().isUnknown()).isTrue();
    assertThat(pod.containers().get(0).imagePullPolicy().isUnknown()).isTrue();
  }

  @Test
  void workloadsHaveTheDefaultsOfTheApi() {
    Workload web =
        index("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {}\n")
            .all(Workload.class)
            .get(0);
    assertThat(web.replicas().value()).isEqualTo(1L);
    assertThat(web.strategy().value()).isEqualTo("RollingUpdate");
    assertThat(web.pod().restartPolicy().value()).isEqualTo("Always");
    assertThat(web.pod().serviceAccountName().value()).isEqualTo("default");
    assertThat(web.selector().exists()).isFalse();
  }

  @Test
  void listsWhatAPodRefersTo() {
    PodSpec pod =
        pod(
            """
              serviceAccountName: robot
              imagePullSecrets: [{name: pull}]
              volumes:
                - {name: a, secret: {secretName: s, items: [{key: k, path: p}]}}
                - {name: b, configMap: {name: c, optional: true}}
                - {name: d, persistentVolumeClaim: {claimName: data}}
                - name: e
                  projected:
                    sources: [{secret: {name: t}}, {configMap: {name: u, items: [{key: v}]}}]
                - {name: f, emptyDir: {}}
              containers:
                - name: api
                  env:
                    - {name: LITERAL, value: x}
                    - {name: A, valueFrom: {secretKeyRef: {name: s, key: password}}}
                    - {name: B, valueFrom: {configMapKeyRef: {name: c, key: url, optional: true}}}
                  envFrom: [{secretRef: {name: all}}, {configMapRef: {name: "${NAME}"}}]
            """);
    assertThat(pod.references())
        .extracting(
            each -> each.kind() + " " + each.name() + " " + each.key() + " " + each.optional())
        .containsExactly(
            "ServiceAccount robot null false",
            "Secret pull null false",
            "Secret s k false",
            "ConfigMap c null true",
            "PersistentVolumeClaim data null false",
            "Secret t null false",
            "ConfigMap u v false",
            "Secret s password false",
            "ConfigMap c url true",
            "Secret all null false");
    assertThat(pod.references().get(7).label()).isEqualTo("env[A].valueFrom.secretKeyRef.name");
    assertThat(pod.volumes())
        .extracting(Volume::type)
        .containsExactly("secret", "configMap", "persistentVolumeClaim", "projected", "emptyDir");
  }

  @Test
  void findsTheContainerPortOfAProbe() {
    Container container =
        pod("""
                  containers:
                    - name: api
                      ports: [{name: http, containerPort: 8080}]
                      livenessProbe: {httpGet: {port: http}}
                      readinessProbe: {tcpSocket: {port: 8080}}
                      startupProbe: {grpc: {port: 9090}}
                """)
            .containers()
            .get(0);
    assertThat(container.probe(Probe.Kind.LIVENESS).port().is(port -> container.port(port) != null))
        .isTrue();
    assertThat(
            container.probe(Probe.Kind.READINESS).port().is(port -> container.port(port) != null))
        .isTrue();
    assertThat(container.probe(Probe.Kind.STARTUP).port().is(port -> container.port(port) != null))
        .isFalse();
    assertThat(container.probe(Probe.Kind.STARTUP).port().label())
        .isEqualTo("startupProbe.grpc.port");
  }

  @Test
  void readsNumbersAndShares() {
    KubernetesObject object = object("kind: X\nspec: {a: 80, b: '80', c: 25%, d: http}\n");
    assertThat(object.intOrString("spec.a").value()).isEqualTo(IntOrString.of(80));
    assertThat(object.intOrString("spec.b").value()).isEqualTo(new IntOrString(null, "80"));
    IntOrString share = object.intOrString("spec.c").value();
    assertThat(share).isNotNull();
    assertThat(share.percent()).isEqualTo(25);
    assertThat(share.of(3, true)).isEqualTo(1);
    assertThat(share.of(3, false)).isZero();
    assertThat(object.intOrString("spec.d").is(port -> port.percent() == null)).isTrue();
  }
}
