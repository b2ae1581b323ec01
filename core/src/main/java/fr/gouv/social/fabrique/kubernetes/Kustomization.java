package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A {@code kustomization.yaml}: which files it takes together, and what it changes in them. */
public record Kustomization(SourceFile file, YamlPlace place) implements Located {
  private static final Set<String> NAMES =
      Set.of("kustomization.yaml", "kustomization.yml", "Kustomization");

  /** The kustomization that a file holds, or null. */
  static @Nullable Kustomization of(YamlFile yaml) {
    if (!NAMES.contains(yaml.file().name())) {
      return null;
    }
    return yaml.documents().stream()
        .filter(document -> document.root() instanceof YamlMapping)
        .findFirst()
        .map(document -> new Kustomization(yaml.file(), YamlPlace.of(document.root())))
        .orElse(null);
  }

  @Override
  public Span span() {
    return place.span();
  }

  /** The namespace that it gives to all its objects. */
  public Setting<String> namespace() {
    return Values.string(place.key("namespace"));
  }

  /** The labels that it gives to all its objects and pods, selectors included or not. */
  public Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>(Values.map(place.key("commonLabels")));
    for (YamlPlace each : place.key("labels").items()) {
      labels.putAll(Values.map(each.key("pairs")));
    }
    return labels;
  }

  /** Whether it is a part that does nothing until another one takes it in. */
  public boolean isComponent() {
    return place.key("kind").text("").equals("Component");
  }

  /**
   * An entry of {@code images}: what it makes of the images of a name.
   *
   * @param image the new image as a container would name it
   * @param at where its tag or its digest is written
   */
  public record ImageChange(Kustomization kustomization, String name, String image, YamlPlace at) {}

  /** The images to which it gives a tag or a digest; what holds a placeholder is left out. */
  List<ImageChange> imageChanges() {
    List<ImageChange> changes = new ArrayList<>();
    for (YamlPlace each : place.key("images").items()) {
      String name = each.key("name").text("");
      String repository = each.key("newName").text(name);
      boolean pinned = each.key("digest").isPresent();
      YamlPlace at = each.key(pinned ? "digest" : "newTag");
      String image = repository + (pinned ? "@" : ":") + at.text("");
      if (!name.isEmpty() && !at.text("").isEmpty() && !Values.isUnresolved(image)) {
        changes.add(new ImageChange(this, repository, image, at));
      }
    }
    return changes;
  }

  /** The paths of the files and folders it takes in, from the root of the repository. */
  public List<String> resources() {
    List<String> paths = new ArrayList<>();
    for (String key : List.of("resources", "bases", "components")) {
      for (String text : place.key(key).texts()) {
        String path = resolve(text);
        if (path != null) {
          paths.add(path);
        }
      }
    }
    return paths;
  }

  /** The folders of the components it takes in, from the root of the repository. */
  List<String> components() {
    List<String> paths = new ArrayList<>();
    place.key("components").texts().forEach(text -> add(paths, text));
    return paths;
  }

  /** The paths of the files that hold patches: parts of objects. */
  public List<String> patches() {
    List<String> paths = new ArrayList<>();
    for (YamlPlace patch : place.key("patches").items()) {
      add(paths, patch.key("path").text());
    }
    for (YamlPlace patch : place.key("patchesJson6902").items()) {
      add(paths, patch.key("path").text());
    }
    place.key("patchesStrategicMerge").texts().forEach(text -> add(paths, text));
    return paths;
  }

  private void add(List<String> paths, @Nullable String text) {
    String path = text == null ? null : resolve(text);
    if (path != null) {
      paths.add(path);
    }
  }

  /** The {@code configMapGenerator} or {@code secretGenerator} entries. */
  List<YamlPlace> generators(String key) {
    return place.key(key).items();
  }

  /**
   * A path relative to this file, from the root of the repository; null for one outside, or a URL.
   */
  @Nullable String resolve(String text) {
    if (text.contains("://") || text.indexOf('\n') >= 0) {
      return null;
    }
    Deque<String> parts = new ArrayDeque<>();
    String folder = file.folder();
    for (String part : (folder.isEmpty() ? text : folder + "/" + text).split("/")) {
      if (part.equals("..")) {
        if (parts.pollLast() == null) {
          return null;
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }
}
