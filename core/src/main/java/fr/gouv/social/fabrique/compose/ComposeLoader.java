package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.compose.ComposeProblem.Kind;
import fr.gouv.social.fabrique.source.SourceFile;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loads Compose projects as {@code docker compose} does (compose-go, loader/loader.go). The
 * machine's environment is never read: a variable that neither the caller nor an {@code .env} file
 * defines is unknown. Files outside the repository are never asked for.
 *
 * @param files the files of the repository
 * @param variables values that win over those of {@code .env} files
 * @param projectName the name that the caller gives the project, or null
 * @param profiles the active profiles; null to look at every service, as if its profiles were
 *     active
 */
public record ComposeLoader(
    Files files,
    Map<String, String> variables,
    @Nullable String projectName,
    @Nullable Set<String> profiles) {

  /** The files of a repository. */
  @FunctionalInterface
  public interface Files {
    /**
     * The file at a path relative to the root of the repository, or null. The same path gives the
     * same object.
     */
    @Nullable SourceFile get(String path);
  }

  public ComposeLoader {
    variables = Map.copyOf(variables);
  }

  /** A loader without variables, for every service. */
  public ComposeLoader(Files files) {
    this(files, Map.of(), null, null);
  }

  /**
   * Loads one project; never throws for what the files hold.
   *
   * @param paths the main file and the files that override it, in order
   */
  public ComposeProject load(List<String> paths) {
    return new Loading(this).load(paths);
  }

  /** What the problems of a YAML file are called here. */
  static Kind kind(fr.gouv.social.fabrique.yaml.YamlProblem.Kind kind) {
    return switch (kind) {
      case SYNTAX, UNKNOWN_ALIAS -> Kind.YAML_SYNTAX;
      case DUPLICATE_KEY -> Kind.DUPLICATE_KEY;
      case BAD_MERGE -> Kind.BAD_MERGE_VALUE;
      case ALIAS_BOMB -> Kind.ALIAS_CYCLE_OR_BOMB;
      case TOO_LARGE -> Kind.TOO_LARGE;
    };
  }
}
