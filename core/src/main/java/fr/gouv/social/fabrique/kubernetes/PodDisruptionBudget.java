package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;

/** A PodDisruptionBudget. */
public record PodDisruptionBudget(KubernetesObject object) implements KubernetesPart {
  @Override
  public YamlPlace place() {
    return object.place();
  }

  public Setting<IntOrString> minAvailable() {
    return intOrString("spec.minAvailable");
  }

  public Setting<IntOrString> maxUnavailable() {
    return intOrString("spec.maxUnavailable");
  }

  /** The pods it protects. Before policy/v1, an empty selector chose none. */
  public LabelSelector selector() {
    LabelSelector selector = selector("spec.selector");
    return object.version().equals("v1beta1") && selector.choosesAll()
        ? new LabelSelector(selector.at(), false, List.of())
        : selector;
  }
}
