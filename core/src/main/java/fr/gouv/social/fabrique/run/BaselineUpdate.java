package fr.gouv.social.fabrique.run;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.report.Wording;
import fr.gouv.social.fabrique.source.Language;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A baseline drawn anew, or rid of what no longer applies.
 *
 * @param after what is to be written
 * @param added how many entries came
 * @param removed how many entries went
 */
public record BaselineUpdate(Baseline after, int added, int removed) {

  /** The baseline that is there, or none. */
  public static Baseline existing(Path root, Path file, FabriqueConfig config) throws Refusal {
    return Files.exists(file) ? Run.baseline(root, file, config) : Baseline.NONE;
  }

  /**
   * Draws a baseline.
   *
   * @param found all that is there now
   * @param prune whether only entries that no longer apply go, and none comes
   */
  public static BaselineUpdate of(Baseline before, Baseline found, boolean prune) {
    Set<String> known = fingerprints(before);
    Set<String> there = fingerprints(found);
    // As they were written, in whatever language: only what goes is to show in a review.
    List<Baseline.Entry> kept =
        before.entries().stream().filter(entry -> there.contains(entry.fingerprint())).toList();
    Baseline after = prune ? new Baseline(kept) : found;
    return new BaselineUpdate(
        after,
        (int)
            after.entries().stream().filter(entry -> !known.contains(entry.fingerprint())).count(),
        known.size() - fingerprints(new Baseline(kept)).size());
  }

  private static Set<String> fingerprints(Baseline baseline) {
    return baseline.entries().stream().map(Baseline.Entry::fingerprint).collect(Collectors.toSet());
  }

  /** What was done, in words. */
  public String in(Language language) {
    boolean french = language == Language.FR;
    return Wording.issues(after.entries().size(), language)
        + (french
            ? " (" + added + " de plus, " + removed + " de moins)"
            : " (" + added + " added, " + removed + " removed)");
  }
}
