package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import java.util.List;

/**
 * A variable that a repository sets for a program: in an {@code ENV} or {@code ARG}, a Compose
 * service, a container or a ConfigMap that feeds one.
 *
 * @param value the literal value; absent where it comes from elsewhere, unknown where it hangs on a
 *     variable without a value
 * @param at where it is written: the name with its value
 */
public record EnvironmentVariable(String name, Setting<String> value, Where where, Located at)
    implements Located {

  /** What sets a variable. */
  public enum Where {
    DOCKERFILE_ENV,
    DOCKERFILE_ARG,
    COMPOSE_SERVICE,
    COMPOSE_BUILD,
    CONTAINER,
    CONFIG_MAP
  }

  @Override
  public Span span() {
    return at.span();
  }

  @Override
  public String label() {
    return at.label();
  }

  @Override
  public List<Step> way() {
    return at.way();
  }
}
