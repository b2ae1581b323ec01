package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.HorizontalPodAutoscaler;
import fr.gouv.social.fabrique.kubernetes.IntOrString;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.LabelSelector;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.kubernetes.PodDisruptionBudget;
import fr.gouv.social.fabrique.kubernetes.PodSpec;
import fr.gouv.social.fabrique.kubernetes.Volume;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How many pods there are, where they run, and how they may be taken away. */
final class Availability {
  static final Rule<Workload> FEW_REPLICAS =
      rule(
          "kubernetes/few-replicas",
          Workload.class,
          (workload, context) -> {
            Setting<Long> replicas = workload.replicas();
            int minimum = context.number("minimum");
            if (workload.hasReplicas()
                && !workload.kind().equals("ReplicaSet")
                && !workload.object().isPartial()
                && replicas.is(value -> value < minimum && value > 0)
                && context.project().objects().autoscalersOf(workload).isEmpty()) {
              context.report(
                  replicas, "few", workload.label(), String.valueOf(replicas.value()), minimum);
            }
          });

  static final Rule<Workload> ANTI_AFFINITY =
      rule(
          "kubernetes/missing-anti-affinity",
          Workload.class,
          (workload, context) -> {
            if (workload.hasReplicas()
                && workload.replicas().is(value -> value > 1)
                && !workload.object().isPartial()
                && !spreads(workload)) {
              context.report(workload.pod().at("affinity"), "missing", workload.label());
            }
          });

  static final Rule<Workload> NODE_AFFINITY =
      rule(
          "kubernetes/missing-node-affinity",
          Workload.class,
          (workload, context) -> {
            PodSpec pod = workload.pod();
            if (workload.hasReplicas()
                && pod.lacks("affinity.nodeAffinity")
                && pod.lacks("nodeSelector")) {
              context.report(pod.at("affinity"), "missing", workload.label());
            }
          });

  static final Rule<Workload> TOPOLOGY_SPREAD =
      rule(
          "kubernetes/missing-topology-spread",
          Workload.class,
          (workload, context) -> {
            PodSpec pod = workload.pod();
            if (workload.hasReplicas()
                && pod.items("topologySpreadConstraints").isEmpty()
                && !pod.object().isPartial()) {
              context.report(pod.at("topologySpreadConstraints"), "missing", workload.label());
            }
          });

  static final Rule<PodSpec> INVALID_TOPOLOGY_SPREAD =
      rule(
          "kubernetes/invalid-topology-spread",
          PodSpec.class,
          (pod, context) -> {
            for (YamlPlace each : pod.items("topologySpreadConstraints")) {
              YamlPlace skew = each.key("maxSkew");
              if (!skew.isPresent() || skew.integer().is(value -> value < 1)) {
                context.report(skew, "skew");
              }
              if (each.key("minDomains").integer().is(value -> value < 1)) {
                context.report(each.key("minDomains"), "domains");
              }
              if (each.key("topologyKey").text("").isEmpty()) {
                context.report(each.key("topologyKey"), "topology-key");
              }
              YamlPlace when = each.key("whenUnsatisfiable");
              String action = when.text("");
              if (!action.equals("DoNotSchedule")
                  && !action.equals("ScheduleAnyway")
                  && References.isPlain(action)) {
                context.report(when, "action", action);
              }
              LabelSelector selector = LabelSelector.of(each.key("labelSelector"));
              if (!selector.exists()) {
                context.report(selector.at(), "selector");
              } else if (!selector.choosesAll() && !selector.matches(pod.workload().podLabels())) {
                context.report(selector.at(), "other-pods", Services.text(selector));
              }
            }
          });

  static final Rule<Workload> RECREATE =
      rule(
          "kubernetes/recreate-strategy",
          Workload.class,
          (workload, context) -> {
            Setting<String> strategy = workload.strategy();
            if (workload.hasReplicas()
                && !workload.kind().equals("StatefulSet")
                && strategy.isSet()
                && strategy.is("Recreate"::equals)
                && claims(workload.pod()).isEmpty()
                && !context.project().objects().servicesOf(workload).isEmpty()) {
              context.report(strategy, "recreate", workload.label());
            }
          });

  static final Rule<Workload> OTHER_STRATEGY =
      rule(
          "kubernetes/other-update-strategy",
          Workload.class,
          (workload, context) -> {
            Setting<String> strategy = workload.strategy();
            if (strategy.isSet() && !strategy.is(value -> value.startsWith("Rolling"))) {
              context.report(strategy, "other", workload.label(), String.valueOf(strategy.value()));
            }
          });

  static final Rule<Workload> SHARED_CLAIM =
      rule(
          "kubernetes/single-node-claim",
          Workload.class,
          (workload, context) -> {
            if (!workload.kind().equals("Deployment")) {
              return;
            }
            if (workload.object().isPartial()) {
              context.concerns();
            } else if (claims(workload.pod()).isEmpty()
                && workload.pod().volumes().stream().noneMatch(each -> each.has("hostPath"))) {
              context.keep(workload);
            }
            Long most = mostReplicas(workload, context.project().objects());
            if (most == null || most < 2) {
              return;
            }
            for (YamlPlace claim : claims(workload.pod())) {
              for (KubernetesObject each :
                  context
                      .project()
                      .objects()
                      .named(workload.object(), "PersistentVolumeClaim", claim.text(""))) {
                List<String> modes = each.at("spec.accessModes").texts();
                if (!modes.isEmpty()
                    && modes.stream().allMatch(mode -> mode.startsWith("ReadWriteOnce"))) {
                  context
                      .report(claim, "single", claim.text(""), most, modes.get(0))
                      .related(each.at("spec.accessModes"));
                }
              }
            }
          });

  static final Rule<Workload> STATIC_REPLICAS =
      rule(
          "kubernetes/replicas-beside-autoscaler",
          Workload.class,
          (workload, context) -> {
            YamlPlace replicas = workload.at("spec.replicas");
            List<HorizontalPodAutoscaler> autoscalers =
                context.project().objects().autoscalersOf(workload);
            // Zero switches the autoscaler off, on purpose.
            if (replicas.isPresent() && !replicas.text("").equals("0") && !autoscalers.isEmpty()) {
              context
                  .report(replicas, "both", workload.label(), autoscalers.get(0).object().name())
                  .related(autoscalers.get(0))
                  .unsafeFix(new TextEdit(line(replicas.span()), ""));
            }
          });

  /** The eviction API answers such a pod with an error: {@code pkg/registry/core/pod/storage}. */
  static final Rule<PodDisruptionBudget> OVERLAPPING_BUDGETS =
      rule(
          "kubernetes/overlapping-budgets",
          PodDisruptionBudget.class,
          (budget, context) -> {
            ObjectIndex objects = context.project().objects();
            for (Workload workload : objects.chosen(budget.object(), budget.selector())) {
              for (PodDisruptionBudget each : objects.budgetsOf(workload)) {
                if (each.object() == budget.object()) {
                  break;
                }
                if (objects.areAppliedTogether(each.object(), budget.object())
                    && objects.areAppliedTogether(each.object(), workload.object())
                    && !budget.object().isPartial()) {
                  context
                      .report(
                          budget.at("spec.selector"),
                          "overlap",
                          workload.label(),
                          each.object().name(),
                          budget.object().name())
                      .related(each);
                  return;
                }
              }
            }
          });

  static final Rule<Workload> MISSING_BUDGET =
      rule(
          "kubernetes/missing-budget",
          Workload.class,
          (workload, context) -> {
            if ((workload.kind().equals("Deployment") || workload.kind().equals("StatefulSet"))
                && !workload.object().isPartial()
                && (!workload.replicas().isSet() || workload.replicas().is(value -> value > 1))
                && !workload.replicas().isUnknown()
                && context.project().objects().budgetsOf(workload).isEmpty()) {
              context.report(workload.at("metadata.name"), "missing", workload.label());
            }
          });

  static final Rule<PodDisruptionBudget> INEFFECTIVE_BUDGET =
      rule(
          "kubernetes/ineffective-budget",
          PodDisruptionBudget.class,
          (budget, context) -> {
            if (budget.lacks("spec.minAvailable") && budget.lacks("spec.maxUnavailable")) {
              context.report(budget.at("spec.maxUnavailable"), "none", budget.object().name());
            } else if (budget.has("spec.minAvailable") && budget.has("spec.maxUnavailable")) {
              context.report(budget.at("spec.maxUnavailable"), "both", budget.object().name());
            }
          });

  static final Rule<PodDisruptionBudget> BLOCKING_BUDGET =
      rule(
          "kubernetes/blocking-budget",
          PodDisruptionBudget.class,
          (budget, context) -> {
            IntOrString max = budget.maxUnavailable().value();
            IntOrString min = budget.minAvailable().value();
            if (max != null && isZero(max)) {
              context.report(budget.maxUnavailable(), "max-zero", max);
            }
            if (min == null) {
              return;
            }
            Integer percent = min.percent();
            if (percent != null && percent >= 100) {
              context.report(budget.minAvailable(), "min-all", min);
              return;
            }
            ObjectIndex objects = context.project().objects();
            List<Workload> chosen = objects.chosen(budget.object(), budget.selector());
            if (chosen.size() != 1) {
              return;
            }
            Workload workload = chosen.get(0);
            Long pods = fewestReplicas(workload, objects);
            Integer needed = pods == null ? null : min.of(pods, true);
            if (pods != null && pods > 0 && needed != null && needed >= pods) {
              context
                  .report(budget.minAvailable(), "min-replicas", min, workload.label(), pods)
                  .related(workload);
            }
          });

  static final Rule<PodDisruptionBudget> EVICTION_POLICY =
      rule(
          "kubernetes/budget-without-eviction-policy",
          PodDisruptionBudget.class,
          (budget, context) -> {
            if (budget.lacks("spec.unhealthyPodEvictionPolicy")) {
              context.report(
                  budget.at("spec.unhealthyPodEvictionPolicy"), "missing", budget.object().name());
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          FEW_REPLICAS,
          ANTI_AFFINITY,
          NODE_AFFINITY,
          TOPOLOGY_SPREAD,
          INVALID_TOPOLOGY_SPREAD,
          RECREATE,
          OTHER_STRATEGY,
          SHARED_CLAIM,
          STATIC_REPLICAS,
          MISSING_BUDGET,
          OVERLAPPING_BUDGETS,
          INEFFECTIVE_BUDGET,
          BLOCKING_BUDGET,
          EVICTION_POLICY);

  private static final Set<String> HOSTS =
      Set.of("kubernetes.io/hostname", "topology.kubernetes.io/zone");

  private Availability() {}

  /** Whether something keeps the pods of a workload apart. */
  private static boolean spreads(Workload workload) {
    List<YamlPlace> terms = new ArrayList<>();
    PodSpec pod = workload.pod();
    terms.addAll(
        pod.items("affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution"));
    for (YamlPlace each :
        pod.items("affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution")) {
      terms.add(each.key("podAffinityTerm"));
    }
    terms.addAll(pod.items("topologySpreadConstraints"));
    for (YamlPlace each : terms) {
      String key = each.key("topologyKey").text("");
      if ((HOSTS.contains(key)
              || key.equals("failure-domain.beta.kubernetes.io/zone")
              || !References.isPlain(key))
          && LabelSelector.of(each.key("labelSelector")).matches(workload.podLabels())) {
        return true;
      }
    }
    return false;
  }

  /** The names of the claims that a pod mounts. */
  private static List<YamlPlace> claims(PodSpec pod) {
    List<YamlPlace> claims = new ArrayList<>();
    for (Volume each : pod.volumes()) {
      YamlPlace claim = each.at("persistentVolumeClaim.claimName");
      if (claim.isPresent() && !each.at("persistentVolumeClaim.readOnly").bool().isTrue()) {
        claims.add(claim);
      }
    }
    return claims;
  }

  /** How many pods there may be; null where nobody says it. */
  private static @Nullable Long mostReplicas(Workload workload, ObjectIndex objects) {
    Long most = written(workload.replicas());
    for (HorizontalPodAutoscaler each : objects.autoscalersOf(workload)) {
      Long max = each.maxReplicas().value();
      if (max != null && (most == null || max > most)) {
        most = max;
      }
    }
    return most;
  }

  /** How many pods there are at least; null where nobody says it. */
  private static @Nullable Long fewestReplicas(Workload workload, ObjectIndex objects) {
    List<HorizontalPodAutoscaler> autoscalers = objects.autoscalersOf(workload);
    if (!autoscalers.isEmpty()) {
      return written(autoscalers.get(0).minReplicas());
    }
    return workload.hasReplicas() ? written(workload.replicas()) : null;
  }

  private static @Nullable Long written(Setting<Long> replicas) {
    return replicas.isSet() ? replicas.value() : null;
  }

  private static boolean isZero(IntOrString amount) {
    Integer number = amount.number();
    Integer percent = amount.percent();
    return number != null && number == 0 || percent != null && percent == 0;
  }

  /** The whole line of a key that stands alone on it; else only the place. */
  private static Span line(Span span) {
    SourceFile file = span.file();
    int start = file.lineStart(span.line());
    int end = file.lineEnd(span.endLine());
    boolean alone =
        file.text().substring(start, span.start()).isBlank()
            && file.text().substring(span.end(), end).isBlank();
    return alone ? new Span(file, start, Math.min(file.text().length(), end + 1)) : span;
  }
}
