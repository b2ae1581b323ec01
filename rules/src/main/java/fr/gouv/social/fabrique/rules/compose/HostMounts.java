package fr.gouv.social.fabrique.rules.compose;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.compose.ComposeResource;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.VolumeMount;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What of its host a container sees. */
final class HostMounts {
  private static final Pattern SOCKET =
      Pattern.compile(
          "(?:.*/)?(?:docker|containerd|crio|podman|cri-dockerd|dockershim|buildkitd)\\.sock"
              + "|/run/systemd/private|//\\./pipe/docker_engine");

  /** Folders in which the sockets stand. */
  private static final Set<String> ABOVE_SOCKETS =
      Set.of("/", "/run", "/var", "/var/run", "/run/podman", "/run/containerd");

  /** Folders from which the host itself is run. */
  private static final Pattern SYSTEM =
      Pattern.compile(
          "/(?:bin|sbin|boot|dev|etc|lib|lib64|proc|sys|usr)(?:/.*)?|/root(?:/\\..*)?|/var/lib/(?:docker|containerd|kubelet)(?:/.*)?");

  /** What is mounted read-only from there every day, and gives nothing away. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "/etc/(?:localtime|timezone|hosts|hostname|resolv\\.conf|ssl/certs(?:/.*)?|ca-certificates(?:/.*)?"
              + "|pki/(?:tls|ca-trust)(?:/.*)?|os-release|machine-id)"
              + "|/usr/share/(?:zoneinfo|ca-certificates|fonts)(?:/.*)?|/usr/local/share/ca-certificates(?:/.*)?"
              + "|/lib/modules|/dev/(?:null|zero|urandom|random|shm|net/tun|dri(?:/.*)?|snd(?:/.*)?|kvm|fuse|bus/usb)"
              + "|/proc|/sys|/sys/fs/cgroup");

  private static final Pattern HOME = Pattern.compile("\\$(?:HOME|\\{HOME\\})(?=/|$)");

  private static final Pattern CREDENTIALS =
      Pattern.compile(
          "(?:~|/root|/home/[^/]+|\\$HOME|\\$\\{HOME\\})/(?:\\.ssh|\\.aws|\\.kube|\\.docker|\\.gnupg|\\.azure|\\.config/gcloud|\\.netrc|\\.npmrc)(?:/.*)?"
              + "|~|\\$HOME|\\$\\{HOME\\}|/home(?:/[^/]+)?|/etc/shadow|/etc/ssh(?:/.*)?");

  private static final Pattern INSIDE_DOCKER =
      Pattern.compile("/var/lib/docker/volumes/([^/]+)(?:/_data(?:/.*)?)?");

  static final Rule<ComposeService> SOCKET_MOUNT =
      rule("compose/docker-socket", ComposeService.class, HostMounts::socket);

  static final Rule<ComposeService> SYSTEM_MOUNT =
      rule(
          "compose/writable-system-mount",
          ComposeService.class,
          (service, context) -> {
            for (HostMount mount : mounts(service)) {
              if (!mount.mount().isReadOnly()
                  && SYSTEM.matcher(mount.path()).matches()
                  && !HARMLESS.matcher(mount.path()).matches()
                  && !INSIDE_DOCKER.matcher(mount.path()).matches()
                  && !CREDENTIALS.matcher(mount.path()).matches()) {
                context.report(mount.mount(), "writable", service.name(), mount.path());
              }
            }
          });

  static final Rule<ComposeService> CREDENTIAL_MOUNT =
      rule(
          "compose/mounted-credentials",
          ComposeService.class,
          (service, context) -> {
            for (HostMount mount : mounts(service)) {
              if (CREDENTIALS.matcher(mount.path()).matches()) {
                context.report(mount.mount(), "credentials", service.name(), mount.path());
              }
            }
          });

  static final Rule<ComposeService> PROPAGATION =
      rule(
          "compose/shared-propagation",
          ComposeService.class,
          (service, context) -> {
            for (VolumeMount mount : service.volumes()) {
              for (YamlScalar option : mount.options()) {
                if (option.isKnown()
                    && (option.value().equals("shared") || option.value().equals("rshared"))) {
                  context.report(option, "shared", service.name(), option.value());
                }
              }
            }
          });

  static final Rule<ComposeService> LOOSE_TMPFS =
      rule("compose/loose-tmpfs", ComposeService.class, HostMounts::tmpfs);

  static final Rule<ComposeService> VOLUME_INTERNALS =
      rule(
          "compose/volume-internals",
          ComposeService.class,
          (service, context) -> {
            for (HostMount mount : mounts(service)) {
              Matcher matcher = INSIDE_DOCKER.matcher(mount.path());
              if (matcher.matches()) {
                context.report(mount.mount(), "internals", service.name(), matcher.group(1));
              }
            }
          });

  static final Rule<ComposeProject> SHARED_VOLUME =
      rule("compose/shared-volume", ComposeProject.class, HostMounts::sharedVolumes);

  static final List<Rule<?>> ALL =
      List.of(
          SOCKET_MOUNT,
          SYSTEM_MOUNT,
          CREDENTIAL_MOUNT,
          PROPAGATION,
          LOOSE_TMPFS,
          VOLUME_INTERNALS,
          SHARED_VOLUME);

  /** A folder or file of the host and what mounts it. */
  private record HostMount(String path, VolumeMount mount) {}

  private HostMounts() {}

  /** The bind mounts of a service, volumes that are binds in disguise included. */
  private static List<HostMount> mounts(ComposeService service) {
    List<HostMount> mounts = new ArrayList<>();
    Map<String, ComposeResource> volumes =
        service.project().resources(ComposeResource.Section.VOLUMES);
    for (VolumeMount mount : service.volumes()) {
      YamlScalar source = mount.source();
      String path = source == null || !isKnown(source) ? null : source.value();
      if (path != null && mount.type() == VolumeMount.Type.VOLUME) {
        ComposeResource volume = volumes.get(path);
        path = volume == null ? null : volume.place().at("driver_opts.device").string().value();
        if (path != null && !path.startsWith("/")) {
          path = null;
        }
      }
      if (path != null && !path.startsWith(".")) {
        mounts.add(new HostMount(clean(path), mount));
      }
    }
    return mounts;
  }

  /** The home folder is that of whoever starts the project, whatever its path. */
  private static boolean isKnown(YamlScalar source) {
    Matcher home = HOME.matcher(source.value());
    return source.isKnown()
        || home.lookingAt() && source.isKnown(home.end(), source.value().length());
  }

  private static String clean(String path) {
    String clean = path.replaceAll("(?<!^)/+", "/").replaceAll("/\\.(?=/|$)", "");
    clean = clean.startsWith("//.") ? clean : clean.replaceAll("^/+", "/");
    return clean.length() > 1 && clean.endsWith("/")
        ? clean.substring(0, clean.length() - 1)
        : clean.isEmpty() ? "/" : clean;
  }

  private static void socket(ComposeService service, RuleContext context) {
    boolean kept = true;
    for (HostMount mount : mounts(service)) {
      if (SOCKET.matcher(mount.path()).matches()) {
        kept = false;
        context.report(mount.mount(), "socket", service.name(), mount.path());
      } else if (ABOVE_SOCKETS.contains(mount.path())) {
        kept = false;
        context.report(mount.mount(), "above", service.name(), mount.path());
      }
    }
    Setting<Boolean> api = service.place().key("use_api_socket").bool();
    if (api.isTrue()) {
      kept = false;
      context.report(api, "api", service.name());
    }
    if (kept
        && service.isComplete()
        && service.volumes().stream()
            .allMatch(mount -> mount.source() == null || mount.source().isKnown())) {
      context.concerns();
    }
  }

  private static void tmpfs(ComposeService service, RuleContext context) {
    YamlPlace place = service.place().key("tmpfs");
    for (YamlPlace each : place.text() == null ? place.items() : List.of(place)) {
      String text = each.text("");
      int colon = text.indexOf(':');
      if (colon < 0 || each.isUnknown()) {
        continue;
      }
      for (String option : text.substring(colon + 1).split(",")) {
        if (option.equals("exec") || option.equals("suid") || option.equals("dev")) {
          context.report(each, "option", service.name(), option);
        }
      }
    }
  }

  private static void sharedVolumes(ComposeProject project, RuleContext context) {
    Map<String, Set<String>> users = new HashMap<>();
    for (ComposeService service : project.services()) {
      for (VolumeMount mount : service.volumes()) {
        String volume = volume(mount);
        if (volume != null && !mount.isReadOnly()) {
          users.computeIfAbsent(volume, key -> new TreeSet<>()).add(service.name());
        }
      }
    }
    project
        .resources(ComposeResource.Section.VOLUMES)
        .forEach(
            (name, volume) -> {
              Set<String> writers = users.getOrDefault(name, Set.of());
              if (writers.size() > 1) {
                Located at = volume;
                context.report(at, "shared", name, String.join(", ", writers));
              }
            });
  }

  /** The named volume that is mounted, or null. */
  static @Nullable String volume(VolumeMount mount) {
    YamlScalar source = mount.source();
    return mount.type() == VolumeMount.Type.VOLUME && source != null && source.isKnown()
        ? source.value()
        : null;
  }
}
