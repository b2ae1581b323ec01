package fr.gouv.social.fabrique.rules.compose;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.compose.ComposeResource;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a container may do to its host. */
final class Privileges {
  /** The kernel's or the host's keys: nothing is left to contain. */
  private static final Set<String> EVERYTHING =
      Set.of("ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO");

  /** Those that Docker gives anyway (moby, oci/caps/defaults.go). */
  private static final Set<String> DEFAULT =
      Set.of(
          "CHOWN",
          "DAC_OVERRIDE",
          "FSETID",
          "FOWNER",
          "MKNOD",
          "NET_RAW",
          "SETGID",
          "SETUID",
          "SETFCAP",
          "SETPCAP",
          "NET_BIND_SERVICE",
          "SYS_CHROOT",
          "KILL",
          "AUDIT_WRITE");

  private static final Pattern ROOT = Pattern.compile("root|0+");
  private static final Pattern UNCONFINED =
      Pattern.compile("(?:seccomp|apparmor)[:=]unconfined|label[:=]disable|systempaths=unconfined");

  /** Disks, memory and device mapper: the host's data, file permissions or not. */
  private static final Pattern HOST_DEVICE =
      Pattern.compile(
          "/dev/(?:(?:sd|vd|xvd|hd)[a-z]\\w*|nvme\\w+|mmcblk\\w*|md\\d\\w*|loop(?:\\d\\w*|-control)|dm-\\d+"
              + "|disk(?:/.*)?|mapper(?:/.*)?|zfs|rbd\\w*|mem|kmem|port|kmsg)");

  static final Rule<ComposeService> PRIVILEGED =
      rule("compose/privileged-service", ComposeService.class, Privileges::privileged);

  static final Rule<ComposeService> ROOT_USER =
      rule(
          "compose/root-user",
          ComposeService.class,
          (service, context) -> {
            Setting<String> user = service.user();
            String value = user.value();
            if (value == null || value.isEmpty()) {
              return;
            }
            if (ROOT.matcher(value.split(":", -1)[0]).matches()) {
              context.report(user, "root", service.name(), value);
            } else {
              context.keep(user);
            }
          });

  static final Rule<ComposeService> HOST_NAMESPACE =
      rule(
          "compose/host-namespace",
          ComposeService.class,
          (service, context) -> {
            boolean kept = true;
            for (String key : List.of("pid", "ipc", "uts", "userns_mode", "cgroup")) {
              Setting<String> namespace = service.place().key(key).string();
              kept &= !namespace.isUnknown();
              if (namespace.is("host"::equals)) {
                kept = false;
                context.report(namespace, "host", service.name(), key);
              }
            }
            if (kept) {
              context.concerns();
            }
          });

  static final Rule<ComposeService> HOST_NETWORK =
      rule("compose/host-network", ComposeService.class, Privileges::hostNetwork);

  static final Rule<ComposeService> DANGEROUS_CAPABILITY =
      rule(
          "compose/dangerous-capability",
          ComposeService.class,
          (service, context) -> {
            for (YamlPlace each : service.capAdd()) {
              String capability = capability(each);
              if (EVERYTHING.contains(capability)) {
                context.report(each, "dangerous", service.name(), capability);
              }
            }
          });

  static final Rule<ComposeService> ADDED_CAPABILITY =
      rule(
          "compose/added-capability",
          ComposeService.class,
          (service, context) -> {
            for (YamlPlace each : service.capAdd()) {
              String capability = capability(each);
              if (!capability.isEmpty()
                  && !EVERYTHING.contains(capability)
                  && !DEFAULT.contains(capability)) {
                context.report(each, "added", service.name(), capability);
              }
            }
          });

  static final Rule<ComposeService> KEPT_CAPABILITIES =
      rule(
          "compose/kept-capabilities",
          ComposeService.class,
          (service, context) -> {
            YamlPlace drop = service.place().key("cap_drop");
            if (service.isComplete()
                && service.capDrop().stream()
                    .noneMatch(each -> each.isUnknown() || capability(each).equals("ALL"))) {
              context.report(drop, "kept", service.name());
            }
          });

  static final Rule<ComposeService> ESCALATION =
      rule("compose/privilege-escalation", ComposeService.class, Privileges::escalation);

  static final Rule<ComposeService> UNCONFINED_PROFILE =
      rule(
          "compose/disabled-security-profile",
          ComposeService.class,
          (service, context) -> {
            for (YamlPlace option : service.place().key("security_opt").items()) {
              String text = option.text("").strip();
              if (!option.isUnknown() && UNCONFINED.matcher(text).matches()) {
                context.report(option, "unconfined", service.name(), text);
              }
            }
          });

  static final Rule<ComposeService> WRITABLE_ROOT =
      rule(
          "compose/writable-root-filesystem",
          ComposeService.class,
          (service, context) -> {
            if (service.isComplete() && service.readOnly().isFalse()) {
              context.report(service.readOnly(), "writable", service.name());
            }
          });

  static final Rule<ComposeService> DEVICE =
      rule(
          "compose/host-device",
          ComposeService.class,
          (service, context) -> {
            for (YamlPlace device : service.place().key("devices").items()) {
              YamlPlace source = device.text() == null ? device.key("source") : device;
              String path = source.text("").split(":", 2)[0].replaceAll("/+", "/");
              if (!source.isUnknown() && HOST_DEVICE.matcher(path).matches()) {
                context.report(device, "device", service.name(), path);
              }
            }
          });

  static final Rule<ComposeService> CGROUP_PARENT =
      rule(
          "compose/cgroup-parent",
          ComposeService.class,
          (service, context) -> {
            YamlPlace parent = service.place().key("cgroup_parent");
            if (parent.isPresent()) {
              context.report(parent, "parent", service.name());
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          PRIVILEGED,
          ROOT_USER,
          HOST_NAMESPACE,
          HOST_NETWORK,
          DANGEROUS_CAPABILITY,
          ADDED_CAPABILITY,
          KEPT_CAPABILITIES,
          ESCALATION,
          UNCONFINED_PROFILE,
          WRITABLE_ROOT,
          DEVICE,
          CGROUP_PARENT);

  private Privileges() {}

  private static void privileged(ComposeService service, RuleContext context) {
    Setting<Boolean> privileged = service.privileged();
    boolean kept = privileged.isFalse();
    if (privileged.isTrue()) {
      context.report(privileged, "privileged", service.name());
    }
    Setting<Boolean> build = service.place().at("build.privileged").bool();
    if (build.isTrue()) {
      kept = false;
      context.report(build, "build", service.name());
    }
    for (String hook : List.of("pre_start", "post_start", "pre_stop")) {
      for (YamlPlace each : service.place().key(hook).items()) {
        Setting<Boolean> inHook = each.key("privileged").bool();
        if (inHook.isTrue()) {
          kept = false;
          context.report(inHook, "hook", service.name(), hook);
        }
      }
    }
    if (kept && privileged.isSet()) {
      context.keep(privileged);
    }
  }

  private static void hostNetwork(ComposeService service, RuleContext context) {
    Setting<String> mode = service.place().key("network_mode").string();
    if (mode.is("host"::equals)) {
      context.report(mode, "host", service.name());
    }
    Map<String, ComposeResource> networks =
        service.project().resources(ComposeResource.Section.NETWORKS);
    service
        .networks()
        .forEach(
            (name, at) -> {
              ComposeResource network = networks.get(name);
              if (network != null
                  && network.external().isTrue()
                  && network.place().key("name").string().is("host"::equals)) {
                context.report(at, "external", service.name(), name);
              }
            });
  }

  private static void escalation(ComposeService service, RuleContext context) {
    YamlPlace options = service.place().key("security_opt");
    YamlPlace turnedOff = null;
    for (YamlPlace option : options.items()) {
      String text = option.text("").replace('=', ':');
      if (option.isUnknown()
          || text.equals("no-new-privileges")
          || text.equals("no-new-privileges:true")) {
        return;
      }
      if (text.equals("no-new-privileges:false")) {
        turnedOff = option;
      }
    }
    if (turnedOff != null) {
      context.report(turnedOff, "allowed", service.name());
    } else if (service.isComplete()) {
      context.report(options, "not-forbidden", service.name());
    }
  }

  /** The name without {@code CAP_}, in upper case; empty where a variable hides it. */
  private static String capability(YamlPlace place) {
    String name = place.isUnknown() ? "" : place.text("").toUpperCase(Locale.ROOT);
    return name.startsWith("CAP_") ? name.substring("CAP_".length()) : name;
  }
}
