package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entry of {@code env}. Its places are labelled from the container. */
public record EnvVar(Container container, YamlPlace place) implements KubernetesPart {
  @Override
  public KubernetesObject object() {
    return container.object();
  }

  @Override
  public String label() {
    return place.label();
  }

  public String name() {
    return at("name").text("");
  }

  /** The literal value; absent where {@code valueFrom} says it. */
  public Setting<String> value() {
    return string("value");
  }

  /** The ConfigMap or Secret key that holds the value, or null. */
  public @Nullable Reference reference() {
    List<Reference> found = new ArrayList<>(1);
    keyRef(found, Reference.Kind.SECRET, at("valueFrom.secretKeyRef"));
    keyRef(found, Reference.Kind.CONFIG_MAP, at("valueFrom.configMapKeyRef"));
    return found.isEmpty() ? null : found.get(0);
  }

  private static void keyRef(List<Reference> into, Reference.Kind kind, YamlPlace ref) {
    PodSpec.add(
        into, kind, ref.key("name"), ref.key("key"), Values.bool(ref.key("optional")).isTrue());
  }
}
