package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import java.util.List;

/**
 * An image that a repository names: in a {@code FROM} or {@code COPY --from}, a Compose service or
 * a container. Names of stages are no images.
 *
 * @param reference what the name says; parts that hang on unknown variables are unknown
 * @param text the name with its variables expanded; unknown when one of them is
 * @param role what the image is for
 * @param at where it is written
 */
public record ImageUse(ImageReference reference, Setting<String> text, Role role, Located at)
    implements Located {

  /** What an image is for. */
  public enum Role {
    /** What the last stage of a Dockerfile stands on, through the stages it is built from. */
    FINAL_BASE,
    /** What any other stage stands on. */
    BUILD_BASE,
    /** Where {@code COPY --from} takes files. */
    COPY_SOURCE,
    COMPOSE_SERVICE,
    /** Any container of a pod. */
    CONTAINER
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
