package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;

/** A Role or a ClusterRole. */
public record Role(KubernetesObject object) implements KubernetesPart {
  @Override
  public YamlPlace place() {
    return object.place();
  }

  public List<Rule> rules() {
    return items("rules").stream().map(each -> new Rule(this, each)).toList();
  }

  /** Whether one of its rules allows a verb on a resource; {@code *} counts. */
  public boolean allows(String group, String resource, String verb) {
    return rules().stream().anyMatch(rule -> rule.allows(group, resource, verb));
  }

  /** What a role allows. */
  public record Rule(Role role, YamlPlace place) implements KubernetesPart {
    @Override
    public KubernetesObject object() {
      return role.object();
    }

    @Override
    public String label() {
      return place.label();
    }

    public List<String> groups() {
      return at("apiGroups").texts();
    }

    /** The resources, subresources as {@code pods/exec}. */
    public List<String> resources() {
      return at("resources").texts();
    }

    public List<String> verbs() {
      return at("verbs").texts();
    }

    /**
     * Whether a verb on a resource of a group is allowed; {@code *} and {@code *&#47;exec} count.
     */
    public boolean allows(String group, String resource, String verb) {
      return any(groups(), group)
          && (any(resources(), resource)
              || resource.indexOf('/') > 0
                  && resources().contains("*" + resource.substring(resource.indexOf('/'))))
          && any(verbs(), verb);
    }

    private static boolean any(List<String> values, String wanted) {
      return values.contains("*") || values.contains(wanted);
    }
  }
}
