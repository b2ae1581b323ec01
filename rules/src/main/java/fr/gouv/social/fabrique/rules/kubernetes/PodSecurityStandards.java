package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.PodSpec;
import fr.gouv.social.fabrique.kubernetes.SecurityContext;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.project.Version;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Setting.Origin;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The controls of the Pod Security Standards that look at what is written for the pod as well as
 * for each of its containers, whichever is in force, and the namespaces that enforce a level.
 * Semantics: {@code k8s.io/pod-security-admission/policy}. The pages name the level of a rule as an
 * alias: {@code pss:baseline}, {@code pss:restricted}.
 */
public final class PodSecurityStandards {
  private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
  private static final String LABEL = "pod-security.kubernetes.io/enforce";

  /** {@code check_seLinuxOptions.go}. */
  private static final Set<String> SELINUX_TYPES =
      Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

  static final Rule<PodSpec> CUSTOM_SELINUX =
      rule(
          "kubernetes/custom-selinux",
          PodSpec.class,
          (pod, context) -> {
            for (YamlPlace own : contexts(pod)) {
              for (String field : List.of("type", "user", "role")) {
                YamlPlace each = own.key("seLinuxOptions").key(field);
                String text = each.text("");
                if (!text.isEmpty()
                    && References.isPlain(text)
                    && !(field.equals("type") && SELINUX_TYPES.contains(text))) {
                  context.report(each, "custom", pod.object().label(), field, text);
                }
              }
            }
          });

  static final Rule<PodSpec> UNCONFINED_SECCOMP =
      rule(
          "kubernetes/unconfined-seccomp",
          PodSpec.class,
          (pod, context) ->
              each(pod, "seccompProfile.type", "Unconfined"::equals, "RuntimeDefault", context));

  static final Rule<PodSpec> UNCONFINED_APPARMOR =
      rule(
          "kubernetes/unconfined-apparmor",
          PodSpec.class,
          (pod, context) -> {
            each(pod, "appArmorProfile.type", "Unconfined"::equals, "RuntimeDefault", context);
            YamlPlace annotations = pod.workload().template().at("metadata.annotations");
            for (YamlPlace each : annotations.values()) {
              String text = each.text("");
              int start = each.label().indexOf(APP_ARMOR);
              if (start >= 0
                  && References.isPlain(text)
                  && !text.isEmpty()
                  && !text.equals("runtime/default")
                  && !text.startsWith("localhost/")) {
                context.report(
                    each, "annotation", each.label().substring(start + APP_ARMOR.length()), text);
              }
            }
          });

  static final Rule<PodSpec> HOST_PROCESS =
      rule(
          "kubernetes/host-process",
          PodSpec.class,
          (pod, context) ->
              each(pod, "windowsOptions.hostProcess", "true"::equalsIgnoreCase, "false", context));

  static final Rule<PodSpec> UNENFORCED_NON_ROOT =
      rule("kubernetes/unenforced-non-root", PodSpec.class, PodSecurityStandards::unenforced);

  /** What the level {@code baseline} forbids. */
  static final List<Rule<?>> BASELINE =
      List.of(
          UNCONFINED_APPARMOR,
          ContainerSecurity.DANGEROUS_CAPABILITY,
          ContainerSecurity.CAPABILITY_NAME,
          HostAccess.HOST_NAMESPACE,
          HostAccess.HOST_PATH,
          HostAccess.SENSITIVE_HOST_PATH,
          HostAccess.RUNTIME_SOCKETS,
          HostAccess.HOST_PORT,
          HostAccess.PROBE_HOST,
          ContainerSecurity.PRIVILEGED,
          ContainerSecurity.UNMASKED_PROC,
          UNCONFINED_SECCOMP,
          CUSTOM_SELINUX,
          PodSecurity.UNSAFE_SYSCTL,
          HOST_PROCESS);

  /** What the level {@code restricted} forbids beyond. */
  static final List<Rule<?>> RESTRICTED =
      List.of(
          ContainerSecurity.ADDED_CAPABILITY,
          ContainerSecurity.KEPT_CAPABILITIES,
          ContainerSecurity.DROP_WITHOUT_ALL,
          ContainerSecurity.ALLOWED_ESCALATION,
          ContainerSecurity.UNSTATED_ESCALATION,
          ContainerSecurity.MISSING_SECCOMP,
          ContainerSecurity.NAMESPACED_UNMASKED_PROC,
          ContainerSecurity.ROOT,
          ContainerSecurity.UNSTATED_USER,
          UNENFORCED_NON_ROOT,
          PodSecurity.RESTRICTED_VOLUME);

  static final Rule<PodSpec> REFUSED =
      rule("kubernetes/pod-refused-by-namespace", PodSpec.class, PodSecurityStandards::refused);

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          CUSTOM_SELINUX,
          UNCONFINED_SECCOMP,
          UNCONFINED_APPARMOR,
          HOST_PROCESS,
          UNENFORCED_NON_ROOT,
          REFUSED);

  private PodSecurityStandards() {}

  /**
   * The rules of a level.
   *
   * @param level {@code baseline} or {@code restricted}, which holds the other; empty for any other
   */
  public static List<Rule<?>> of(String level) {
    return switch (level) {
      case "baseline" -> BASELINE;
      case "restricted" -> Stream.of(BASELINE, RESTRICTED).<Rule<?>>flatMap(List::stream).toList();
      default -> List.of();
    };
  }

  /** The minor number of the Kubernetes release that counts: the newest where none is named. */
  static int minor(RuleContext context) {
    Version version = Version.leading(context.parameter("kubernetes.version").strip());
    if (version == null || version.parts().size() < 2) {
      version = Version.of(KubernetesSchemas.RELEASES.get(0));
    }
    return version.parts().get(1).intValue();
  }

  /** What the pod says for all its containers, and what each of them says for itself. */
  static List<YamlPlace> contexts(PodSpec pod) {
    List<YamlPlace> contexts = new ArrayList<>();
    contexts.add(pod.at("securityContext"));
    pod.containers()
        .forEach(each -> contexts.add(each.place().labelled(each.label()).key("securityContext")));
    return contexts;
  }

  /** Reports a setting of the pod, and those of its containers, where its value is a bad one. */
  private static void each(
      PodSpec pod, String path, Predicate<String> bad, String good, RuleContext context) {
    YamlPlace own = pod.at("securityContext." + path);
    if (bad.test(own.text(""))) {
      Edits.set(context.report(own, "pod", pod.object().label()), own.string(), good);
    }
    for (Container container : pod.containers()) {
      YamlPlace each = container.at("securityContext." + path);
      if (bad.test(each.text(""))) {
        Edits.set(
            context.report(
                each.labelled(container.label() + " › " + each.label()),
                "container",
                container.name()),
            each.string(),
            good);
      }
    }
  }

  /** A user that is not root is not enough: the level wants the kubelet to hold to it. */
  private static void unenforced(PodSpec pod, RuleContext context) {
    if (pod.bool("hostUsers").isFalse()) {
      return;
    }
    List<SecurityContext> all = pod.containers().stream().map(Container::securityContext).toList();
    YamlPlace allowed = pod.at("securityContext.runAsNonRoot");
    if (allowed.bool().isFalse()
        && all.stream().noneMatch(each -> each.runAsNonRoot().origin() == Origin.INHERITED)) {
      context.report(allowed, "pod-allows", pod.object().label());
    }
    YamlPlace root = pod.at("securityContext.runAsUser");
    if (root.integer().is(uid -> uid == 0)
        && all.stream().noneMatch(each -> each.runAsUser().origin() == Origin.INHERITED)) {
      context.report(root, "pod-root", pod.object().label());
    }
    for (SecurityContext each : all) {
      Setting<Boolean> nonRoot = each.runAsNonRoot();
      Setting<Long> user = each.runAsUser();
      if ((nonRoot.isAbsent() || nonRoot.isFalse()) && user.is(uid -> uid != 0)) {
        Container container = each.container();
        Located at = labelled(nonRoot, container);
        Edits.set(
            context.report(at, "unenforced", container.name(), String.valueOf(user.value())),
            container.place(),
            "securityContext.runAsNonRoot",
            "true");
      }
    }
  }

  private static Located labelled(Setting<?> setting, Container container) {
    return setting.at() instanceof YamlPlace place && setting.origin() != Origin.INHERITED
        ? place.labelled(container.label() + " › " + place.label())
        : setting;
  }

  /**
   * The API server accepts the workload and refuses its pods: nothing starts, and little is said.
   */
  private static void refused(PodSpec pod, RuleContext context) {
    KubernetesObject object = pod.object();
    String name = object.namespace().value();
    if (name == null || object.isPartial() || pod.workload().kind().equals("PodTemplate")) {
      return;
    }
    for (KubernetesObject namespace :
        context.project().objects().named(object, "Namespace", name)) {
      String level = namespace.labels().getOrDefault(LABEL, "");
      Trial trial =
          new Trial(context, namespace.labels().getOrDefault(LABEL + "-version", "latest"));
      for (Rule<?> each : of(level)) {
        // Where probes go has been a control since 1.34.
        if (each != HostAccess.PROBE_HOST || minor(trial) >= 34) {
          trial.run(each, pod);
        }
      }
      if (!trial.broken.isEmpty()) {
        context
            .report(
                object.at("metadata.name"),
                "refused",
                object.label(),
                name,
                level,
                String.join(", ", trial.broken))
            .related(namespace.at("metadata.labels").key(LABEL));
        return;
      }
    }
  }

  /** Runs rules for one pod and only notes which of them have something to say. */
  private static final class Trial implements RuleContext {
    private final RuleContext outer;
    private final String version;
    private final List<String> broken = new ArrayList<>();
    private String rule = "";

    Trial(RuleContext outer, String version) {
      this.outer = outer;
      this.version = version.startsWith("v") ? version.substring(1) : version;
    }

    <S> void run(Rule<S> each, PodSpec pod) {
      rule = each.id().value();
      Class<S> subject = each.subject();
      if (subject.isInstance(pod)) {
        each.check(subject.cast(pod), this);
      }
      for (Container container : pod.containers()) {
        if (subject.isInstance(container)) {
          each.check(subject.cast(container), this);
        }
      }
    }

    @Override
    public Reported report(Located at, String messageKey, Object... arguments) {
      if (!broken.contains(rule)) {
        broken.add(rule);
      }
      return Reported.UNREAD;
    }

    @Override
    public Project project() {
      return outer.project();
    }

    @Override
    public LocalDate asOf() {
      return outer.asOf();
    }

    @Override
    public Environment environment(Located at) {
      return outer.environment(at);
    }

    /** The standard knows no parameters of ours. */
    @Override
    public String parameter(String name) {
      return name.indexOf('.') < 0
          ? ""
          : version.equals("latest") ? outer.parameter(name) : version;
    }

    @Override
    public void keep(Located at) {}

    @Override
    public void concerns() {}

    @Override
    public void notChecked(Located at, Text reason) {}
  }
}
