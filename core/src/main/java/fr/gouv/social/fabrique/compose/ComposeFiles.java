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
 * .env}: they are one project. Any other file ({@code docker-compose.prod.yml}, {@code
 * compose.dev.yaml}) is given by hand with {@code -f}. Nothing in the repository says how, so its
 * content decides: when it loads on its own it is a project of its own; what it lacks to do so (the
 * image of a service, a service that another one waits for, a network …) is looked for in the main
 * file, then in the files beside it, then in the main files of the folders above, and it is loaded
 * on top of those that give it. A file that another one includes or extends is part of that one's
 * project, unless it is a canonical main file.
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
    Set<String> parts = new HashSet<>();
    for (String path : paths) {
      String folder = Paths.folderOf(path);
      folders.computeIfAbsent(folder, key -> new ArrayList<>()).add(path);
      YamlMapping root = root(files.get(path));
      if (root != null) {
        references(root, folder, parts);
      }
    }
    Map<String, List<String>> whole = new TreeMap<>();
    folders.forEach(
        (folder, inFolder) -> {
          inFolder.sort(null);
          whole.put(folder, whole(folder, inFolder, files));
        });
    List<List<String>> projects = new ArrayList<>(whole.values());
    projects.removeIf(
        each ->
            each.isEmpty()
                || each.size() == 1 && parts.contains(each.get(0)) && !isMain(each.get(0)));
    Bases bases = new Bases(new ComposeLoader(files), whole, folders);
    folders.forEach(
        (folder, inFolder) -> {
          for (String path : inFolder) {
            boolean isLoaded = whole.getOrDefault(folder, List.of()).contains(path);
            if (!isLoaded && isMain(path)) {
              projects.add(List.of(path));
            } else if (!isLoaded && !parts.contains(path)) {
              projects.add(bases.under(path));
            }
          }
        });
    projects.sort((a, b) -> String.join("\n", a).compareTo(String.join("\n", b)));
    return projects;
  }

  /** What Compose loads in a folder when nothing else is asked for; empty for nothing. */
  private static List<String> whole(String folder, List<String> paths, ComposeLoader.Files files) {
    List<String> given = given(folder, files);
    String main = first(folder, MAIN, paths);
    if (!given.isEmpty() || main == null) {
      return given;
    }
    String override = first(folder, OVERRIDE, paths);
    return override == null ? List.of(main) : List.of(main, override);
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

  /** Whether Compose loads a file of that name on top of another one only. */
  static boolean isOverride(String path) {
    return OVERRIDE.contains(path.substring(path.lastIndexOf('/') + 1));
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
