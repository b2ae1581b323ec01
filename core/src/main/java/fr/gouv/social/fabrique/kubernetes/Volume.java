package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;

/** A volume of a pod, whatever its type. Its places are labelled from the pod. */
public record Volume(PodSpec pod, YamlPlace place) implements KubernetesPart {
  @Override
  public KubernetesObject object() {
    return pod.object();
  }

  public String name() {
    return at("name").text("");
  }

  /** {@code hostPath}, {@code emptyDir}, …: {@code emptyDir} where none is written. */
  public String type() {
    if (place.node() instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        if (!entry.name().equals("name") && place.key(entry.name()).isPresent()) {
          return entry.name();
        }
      }
    }
    return "emptyDir";
  }

  void addReferences(List<Reference> into) {
    keyed(into, Reference.Kind.SECRET, at("secret"), "secretName");
    keyed(into, Reference.Kind.CONFIG_MAP, at("configMap"), "name");
    PodSpec.add(
        into,
        Reference.Kind.PERSISTENT_VOLUME_CLAIM,
        at("persistentVolumeClaim.claimName"),
        null,
        false);
    PodSpec.add(into, Reference.Kind.SECRET, at("csi.nodePublishSecretRef.name"), null, false);
    for (YamlPlace source : items("projected.sources")) {
      keyed(into, Reference.Kind.SECRET, source.key("secret"), "name");
      keyed(into, Reference.Kind.CONFIG_MAP, source.key("configMap"), "name");
    }
  }

  private static void keyed(
      List<Reference> into, Reference.Kind kind, YamlPlace source, String nameKey) {
    boolean optional = Values.bool(source.key("optional")).isTrue();
    List<YamlPlace> items = source.key("items").items();
    for (YamlPlace item : items) {
      PodSpec.add(into, kind, source.key(nameKey), item.key("key"), optional);
    }
    if (items.isEmpty()) {
      PodSpec.add(into, kind, source.key(nameKey), null, optional);
    }
  }
}
