package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;

/**
 * An image that this repository both builds and runs. Only where files say so for certain: two
 * files that build different things under one name make no link.
 *
 * @param stage that the image is
 * @param runner what runs it: a {@code Container}, a {@code KontinuousComponent} or a {@code
 *     ComposeService}
 * @param build where it says that the stage gets the image's name
 */
public record OwnImage(Stage stage, Located runner, Located build) implements Located {
  @Override
  public Span span() {
    return runner.span();
  }

  @Override
  public String label() {
    return runner.label();
  }
}
