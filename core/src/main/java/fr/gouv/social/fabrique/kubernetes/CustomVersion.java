package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import org.jspecify.annotations.Nullable;

/**
 * One version of a custom resource, as a CustomResourceDefinition of the repository defines it.
 *
 * @param definition the CustomResourceDefinition
 * @param place the item of {@code spec.versions}, or {@code spec} where {@code v1beta1} names only
 *     one version
 */
public record CustomVersion(KubernetesObject definition, YamlPlace place) implements Located {
  /** {@code v1alpha1}. */
  public String name() {
    return place.key("name").text(definition.at("spec.version").text(""));
  }

  /** Whether the API server serves it. */
  public boolean isServed() {
    return !place.key("served").text("true").equals("false");
  }

  /** Whether the API server warns of it. */
  public boolean isDeprecated() {
    return place.key("deprecated").text("false").equals("true");
  }

  /** What the API server says to whoever uses a deprecated version; empty for its own words. */
  public String deprecationWarning() {
    return place.key("deprecationWarning").text("");
  }

  /** The {@code openAPIV3Schema}, or null where it has none. */
  public @Nullable YamlMapping schema() {
    YamlNode own = place.at("schema.openAPIV3Schema").node();
    YamlNode common = definition.at("spec.validation.openAPIV3Schema").node();
    return own instanceof YamlMapping mapping
        ? mapping
        : common instanceof YamlMapping mapping ? mapping : null;
  }

  /** Whether the API server keeps fields that the schema does not know; {@code v1beta1} did. */
  boolean keepsUnknownFields() {
    String written = definition.at("spec.preserveUnknownFields").text("");
    return written.isEmpty() ? definition.version().equals("v1beta1") : written.equals("true");
  }

  /** Whether the status is no part of what is applied. */
  boolean hasStatus() {
    return place.at("subresources.status").node() != null
        || definition.at("spec.subresources.status").node() != null;
  }

  @Override
  public Span span() {
    return place.span();
  }
}
