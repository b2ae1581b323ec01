package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An Ingress of any version: backends come as {@code service.name} or, before v1, as {@code
 * serviceName}.
 */
public record Ingress(KubernetesObject object) implements KubernetesPart {
  @Override
  public YamlPlace place() {
    return object.place();
  }

  /**
   * All backends that are Services, the default one first; those that are other resources are left
   * out.
   */
  public List<Backend> backends() {
    List<Backend> backends = new ArrayList<>();
    add(backends, at("spec.defaultBackend"));
    add(backends, at("spec.backend"));
    for (YamlPlace rule : items("spec.rules")) {
      for (YamlPlace path : rule.at("http.paths").items()) {
        add(backends, path.key("backend"));
      }
    }
    return backends;
  }

  private static void add(List<Backend> into, YamlPlace backend) {
    YamlPlace service = backend.at("service.name");
    if (service.isPresent()) {
      YamlPlace number = backend.at("service.port.number");
      YamlPlace name = backend.at("service.port.name");
      into.add(new Backend(service, number.isPresent() ? number : name));
    } else if (backend.key("serviceName").isPresent()) {
      into.add(new Backend(backend.key("serviceName"), backend.key("servicePort")));
    }
  }

  /** The rules, each with its {@code host}. */
  public List<YamlPlace> rules() {
    return items("spec.rules");
  }

  /** The hosts that have a certificate. */
  public Set<String> tlsHosts() {
    Set<String> hosts = new LinkedHashSet<>();
    for (YamlPlace tls : items("spec.tls")) {
      hosts.addAll(tls.key("hosts").texts());
    }
    return hosts;
  }
}
