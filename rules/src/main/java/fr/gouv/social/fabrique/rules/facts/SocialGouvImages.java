package fr.gouv.social.fabrique.rules.facts;

import fr.gouv.social.fabrique.project.ImageReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The base images that the SRE team of La Fabrique maintains (github.com/SocialGouv/docker). */
public final class SocialGouvImages {
  private static final String FOLDER = "ghcr.io/socialgouv/docker/";
  private static final Map<String, SocialGouvImage> ALL = load();

  private SocialGouvImages() {}

  /** How an image stands. */
  public enum Status {
    LISTED,
    /** Built beside the others, but not in the published list. */
    UNLISTED,
    /** It left the list. */
    RETIRED
  }

  /**
   * An image.
   *
   * @param user what its last {@code USER} says, a number or a name; null when that is not known
   *     and for root
   * @param root whether it is known to run as root
   * @param system its operating system, or null when that is not known
   */
  public record SocialGouvImage(
      String name, Status status, @Nullable String user, boolean root, @Nullable String system) {
    /** Whether it runs as a number above 0, so that its children need no {@code USER}. */
    public boolean hasNumericUser() {
      return user != null && user.chars().allMatch(c -> c >= '0' && c <= '9');
    }
  }

  /** The image that a reference names, or null; one that is not in the list at all is null too. */
  public static @Nullable SocialGouvImage of(ImageReference reference) {
    String name = reference.familiarName();
    return name != null && name.startsWith(FOLDER)
        ? ALL.get(name.substring(FOLDER.length()))
        : null;
  }

  /** Whether a reference lies in the folder of the list, known there or not. */
  public static boolean isInFolder(ImageReference reference) {
    String name = reference.familiarName();
    return name != null && name.startsWith(FOLDER);
  }

  private static Map<String, SocialGouvImage> load() {
    Map<String, SocialGouvImage> images = new HashMap<>();
    for (String line : FactLines.read("socialgouv-images.tsv")) {
      List<String> fields = FactLines.fields(line);
      Status status =
          switch (fields.get(1)) {
            case "listed" -> Status.LISTED;
            case "unlisted" -> Status.UNLISTED;
            default -> Status.RETIRED;
          };
      String user = fields.get(2);
      String system = fields.get(3);
      images.put(
          fields.get(0),
          new SocialGouvImage(
              fields.get(0),
              status,
              user.equals("-") || user.equals("?") ? null : user,
              user.equals("-"),
              system.equals("?") ? null : system));
    }
    return images;
  }
}
