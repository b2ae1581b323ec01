package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.ContainerPort;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.PodSpec;
import fr.gouv.social.fabrique.kubernetes.Probe;
import fr.gouv.social.fabrique.kubernetes.Volume;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Ways from a pod to the node that it runs on. */
final class HostAccess {
  private static final Pattern RUNTIME_SOCKET =
      Pattern.compile(
          ".*/(docker|containerd|crio|cri-dockerd|dockershim|podman|buildkitd|frakti)\\.sock/?");

  /** Folders that hold the node itself, or what all its containers hang on. */
  private static final List<String> SENSITIVE =
      List.of(
          "/bin",
          "/boot",
          "/dev",
          "/etc",
          "/home",
          "/lib",
          "/lib64",
          "/proc",
          "/root",
          "/run/containerd",
          "/run/docker",
          "/sbin",
          "/sys",
          "/usr",
          "/var/lib/containerd",
          "/var/lib/containers",
          "/var/lib/docker",
          "/var/lib/etcd",
          "/var/lib/kubelet",
          "/var/run/containerd",
          "/var/run/docker");

  /** Folders that hold the ones above. */
  private static final Set<String> AROUND = Set.of("/", "/run", "/var", "/var/lib", "/var/run");

  /** What is commonly shared there and tells nothing. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "/etc/(localtime|timezone|ssl/certs|pki/tls/certs|ca-certificates)(/.*)?"
              + "|/usr/(local/)?share/(zoneinfo|ca-certificates)(/.*)?|/dev/(shm|null|zero|urandom)");

  static final Rule<PodSpec> HOST_NAMESPACE =
      rule(
          "kubernetes/host-namespace",
          PodSpec.class,
          (pod, context) -> {
            boolean network = namespace(pod, pod.hostNetwork(), "network", context);
            boolean pid = namespace(pod, pod.hostPid(), "pid", context);
            boolean ipc = namespace(pod, pod.hostIpc(), "ipc", context);
            if (!network && !pid && !ipc) {
              context.concerns();
            }
          });

  static final Rule<Container> HOST_PORT =
      rule(
          "kubernetes/host-port",
          Container.class,
          (container, context) -> {
            List<String> allowed = context.list("allowed");
            for (ContainerPort port : container.ports()) {
              Setting<Long> number = port.hostPort();
              if (number.is(value -> value != 0 && !isAmong(allowed, value))) {
                context.report(number, "port", container.name(), String.valueOf(number.value()));
              }
            }
          });

  static final Rule<PodSpec> RUNTIME_SOCKETS =
      hostPath("kubernetes/runtime-socket", Reach.SOCKET, "socket");
  static final Rule<PodSpec> SENSITIVE_HOST_PATH =
      hostPath("kubernetes/sensitive-host-path", Reach.SENSITIVE, "sensitive");
  static final Rule<PodSpec> HOST_PATH = hostPath("kubernetes/host-path", Reach.OTHER, "path");

  static final Rule<KubernetesObject> PERSISTENT_HOST_PATH =
      rule(
          "kubernetes/persistent-host-path",
          KubernetesObject.class,
          (object, context) -> {
            YamlPlace path = object.at("spec.hostPath.path");
            if (object.is("PersistentVolume", "") && object.has("spec.hostPath")) {
              boolean deep = path.text() != null && reach(path.text("")) != Reach.OTHER;
              context.report(path, deep ? "sensitive" : "path", object.name(), path.text(""));
            }
          });

  static final Rule<Container> WRITABLE_HOST_MOUNT =
      rule(
          "kubernetes/writable-host-mount",
          Container.class,
          (container, context) -> {
            for (YamlPlace mount : container.volumeMounts()) {
              Volume volume = container.pod().volume(mount.key("name").text(""));
              if (volume != null
                  && volume.has("hostPath")
                  && reach(volume) != Reach.SOCKET
                  && !mount.key("readOnly").bool().isUnknown()
                  && !mount.key("readOnly").bool().isTrue()) {
                RuleContext.Reported reported =
                    context
                        .report(
                            mount,
                            "writable",
                            container.name(),
                            volume.at("hostPath.path").text(""),
                            mount.key("mountPath").text(""))
                        .related(volume);
                Edits.set(reported, mount, "readOnly", "true");
              }
            }
          });

  static final Rule<Container> PROBE_HOST =
      rule(
          "kubernetes/probe-host",
          Container.class,
          (container, context) -> {
            List<YamlPlace> handlers = new ArrayList<>();
            for (Probe.Kind kind : Probe.Kind.values()) {
              handlers.add(container.at(kind.field()));
            }
            handlers.add(container.at("lifecycle.postStart"));
            handlers.add(container.at("lifecycle.preStop"));
            for (YamlPlace handler : handlers) {
              for (String action : List.of("httpGet", "tcpSocket")) {
                YamlPlace host = handler.key(action).key("host");
                String text = host.text();
                if (text != null && !text.isEmpty()) {
                  context.report(host, "host", container.name(), text);
                }
              }
            }
          });

  static final Rule<PodSpec> SHARED_USERS =
      rule(
          "kubernetes/host-user-namespace",
          PodSpec.class,
          (pod, context) -> {
            Setting<Boolean> host = pod.bool("hostUsers");
            if (!host.isUnknown() && !host.isFalse()) {
              context.report(host, "host", pod.object().label());
            }
          });

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          HOST_NAMESPACE,
          HOST_PORT,
          RUNTIME_SOCKETS,
          SENSITIVE_HOST_PATH,
          HOST_PATH,
          PERSISTENT_HOST_PATH,
          WRITABLE_HOST_MOUNT,
          PROBE_HOST,
          SHARED_USERS);

  private HostAccess() {}

  /** How far into the node a path leads. */
  private enum Reach {
    SOCKET,
    SENSITIVE,
    OTHER
  }

  private static boolean namespace(
      PodSpec pod, Setting<Boolean> shared, String key, RuleContext context) {
    if (shared.isTrue()) {
      Edits.set(context.report(shared, key, pod.object().label()), shared, "false");
    }
    return !shared.isFalse();
  }

  /** A rule for volumes that are folders of the node and lead so far into it. */
  private static Rule<PodSpec> hostPath(String id, Reach wanted, String messageKey) {
    return rule(
        id,
        PodSpec.class,
        (pod, context) -> {
          for (Volume volume : pod.volumes()) {
            if (reach(volume) == wanted) {
              YamlPlace path = volume.at("hostPath.path");
              context.report(path, messageKey, pod.object().label(), path.text(""));
            }
          }
        });
  }

  private static @Nullable Reach reach(Volume volume) {
    String path = volume.string("hostPath.path").value();
    return path != null ? reach(path) : volume.has("hostPath") ? Reach.OTHER : null;
  }

  private static Reach reach(String path) {
    if (RUNTIME_SOCKET.matcher(path).matches()) {
      return Reach.SOCKET;
    }
    String clean =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    boolean sensitive =
        AROUND.contains(clean)
            || !HARMLESS.matcher(clean).matches()
                && SENSITIVE.stream()
                    .anyMatch(each -> clean.equals(each) || clean.startsWith(each + "/"));
    return sensitive ? Reach.SENSITIVE : Reach.OTHER;
  }

  /** Whether a number is one of those listed, or in one of the ranges {@code 5000-6000}. */
  private static boolean isAmong(List<String> allowed, long value) {
    for (String each : allowed) {
      int dash = each.indexOf('-');
      String from = dash < 0 ? each : each.substring(0, dash);
      String to = dash < 0 ? each : each.substring(dash + 1);
      if (Long.parseLong(from.strip()) <= value && value <= Long.parseLong(to.strip())) {
        return true;
      }
    }
    return false;
  }
}
