package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.image.Images;
import fr.gouv.social.fabrique.source.Progress;
import org.jspecify.annotations.Nullable;

/**
 * What a check has to do with besides the files of a repository: nothing of it unless the user asks
 * for it.
 *
 * @param progress told how far the check is
 * @param shellcheck the program that looks at scripts too; null for none
 * @param images those of an engine: what is asked about base images, and about those that the
 *     repository builds and runs
 */
public record Outside(Progress progress, @Nullable Shellcheck shellcheck, Images images) {
  /** Nothing but the files. */
  public static Outside nothing() {
    return new Outside(new Progress(), null, Images.none());
  }
}
