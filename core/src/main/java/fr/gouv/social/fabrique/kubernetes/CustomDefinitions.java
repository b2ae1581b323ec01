package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The custom resources that the CustomResourceDefinitions of a repository define. */
public final class CustomDefinitions {
  private static final String KIND = "CustomResourceDefinition";

  private final Map<String, List<CustomVersion>> versions = new HashMap<>();

  /**
   * The definitions among some objects. A definition that is a template or a patch does not count:
   * what it leaves open cannot be known.
   */
  CustomDefinitions(Collection<KubernetesObject> objects) {
    Map<String, Set<String>> known = new HashMap<>();
    for (KubernetesObject each : objects) {
      if (each.is(KIND, "apiextensions.k8s.io") && !each.isPartial()) {
        String kind = each.at("spec.group").text("") + "/" + each.at("spec.names.kind").text("");
        // Bundles repeat a definition word for word.
        if (known.computeIfAbsent(kind, key -> new HashSet<>()).add(spec(each))) {
          List<CustomVersion> of = versions.computeIfAbsent(kind, key -> new ArrayList<>());
          List<YamlPlace> written = each.items("spec.versions");
          written.forEach(version -> of.add(new CustomVersion(each, version)));
          if (written.isEmpty()) {
            of.add(new CustomVersion(each, each.at("spec")));
          }
        }
      }
    }
  }

  private static String spec(KubernetesObject definition) {
    return definition.root().get("spec") instanceof YamlMapping spec ? spec.span().text() : "";
  }

  /** The versions of the kind of an object; empty where nothing here defines it. */
  public List<CustomVersion> versions(KubernetesObject object) {
    return versions.getOrDefault(object.group() + "/" + object.kind(), List.of());
  }
}
