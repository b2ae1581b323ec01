package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service that another one needs.
 *
 * @param service its name
 * @param condition what it waits for; null where a variable hides it
 * @param required false where the project may do without it
 * @param via the key that says so: {@code depends_on}, {@code links}, {@code volumes_from}, {@code
 *     network_mode}, {@code ipc}, {@code pid}, {@code uts}, {@code cgroup}
 */
public record ServiceDependency(
    String service,
    @Nullable Condition condition,
    boolean required,
    String via,
    Span span,
    String label,
    List<Step> way)
    implements Located {

  /** What a dependency must have come to. */
  public enum Condition {
    SERVICE_STARTED,
    SERVICE_HEALTHY,
    SERVICE_COMPLETED_SUCCESSFULLY
  }
}
