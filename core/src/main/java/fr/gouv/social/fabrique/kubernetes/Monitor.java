package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;

/** A ServiceMonitor or a PodMonitor of the Prometheus operator. */
public record Monitor(KubernetesObject object) implements KubernetesPart {
  @Override
  public YamlPlace place() {
    return object.place();
  }

  public boolean ofPods() {
    return object.kind().equals("PodMonitor");
  }

  public LabelSelector selector() {
    return selector("spec.selector");
  }

  /** Where it asks for metrics: each with {@code port}, {@code path}, {@code interval}. */
  public List<YamlPlace> endpoints() {
    return items(ofPods() ? "spec.podMetricsEndpoints" : "spec.endpoints");
  }

  /** Whether it looks at the namespace of an object, or may. */
  public boolean looksInto(KubernetesObject target) {
    if (bool("spec.namespaceSelector.any").isTrue()) {
      return true;
    }
    List<String> names = at("spec.namespaceSelector.matchNames").texts();
    if (names.isEmpty()) {
      return object.sharesNamespaceWith(target);
    }
    String namespace = target.namespace().value();
    return namespace == null
        || names.contains(namespace)
        || names.stream().anyMatch(Values::isUnresolved);
  }
}
