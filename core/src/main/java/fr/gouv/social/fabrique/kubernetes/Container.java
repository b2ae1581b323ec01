package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container of a pod. Its places are labelled from the container.
 *
 * @param label {@code Deployment/web › containers[api]}
 */
public record Container(PodSpec pod, Kind kind, String label, YamlPlace place)
    implements KubernetesPart {

  /** What a container is to its pod. */
  public enum Kind {
    MAIN,
    /** Runs to its end before the main ones start; probes are not allowed. */
    INIT,
    /** An init container with {@code restartPolicy: Always}: lives as long as the pod. */
    SIDECAR,
    EPHEMERAL
  }

  @Override
  public KubernetesObject object() {
    return pod.object();
  }

  /** The workload whose pods it runs in. */
  public Workload workload() {
    return pod.workload();
  }

  public String name() {
    return at("name").text("");
  }

  /** Whether it runs as long as the pod does, so that probes and lifecycle hooks apply. */
  public boolean isLongRunning() {
    return kind == Kind.MAIN || kind == Kind.SIDECAR;
  }

  public Setting<String> image() {
    return string("image");
  }

  /**
   * {@code imagePullPolicy}, by default as the API sets it: {@code Always} for the tag latest or no
   * tag and no digest, else {@code IfNotPresent}.
   */
  public Setting<String> imagePullPolicy() {
    Setting<String> policy = string("imagePullPolicy");
    if (!policy.isAbsent()) {
      return policy;
    }
    String image = image().value();
    if (image == null) {
      return Setting.unknown(policy.at());
    }
    boolean digest = image.indexOf('@') >= 0;
    String last = image.substring(image.lastIndexOf('/') + 1);
    boolean latest = !digest && (last.indexOf(':') < 0 || last.endsWith(":latest"));
    return Setting.byDefault(latest ? "Always" : "IfNotPresent", policy.at());
  }

  /** The entry point, or empty where the image decides. */
  public List<String> command() {
    return at("command").texts();
  }

  public List<String> args() {
    return at("args").texts();
  }

  public List<ContainerPort> ports() {
    return items("ports").stream().map(each -> new ContainerPort(this, each)).toList();
  }

  /** The port that a number or a name stands for, or null where none is declared. */
  public @Nullable ContainerPort port(IntOrString port) {
    for (ContainerPort each : ports()) {
      Integer number = port.number();
      if (number != null
          ? each.number().is(value -> value.intValue() == number)
          : each.name().equals(port.text())) {
        return each;
      }
    }
    return null;
  }

  public List<EnvVar> env() {
    return items("env").stream().map(each -> new EnvVar(this, each)).toList();
  }

  /** What the container is to have at least: {@code requests}, by default the limit. */
  public Setting<Quantity> request(String resource) {
    Setting<Quantity> request = resource("requests", resource);
    if (!request.isAbsent()) {
      return request;
    }
    Setting<Quantity> limit = resource("limits", resource);
    Quantity value = limit.value();
    if (limit.isUnknown()) {
      return Setting.unknown(request.at());
    }
    return value == null ? request : Setting.byDefault(value, request.at());
  }

  /** What the container may have at most. */
  public Setting<Quantity> limit(String resource) {
    return resource("limits", resource);
  }

  private Setting<Quantity> resource(String side, String resource) {
    YamlPlace at = at("resources").key(side).key(resource);
    Setting<Quantity> quantity = Values.quantity(at);
    return quantity.isAbsent() && object().isPartial() ? Setting.unknown(at) : quantity;
  }

  /** One probe, present or not. */
  public Probe probe(Probe.Kind probe) {
    return new Probe(this, probe, at(probe.field()));
  }

  public List<YamlPlace> volumeMounts() {
    return items("volumeMounts");
  }

  /** What is in force for this container, what it inherits from its pod included. */
  public SecurityContext securityContext() {
    return new SecurityContext(this);
  }

  void addReferences(List<Reference> into) {
    for (EnvVar each : env()) {
      Reference reference = each.reference();
      if (reference != null) {
        into.add(reference);
      }
    }
    for (YamlPlace each : items("envFrom")) {
      envFrom(into, Reference.Kind.SECRET, each.key("secretRef"));
      envFrom(into, Reference.Kind.CONFIG_MAP, each.key("configMapRef"));
    }
  }

  /** What it needs other objects for: by {@code env} and {@code envFrom}. */
  public List<Reference> references() {
    List<Reference> references = new ArrayList<>();
    addReferences(references);
    return references;
  }

  private static void envFrom(List<Reference> into, Reference.Kind kind, YamlPlace ref) {
    PodSpec.add(into, kind, ref.key("name"), null, Values.bool(ref.key("optional")).isTrue());
  }
}
