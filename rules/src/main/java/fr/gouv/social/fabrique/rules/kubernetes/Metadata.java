package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.PodSpec;
import fr.gouv.social.fabrique.kubernetes.Service;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names, labels, namespaces, storage, and what is there twice. */
final class Metadata {
  /** Semantics: {@code k8s.io/apimachinery/pkg/util/validation}. */
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?");
  private static final Pattern QUALIFIED_NAME =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");

  private static final Set<String> ONE_LABEL = Set.of("Namespace", "Service", "StatefulSet");
  private static final Set<String> PATH_SEGMENT =
      Set.of("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "IPAddress");
  private static final Set<String> SYSTEM_NAMESPACES =
      Set.of("kube-system", "kube-public", "kube-node-lease");

  static final Rule<KubernetesObject> INVALID_NAME =
      rule(
          "kubernetes/invalid-name",
          KubernetesObject.class,
          (object, context) -> {
            YamlPlace place = object.at("metadata.name");
            String name = object.name();
            if (object.kind().isEmpty()
                || object.apiVersion().isEmpty()
                || object.isPartial()
                || place.isPresent() && place.text() == null
                || !References.isPlain(name)) {
              return;
            }
            if (name.isEmpty()) {
              if (KubernetesSchemas.of(context.parameter("kubernetes.version")).knows(object)
                  && isOfKubernetes(object)
                  && !object.has("metadata.generateName")
                  && !object.kind().endsWith("Review")
                  && !object.kind().equals("List")) {
                context.report(place, "missing", object.kind());
              }
            } else if (PATH_SEGMENT.contains(object.kind())) {
              if (name.indexOf('/') >= 0 || name.indexOf('%') >= 0) {
                context.report(place, "segment", name);
              }
            } else if (isOfKubernetes(object)) {
              int limit =
                  object.kind().equals("CronJob")
                      ? 52
                      : ONE_LABEL.contains(object.kind()) || object.kind().equals("Job") ? 63 : 253;
              boolean oneLabel = ONE_LABEL.contains(object.kind());
              if (!(oneLabel ? DNS_LABEL : SUBDOMAIN).matcher(name).matches()) {
                context.report(place, oneLabel ? "label" : "characters", name);
              } else if (name.length() > limit) {
                context.report(place, "long", name, name.length(), limit);
              }
            }
          });

  static final Rule<KubernetesObject> INVALID_LABEL =
      rule(
          "kubernetes/invalid-label",
          KubernetesObject.class,
          (object, context) -> {
            labels(object.at("metadata.labels"), context);
            keys(object.at("metadata.annotations"), true, context);
          });

  static final Rule<Workload> INVALID_POD_LABEL =
      rule(
          "kubernetes/invalid-pod-label",
          Workload.class,
          (workload, context) -> {
            if (workload.object().kind().equals("Pod")) {
              return;
            }
            labels(workload.template().at("metadata.labels"), context);
            keys(workload.template().at("metadata.annotations"), true, context);
          });

  static final Rule<KubernetesObject> DUPLICATE_OBJECT =
      rule(
          "kubernetes/duplicate-object",
          KubernetesObject.class,
          (object, context) -> {
            List<KubernetesObject> twins = context.project().objects().earlierTwins(object);
            if (!twins.isEmpty() && !object.kind().isEmpty()) {
              context
                  .report(
                      object.at("metadata.name"), "duplicate", object.label(), place(twins.get(0)))
                  .related(twins.get(0));
            }
          });

  static final Rule<PodSpec> DUPLICATE_NAME =
      rule(
          "kubernetes/duplicate-name",
          PodSpec.class,
          (pod, context) -> {
            List<YamlPlace> containers = new ArrayList<>(pod.items("initContainers"));
            containers.addAll(pod.items("containers"));
            containers.addAll(pod.items("ephemeralContainers"));
            unique(pod, containers, "name", "container", context);
            unique(pod, pod.items("volumes"), "name", "volume", context);
            containers.forEach(
                each ->
                    unique(pod, each.key("volumeMounts").items(), "mountPath", "mount", context));
          });

  static final Rule<Service> DUPLICATE_SERVICE_PORT =
      rule(
          "kubernetes/duplicate-service-port",
          Service.class,
          (service, context) -> {
            List<Service.Port> ports = service.ports();
            Map<String, Located> names = new HashMap<>();
            Map<String, Located> numbers = new HashMap<>();
            for (Service.Port each : ports) {
              Long number = each.number().value();
              if (each.name().isEmpty()) {
                if (ports.size() > 1 && !service.object().isPartial()) {
                  context.report(each.at("port"), "unnamed", String.valueOf(number));
                }
              } else if (References.isPlain(each.name())) {
                Located earlier = names.putIfAbsent(each.name(), each.at("name"));
                if (earlier != null) {
                  context.report(each.at("name"), "name", each.name()).related(earlier);
                }
              }
              if (number != null) {
                Located earlier =
                    numbers.putIfAbsent(number + "/" + each.protocol(), each.at("port"));
                if (earlier != null) {
                  context
                      .report(each.at("port"), "port", number + "/" + each.protocol())
                      .related(earlier);
                }
              }
            }
          });

  static final Rule<KubernetesObject> DEFAULT_NAMESPACE =
      rule(
          "kubernetes/default-namespace",
          KubernetesObject.class,
          (object, context) -> {
            YamlPlace namespace = object.at("metadata.namespace");
            if (namespace.text("").equals("default")
                && (!object.kind().equals("Service") || !object.name().equals("kubernetes"))) {
              context.report(namespace, "default", object.label());
            }
          });

  private static final Set<String> NAMESPACED =
      Set.of("Service", "Ingress", "ConfigMap", "Secret", "NetworkPolicy", "PersistentVolumeClaim");

  static final Rule<KubernetesObject> MISSING_NAMESPACE =
      rule(
          "kubernetes/missing-namespace",
          KubernetesObject.class,
          (object, context) -> {
            boolean runs = object.has("spec.template") || object.has("spec.jobTemplate");
            if ((runs || object.is("Pod", "") || NAMESPACED.contains(object.kind()))
                && !object.isPartial()
                && !object.namespace().isUnknown()
                && object.lacks("metadata.namespace")
                && object.namespace().is("default"::equals)) {
              context.report(object.at("metadata.namespace"), "missing", object.label());
            }
          });

  static final Rule<Workload> SYSTEM_NAMESPACE =
      rule(
          "kubernetes/system-namespace",
          Workload.class,
          (workload, context) -> {
            String namespace = workload.object().namespace().value();
            if (namespace != null && isOfCluster(namespace)) {
              context.report(
                  workload.object().at("metadata.namespace"),
                  "system",
                  workload.label(),
                  namespace);
            }
          });

  static final Rule<KubernetesObject> POD_SECURITY =
      rule(
          "kubernetes/namespace-without-pod-security",
          KubernetesObject.class,
          (object, context) -> {
            if (object.is("Namespace", "")
                && !object.isPartial()
                && object.labels().keySet().stream()
                    .noneMatch(each -> each.startsWith("pod-security.kubernetes.io/"))) {
              context.report(object.at("metadata.labels"), "missing", object.name());
            }
          });

  static final Rule<Workload> REQUIRED_LABEL =
      required("kubernetes/missing-label", "labels", KubernetesObject::labels);
  static final Rule<Workload> REQUIRED_ANNOTATION =
      required("kubernetes/missing-annotation", "annotations", KubernetesObject::annotations);

  static final Rule<KubernetesObject> INSTANCE_LABEL =
      rule(
          "kubernetes/instance-label-mismatch",
          KubernetesObject.class,
          (object, context) -> {
            String instance = object.labels().get("app.kubernetes.io/instance");
            if (instance != null
                && References.isPlain(instance + object.name())
                && !object.name().isEmpty()
                && !instance.equals(object.name())) {
              // The dots of the key are no path.
              context.report(
                  object.at("metadata.labels").key("app.kubernetes.io/instance"),
                  "mismatch",
                  instance,
                  object.name());
            }
          });

  static final Rule<KubernetesObject> UNSORTED_KEYS =
      rule(
          "kubernetes/unsorted-keys",
          KubernetesObject.class,
          (object, context) -> sorted(object.place(), context, 0));

  static final Rule<KubernetesObject> STORAGE_CLASS =
      rule(
          "kubernetes/claim-without-storage-class",
          KubernetesObject.class,
          (object, context) -> {
            if (object.is("PersistentVolumeClaim", "")) {
              storageClass(object.place(), object, context);
            } else if (object.kind().equals("StatefulSet")) {
              object
                  .items("spec.volumeClaimTemplates")
                  .forEach(each -> storageClass(each, object, context));
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          INVALID_NAME,
          INVALID_LABEL,
          INVALID_POD_LABEL,
          DUPLICATE_OBJECT,
          DUPLICATE_NAME,
          DUPLICATE_SERVICE_PORT,
          DEFAULT_NAMESPACE,
          MISSING_NAMESPACE,
          SYSTEM_NAMESPACE,
          POD_SECURITY,
          REQUIRED_LABEL,
          REQUIRED_ANNOTATION,
          INSTANCE_LABEL,
          UNSORTED_KEYS,
          STORAGE_CLASS);

  private Metadata() {}

  /** Whether a namespace is the cluster's own: much of what runs there nobody writes down. */
  static boolean isOfCluster(String namespace) {
    return SYSTEM_NAMESPACES.contains(namespace);
  }

  /** Whether the API server itself checks objects of this group. */
  static boolean isOfKubernetes(KubernetesObject object) {
    String group = object.group();
    return group.indexOf('.') < 0 && !object.apiVersion().isEmpty() || group.endsWith(".k8s.io");
  }

  private static String place(KubernetesObject object) {
    return object.file().path() + ":" + object.span().line();
  }

  private static void storageClass(YamlPlace claim, KubernetesObject object, RuleContext context) {
    YamlPlace place = claim.at("spec.storageClassName");
    if (place.node() == null && !object.isPartial()) {
      context.report(place, "missing", claim.at("metadata.name").text(object.name()));
    }
  }

  /** A rule for labels or annotations that a parameter of the same name lists. */
  private static Rule<Workload> required(
      String id, String field, Function<KubernetesObject, Map<String, String>> written) {
    return rule(
        id,
        Workload.class,
        (workload, context) -> {
          KubernetesObject object = workload.object();
          for (String each : context.list(field)) {
            if (!object.isPartial() && !written.apply(object).containsKey(each)) {
              context.report(object.at("metadata." + field), "missing", workload.label(), each);
            }
          }
        });
  }

  private static void unique(
      PodSpec pod, List<YamlPlace> items, String field, String messageKey, RuleContext context) {
    Map<String, YamlPlace> first = new HashMap<>();
    for (YamlPlace each : items) {
      YamlPlace place = each.key(field);
      String text = place.text("");
      YamlPlace earlier =
          text.isEmpty() || !References.isPlain(text) ? null : first.putIfAbsent(text, place);
      if (earlier != null && !pod.object().isInBranch(place.span())) {
        context.report(place, messageKey, text).related(earlier);
      }
    }
  }

  private static void labels(YamlPlace labels, RuleContext context) {
    keys(labels, false, context);
    for (YamlPlace each : labels.values()) {
      String value = each.text("");
      if (!References.isPlain(value)) {
        continue;
      }
      if (value.length() > 63) {
        context.report(each, "long", value, value.length());
      } else if (!LABEL_VALUE.matcher(value).matches()) {
        context.report(each, "value", value);
      }
    }
  }

  private static void keys(YamlPlace labels, boolean annotations, RuleContext context) {
    if (labels.node() instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        String name = entry.name();
        int slash = name.indexOf('/');
        String prefix = slash < 0 ? null : name.substring(0, slash);
        String last = name.substring(slash + 1);
        // The prefix of an annotation may be in upper case.
        prefix = prefix == null || !annotations ? prefix : prefix.toLowerCase(Locale.ROOT);
        if (References.isPlain(name)
            && (isWrong(prefix) || last.length() > 63 || !QUALIFIED_NAME.matcher(last).matches())) {
          context.report(new Key(entry.key().span(), labels.key(name).label()), "key", name);
        }
      }
    }
  }

  private static boolean isWrong(@Nullable String prefix) {
    return prefix != null && (prefix.length() > 253 || !SUBDOMAIN.matcher(prefix).matches());
  }

  /** A key with the path of its value. */
  private record Key(Span span, String label) implements Located {}

  /** Reports the first key of each mapping that stands before its turn. */
  private static void sorted(YamlPlace place, RuleContext context, int depth) {
    if (depth > 100) {
      return;
    }
    place.items().forEach(each -> sorted(each, context, depth + 1));
    if (place.node() instanceof YamlMapping mapping) {
      YamlMapping.@Nullable Entry last = null;
      boolean reported = false;
      for (YamlMapping.Entry entry : mapping.written()) {
        YamlPlace each = place.key(entry.name());
        if (!reported && last != null && last.name().compareTo(entry.name()) > 0) {
          Key key = new Key(entry.key().span(), each.label());
          context.report(key, "unsorted", entry.name(), last.name());
          reported = true;
        }
        last = entry;
        sorted(each, context, depth + 1);
      }
    }
  }
}
