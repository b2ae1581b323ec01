package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.source.Progress;
import org.jspecify.annotations.Nullable;

/**
 * What a check has to do with besides the files of a repository: nothing of it unless the user asks
 * for it.
 *
 * @param progress told how far the check is
 * @param shellcheck the program that looks at scripts too; null for none
 */
public record Outside(Progress progress, @Nullable Shellcheck shellcheck) {
  /** Nothing but the files. */
  public static Outside nothing() {
    return new Outside(new Progress(), null);
  }
}
