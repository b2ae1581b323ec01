package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;

/** A NetworkPolicy. */
public record NetworkPolicy(KubernetesObject object) implements KubernetesPart {
  @Override
  public YamlPlace place() {
    return object.place();
  }

  /** The pods it isolates; all of its namespace where it is empty or absent. */
  public LabelSelector podSelector() {
    LabelSelector selector = selector("spec.podSelector");
    return selector.exists() ? selector : new LabelSelector(selector.at(), true, List.of());
  }

  /** Whether it restricts what comes in: by default always. */
  public boolean coversIngress() {
    return covers("Ingress", true);
  }

  /** Whether it restricts what goes out: by default when it has {@code egress} rules. */
  public boolean coversEgress() {
    return covers("Egress", has("spec.egress"));
  }

  private boolean covers(String type, boolean byDefault) {
    List<String> types = at("spec.policyTypes").texts();
    return types.isEmpty() ? byDefault : types.contains(type);
  }

  /** All peers of {@code ingress[].from} and {@code egress[].to}. */
  public List<YamlPlace> peers() {
    List<YamlPlace> peers = new ArrayList<>();
    for (YamlPlace rule : items("spec.ingress")) {
      peers.addAll(rule.key("from").items());
    }
    for (YamlPlace rule : items("spec.egress")) {
      peers.addAll(rule.key("to").items());
    }
    return peers;
  }
}
