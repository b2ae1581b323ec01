package fr.gouv.social.fabrique.rules.secret;

import fr.gouv.social.fabrique.source.FileKind;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceTree;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code .env} files of a repository: samples, which are wanted, and the others. */
public final class EnvFiles {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "(?:.*[._-])?(?:sample|example|exemple|dist|template|tpl|defaults?|schema|model)(?:[._-].*)?");

  /** Files that frameworks read in tests and local builds, and want to be committed. */
  private static final Pattern SHARED =
      Pattern.compile(
          "\\.env\\.(?:test|ci|development|dev|vault|keys\\.enc|shared|build|local-ci)(?:\\..*)?");

  private EnvFiles() {}

  /** Whether a file shows which variables there are. */
  public static boolean isSample(SourceEntry entry) {
    String name = entry.name().toLowerCase(Locale.ROOT);
    return name.contains("env") && SAMPLE.matcher(name).matches() && !name.endsWith(".ts");
  }

  /** The sample that stands nearest to the root, or null where there is none. */
  public static @Nullable SourceEntry sample(SourceTree tree) {
    return tree.entries().stream()
        .filter(EnvFiles::isSample)
        .min(Comparator.comparingInt(entry -> entry.path().split("/").length))
        .orElse(null);
  }

  /** Whether a path is that of a {@code .env}, which a sample is to explain. */
  public static boolean isPlain(String path) {
    return path.equals(".env") || path.endsWith("/.env");
  }

  /**
   * The files {@code web.env} and their like, by path: what Compose gives to one service, as if it
   * stood in the Compose file.
   */
  static List<SourceEntry> ofServices(SourceTree tree) {
    return tree.entries(FileKind.ENV_FILE).stream()
        .filter(entry -> !entry.name().startsWith(".env") && !isSample(entry))
        .filter(entry -> entry.problem() == null)
        .toList();
  }

  /** The files {@code .env} and their like that hold somebody's own values, by path. */
  public static List<SourceEntry> committed(SourceTree tree) {
    return tree.entries(FileKind.ENV_FILE).stream()
        .filter(
            entry ->
                (entry.name().equals(".env") || entry.name().startsWith(".env."))
                    && !isSample(entry)
                    && !entry.file().text().startsWith("#!")
                    && !SHARED.matcher(entry.name()).matches())
        .toList();
  }

  /** Whether a file holds secrets that are worth hiding, and not only those that everyone tries. */
  public static boolean holdsSecrets(SourceEntry entry) {
    return SharedSecrets.holdsSecrets(entry);
  }
}
