package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import org.jspecify.annotations.Nullable;

/**
 * The need of one object for another one in its namespace, by name.
 *
 * @param key the key that is needed in it, or null for the whole
 * @param optional whether the pod starts without it
 * @param at where the name is written
 * @param keyAt where the key is written; the name's place where there is none
 */
public record Reference(
    Kind kind, String name, @Nullable String key, boolean optional, YamlPlace at, YamlPlace keyAt)
    implements Located {
  /** What is referred to. */
  public enum Kind {
    CONFIG_MAP("ConfigMap"),
    SECRET("Secret"),
    PERSISTENT_VOLUME_CLAIM("PersistentVolumeClaim"),
    SERVICE_ACCOUNT("ServiceAccount");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The kind as manifests write it. */
    @Override
    public String toString() {
      return text;
    }
  }

  @Override
  public Span span() {
    return at.span();
  }

  @Override
  public String label() {
    return at.label();
  }
}
