package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.HorizontalPodAutoscaler;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;

/** What runs in production grows with its load, within known bounds. */
public final class Autoscaling {
  static final Rule<Workload> MISSING_HPA =
      rule("kubernetes/missing-hpa", Workload.class, Autoscaling::missing);

  static final Rule<HorizontalPodAutoscaler> HPA_BOUNDS =
      rule("kubernetes/hpa-bounds", HorizontalPodAutoscaler.class, Autoscaling::bounds);

  static final Rule<HorizontalPodAutoscaler> FIXED_AUTOSCALER =
      rule(
          "kubernetes/fixed-autoscaler",
          HorizontalPodAutoscaler.class,
          (autoscaler, context) -> {
            Long min = autoscaler.minReplicas().value();
            Long max = autoscaler.maxReplicas().value();
            if (min != null && max != null && max <= min) {
              context.report(autoscaler.maxReplicas(), "fixed", max, min);
            }
          });

  /**
   * The standard asks for a minimum of 1; who wants to survive the loss of a node asks for more.
   */
  static final Rule<HorizontalPodAutoscaler> LOW_MINIMUM =
      rule(
          "kubernetes/low-autoscaler-minimum",
          HorizontalPodAutoscaler.class,
          (autoscaler, context) -> {
            Long min = autoscaler.minReplicas().value();
            if (min != null && min < context.number("min")) {
              context.report(autoscaler.minReplicas(), "low", min, context.number("min"));
            }
          });

  /** All rules of the theme. */
  public static final List<Rule<?>> ALL =
      List.of(MISSING_HPA, HPA_BOUNDS, FIXED_AUTOSCALER, LOW_MINIMUM);

  private Autoscaling() {}

  private static void missing(Workload workload, RuleContext context) {
    KubernetesObject object = workload.object();
    if (!workload.kind().equals("Deployment")) {
      return;
    }
    if (object.isPartial()
        || !context.project().runsInProduction(object)
        || isSingleton(workload)) {
      context.concerns();
      return;
    }
    ObjectIndex objects = context.project().objects();
    List<HorizontalPodAutoscaler> autoscalers = objects.autoscalersOf(workload);
    if (!autoscalers.isEmpty()) {
      context.keep(autoscalers.get(0));
    } else if (objects.all(HorizontalPodAutoscaler.class).stream()
        .noneMatch(each -> each.targetName().isUnknown() && objects.meet(object, each.object()))) {
      context.report(workload, "missing", object.name());
    }
  }

  /** Whether its pods must not run two at a time, or it is turned off: nothing can scale it. */
  private static boolean isSingleton(Workload workload) {
    return workload.string("spec.strategy.type").is("Recreate"::equals)
        || workload.replicas().is(wanted -> wanted == 0);
  }

  private static void bounds(HorizontalPodAutoscaler autoscaler, RuleContext context) {
    if (!autoscaler.object().kind().equals("HorizontalPodAutoscaler")
        || context.environment(autoscaler) != Environment.PROD) {
      return;
    }
    boolean min = bound(autoscaler.minReplicas(), "min", context);
    boolean max = bound(autoscaler.maxReplicas(), "max", context);
    if (min && max) {
      context.keep(autoscaler);
    }
  }

  private static boolean bound(Setting<Long> bound, String name, RuleContext context) {
    Long value = bound.value();
    int wanted = context.number(name);
    if (value == null || value == wanted) {
      return value != null;
    }
    RuleContext.Reported reported = context.report(bound, name, value, wanted);
    if (bound.isSet() && bound.at() instanceof YamlPlace place && place.node() != null) {
      reported.unsafeFix(new TextEdit(place.node().span(), String.valueOf(wanted)));
    }
    return false;
  }
}
