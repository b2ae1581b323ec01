package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Service of the core group. */
public record Service(KubernetesObject object) implements KubernetesPart {
  @Override
  public YamlPlace place() {
    return object.place();
  }

  /** {@code ClusterIP} by default. */
  public Setting<String> type() {
    Setting<String> type = string("spec.type");
    return type.isAbsent() ? Setting.byDefault("ClusterIP", type.at()) : type;
  }

  /** The pods it leads to; none where the selector is absent or empty. */
  public LabelSelector selector() {
    return LabelSelector.ofLabels(at("spec.selector"));
  }

  /** Whether it has no address of its own: {@code clusterIP: None}. */
  public boolean isHeadless() {
    return string("spec.clusterIP").is("None"::equals);
  }

  public List<Port> ports() {
    return items("spec.ports").stream().map(each -> new Port(this, each)).toList();
  }

  /** The port of a number or a name, or null. */
  public @Nullable Port port(IntOrString port) {
    Integer number = port.number();
    for (Port each : ports()) {
      if (number != null
          ? each.number().is(value -> value.intValue() == number)
          : each.name().equals(port.text())) {
        return each;
      }
    }
    return null;
  }

  /** A port of a Service. */
  public record Port(Service service, YamlPlace place) implements KubernetesPart {
    @Override
    public KubernetesObject object() {
      return service.object();
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
      return integer("port");
    }

    /** The port of the pods, the same number by default. */
    public Setting<IntOrString> targetPort() {
      Setting<IntOrString> target = intOrString("targetPort");
      return target.isAbsent() ? intOrString("port") : target;
    }

    /** {@code TCP} by default. */
    public String protocol() {
      return at("protocol").text("TCP");
    }
  }
}
