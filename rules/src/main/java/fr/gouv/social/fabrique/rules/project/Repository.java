package fr.gouv.social.fabrique.rules.project;

import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.project.DatabaseService;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.source.FileKind;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceFile;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What kind of repository this is, and what lies in it. */
final class Repository {
  private static final Pattern ROOT =
      Pattern.compile(
          "(?i)(?:readme|licen[cs]e|copying)(?:\\..*)?|\\.gitignore|\\.gitlab-ci\\.yml|\\.github/.*|codeowners|makefile");

  /** What a program is built from. */
  private static final Pattern SOURCES =
      Pattern.compile(
          "package\\.json|pom\\.xml|build\\.gradle(?:\\.kts)?|pyproject\\.toml|requirements\\.txt|setup\\.py"
              + "|go\\.mod|composer\\.json|Gemfile|Cargo\\.toml|mix\\.exs|[^/]+\\.(?:csproj|sln)");

  private Repository() {}

  /**
   * Whether this is the repository of a product: a root that somebody keeps, and something that is
   * built in it. A folder with a manifest or two is none, nor is one of manifests only.
   */
  static boolean isProduct(Project project) {
    boolean sources = file(project, SOURCES) != null;
    boolean root = sources || file(project, ROOT) != null;
    boolean built = !project.subjects(Dockerfile.class).isEmpty();
    return root && (built || sources && isRun(project));
  }

  /** Whether something says how the product runs. */
  private static boolean isRun(Project project) {
    return deployment(project) != null || !project.subjects(ComposeProject.class).isEmpty();
  }

  /** A file that says how the product is deployed to Kubernetes, or null. */
  static @Nullable String deployment(Project project) {
    List<Workload> workloads = project.subjects(Workload.class);
    if (!workloads.isEmpty()) {
      return workloads.get(0).span().file().path();
    }
    for (FileKind kind :
        List.of(
            FileKind.KONTINUOUS,
            FileKind.KUSTOMIZATION,
            FileKind.HELM_CHART,
            FileKind.HELM_TEMPLATE)) {
      List<SourceEntry> entries = project.tree().entries(kind);
      if (!entries.isEmpty()) {
        return entries.get(0).path();
      }
    }
    return null;
  }

  /** A database that the repository shows and in which the product keeps its data, or null. */
  static @Nullable DatabaseService database(Project project) {
    return project.subjects(DatabaseService.class).stream()
        .filter(database -> database.engine().isRelational())
        .findFirst()
        .orElse(null);
  }

  /** The file that says what the product is built from, or the whole repository. */
  static Located sources(Project project) {
    String path = file(project, SOURCES);
    return path == null ? image(project) : start(path);
  }

  /** The Dockerfile nearest to the root, or the whole repository. */
  static Located image(Project project) {
    return project.subjects(Dockerfile.class).stream()
        .map(dockerfile -> dockerfile.file().path())
        .min(Comparator.comparingInt(path -> path.split("/").length))
        .map(Repository::start)
        .orElse(project);
  }

  /** The first path that matches, or null. */
  static @Nullable String file(Project project, Pattern paths) {
    for (String path : project.tree().paths()) {
      if (paths.matcher(path).matches()) {
        return path;
      }
    }
    return null;
  }

  /** The text of the file at a path; empty where there is none. */
  static String text(Project project, String path) {
    SourceEntry entry = project.tree().entry(path);
    return entry == null || entry.problem() != null ? "" : entry.file().text();
  }

  /** The start of a file. */
  static Located start(String path) {
    return SourceFile.of(path, "").all();
  }
}
