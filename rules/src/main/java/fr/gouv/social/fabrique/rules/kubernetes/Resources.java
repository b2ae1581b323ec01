package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.Container.Kind;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.PodSpec;
import fr.gouv.social.fabrique.kubernetes.PostgresCluster;
import fr.gouv.social.fabrique.kubernetes.Quantity;
import fr.gouv.social.fabrique.kubernetes.Volume;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What containers ask for and what they may take; a LimitRange of the namespace may say it. */
final class Resources {
  private static final String CPU = "cpu";
  private static final String MEMORY = "memory";
  private static final String STORAGE = "ephemeral-storage";

  static final Rule<Container> MISSING_CPU_REQUEST = missingRequest("missing-cpu-request", CPU);
  static final Rule<Container> MISSING_MEMORY_REQUEST =
      missingRequest("missing-memory-request", MEMORY);
  static final Rule<Container> MISSING_MEMORY_LIMIT = missingLimit("missing-memory-limit", MEMORY);
  static final Rule<Container> MISSING_CPU_LIMIT = missingLimit("missing-cpu-limit", CPU);
  static final Rule<Container> MISSING_STORAGE_REQUEST =
      missingRequest("missing-ephemeral-storage-request", STORAGE);
  static final Rule<Container> MISSING_STORAGE_LIMIT =
      missingLimit("missing-ephemeral-storage-limit", STORAGE);
  static final Rule<Container> UNEQUAL_CPU = unequal("unequal-cpu", CPU, true);
  static final Rule<Container> UNEQUAL_MEMORY = unequal("unequal-memory", MEMORY, true);
  static final Rule<Container> UNEQUAL_STORAGE =
      unequal("unequal-ephemeral-storage", STORAGE, false);

  static final Rule<Container> MEMORY_LIMIT_RATIO =
      rule("kubernetes/memory-limit-ratio", Container.class, Resources::memoryLimitRatio);

  static final Rule<Container> REQUEST_ABOVE_LIMIT =
      rule(
          "kubernetes/request-above-limit",
          Container.class,
          (container, context) -> {
            for (YamlPlace each : container.at("resources.requests").values()) {
              String resource = each.name();
              Quantity request = container.request(resource).value();
              Quantity limit = container.limit(resource).value();
              if (request != null && limit != null && request.compareTo(limit) > 0) {
                context
                    .report(each, "above", container.name(), resource, request, limit)
                    .related(container.limit(resource));
              }
            }
          });

  static final Rule<Container> CPU_LIMIT =
      rule(
          "kubernetes/cpu-limit",
          Container.class,
          (container, context) -> {
            Setting<Quantity> limit = container.limit(CPU);
            if (limit.isSet()) {
              context.report(limit, "limit", container.name(), String.valueOf(limit.value()));
            }
          });

  static final Rule<Container> OUT_OF_RANGE =
      rule(
          "kubernetes/resource-out-of-range",
          Container.class,
          (container, context) -> {
            for (String resource : List.of(CPU, MEMORY)) {
              Quantity least = Quantity.parse(context.parameter(resource + "-min"));
              Quantity most = Quantity.parse(context.parameter(resource + "-max"));
              for (Setting<Quantity> each :
                  List.of(container.request(resource), container.limit(resource))) {
                Quantity value = each.isSet() ? each.value() : null;
                if (value != null && least != null && value.compareTo(least) < 0) {
                  context.report(each, "below", container.name(), resource, value, least);
                } else if (value != null && most != null && value.compareTo(most) > 0) {
                  context.report(each, "above", container.name(), resource, value, most);
                }
              }
            }
          });

  static final Rule<PostgresCluster> POSTGRES =
      rule(
          "kubernetes/postgres-without-resources",
          PostgresCluster.class,
          (cluster, context) -> {
            for (String each : List.of("requests.cpu", "requests.memory", "limits.memory")) {
              // The API takes a limit for the request that is not written.
              boolean fromLimit =
                  each.startsWith("requests.")
                      && cluster.has("spec.resources.limits." + each.substring(9));
              if (cluster.lacks("spec.resources." + each) && !fromLimit) {
                context.report(
                    cluster.at("spec.resources." + each), "missing", cluster.object().name(), each);
              }
            }
          });

  static final Rule<PodSpec> BEST_EFFORT =
      rule(
          "kubernetes/best-effort-pod",
          PodSpec.class,
          (pod, context) -> {
            List<Container> containers = sized(pod);
            if (!containers.isEmpty()
                && !sharesResources(pod)
                && containers.stream().allMatch(each -> isFree(each, context))) {
              context.report(pod.at("containers"), "best-effort", pod.object().label());
            }
          });

  static final Rule<PodSpec> NOT_GUARANTEED =
      rule(
          "kubernetes/evictable-pod",
          PodSpec.class,
          (pod, context) -> {
            if (sharesResources(pod)) {
              for (String resource : List.of(CPU, MEMORY)) {
                Setting<Quantity> limit = ofPod(pod, "limits", resource);
                Quantity request = ofPod(pod, "requests", resource).value();
                if (limit.isAbsent()
                    || request != null && limit.is(value -> !value.sameAs(request))) {
                  context.report(limit, "evictable-pod", pod.object().label(), resource);
                  return;
                }
              }
              return;
            }
            for (Container each : sized(pod)) {
              for (String resource : List.of(CPU, MEMORY)) {
                Setting<Quantity> limit = context.project().objects().limit(each, resource);
                Quantity request = context.project().objects().request(each, resource).value();
                if (limit.isAbsent()
                    || request != null && limit.is(value -> !value.sameAs(request))) {
                  context.report(limit, "evictable", pod.object().label(), each.name(), resource);
                  return;
                }
              }
            }
          });

  static final Rule<PodSpec> UNBOUNDED_EMPTY_DIR =
      rule(
          "kubernetes/unbounded-empty-dir",
          PodSpec.class,
          (pod, context) -> {
            for (Volume volume : pod.volumes()) {
              if (volume.type().equals("emptyDir")
                  && volume.lacks("emptyDir.sizeLimit")
                  && pod.containers().stream()
                      .anyMatch(each -> mounts(each, volume) && each.limit(STORAGE).isAbsent())) {
                context.report(volume, "unbounded", volume.name());
              }
            }
          });

  static final Rule<KubernetesObject> INCOMPLETE_LIMIT_RANGE =
      rule(
          "kubernetes/incomplete-limit-range",
          KubernetesObject.class,
          (object, context) -> {
            if (object.is("LimitRange", "")) {
              for (YamlPlace limits : object.items("spec.limits")) {
                for (String field : List.of("max", "min", "default", "defaultRequest")) {
                  if (limits.key("type").text("").equals("Container")
                      && !limits.key(field).isPresent()
                      && !object.isPartial()) {
                    context.report(limits.key(field), "missing", object.label(), field);
                  }
                }
              }
            }
          });

  static final Rule<KubernetesObject> INCOMPLETE_RESOURCE_QUOTA =
      rule(
          "kubernetes/incomplete-resource-quota",
          KubernetesObject.class,
          (object, context) -> {
            if (object.is("ResourceQuota", "") && !object.isPartial()) {
              for (String each :
                  List.of("requests.cpu", "requests.memory", "limits.cpu", "limits.memory")) {
                YamlPlace hard = object.at("spec.hard");
                boolean plain =
                    each.startsWith("requests.")
                        && hard.key(each.substring("requests.".length())).isPresent();
                if (!hard.key(each).isPresent() && !plain) {
                  context.report(hard.key(each), "missing", object.label(), each);
                }
              }
            }
          });

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          MISSING_CPU_REQUEST,
          MISSING_MEMORY_REQUEST,
          MISSING_MEMORY_LIMIT,
          MEMORY_LIMIT_RATIO,
          REQUEST_ABOVE_LIMIT,
          MISSING_CPU_LIMIT,
          CPU_LIMIT,
          MISSING_STORAGE_REQUEST,
          MISSING_STORAGE_LIMIT,
          UNEQUAL_CPU,
          UNEQUAL_MEMORY,
          UNEQUAL_STORAGE,
          OUT_OF_RANGE,
          POSTGRES,
          BEST_EFFORT,
          NOT_GUARANTEED,
          UNBOUNDED_EMPTY_DIR,
          INCOMPLETE_LIMIT_RANGE,
          INCOMPLETE_RESOURCE_QUOTA);

  private Resources() {}

  /** A limit stands for the request that is not written, but nobody chose it: that is said. */
  private static Rule<Container> missingRequest(String problem, String resource) {
    return rule(
        "kubernetes/" + problem,
        Container.class,
        (container, context) -> {
          Setting<Quantity> own = container.quantity("resources.requests." + resource);
          Setting<Quantity> limit = container.limit(resource);
          if (own.isAbsent() && !limit.isAbsent() && container.kind() != Kind.EPHEMERAL) {
            context.report(own, "from-limit", container.name()).related(limit);
          } else {
            Setting<Quantity> amount = context.project().objects().request(container, resource);
            Setting<Quantity> shared = ofPod(container.pod(), "requests", resource);
            required(
                container,
                context,
                amount,
                shared.isAbsent() ? ofPod(container.pod(), "limits", resource) : shared);
          }
        });
  }

  private static Rule<Container> missingLimit(String problem, String resource) {
    return rule(
        "kubernetes/" + problem,
        Container.class,
        (container, context) ->
            required(
                container,
                context,
                context.project().objects().limit(container, resource),
                ofPod(container.pod(), "limits", resource)));
  }

  /** What all containers of a pod share (Kubernetes 1.34). */
  private static Setting<Quantity> ofPod(PodSpec pod, String side, String resource) {
    return pod.quantity("resources." + side + "." + resource);
  }

  private static void required(
      Container container, RuleContext context, Setting<Quantity> own, Setting<Quantity> shared) {
    // The API refuses resources of ephemeral containers.
    if (container.kind() == Kind.EPHEMERAL) {
      return;
    }
    Setting<Quantity> amount = own.isAbsent() && !shared.isAbsent() ? shared : own;
    if (amount.isAbsent()) {
      context.report(amount, "missing", container.name());
    } else if (amount.is(Quantity::isZero)) {
      context.report(amount, "zero", container.name());
    } else if (amount.isUnknown()) {
      context.concerns();
    } else {
      context.keep(amount);
    }
  }

  private static void memoryLimitRatio(Container container, RuleContext context) {
    Quantity request = context.project().objects().request(container, MEMORY).value();
    Setting<Quantity> limit = context.project().objects().limit(container, MEMORY);
    Quantity most = limit.value();
    // Missing, zero and reversed amounts are matters of their own.
    if (request == null || most == null || request.isZero() || most.compareTo(request) < 0) {
      return;
    }
    BigDecimal ratio = new BigDecimal(context.parameter("ratio"));
    if (context.project().runsInProduction(container)) {
      if (!most.sameAs(request)) {
        context.report(limit, "unequal", container.name(), most, request);
        return;
      }
    } else if (most.value().compareTo(request.value().multiply(ratio)) > 0) {
      context.report(limit, "ratio", container.name(), most, ratio, request);
      return;
    }
    context.keep(limit);
  }

  /** What is asked for is not what may be taken; without a limit only where that counts. */
  private static Rule<Container> unequal(String problem, String resource, boolean needsLimit) {
    return rule(
        "kubernetes/" + problem,
        Container.class,
        (container, context) -> {
          Setting<Quantity> request = container.request(resource);
          Setting<Quantity> limit = container.limit(resource);
          Quantity most = limit.value();
          if (!request.isSet() || limit.isUnknown()) {
            return;
          }
          if (most == null) {
            if (needsLimit && ofPod(container.pod(), "limits", resource).isAbsent()) {
              context.report(
                  request, "no-limit", container.name(), String.valueOf(request.value()));
            }
          } else if (request.is(value -> !value.sameAs(most))) {
            context.report(
                request, "unequal", container.name(), String.valueOf(request.value()), most);
          }
        });
  }

  /** Whether a pod has resources of its own, by which it is then ranked. */
  private static boolean sharesResources(PodSpec pod) {
    return List.of("requests", "limits").stream()
        .flatMap(side -> List.of(CPU, MEMORY).stream().map(each -> ofPod(pod, side, each)))
        .anyMatch(each -> !each.isAbsent());
  }

  private static List<Container> sized(PodSpec pod) {
    return pod.containers().stream().filter(each -> each.kind() != Kind.EPHEMERAL).toList();
  }

  private static boolean isFree(Container container, RuleContext context) {
    return List.of(CPU, MEMORY).stream()
        .allMatch(
            resource ->
                context.project().objects().request(container, resource).isAbsent()
                    && context.project().objects().limit(container, resource).isAbsent());
  }

  private static boolean mounts(Container container, Volume volume) {
    return container.volumeMounts().stream()
        .anyMatch(mount -> volume.name().equals(text(mount, "name")));
  }

  private static @Nullable String text(YamlPlace place, String key) {
    return place.key(key).text();
  }
}
