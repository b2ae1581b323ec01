package fr.gouv.social.fabrique.rules.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.ConfigReader;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Standard;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What defaults, inheritance and kinds of containers make of a pod. */
class PodReadingTest {
  private static final RuleSet RULES = BuiltInRules.load();

  private static final String LIMIT_RANGE =
      """
      ---
      apiVersion: v1
      kind: LimitRange
      metadata: {name: limits}
      spec: {limits: [{type: Container, default: {memory: 256Mi, cpu: 1}, defaultRequest: {memory: 64Mi}}]}
      """;

  private static List<String> found(String rule, String text) {
    String yaml = "rules: {kubernetes/" + rule + ": error}\n";
    FabriqueConfig config =
        ConfigReader.read(
                SourceFile.of("fabrique.yaml", yaml), RULES.pages(), LocalDate.of(2026, 11, 22))
            .config();
    Report report =
        new Checker(RULES, Standard.builtIn())
            .check("pods", SourceTree.of(Map.of("pod.yaml", text)), config, Baseline.NONE);
    assertThat(report.defects()).isEmpty();
    return report.issues().stream()
        .map(issue -> issue.finding())
        .filter(each -> each.rule().value().equals("kubernetes/" + rule))
        .map(each -> each.subject() + " " + each.messageKey())
        .toList();
  }

  private static String pod(String spec) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {" + spec + "}\n";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Sidecars live as long as the pod; other init containers do not.
        "missing-liveness-probe | containers: [{name: a, image: a}] | 1",
        "missing-liveness-probe | initContainers: [{name: i, image: i}], containers: [{name: a, image: a, livenessProbe: {exec: {command: [x]}}}] | 0",
        "missing-liveness-probe | initContainers: [{name: i, image: i, restartPolicy: Always}], containers: [{name: a, image: a, livenessProbe: {exec: {command: [x]}}}] | 1",
        "missing-readiness-probe | ephemeralContainers: [{name: e, image: e}], containers: [{name: a, image: a, readinessProbe: {exec: {command: [x]}}}] | 0",
        "refused-probe | initContainers: [{name: i, image: i, livenessProbe: {exec: {command: [x]}}}], containers: [] | 1",
        "refused-probe | initContainers: [{name: i, image: i, restartPolicy: Always, livenessProbe: {exec: {command: [x]}}}], containers: [] | 0",
        // A request defaults to its limit, which is said; what is set for the pod stands for both.
        "missing-memory-request | containers: [{name: a, image: a, resources: {limits: {memory: 1Gi}}}] | 1",
        "missing-memory-request | containers: [{name: a, image: a}] | 1",
        "missing-memory-limit | containers: [{name: a, image: a, resources: {requests: {memory: 1Gi}}}] | 1",
        "missing-memory-limit | resources: {limits: {memory: 1Gi}}, containers: [{name: a, image: a}] | 0",
        "missing-memory-request | resources: {limits: {memory: 1Gi}}, containers: [{name: a, image: a}] | 0",
        "missing-cpu-request | resources: {requests: {cpu: 1}}, containers: [{name: a, image: a}] | 0",
        "missing-cpu-limit | resources: {requests: {cpu: 1}}, containers: [{name: a, image: a}] | 1",
        "unequal-memory | containers: [{name: a, image: a, resources: {requests: {memory: 1Gi}, limits: {memory: 1024Mi}}}] | 0",
        "best-effort-pod | resources: {requests: {cpu: 1}}, containers: [{name: a, image: a}] | 0",
        "best-effort-pod | containers: [{name: a, image: a}] | 1",
        // What flows from the pod to its containers, and what does not.
        "unstated-user | securityContext: {runAsNonRoot: true}, containers: [{name: a, image: a}] | 0",
        "root-container | securityContext: {runAsNonRoot: true}, containers: [{name: a, image: a, securityContext: {runAsNonRoot: false, runAsUser: 0}}] | 1",
        "root-container | securityContext: {runAsUser: 0}, containers: [{name: a, image: a, securityContext: {runAsUser: 1000}}] | 0",
        "root-container | securityContext: {runAsUser: 0}, containers: [{name: a, image: a}, {name: b, image: b}] | 2",
        "missing-seccomp-profile | securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: a}] | 0",
        "missing-seccomp-profile | containers: [{name: a, image: a, securityContext: {seccompProfile: {type: RuntimeDefault}}}, {name: b, image: b}] | 1",
        "unconfined-seccomp | securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: a, securityContext: {seccompProfile: {type: Unconfined}}}] | 1",
        "writable-root-filesystem | securityContext: {readOnlyRootFilesystem: true}, containers: [{name: a, image: a}] | 1",
        "unconfined-apparmor | securityContext: {appArmorProfile: {type: Unconfined}}, containers: [{name: a, image: a}] | 1",
        "unconfined-apparmor | securityContext: {appArmorProfile: {type: RuntimeDefault}}, containers: [{name: a, image: a}] | 0",
        // Capabilities are named with and without CAP_, whatever their case.
        "kept-capabilities | containers: [{name: a, image: a, securityContext: {capabilities: {drop: [all]}}}] | 0",
        "kept-capabilities | containers: [{name: a, image: a, securityContext: {capabilities: {drop: [ALL]}}}] | 0",
        "kept-capabilities | containers: [{name: a, image: a, securityContext: {capabilities: {drop: [NET_RAW]}}}] | 1",
        "dangerous-capability | containers: [{name: a, image: a, securityContext: {capabilities: {add: [CAP_NET_ADMIN]}}}] | 1",
        "dangerous-capability | containers: [{name: a, image: a, securityContext: {capabilities: {add: [net_admin]}}}] | 1",
        "dangerous-capability | containers: [{name: a, image: a, securityContext: {capabilities: {add: [NET_BIND_SERVICE]}}}] | 0",
        "dangerous-capability | initContainers: [{name: i, image: i, securityContext: {capabilities: {add: [SYS_ADMIN]}}}], containers: [{name: a, image: a}] | 1",
        "dangerous-capability | ephemeralContainers: [{name: e, image: e, securityContext: {capabilities: {add: [ALL]}}}], containers: [{name: a, image: a}] | 1",
        "privileged-container | initContainers: [{name: i, image: i, securityContext: {privileged: true}}], containers: [{name: a, image: a}] | 1",
        // The host.
        "host-namespace | hostNetwork: true, hostPID: true, hostIPC: false, containers: [] | 2",
        "host-port | hostNetwork: true, containers: [{name: a, image: a, ports: [{containerPort: 80}]}] | 0",
        "host-port | containers: [{name: a, image: a, ports: [{containerPort: 80, hostPort: 80}, {containerPort: 81, hostPort: 0}]}] | 1",
        "unmasked-proc | containers: [{name: a, image: a, securityContext: {procMount: Unmasked}}] | 1",
        "unmasked-proc | containers: [{name: a, image: a, securityContext: {procMount: Default}}] | 0",
        "unsafe-sysctl | securityContext: {sysctls: [{name: kernel.shm_rmid_forced, value: '1'}, {name: net.ipv4.tcp_keepalive_time, value: '1'}]}, containers: [] | 0",
        "unsafe-sysctl | securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}, {name: net.core.somaxconn, value: '1'}]}, containers: [] | 2",
        "host-process | securityContext: {windowsOptions: {hostProcess: true}}, containers: [{name: a, image: a}] | 1",
        "host-process | containers: [{name: a, image: a, securityContext: {windowsOptions: {hostProcess: true}}}] | 1",
        // Windows has neither capabilities nor seccomp nor a read-only root.
        "kept-capabilities | os: {name: windows}, containers: [{name: a, image: a}] | 0",
        "missing-seccomp-profile | os: {name: windows}, containers: [{name: a, image: a}] | 0",
        "unstated-privilege-escalation | os: {name: windows}, containers: [{name: a, image: a}] | 0",
        "writable-root-filesystem | os: {name: windows}, containers: [{name: a, image: a}] | 0",
        // Groups, mounts and sockets of the node.
        "root-group | securityContext: {fsGroup: 0}, containers: [{name: a, image: a}] | 1",
        "root-group | securityContext: {supplementalGroups: [1000, 0]}, containers: [{name: a, image: a}] | 1",
        "root-group | securityContext: {runAsGroup: 0}, containers: [{name: a, image: a, securityContext: {runAsGroup: 1000}}] | 0",
        "runtime-socket | volumes: [{name: s, hostPath: {path: /run/containerd/containerd.sock}}], containers: [{name: a, image: a}] | 1",
        "runtime-socket | volumes: [{name: s, hostPath: {path: /var/run/crio/crio.sock}}], containers: [{name: a, image: a}] | 1",
        "runtime-socket | volumes: [{name: s, hostPath: {path: /var/run/docker.sock}}], containers: [{name: a, image: a}] | 1",
        "sensitive-host-path | volumes: [{name: s, hostPath: {path: /etc/}}], containers: [{name: a, image: a}] | 1",
        "sensitive-host-path | volumes: [{name: s, hostPath: {path: /srv/data}}], containers: [{name: a, image: a}] | 0",
        "writable-host-mount | volumes: [{name: s, hostPath: {path: /srv}}], containers: [{name: a, image: a, volumeMounts: [{name: s, mountPath: /s}]}] | 1",
        "writable-host-mount | volumes: [{name: s, hostPath: {path: /srv}}], containers: [{name: a, image: a, volumeMounts: [{name: s, mountPath: /s, readOnly: true}]}] | 0",
        "restricted-volume | volumes: [{name: s, projected: {sources: [{serviceAccountToken: {path: t}}]}}, {name: n, nfs: {server: a, path: /}}], containers: [{name: a, image: a}] | 1",
        "sysctl-injection | securityContext: {sysctls: [{name: kernel.shm_rmid_forced, value: '1+kernel.core_pattern=x'}]}, containers: [{name: a, image: a}] | 1",
        "custom-selinux | securityContext: {seLinuxOptions: {type: container_engine_t}}, containers: [{name: a, image: a}] | 0",
        "custom-selinux | containers: [{name: a, image: a, securityContext: {seLinuxOptions: {type: spc_t}}}] | 1",
        "probe-host | containers: [{name: a, image: a, livenessProbe: {httpGet: {host: 127.0.0.1, port: 80}}}] | 1",
        "probe-host | containers: [{name: a, image: a, lifecycle: {preStop: {tcpSocket: {host: 10.0.0.1, port: 80}}}}] | 1",
        // Ports and probes.
        "remote-access-port | containers: [{name: a, image: a, ports: [{containerPort: 22}, {containerPort: 22, protocol: UDP}]}] | 1",
        "privileged-port | containers: [{name: a, image: a, ports: [{containerPort: 80}, {containerPort: 8080}]}] | 1",
        "duplicate-port-name | containers: [{name: a, image: a, ports: [{name: h, containerPort: 80}, {name: h, containerPort: 81}]}] | 1",
        "invalid-port-number | containers: [{name: a, image: a, ports: [{containerPort: 0}]}] | 1",
        "unknown-probe-port | containers: [{name: a, image: a, ports: [{name: http, containerPort: 80}], livenessProbe: {httpGet: {port: htp}}}] | 1",
        "undeclared-probe-port | containers: [{name: a, image: a, ports: [{containerPort: 80}], startupProbe: {grpc: {port: 81}}}] | 1",
        "identical-probes | containers: [{name: a, image: a, livenessProbe: {httpGet: {path: /, port: http}}, readinessProbe: {httpGet: {path: /, port: other}}}] | 0",
        "identical-probes | containers: [{name: a, image: a, livenessProbe: {httpGet: {path: /, port: http}}, readinessProbe: {httpGet: {path: /, port: http}}}] | 1",
        "process-list-probe | containers: [{name: a, image: a, livenessProbe: {exec: {command: [sh, -c, 'ps aux']}}}] | 1",
        "invalid-topology-spread | topologySpreadConstraints: [{maxSkew: 0, topologyKey: z, whenUnsatisfiable: DoNotSchedule, labelSelector: {}}], containers: [{name: a, image: a}] | 1",
        "missing-topology-spread | topologySpreadConstraints: [{maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule, labelSelector: {}}], containers: [{name: a, image: a}] | 0",
        "duplicate-variable | initContainers: [{name: i, image: i, env: [{name: A, value: b}, {name: A, value: c}]}], containers: [{name: a, image: a}] | 1",
        "unbounded-empty-dir | volumes: [{name: s, emptyDir: {}}], containers: [{name: a, image: a, volumeMounts: [{name: s, mountPath: /s}]}] | 1",
        "unbounded-empty-dir | volumes: [{name: s, emptyDir: {sizeLimit: 1Gi}}], containers: [{name: a, image: a, volumeMounts: [{name: s, mountPath: /s}]}] | 0",
        // Tokens.
        "mounted-service-account-token | automountServiceAccountToken: false, containers: [{name: a, image: a}] | 0",
        "mounted-service-account-token | automountServiceAccountToken: true, containers: [{name: a, image: a}] | 1",
        "default-service-account | serviceAccountName: default, containers: [{name: a, image: a}] | 1",
        "default-service-account | automountServiceAccountToken: false, containers: [{name: a, image: a}] | 0",
        "default-service-account | serviceAccount: robot, containers: [{name: a, image: a}] | 0",
        "deprecated-service-account-field | serviceAccount: robot, serviceAccountName: robot, containers: [{name: a, image: a}] | 0",
        "deprecated-service-account-field | serviceAccount: robot, containers: [{name: a, image: a}] | 1",
      })
  void pods(String rule, String spec, int findings) {
    assertThat(found(rule, pod(spec))).hasSize(findings);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "missing-memory-limit | 0",
        "missing-memory-request | 0",
        "missing-cpu-limit | 0",
        "missing-cpu-request | 0",
        "missing-ephemeral-storage-limit | 1",
      })
  void limitRangesGiveDefaults(String rule, int findings) {
    assertThat(found(rule, pod("containers: [{name: a, image: a}]") + LIMIT_RANGE))
        .hasSize(findings);
    assertThat(
            found(
                rule,
                pod("containers: [{name: a, image: a}]")
                    + LIMIT_RANGE.replace("name: limits", "name: limits, namespace: other")))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Deployment | apps/v1 | 1",
        "StatefulSet | apps/v1 | 1",
        "DaemonSet | apps/v1 | 1",
        "ReplicaSet | apps/v1 | 1",
        "ReplicationController | v1 | 1",
        "Job | batch/v1 | 0",
      })
  void jobsNeedNoProbes(String kind, String version, int findings) {
    String text =
        "apiVersion: %s\nkind: %s\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: a, image: a}]}}}\n"
            .formatted(version, kind);
    for (String rule : List.of("missing-liveness-probe", "missing-readiness-probe")) {
      assertThat(found(rule, text)).as(rule).hasSize(findings);
    }
    assertThat(found("missing-memory-limit", text)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app | Always | 0",
        "app:latest | IfNotPresent | 1",
        "app | IfNotPresent | 1",
        "registry:5000/app | IfNotPresent | 1",
        "registry:5000/app:1.0 | IfNotPresent | 0",
        "app:latest@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | IfNotPresent | 0",
      })
  void pullPolicies(String image, String policy, int findings) {
    assertThat(
            found(
                "stale-latest",
                pod(
                    "containers: [{name: a, image: '"
                        + image
                        + "', imagePullPolicy: "
                        + policy
                        + "}]")))
        .hasSize(findings);
  }
}
