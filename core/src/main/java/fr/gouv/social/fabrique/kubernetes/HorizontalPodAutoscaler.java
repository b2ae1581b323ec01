package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;

/** A HorizontalPodAutoscaler of any version, or the ScaledObject of KEDA that makes one. */
public record HorizontalPodAutoscaler(KubernetesObject object) implements KubernetesPart {
  @Override
  public YamlPlace place() {
    return object.place();
  }

  public String targetKind() {
    return at("spec.scaleTargetRef.kind").text(isScaledObject() ? "Deployment" : "");
  }

  public Setting<String> targetName() {
    return string("spec.scaleTargetRef.name");
  }

  /** 1 by default, 0 for a ScaledObject. */
  public Setting<Long> minReplicas() {
    Setting<Long> min = integer(isScaledObject() ? "spec.minReplicaCount" : "spec.minReplicas");
    return min.isAbsent() ? Setting.byDefault(isScaledObject() ? 0L : 1L, min.at()) : min;
  }

  /** Absent where it is missing; 100 by default for a ScaledObject. */
  public Setting<Long> maxReplicas() {
    Setting<Long> max = integer(isScaledObject() ? "spec.maxReplicaCount" : "spec.maxReplicas");
    return max.isAbsent() && isScaledObject() ? Setting.byDefault(100L, max.at()) : max;
  }

  private boolean isScaledObject() {
    return object.kind().equals("ScaledObject");
  }
}
