package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;

/** A RoleBinding or a ClusterRoleBinding. */
public record RoleBinding(KubernetesObject object) implements KubernetesPart {
  @Override
  public YamlPlace place() {
    return object.place();
  }

  public String roleKind() {
    return at("roleRef.kind").text("");
  }

  public Setting<String> roleName() {
    return string("roleRef.name");
  }

  /** Each with {@code kind}, {@code name} and, for a service account, {@code namespace}. */
  public List<YamlPlace> subjects() {
    return items("subjects");
  }
}
