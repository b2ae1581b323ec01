package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.YamlDocument;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlReader;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the Compose projects of a repository.
 *
 * <p>In each folder {@code docker compose} itself would load one main file and one override
 * (compose-go, cli/options.go), or those that {@code COMPOSE_FILE} names in the folder's {@code
 * .env}: they are one project. Another file with a Compose name ({@code docker-compose.prod.yml},
 * {@code compose.dev.yaml}) is given by hand with {@code -f}. Nothing in the repository says how,
 * so its content decides: when each of its services is complete on its own (an image, a build, a
 * provider or an {@code extends}) it is a project of its own; when one of its services only makes
 * sense on top of the main file, it is loaded as an override of it. A file that another one
 * includes or extends is part of that one's project, unless it is a canonical main file. A file
 * with another name is a project of its own.
 */
public final class ComposeFiles {
  private static final List<String> MAIN =
      List.of("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml");
  private static final List<String> OVERRIDE =
      List.of(
          "compose.override.yml",
          "compose.override.yaml",
          "docker-compose.override.yml",
          "docker-compose.override.yaml");
  private static final Pattern NAME =
      Pattern.compile(
          "(docker-)?compose([._-][A-Za-z0-9._-]+)?\\.ya?ml|.+[._-](docker-)?compose\\.ya?ml");

  private ComposeFiles() {}

  /** Whether the name of a file is one that Compose files have. */
  public static boolean isComposeName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * The projects among some files, each as the paths to load in order; by path of the main file.
   *
   * @param paths of its Compose files, relative to its root
   * @param files gives the content of those paths
   */
  public static List<List<String>> discover(Collection<String> paths, ComposeLoader.Files files) {
    Map<String, List<String>> folders = new TreeMap<>();
    List<List<String>> projects = new ArrayList<>();
    Set<String> parts = new HashSet<>();
    for (String path : paths) {
      String folder = Paths.folderOf(path);
      if (isComposeName(path.substring(path.lastIndexOf('/') + 1))) {
        folders.computeIfAbsent(folder, key -> new ArrayList<>()).add(path);
      } else {
        projects.add(List.of(path));
      }
      YamlMapping root = root(files.get(path));
      if (root != null) {
        references(root, folder, parts);
      }
    }
    folders.forEach(
        (folder, inFolder) -> {
          inFolder.sort(null);
          projects.addAll(projectsOf(folder, inFolder, files));
        });
    projects.removeIf(
        project ->
            project.size() == 1 && parts.contains(project.get(0)) && !isMain(project.get(0)));
    projects.sort((a, b) -> String.join("\n", a).compareTo(String.join("\n", b)));
    return projects;
  }

  private static List<List<String>> projectsOf(
      String folder, List<String> paths, ComposeLoader.Files files) {
    List<String> given = given(folder, files);
    String main = given.isEmpty() ? first(folder, MAIN, paths) : given.get(0);
    List<String> whole = new ArrayList<>(given);
    if (given.isEmpty() && main != null) {
      whole.add(main);
      String override = first(folder, OVERRIDE, paths);
      if (override != null) {
        whole.add(override);
      }
    }
    List<List<String>> projects = new ArrayList<>();
    if (!whole.isEmpty()) {
      projects.add(List.copyOf(whole));
    }
    for (String path : paths) {
      if (whole.contains(path)) {
        continue;
      }
      YamlMapping root = root(files.get(path));
      boolean fragment = main != null && root != null && !isMain(path) && isFragment(root);
      projects.add(fragment ? List.of(main, path) : List.of(path));
    }
    return projects;
  }

  /** What {@code COMPOSE_FILE} names, when all of it is there. */
  private static List<String> given(String folder, ComposeLoader.Files files) {
    SourceFile file = files.get(folder.isEmpty() ? ".env" : folder + "/.env");
    if (file == null) {
      return List.of();
    }
    Map<String, Variables.Value> values = DotEnv.read(file, Variables.of(Map.of()), false).values();
    Variables.Value names = values.get("COMPOSE_FILE");
    Variables.Value separator = values.get("COMPOSE_PATH_SEPARATOR");
    if (names == null || !names.known() || names.text().isBlank()) {
      return List.of();
    }
    String between =
        separator == null || separator.text().isEmpty() ? "[:;]" : Pattern.quote(separator.text());
    List<String> paths = new ArrayList<>();
    for (String name : names.text().split(between)) {
      String path = Paths.from(folder, name.strip());
      if (path == null || files.get(path) == null) {
        return List.of();
      }
      paths.add(path);
    }
    return paths;
  }

  private static @Nullable String first(String folder, List<String> names, List<String> paths) {
    for (String name : names) {
      String path = folder.isEmpty() ? name : folder + "/" + name;
      if (paths.contains(path)) {
        return path;
      }
    }
    return null;
  }

  /**
   * The main file beside another one that Compose takes instead of it, or null: of several it takes
   * the first, and warns.
   *
   * @param isThere whether a path leads to a file
   */
  public static @Nullable String shadowing(String path, Predicate<String> isThere) {
    String folder = Paths.folderOf(path);
    for (String name : MAIN) {
      String other = folder.isEmpty() ? name : folder + "/" + name;
      if (other.equals(path) || !isMain(path)) {
        return null;
      }
      if (isThere.test(other)) {
        return name;
      }
    }
    return null;
  }

  private static boolean isMain(String path) {
    return MAIN.contains(path.substring(path.lastIndexOf('/') + 1));
  }

  private static @Nullable YamlMapping root(@Nullable SourceFile file) {
    if (file == null) {
      return null;
    }
    for (YamlDocument document : YamlReader.read(file).documents()) {
      if (document.root() instanceof YamlMapping mapping) {
        return mapping;
      }
    }
    return null;
  }

  /** Whether a file needs another one: it has no services, or one that nothing can run. */
  private static boolean isFragment(YamlMapping root) {
    if (!(root.get("services") instanceof YamlMapping services) || services.entries().isEmpty()) {
      return !root.has("include");
    }
    for (YamlMapping.Entry entry : services.entries()) {
      boolean complete =
          entry.value() instanceof YamlMapping service
              && (service.has("image")
                  || service.has("build")
                  || service.has("provider")
                  || service.has("extends"));
      if (!complete) {
        return true;
      }
    }
    return false;
  }

  /** The files that a file includes and extends. */
  private static void references(YamlMapping root, String folder, Set<String> parts) {
    List<@Nullable YamlNode> found = new ArrayList<>();
    if (root.get("include") instanceof YamlSequence include) {
      for (YamlNode item : include.items()) {
        found.add(item instanceof YamlMapping mapping ? mapping.get("path") : item);
      }
    }
    if (root.get("services") instanceof YamlMapping services) {
      for (YamlMapping.Entry entry : services.entries()) {
        if (entry.value() instanceof YamlMapping service
            && service.get("extends") instanceof YamlMapping extend) {
          found.add(extend.get("file"));
        }
      }
    }
    for (YamlNode node : found) {
      List<YamlNode> each = new ArrayList<>();
      if (node instanceof YamlSequence several) {
        each.addAll(several.items());
      } else if (node != null) {
        each.add(node);
      }
      for (YamlNode one : each) {
        String path = one instanceof YamlScalar scalar ? Paths.from(folder, scalar.value()) : null;
        if (path != null) {
          parts.add(path);
        }
      }
    }
  }
}
