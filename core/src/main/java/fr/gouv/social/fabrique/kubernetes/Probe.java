package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;

/** A probe of a container, present or not. Its places are labelled from the container. */
public record Probe(Container container, Kind kind, YamlPlace place) implements KubernetesPart {
  /** What a probe is for. */
  public enum Kind {
    LIVENESS("livenessProbe"),
    READINESS("readinessProbe"),
    STARTUP("startupProbe");

    private final String field;

    Kind(String field) {
      this.field = field;
    }

    /** The field of the container. */
    public String field() {
      return field;
    }
  }

  private static final List<String> HANDLERS = List.of("httpGet", "tcpSocket", "grpc", "exec");

  @Override
  public KubernetesObject object() {
    return container.object();
  }

  @Override
  public String label() {
    return place.label();
  }

  public boolean isPresent() {
    return place.isPresent();
  }

  /**
   * {@code httpGet}, {@code tcpSocket}, {@code grpc} or {@code exec}; empty where none is written.
   */
  public String handler() {
    return HANDLERS.stream().filter(this::has).findFirst().orElse("");
  }

  /** The port that it asks; absent for {@code exec}. */
  public Setting<IntOrString> port() {
    String handler = handler();
    return handler.isEmpty() ? Setting.absent(place) : intOrString(handler + ".port");
  }
}
