package fr.gouv.social.fabrique.compose;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files on top of which another one makes sense: {@code docker compose -f … -f …} is typed by
 * hand, and what a file lacks tells which ones come before it.
 */
final class Bases {
  /** Stands for having services at all. */
  private static final String SERVICES = "services";

  /** Longer lists of {@code -f} are not guessed. */
  private static final int MOST = 6;

  /** Folders with more Compose files hold collections, whose files do not belong together. */
  private static final int LARGEST_FOLDER = 40;

  private final ComposeLoader loader;
  private final Map<String, List<String>> whole;
  private final Map<String, List<String>> folders;
  private final Map<String, Set<String>> given = new HashMap<>();

  /**
   * @param whole what Compose loads in each folder by itself, the main file first
   * @param folders all Compose files of each folder
   */
  Bases(ComposeLoader loader, Map<String, List<String>> whole, Map<String, List<String>> folders) {
    this.loader = loader;
    this.whole = whole;
    this.folders = folders;
  }

  /** The files to load for one of them: itself, after those that give what it lacks. */
  List<String> under(String path) {
    List<String> beside = whole.getOrDefault(Paths.folderOf(path), List.of());
    if (ComposeFiles.isOverride(path) && !beside.isEmpty()) {
      return List.of(beside.get(0), path);
    }
    List<String> chain = new ArrayList<>(List.of(path));
    Set<String> lacking = lacking(loader.load(chain));
    List<String> candidates = lacking.isEmpty() ? List.of() : candidates(path);
    while (!lacking.isEmpty() && chain.size() < MOST) {
      String best = null;
      int most = 0;
      for (String candidate : candidates) {
        int count = chain.contains(candidate) ? 0 : common(lacking, given(candidate));
        if (count > most) {
          best = candidate;
          most = count;
        }
      }
      if (best == null) {
        break;
      }
      // A main file comes first; what leans on it comes later.
      chain.add(isFirst(best) ? 0 : chain.size() - 1, best);
      lacking = lacking(loader.load(chain));
    }
    return List.copyOf(chain);
  }

  /** The main file beside it, the other files beside it, and the main files above. */
  private List<String> candidates(String path) {
    Set<String> candidates = new LinkedHashSet<>();
    String folder = Paths.folderOf(path);
    whole.getOrDefault(folder, List.of()).stream().limit(1).forEach(candidates::add);
    List<String> beside = folders.getOrDefault(folder, List.of());
    if (beside.size() <= LARGEST_FOLDER) {
      candidates.addAll(beside);
    }
    while (!folder.isEmpty()) {
      folder = Paths.folderOf(folder);
      whole.getOrDefault(folder, List.of()).stream().limit(1).forEach(candidates::add);
    }
    candidates.remove(path);
    return List.copyOf(candidates);
  }

  private boolean isFirst(String path) {
    List<String> files = whole.getOrDefault(Paths.folderOf(path), List.of());
    return !files.isEmpty() && files.get(0).equals(path);
  }

  private static int common(Set<String> some, Set<String> others) {
    Set<String> common = new HashSet<>(some);
    common.retainAll(others);
    return common.size();
  }

  /** What a file defines, each as its section and its name. */
  private Set<String> given(String path) {
    return given.computeIfAbsent(
        path,
        key -> {
          ComposeProject project = loader.load(List.of(path));
          Set<String> names = new HashSet<>();
          for (ComposeService service : project.services()) {
            names.add(SERVICES);
            names.add(SERVICES + "." + service.name());
          }
          for (ComposeResource.Section section : ComposeResource.Section.values()) {
            project
                .resources(section)
                .keySet()
                .forEach(name -> names.add(section.key() + "." + name));
          }
          // A service that only another file completes is not given here.
          names.removeAll(lacking(project));
          return names;
        });
  }

  /** What a project names and does not define. */
  private static Set<String> lacking(ComposeProject project) {
    Set<String> lacking = new HashSet<>();
    if (project.services().isEmpty() && project.isComplete()) {
      lacking.add(SERVICES);
    }
    for (ComposeProblem problem : project.problems()) {
      String section =
          switch (problem.kind()) {
            case NO_IMAGE_OR_BUILD, UNDEFINED_DEPENDENCY, EXTENDS_UNKNOWN_SERVICE -> SERVICES;
            case UNDEFINED_NETWORK -> "networks";
            case UNDEFINED_VOLUME -> "volumes";
            case UNDEFINED_SECRET, UNDEFINED_BUILD_SECRET -> "secrets";
            case UNDEFINED_CONFIG -> "configs";
            case UNDEFINED_MODEL -> "models";
            default -> null;
          };
      if (section != null) {
        int name = problem.kind() == ComposeProblem.Kind.NO_IMAGE_OR_BUILD ? 0 : 1;
        lacking.add(section + "." + problem.arguments().get(name));
      }
    }
    return lacking;
  }
}
