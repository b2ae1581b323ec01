package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object that makes pods, or is one.
 *
 * @param templatePath the path of the pod template: empty for a Pod, {@code
 *     spec.jobTemplate.spec.template} for a CronJob
 */
public record Workload(KubernetesObject object, String templatePath) implements KubernetesPart {
  /** One that forgets its group is reported by the schema, and still checked. */
  private static final Set<String> APPS = Set.of("", "apps", "extensions");

  private static final Set<String> BY_REPLICAS =
      Set.of(
          "Deployment",
          "StatefulSet",
          "ReplicaSet",
          "ReplicationController",
          "DeploymentConfig",
          "Rollout");

  /** The workload that an object is, or null where it makes no pods. */
  public static @Nullable Workload of(KubernetesObject object) {
    String group = object.group();
    boolean any = object.apiVersion().isEmpty();
    String path =
        switch (object.kind()) {
          case "Pod" -> any || group.isEmpty() ? "" : null;
          case "PodTemplate" -> any || group.isEmpty() ? "template" : null;
          case "ReplicationController" -> any || group.isEmpty() ? "spec.template" : null;
          case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet" ->
              any || APPS.contains(group) ? "spec.template" : null;
          case "Job" -> any || group.equals("batch") ? "spec.template" : null;
          case "CronJob" -> any || group.equals("batch") ? "spec.jobTemplate.spec.template" : null;
          case "DeploymentConfig" -> group.equals("apps.openshift.io") ? "spec.template" : null;
          case "Rollout" ->
              group.equals("argoproj.io") && !object.has("spec.workloadRef")
                  ? "spec.template"
                  : null;
          default -> null;
        };
    return path == null ? null : new Workload(object, path);
  }

  @Override
  public YamlPlace place() {
    return object.place();
  }

  public String kind() {
    return object.kind();
  }

  /** The place of the pod template: the object itself for a Pod. */
  public YamlPlace template() {
    return templatePath.isEmpty() ? place() : at(templatePath);
  }

  /** What the pods of this workload are. */
  public PodSpec pod() {
    YamlPlace spec = template().key("spec");
    return new PodSpec(this, spec.labelled(""));
  }

  /** The labels of its pods, with an unresolved one where a template may bring more. */
  public Map<String, String> podLabels() {
    Map<String, String> labels = Values.map(template().at("metadata.labels"));
    if (object.isPartial() && !object.isPatch()) {
      labels.put(Values.UNRESOLVED, Values.UNRESOLVED);
    }
    return labels;
  }

  /** The annotations of its pods. */
  public Map<String, String> podAnnotations() {
    return Values.map(template().at("metadata.annotations"));
  }

  /** Whether it keeps a wanted number of pods running: a Deployment, not a DaemonSet or a Job. */
  public boolean hasReplicas() {
    return BY_REPLICAS.contains(kind());
  }

  /** Whether its pods run to an end: Job and CronJob. */
  public boolean isBatch() {
    return kind().equals("Job") || kind().equals("CronJob");
  }

  /** How many pods are wanted; 1 by default. */
  public Setting<Long> replicas() {
    Setting<Long> replicas = integer("spec.replicas");
    return replicas.isAbsent() ? Setting.byDefault(1L, replicas.at()) : replicas;
  }

  /** What it takes for its pods; a ReplicationController's is a mapping of labels. */
  public LabelSelector selector() {
    return kind().equals("ReplicationController") || kind().equals("DeploymentConfig")
        ? LabelSelector.ofLabels(at("spec.selector"))
        : selector("spec.selector");
  }

  /**
   * How a Deployment, StatefulSet or DaemonSet replaces its pods; {@code RollingUpdate} by default.
   */
  public Setting<String> strategy() {
    Setting<String> type =
        string(
            kind().equals("StatefulSet") || kind().equals("DaemonSet")
                ? "spec.updateStrategy.type"
                : "spec.strategy.type");
    return type.isAbsent() ? Setting.byDefault("RollingUpdate", type.at()) : type;
  }

  /** When a CronJob runs, or null where it is none, or malformed or unknown. */
  public @Nullable CronSchedule schedule() {
    String text = string("spec.schedule").value();
    return kind().equals("CronJob") && text != null ? CronSchedule.parse(text, false) : null;
  }
}
