package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.PodSpec;
import fr.gouv.social.fabrique.kubernetes.ServiceAccount;
import fr.gouv.social.fabrique.kubernetes.Volume;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What holds for a pod as a whole: kernel settings, groups, its service account, its place. */
final class PodSecurity {
  /**
   * The kernel settings that only touch the pod, each with the minor release from which they are
   * allowed: {@code k8s.io/pod-security-admission/policy/check_sysctls.go}.
   */
  private static final Map<String, Integer> SAFE_SYSCTLS =
      Map.ofEntries(
          Map.entry("kernel.shm_rmid_forced", 0),
          Map.entry("net.ipv4.ip_local_port_range", 0),
          Map.entry("net.ipv4.ip_unprivileged_port_start", 0),
          Map.entry("net.ipv4.ping_group_range", 0),
          Map.entry("net.ipv4.tcp_syncookies", 0),
          Map.entry("net.ipv4.ip_local_reserved_ports", 27),
          Map.entry("net.ipv4.tcp_fin_timeout", 29),
          Map.entry("net.ipv4.tcp_keepalive_intvl", 29),
          Map.entry("net.ipv4.tcp_keepalive_probes", 29),
          Map.entry("net.ipv4.tcp_keepalive_time", 29),
          Map.entry("net.ipv4.tcp_rmem", 32),
          Map.entry("net.ipv4.tcp_wmem", 32),
          Map.entry("net.ipv4.tcp_notsent_lowat", 37),
          Map.entry("net.ipv4.tcp_slow_start_after_idle", 37));

  /** {@code k8s.io/pod-security-admission/policy/check_restrictedVolumes.go}. */
  private static final Set<String> RESTRICTED_VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "image",
          "persistentVolumeClaim",
          "projected",
          "secret");

  static final Rule<PodSpec> UNSAFE_SYSCTL =
      rule(
          "kubernetes/unsafe-sysctl",
          PodSpec.class,
          (pod, context) -> {
            for (YamlPlace each : pod.items("securityContext.sysctls")) {
              String name = each.key("name").text("").replace('/', '.');
              Integer since = SAFE_SYSCTLS.get(name);
              if (!name.isEmpty() && !isUnresolved(name) && since == null) {
                context.report(each.key("name"), "unsafe", pod.object().label(), name);
              } else if (since != null && since > PodSecurityStandards.minor(context)) {
                context.report(each.key("name"), "later", pod.object().label(), name, "1." + since);
              }
            }
          });

  static final Rule<PodSpec> SYSCTL_INJECTION =
      rule(
          "kubernetes/sysctl-injection",
          PodSpec.class,
          (pod, context) -> {
            for (YamlPlace each : pod.items("securityContext.sysctls")) {
              String value = each.key("value").text("");
              if (value.indexOf('+') >= 0 || value.indexOf('=') >= 0) {
                context.report(
                    each.key("value"),
                    "injection",
                    pod.object().label(),
                    each.key("name").text(""));
              }
            }
          });

  static final Rule<PodSpec> ROOT_GROUP =
      rule(
          "kubernetes/root-group",
          PodSpec.class,
          (pod, context) -> {
            for (YamlPlace own : PodSecurityStandards.contexts(pod)) {
              List<YamlPlace> groups = new ArrayList<>(own.key("supplementalGroups").items());
              // What every container says of its own replaces what the pod says.
              boolean replaced =
                  own.label().equals(pod.at("securityContext").label())
                      && pod.containers().stream()
                          .allMatch(each -> each.has("securityContext.runAsGroup"));
              if (!replaced) {
                groups.add(own.key("runAsGroup"));
              }
              groups.add(own.key("fsGroup"));
              for (YamlPlace each : groups) {
                if (each.integer().is(group -> group == 0)) {
                  context.report(each, "root", pod.object().label());
                }
              }
            }
          });

  static final Rule<PodSpec> MOUNTED_TOKEN =
      rule("kubernetes/mounted-service-account-token", PodSpec.class, PodSecurity::mountedToken);

  static final Rule<PodSpec> UNREFUSED_TOKEN =
      rule("kubernetes/unrefused-token", PodSpec.class, PodSecurity::unrefusedToken);

  static final Rule<PodSpec> DEFAULT_ACCOUNT =
      rule(
          "kubernetes/default-service-account",
          PodSpec.class,
          (pod, context) -> {
            Setting<String> name = pod.serviceAccountName();
            if (name.is("default"::equals)
                && !pod.object().isPartial()
                && !pod.automountToken().isFalse()
                && !pod.automountToken().isUnknown()) {
              context.report(name, "default", pod.object().label());
            }
          });

  static final Rule<ServiceAccount> ACCOUNT_TOKEN =
      rule(
          "kubernetes/service-account-with-token",
          ServiceAccount.class,
          (account, context) -> {
            Setting<Boolean> token = account.automountToken();
            if (token.isTrue() && !account.object().isPartial()) {
              context.report(token, "token", account.object().name());
            }
          });

  static final Rule<ServiceAccount> LISTED_TOKEN =
      rule(
          "kubernetes/service-account-secrets",
          ServiceAccount.class,
          (account, context) -> {
            for (YamlPlace each : account.items("secrets")) {
              String name = each.key("name").text("");
              if (name.contains("-token")) {
                context.report(each.key("name"), "token", account.object().name(), name);
              }
            }
          });

  static final Rule<PodSpec> DEPRECATED_ACCOUNT_FIELD =
      rule(
          "kubernetes/deprecated-service-account-field",
          PodSpec.class,
          (pod, context) -> {
            YamlPlace old = pod.at("serviceAccount");
            String name = old.text();
            if (name == null || name.equals(pod.at("serviceAccountName").text())) {
              return;
            }
            RuleContext.Reported reported = context.report(old, "deprecated", pod.object().label());
            if (!pod.has("serviceAccountName")
                && pod.place().node() instanceof YamlMapping mapping) {
              YamlMapping.Entry entry = mapping.entry("serviceAccount");
              if (entry != null && entry.key().way().isEmpty()) {
                reported.fix(new TextEdit(entry.key().span(), "serviceAccountName"));
              }
            }
          });

  static final Rule<PodSpec> EPHEMERAL_CONTAINER =
      rule(
          "kubernetes/ephemeral-container",
          PodSpec.class,
          (pod, context) -> {
            if (pod.has("ephemeralContainers")) {
              context.report(pod.at("ephemeralContainers"), "ephemeral", pod.object().label());
            }
          });

  static final Rule<PodSpec> RESTRICTED_VOLUME =
      rule(
          "kubernetes/restricted-volume",
          PodSpec.class,
          (pod, context) -> {
            for (Volume volume : pod.volumes()) {
              // kubernetes/host-path and its kin say what leads to the node.
              if (!RESTRICTED_VOLUMES.contains(volume.type())
                  && !volume.type().equals("hostPath")) {
                context.report(volume.at(volume.type()), "type", volume.name(), volume.type());
              }
            }
          });

  static final Rule<PodSpec> HOST_ALIAS =
      rule(
          "kubernetes/host-alias",
          PodSpec.class,
          (pod, context) -> {
            if (pod.has("hostAliases")) {
              context.report(pod.at("hostAliases"), "alias", pod.object().label());
            }
          });

  static final Rule<PodSpec> BARE_POD =
      rule(
          "kubernetes/bare-pod",
          PodSpec.class,
          (pod, context) -> {
            if (!pod.workload().kind().equals("Pod")) {
              context.keep(pod);
            } else if (pod.object().lacks("metadata.ownerReferences")
                && !pod.object().annotations().containsKey("helm.sh/hook")) {
              context.report(pod.object().at("kind"), "bare", pod.object().label());
            }
          });

  static final Rule<PodSpec> MISSING_PRIORITY =
      rule(
          "kubernetes/missing-priority-class",
          PodSpec.class,
          (pod, context) -> {
            Setting<String> name = pod.string("priorityClassName");
            List<String> allowed = context.list("allowed");
            if (name.isAbsent() || name.is(String::isEmpty)) {
              context.report(name, "missing", pod.object().label());
            } else if (!allowed.isEmpty() && name.is(value -> !allowed.contains(value))) {
              context.report(name, "other", pod.object().label(), String.valueOf(name.value()));
            }
          });

  static final Rule<PodSpec> MISSING_NDOTS =
      rule(
          "kubernetes/default-ndots",
          PodSpec.class,
          (pod, context) -> {
            String wanted = context.parameter("ndots");
            boolean set = pod.object().isPartial();
            for (YamlPlace each : pod.items("dnsConfig.options")) {
              set |=
                  each.key("name").text("").equals("ndots")
                      && each.key("value").text("").equals(wanted);
            }
            if (!set) {
              context.report(pod.at("dnsConfig.options"), "default", pod.object().label(), wanted);
            }
          });

  static final Rule<PodSpec> CROWDED_POD =
      rule(
          "kubernetes/crowded-pod",
          PodSpec.class,
          (pod, context) -> {
            int count = pod.longRunning().size();
            if (count > context.number("max")) {
              context.report(pod.at("containers"), "crowded", pod.object().label(), count);
            }
          });

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          UNSAFE_SYSCTL,
          SYSCTL_INJECTION,
          ROOT_GROUP,
          MOUNTED_TOKEN,
          UNREFUSED_TOKEN,
          DEFAULT_ACCOUNT,
          ACCOUNT_TOKEN,
          LISTED_TOKEN,
          DEPRECATED_ACCOUNT_FIELD,
          EPHEMERAL_CONTAINER,
          RESTRICTED_VOLUME,
          HOST_ALIAS,
          BARE_POD,
          MISSING_PRIORITY,
          MISSING_NDOTS,
          CROWDED_POD);

  private PodSecurity() {}

  /** Whether roles are bound to the account of a pod, or may be where it is written. */
  private static boolean mayNeedToken(
      PodSpec pod, @Nullable ServiceAccount account, RuleContext context) {
    return !context.project().objects().bindingsOf(pod).isEmpty()
        || account == null && !pod.serviceAccountName().is("default"::equals);
  }

  private static void unrefusedToken(PodSpec pod, RuleContext context) {
    Setting<Boolean> own = pod.automountToken();
    ServiceAccount account = context.project().objects().accountOf(pod);
    boolean refused =
        own.isAbsent() ? account != null && !account.automountToken().isTrue() : !own.isTrue();
    if (!refused && !pod.object().isPartial() && mayNeedToken(pod, account, context)) {
      context.report(own, "unrefused", pod.object().label());
    }
  }

  /** A pod that a role is bound to needs its token. */
  private static void mountedToken(PodSpec pod, RuleContext context) {
    Setting<Boolean> own = pod.automountToken();
    ServiceAccount account = context.project().objects().accountOf(pod);
    if (own.isFalse()
        || own.isUnknown()
        || pod.object().isPartial()
        || mayNeedToken(pod, account, context)) {
      return;
    }
    if (own.isTrue()) {
      Edits.set(context.report(own, "asked", pod.object().label()), own, "false");
    } else if (account == null || account.automountToken().isTrue()) {
      Edits.set(
          context.report(own, "default", pod.object().label()),
          pod.place(),
          "automountServiceAccountToken",
          "false");
    }
  }

  private static boolean isUnresolved(String text) {
    return text.indexOf('$') >= 0 || text.contains("{{");
  }
}
