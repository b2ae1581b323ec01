package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;

/** An HTTPRoute or another route of the Gateway API. */
public record Route(KubernetesObject object) implements KubernetesPart {
  @Override
  public YamlPlace place() {
    return object.place();
  }

  /** All backends that are Services. */
  public List<Backend> backends() {
    List<Backend> backends = new ArrayList<>();
    for (YamlPlace rule : items("spec.rules")) {
      for (YamlPlace ref : rule.key("backendRefs").items()) {
        if (ref.key("kind").text("Service").equals("Service")
            && ref.key("group").text("").isEmpty()
            && !ref.key("namespace").isPresent()) {
          backends.add(new Backend(ref.key("name"), ref.key("port")));
        }
      }
    }
    return backends;
  }
}
