package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.Locale;

/** A network, volume, secret, config or model at the top level of a project. */
public record ComposeResource(Section section, String name, YamlPlace place) implements Located {

  /** The top-level key that holds it. */
  public enum Section {
    NETWORKS,
    VOLUMES,
    SECRETS,
    CONFIGS,
    MODELS;

    /** The key as written. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public Span span() {
    return place.span();
  }

  @Override
  public List<Step> way() {
    return place.way();
  }

  @Override
  public String label() {
    return place.label();
  }

  /** The name that the engine knows it by where it lives outside the project. */
  public String externalName() {
    YamlPlace external = place.key("external");
    return place.key("name").text(external.key("name").text(name));
  }

  /** Whether it lives outside the project; false by default. */
  public Setting<Boolean> external() {
    YamlPlace external = place.key("external");
    if (external.node() instanceof YamlMapping) {
      return Setting.explicit(true, external);
    }
    return external.isPresent() ? external.bool() : Setting.byDefault(false, place);
  }
}
