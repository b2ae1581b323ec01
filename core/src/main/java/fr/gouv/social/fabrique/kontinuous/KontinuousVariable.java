package fr.gouv.social.fabrique.kontinuous;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlPlace;

/**
 * A variable that a component sets for its program.
 *
 * @param value the literal value; absent where it comes from elsewhere, unknown where it is a
 *     template
 * @param at the name with its value
 */
public record KontinuousVariable(String name, Setting<String> value, YamlPlace at)
    implements Located {
  @Override
  public Span span() {
    return at.span();
  }

  @Override
  public String label() {
    return at.label();
  }
}
