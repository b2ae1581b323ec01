package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Compose project: its files merged as {@code docker compose} merges them. The nodes point into
 * the files that they come from, and know the way ({@link
 * fr.gouv.social.fabrique.yaml.YamlNode#way}).
 */
public final class ComposeProject implements Located {
  private final YamlMapping root;
  private final Setting<String> name;
  private final Map<SourceFile, String> folders;
  private final Variables variables;
  private final boolean complete;
  private final Map<String, ComposeService> services = new LinkedHashMap<>();
  private final Map<ComposeResource.Section, Map<String, ComposeResource>> resources =
      new LinkedHashMap<>();
  private List<ComposeProblem> problems = List.of();

  ComposeProject(
      YamlMapping root,
      Setting<String> name,
      Map<SourceFile, String> folders,
      Variables variables,
      boolean complete) {
    this.root = root;
    this.name = name;
    this.folders = folders;
    this.variables = variables;
    this.complete = complete;
    YamlPlace top = YamlPlace.of(root);
    for (YamlPlace place : top.key("services").values()) {
      String service = place.name();
      if (place.node() instanceof YamlMapping) {
        services.put(service, new ComposeService(this, service, place));
      }
    }
    for (ComposeResource.Section section : ComposeResource.Section.values()) {
      Map<String, ComposeResource> named = new LinkedHashMap<>();
      for (YamlPlace place : top.key(section.key()).values()) {
        String resource = place.name();
        named.put(resource, new ComposeResource(section, resource, place));
      }
      resources.put(section, named);
    }
  }

  void found(List<ComposeProblem> all) {
    problems = List.copyOf(all);
  }

  /** The merged tree, in the forms in which its parts are written. */
  public YamlMapping root() {
    return root;
  }

  /** The place of the merged tree. */
  public YamlPlace place() {
    return YamlPlace.of(root);
  }

  @Override
  public Span span() {
    return root.span();
  }

  /**
   * The name of the project: given, written, or by default that of the folder; absent for a file at
   * the root of the repository.
   */
  public Setting<String> name() {
    return name;
  }

  /** The files it came from: main file, overrides, included and extended files. */
  public List<SourceFile> files() {
    return List.copyOf(folders.keySet());
  }

  /** Whether every file that it includes could be read: else names may be defined elsewhere. */
  public boolean isComplete() {
    return complete;
  }

  /** All that is wrong, in the order in which loading came upon it. */
  public List<ComposeProblem> problems() {
    return problems;
  }

  /** All services, whatever their profiles. */
  public List<ComposeService> services() {
    return new ArrayList<>(services.values());
  }

  /** The service of that name, or null. */
  public @Nullable ComposeService service(String service) {
    return services.get(service);
  }

  /** The networks, volumes and so on that the top level defines, by name. */
  public Map<String, ComposeResource> resources(ComposeResource.Section section) {
    return resources.getOrDefault(section, Map.of());
  }

  /** What {@code .env} files and the caller define. */
  Variables variables() {
    return variables;
  }

  /**
   * The path in the repository of a path that a file of the project names.
   *
   * @param at where it is written: a path is seen from the project directory, or from the folder of
   *     the file that was included or extended
   * @return null for what is remote or outside the repository
   */
  public @Nullable String resolve(Located at, String path) {
    if (Paths.isRemote(path)) {
      return null;
    }
    SourceFile file = at.span().file();
    return Paths.from(folders.getOrDefault(file, file.folder()), path);
  }
}
