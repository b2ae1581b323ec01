package fr.gouv.social.fabrique.image;

import fr.gouv.social.fabrique.source.Text;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The images of an engine, each asked for once. An engine that fails is asked no more: what it was
 * asked for is then not there, and {@link #trouble} says why. Thread-safe.
 */
public final class Images {
  /** More images are not compared. */
  private static final int MOST_BASES = 500;

  private final @Nullable ImageEngine engine;
  private final boolean registries;
  private final Map<String, BuiltImage> known = new HashMap<>();
  private final Set<String> asked = new HashSet<>();
  private final Map<String, String> published = new HashMap<>();
  private final Map<String, Text> failures = new HashMap<>();
  private @Nullable Text trouble;

  private Images(@Nullable ImageEngine engine, boolean registries) {
    this.engine = engine;
    this.registries = registries;
  }

  /** No images: nothing is asked of anybody. */
  public static Images none() {
    return new Images(null, false);
  }

  /**
   * The images of an engine.
   *
   * @param registries whether registries may be asked for what the engine does not have
   */
  public static Images of(ImageEngine engine, boolean registries) {
    return new Images(engine, registries);
  }

  /** Whether there is somebody to ask. */
  public boolean areAsked() {
    return engine != null;
  }

  /**
   * An image, pulled where that is allowed and needed; null when there is none of that name, or
   * nobody can tell.
   */
  public synchronized @Nullable BuiltImage image(String reference) {
    BuiltImage here = local(reference);
    ImageEngine asking = engine;
    if (here == null
        && registries
        && asking != null
        && trouble == null
        && asked.add("pull " + reference)) {
      try {
        BuiltImage found = asking.pull(reference) ? asking.inspect(reference) : null;
        if (found != null) {
          known.put(reference, found);
        }
      } catch (EngineException failed) {
        failed(reference, failed);
      }
    }
    return known.get(reference);
  }

  /** An image as it is in the engine; null when it is not there. */
  public synchronized @Nullable BuiltImage local(String reference) {
    ImageEngine asking = engine;
    if (asking != null && trouble == null && asked.add(reference)) {
      try {
        BuiltImage found = asking.inspect(reference);
        if (found != null) {
          known.put(reference, found);
        }
      } catch (EngineException failed) {
        failed(reference, failed);
      }
    }
    return known.get(reference);
  }

  /** An image with what is in its layers; without that where they cannot be read. */
  public synchronized BuiltImage opened(BuiltImage image) {
    String reference = image.reference();
    ImageEngine asking = engine;
    if (image.contents() == null
        && asking != null
        && trouble == null
        && !failures.containsKey(reference)) {
      try {
        BuiltImage opened = asking.open(image);
        known.put(reference, opened);
        return opened;
      } catch (EngineException failed) {
        failed(reference, failed);
      }
    }
    return known.getOrDefault(reference, image);
  }

  /**
   * The image on which another one stands, known by its layers: of those in the engine the one that
   * shares most, the first name where several are the same; null where none does.
   */
  public synchronized @Nullable BuiltImage baseOf(BuiltImage image) {
    ImageEngine asking = engine;
    BuiltImage base = null;
    if (asking != null && trouble == null) {
      try {
        for (String name : asking.names().stream().sorted().limit(MOST_BASES).toList()) {
          BuiltImage each = local(name);
          if (each != null
              && image.isBuiltUpon(each)
              && (base == null || each.layers().size() > base.layers().size())) {
            base = each;
          }
        }
      } catch (EngineException failed) {
        failed(image.reference(), failed);
      }
    }
    return base;
  }

  /** The digest that a registry has under a name, or null when it may not be asked. */
  public synchronized @Nullable String published(String reference) {
    ImageEngine asking = engine;
    if (asking != null && registries && trouble == null && asked.add("published " + reference)) {
      try {
        String digest = asking.published(reference);
        if (digest != null) {
          published.put(reference, digest);
        }
      } catch (EngineException failed) {
        failed(reference, failed);
      }
    }
    return published.get(reference);
  }

  private void failed(String reference, EngineException failed) {
    if (failed.isLasting()) {
      trouble = failed.text();
    } else {
      failures.put(reference, failed.text());
    }
  }

  /** Why the engine cannot be asked, or null. */
  public synchronized @Nullable Text trouble() {
    return trouble;
  }

  /** Why an image could not be looked at, or null. */
  public synchronized @Nullable Text failure(String reference) {
    return failures.get(reference);
  }
}
