package fr.gouv.social.fabrique.rules.facts;

import fr.gouv.social.fabrique.project.ImageReference;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The Docker official images (github.com/docker-library/official-images). */
public final class OfficialImages {
  // Docker publishes the same images there itself, or the cloud mirrors them unchanged.
  private static final List<String> MIRRORS =
      List.of("public.ecr.aws/docker/library/", "mirror.gcr.io/library/");

  private static final Map<String, OfficialImage> ALL = load();

  private OfficialImages() {}

  /** How an official image stands. */
  public enum Status {
    /** Built and updated. */
    ACTIVE,
    /** Its documentation says not to use it any more. */
    DEPRECATED,
    /** No longer built; its old tags can still be pulled. */
    REMOVED,
    /** {@code scratch}: nothing at all. */
    RESERVED
  }

  /**
   * An official image.
   *
   * @param name without registry and {@code library/}
   * @param removed the day on which it left the library, or null
   */
  public record OfficialImage(String name, Status status, @Nullable LocalDate removed) {}

  /** The official image of a name such as {@code node}, or null when there is none. */
  public static @Nullable OfficialImage named(String name) {
    return ALL.get(name);
  }

  /** The official image that a reference names, on Docker Hub or a mirror of it, or null. */
  public static @Nullable OfficialImage of(ImageReference reference) {
    String name = hubName(reference);
    return name == null ? null : ALL.get(name);
  }

  /**
   * The familiar name of an image, that of Docker Hub for the mirrors of the official images too.
   *
   * @return null when it is not known
   */
  public static @Nullable String hubName(ImageReference reference) {
    String name = reference.familiarName();
    if (name != null) {
      for (String mirror : MIRRORS) {
        if (name.startsWith(mirror)) {
          return name.substring(mirror.length());
        }
      }
    }
    return name;
  }

  /** The names of all images, those that left included. */
  public static Set<String> names() {
    return Set.copyOf(ALL.keySet());
  }

  private static Map<String, OfficialImage> load() {
    Map<String, OfficialImage> images = new HashMap<>();
    for (String line : FactLines.read("official-images.tsv")) {
      List<String> fields = FactLines.fields(line);
      Status status =
          switch (fields.get(1)) {
            case "removed", "deprecated-no-tags", "no-tags" -> Status.REMOVED;
            case "deprecated" -> Status.DEPRECATED;
            case "reserved" -> Status.RESERVED;
            // partial, note and unmaintained-here say nothing against the tags that are listed.
            default -> Status.ACTIVE;
          };
      String removed = FactLines.orNull(fields.get(2));
      images.put(
          fields.get(0),
          new OfficialImage(
              fields.get(0), status, removed == null ? null : LocalDate.parse(removed)));
    }
    return images;
  }
}
