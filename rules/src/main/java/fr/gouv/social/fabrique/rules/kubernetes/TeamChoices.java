package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.Durations;
import fr.gouv.social.fabrique.kubernetes.EnvVar;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.PodSpec;
import fr.gouv.social.fabrique.kubernetes.Volume;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What some teams forbid or pin and others use with good reason: all of it is off by default. */
final class TeamChoices {
  private static final Pattern TODO = Pattern.compile("\\b(TODO|FIXME)\\b");

  static final Rule<Container> FORBIDDEN_VARIABLE =
      rule(
          "kubernetes/forbidden-variable",
          Container.class,
          (container, context) -> {
            for (EnvVar variable : container.env()) {
              for (String each : context.list("variables")) {
                int equals = each.indexOf('=');
                String name = equals < 0 ? each : each.substring(0, equals);
                String value = equals < 0 ? "*" : each.substring(equals + 1);
                if (isLike(name, variable.name())
                    && (equals < 0 || variable.value().is(text -> isLike(value, text)))) {
                  context.report(variable, "forbidden", container.name(), variable.name());
                  break;
                }
              }
            }
          });

  static final Rule<KubernetesObject> FORBIDDEN_ANNOTATION =
      rule(
          "kubernetes/forbidden-annotation",
          KubernetesObject.class,
          (object, context) -> {
            for (String path :
                List.of(
                    "metadata",
                    "spec.template.metadata",
                    "spec.jobTemplate.spec.template.metadata")) {
              YamlPlace annotations = object.at(path + ".annotations");
              for (YamlPlace each : annotations.values()) {
                String name = each.name();
                if (context.list("annotations").stream().anyMatch(like -> isLike(like, name))) {
                  context.report(each, "forbidden", object.label(), name);
                }
              }
            }
          });

  static final Rule<PodSpec> OTHER_RUNTIME_CLASS =
      rule(
          "kubernetes/other-runtime-class",
          PodSpec.class,
          (pod, context) -> {
            Setting<String> name = pod.string("runtimeClassName");
            if (name.is(value -> !value.isEmpty() && !context.list("allowed").contains(value))) {
              context.report(name, "other", pod.object().label(), String.valueOf(name.value()));
            }
          });

  static final Rule<PodSpec> UNPINNED_USER =
      rule(
          "kubernetes/unpinned-user",
          PodSpec.class,
          (pod, context) -> {
            for (Container each : pod.containers()) {
              pinned(each.securityContext().runAsUser(), "user", each.label(), context);
              pinned(each.securityContext().runAsGroup(), "group", each.label(), context);
            }
            pinned(
                pod.integer("securityContext.fsGroup"), "fs-group", pod.object().label(), context);
          });

  static final Rule<PodSpec> CHOSEN_NODE =
      rule(
          "kubernetes/chosen-node",
          PodSpec.class,
          (pod, context) -> {
            for (String each : List.of("nodeName", "nodeSelector", "affinity.nodeAffinity")) {
              if (pod.has(each)) {
                context.report(pod.at(each), "chosen", pod.object().label(), each);
              }
            }
          });

  static final Rule<PodSpec> KEEPS_NODE =
      rule(
          "kubernetes/volume-without-eviction",
          PodSpec.class,
          (pod, context) -> {
            boolean said =
                pod.workload().podAnnotations().keySet().stream()
                    .anyMatch(each -> each.startsWith("cluster-autoscaler.kubernetes.io/safe-to-"));
            if (said || pod.object().isPartial() || pod.workload().kind().equals("DaemonSet")) {
              return;
            }
            for (Volume volume : pod.volumes()) {
              if (volume.has("hostPath")
                  || volume.has("emptyDir")
                      && !volume.string("emptyDir.medium").is("Memory"::equals)) {
                context.report(volume.at("name"), "local", pod.object().label(), volume.name());
                return;
              }
            }
          });

  static final Rule<Container> GPU =
      rule(
          "kubernetes/gpu-without-variable",
          Container.class,
          (container, context) -> {
            Setting<?> gpu = container.limit("nvidia.com/gpu");
            if (gpu.isSet()
                && container.env().stream()
                    .noneMatch(each -> each.name().equals("NVIDIA_VISIBLE_DEVICES"))) {
              context.report(gpu, "gpu", container.name());
            }
          });

  static final Rule<KubernetesObject> RECLAIM_POLICY =
      rule(
          "kubernetes/other-reclaim-policy",
          KubernetesObject.class,
          (object, context) -> {
            Setting<String> policy = object.string("reclaimPolicy");
            String value = policy.isAbsent() ? "Delete" : policy.value();
            if (object.is("StorageClass", "storage.k8s.io")
                && value != null
                && !context.list("allowed").contains(value)) {
              context.report(policy, "other", object.name(), value);
            }
          });

  static final Rule<KubernetesObject> ACCESS_MODE =
      rule(
          "kubernetes/other-access-mode",
          KubernetesObject.class,
          (object, context) -> {
            if (object.is("PersistentVolumeClaim", "")) {
              accessModes(object.place(), object.name(), context);
            } else if (object.kind().equals("StatefulSet")) {
              for (YamlPlace each : object.items("spec.volumeClaimTemplates")) {
                accessModes(each, each.at("metadata.name").text(object.name()), context);
              }
            }
          });

  static final Rule<PodSpec> LIFETIME =
      rule(
          "kubernetes/long-lived-pod",
          PodSpec.class,
          (pod, context) -> {
            YamlPlace annotation =
                pod.workload()
                    .template()
                    .at("metadata.annotations")
                    .key(context.parameter("annotation"));
            Duration lifetime = Durations.parse(annotation.text(""));
            Duration most = Durations.parse(context.parameter("max"));
            if (lifetime != null && most != null && lifetime.compareTo(most) > 0) {
              context.report(
                  annotation,
                  "long",
                  pod.object().label(),
                  annotation.text(""),
                  context.parameter("max"));
            }
          });

  private static final Pattern PERSONAL =
      Pattern.compile(
          "(?<mail>[\\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63}){0,5}\\.[a-z]{2,10})"
              + "|(?<iban>\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}\\b)"
              + "|(?<phone>(?<![\\w.])(?:\\+33 ?|0)[1-9](?:[ .-]?[0-9]{2}){4}(?![\\w.]))");

  static final Rule<KubernetesObject> PERSONAL_DATA =
      rule(
          "kubernetes/personal-data-in-configmap",
          KubernetesObject.class,
          (object, context) -> {
            if (!object.is("ConfigMap", "")) {
              return;
            }
            for (YamlPlace each : object.at("data").values()) {
              Matcher matcher = PERSONAL.matcher(each.text(""));
              if (matcher.find()) {
                String kind =
                    matcher.group("mail") != null
                        ? "mail"
                        : matcher.group("iban") != null ? "iban" : "phone";
                context.report(each, kind, each.name());
              }
            }
          });

  static final Rule<KubernetesObject> TODO_COMMENT =
      rule(
          "kubernetes/todo-comment",
          KubernetesObject.class,
          (object, context) -> {
            YamlFile yaml = context.project().yaml().get(object.file().path());
            for (Span comment : yaml == null ? List.<Span>of() : yaml.comments()) {
              Matcher todo = TODO.matcher(comment.text());
              if (object.root().span().contains(comment) && todo.find()) {
                context.report(() -> comment, "todo", todo.group());
              }
            }
          });

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          FORBIDDEN_VARIABLE,
          FORBIDDEN_ANNOTATION,
          OTHER_RUNTIME_CLASS,
          UNPINNED_USER,
          CHOSEN_NODE,
          KEEPS_NODE,
          GPU,
          RECLAIM_POLICY,
          ACCESS_MODE,
          LIFETIME,
          PERSONAL_DATA,
          TODO_COMMENT);

  private TeamChoices() {}

  /** Whether a text has the form of a pattern in which {@code *} stands for anything. */
  private static boolean isLike(String pattern, String text) {
    return text.matches(
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining("(?s:.*)")));
  }

  /** Holds an id to those that a parameter lists; an empty list lets all pass. */
  private static void pinned(
      Setting<Long> id, String parameter, String owner, RuleContext context) {
    List<String> allowed = context.list(parameter);
    if (allowed.isEmpty() || id.isUnknown() || id.is(value -> allowed.contains("" + value))) {
      return;
    }
    String wanted = String.join(", ", allowed);
    if (id.isAbsent()) {
      context.report(id, parameter + "-missing", owner, wanted);
    } else {
      context.report(id, parameter, owner, String.valueOf(id.value()), wanted);
    }
  }

  private static void accessModes(YamlPlace claim, String name, RuleContext context) {
    YamlPlace modes = claim.at("spec.accessModes");
    List<String> allowed = context.list("allowed");
    for (YamlPlace each : modes.items()) {
      String text = each.text("");
      if (References.isPlain(text) && !allowed.contains(text)) {
        context.report(each, "other", name, text);
      }
    }
  }
}
