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

  /** All backends that are Services of its own namespace. */
  public List<Backend> backends() {
    List<Backend> backends = new ArrayList<>();
    for (YamlPlace ref : services()) {
      if (!ref.key("namespace").isPresent()) {
        backends.add(new Backend(ref.key("name"), ref.key("port")));
      }
    }
    return backends;
  }

  /** The references to Services that name a namespace. */
  public List<YamlPlace> namespacedBackends() {
    return services().stream().filter(each -> each.key("namespace").isPresent()).toList();
  }

  private List<YamlPlace> services() {
    List<YamlPlace> services = new ArrayList<>();
    for (YamlPlace rule : items("spec.rules")) {
      for (YamlPlace ref : rule.key("backendRefs").items()) {
        if (ref.key("kind").text("Service").equals("Service")
            && ref.key("group").text("").isEmpty()) {
          services.add(ref);
        }
      }
    }
    return services;
  }
}
