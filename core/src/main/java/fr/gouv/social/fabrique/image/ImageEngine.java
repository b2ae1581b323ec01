package fr.gouv.social.fabrique.image;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has images: a Docker engine. Nothing that is asked of it changes or runs anything. */
public interface ImageEngine {
  /** What the engine says of an image, or null when it has none of that name. */
  @Nullable BuiltImage inspect(String reference) throws EngineException;

  /** The same image with its history and what is in its layers, read as one stream. */
  BuiltImage open(BuiltImage image) throws EngineException;

  /** The names of all images that it has, in any order. */
  List<String> names() throws EngineException;

  /** Gets an image from its registry; false when no registry has it. */
  boolean pull(String reference) throws EngineException;

  /** The digest that the registry has under a name with a tag, or null when it has none. */
  @Nullable String published(String reference) throws EngineException;
}
