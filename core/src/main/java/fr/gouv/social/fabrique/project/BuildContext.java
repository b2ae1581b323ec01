package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.dockerfile.DockerIgnore;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a Dockerfile is built from, with what Docker would send of it.
 *
 * @param folder relative to the root of the repository, empty for the root
 * @param known whether something says so: a Compose file, or sources that are there; otherwise it
 *     is the Dockerfile's own folder
 * @param ignore the patterns that apply, or null where no file gives any
 */
public record BuildContext(
    SourceTree tree,
    Dockerfile dockerfile,
    String folder,
    boolean known,
    @Nullable DockerIgnore ignore)
    implements Located {

  /** Whether Docker would send a file, given by its path in the repository. */
  public boolean sends(String path) {
    return within(path) && (ignore == null || !ignore.ignores(inContext(path)));
  }

  /** The paths in the repository of all files that Docker would send. */
  public List<String> files() {
    List<String> files = new ArrayList<>();
    for (String path : tree.paths()) {
      if (sends(path)) {
        files.add(path);
      }
    }
    return files;
  }

  /** A path of the repository as seen from the context. */
  public String inContext(String path) {
    return folder.isEmpty() ? path : path.substring(folder.length() + 1);
  }

  /** A path of the context as seen from the root of the repository. */
  public String inRepository(String path) {
    return folder.isEmpty() ? path : folder + "/" + path;
  }

  private boolean within(String path) {
    return folder.isEmpty() || path.startsWith(folder + "/");
  }

  @Override
  public Span span() {
    return dockerfile.span();
  }
}
