package fr.gouv.social.fabrique.rules.image;

import fr.gouv.social.fabrique.rule.Rule;
import java.util.List;
import java.util.stream.Stream;

/** The rules of the family {@code image}. */
public final class ImageRules {
  /** All of them. */
  public static final List<Rule<?>> ALL =
      Stream.of(
              BaseImages.ALL,
              RunImages.ALL,
              ImageUsers.ALL,
              LayerSecrets.ALL,
              LayerContents.ALL,
              ImageOrigins.ALL)
          .<Rule<?>>flatMap(List::stream)
          .toList();

  private ImageRules() {}
}
