package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What runs to an end, and when pods are started again. */
final class Jobs {
  private static final Set<String> ENDLESS =
      Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController");

  static final Rule<Workload> INVALID_RESTART_POLICY =
      rule(
          "kubernetes/invalid-restart-policy",
          Workload.class,
          (workload, context) -> {
            Setting<String> policy = workload.pod().restartPolicy();
            if (workload.isBatch()) {
              if (!policy.isSet() && policy.is("Always"::equals)) {
                context.report(policy, "missing", workload.object().label());
              } else if (policy.is("Always"::equals)) {
                context.report(policy, "always", workload.object().label());
              }
            } else if (ENDLESS.contains(workload.kind())
                && policy.is(value -> !value.equals("Always"))) {
              Edits.set(
                  context.report(
                      policy, "ends", workload.object().label(), String.valueOf(policy.value())),
                  policy,
                  "Always");
            }
          });

  static final Rule<Workload> NEVER_RESTARTED =
      rule(
          "kubernetes/never-restarted",
          Workload.class,
          (workload, context) -> {
            Setting<String> policy = workload.pod().restartPolicy();
            if (policy.is("Never"::equals)) {
              context.report(policy, "never", workload.object().label());
            }
          });

  static final Rule<Workload> MISSING_DEADLINE =
      rule(
          "kubernetes/missing-starting-deadline",
          Workload.class,
          (workload, context) -> {
            if (workload.kind().equals("CronJob")
                && workload.lacks("spec.startingDeadlineSeconds")) {
              context.report(
                  workload.at("spec.startingDeadlineSeconds"),
                  "missing",
                  workload.object().label());
            }
          });

  static final Rule<Workload> JOB_WITHOUT_TTL =
      rule("kubernetes/job-without-ttl", Workload.class, Jobs::jobWithoutTtl);

  static final Rule<Workload> CRON_JOB_TTL =
      rule(
          "kubernetes/cronjob-ttl",
          Workload.class,
          (workload, context) -> {
            YamlPlace ttl = workload.at("spec.jobTemplate.spec.ttlSecondsAfterFinished");
            if (workload.kind().equals("CronJob") && ttl.isPresent()) {
              context.report(ttl, "ttl", workload.label());
            }
          });

  static final Rule<Workload> INVALID_SCHEDULE =
      rule(
          "kubernetes/invalid-schedule",
          Workload.class,
          (workload, context) -> {
            Setting<String> schedule = workload.string("spec.schedule");
            if (workload.kind().equals("CronJob")
                && schedule.isSet()
                && workload.schedule() == null) {
              context.report(
                  schedule, "invalid", workload.object().label(), String.valueOf(schedule.value()));
            }
          });

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          INVALID_RESTART_POLICY,
          NEVER_RESTARTED,
          MISSING_DEADLINE,
          JOB_WITHOUT_TTL,
          CRON_JOB_TTL,
          INVALID_SCHEDULE);

  private Jobs() {}

  private static void jobWithoutTtl(Workload workload, RuleContext context) {
    String ttl = "ttlSecondsAfterFinished";
    if (workload.kind().equals("Job")) {
      YamlPlace own = workload.at("spec").key(ttl);
      if (own.isPresent()) {
        context.keep(own);
      } else if (!workload.object().isPartial() && !isHook(workload.object().annotations())) {
        context.report(own, "missing", workload.object().label());
      }
    } else if (workload.kind().equals("CronJob") && workload.has("spec.jobTemplate.spec." + ttl)) {
      context.keep(workload.at("spec.jobTemplate.spec." + ttl));
    }
  }

  /** Helm and Argo CD clean up after their own hooks. */
  private static boolean isHook(Map<String, String> annotations) {
    return annotations.containsKey("helm.sh/hook")
        || annotations.containsKey("argocd.argoproj.io/hook");
  }
}
