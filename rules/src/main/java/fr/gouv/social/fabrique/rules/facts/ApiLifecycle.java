package fr.gouv.social.fabrique.rules.facts;

import fr.gouv.social.fabrique.project.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Since when and until when Kubernetes serves its own API versions (k8s.io/api). */
public final class ApiLifecycle {
  private static final Map<String, Api> ALL = load();

  private ApiLifecycle() {}

  /**
   * One kind in one API version.
   *
   * @param introduced the first release of Kubernetes that serves it, or null when not known
   * @param deprecated the release that deprecated it, or null
   * @param removed the first release that does not serve it any more, or null
   * @param replacement the {@code apiVersion} to use instead, or null
   */
  public record Api(
      String apiVersion,
      String kind,
      @Nullable Version introduced,
      @Nullable Version deprecated,
      @Nullable Version removed,
      @Nullable String replacement) {

    /** Whether a release of Kubernetes does not serve it any more. */
    public boolean isRemovedIn(Version kubernetes) {
      return removed != null && !isBefore(kubernetes, removed);
    }

    /** Whether a release of Kubernetes warns of it, or has removed it. */
    public boolean isDeprecatedIn(Version kubernetes) {
      return deprecated != null && !isBefore(kubernetes, deprecated) || isRemovedIn(kubernetes);
    }

    /** Whether a release of Kubernetes does not serve it yet. */
    public boolean isNotYetIn(Version kubernetes) {
      return introduced != null && isBefore(kubernetes, introduced);
    }

    private static boolean isBefore(Version kubernetes, Version release) {
      return kubernetes.compareTo(release) < 0;
    }
  }

  /** What is known of a kind in an API version, or null when it is not one of Kubernetes' own. */
  public static @Nullable Api of(String apiVersion, String kind) {
    Api api = ALL.get(apiVersion + " " + kind);
    // A list lives as long as its items.
    return api == null && kind.endsWith("List")
        ? ALL.get(apiVersion + " " + kind.substring(0, kind.length() - "List".length()))
        : api;
  }

  private static Map<String, Api> load() {
    Map<String, Api> apis = new HashMap<>();
    for (String line : FactLines.read("kubernetes-apis.tsv")) {
      List<String> fields = FactLines.fields(line);
      apis.put(
          fields.get(0) + " " + fields.get(1),
          new Api(
              fields.get(0),
              fields.get(1),
              version(fields.get(2)),
              version(fields.get(3)),
              version(fields.get(4)),
              FactLines.orNull(fields.get(5))));
    }
    return apis;
  }

  private static @Nullable Version version(String field) {
    return field.equals("-") ? null : Version.of(field);
  }
}
