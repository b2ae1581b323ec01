package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;

/** A port that a container declares. Its places are labelled from the container. */
public record ContainerPort(Container container, YamlPlace place) implements KubernetesPart {
  @Override
  public KubernetesObject object() {
    return container.object();
  }

  @Override
  public String label() {
    return place.label();
  }

  /** Empty where it has none. */
  public String name() {
    return at("name").text("");
  }

  public Setting<Long> number() {
    return integer("containerPort");
  }

  public Setting<Long> hostPort() {
    return integer("hostPort");
  }

  /** {@code TCP} by default. */
  public String protocol() {
    return at("protocol").text("TCP");
  }
}
