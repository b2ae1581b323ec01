package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.Templates;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlReader;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What kustomizations make of the files they take in: a file is used once for each way from an
 * outermost kustomization to it. A value that every use changes is unknown in the file itself: the
 * patches say it, and are judged themselves.
 */
final class Overlays {
  /** A repository that takes things in more often than this is not followed to the end. */
  private static final int MAX_VISITS = 20_000;

  /** What one use of a file leaves of an object: a tree where what it changes is unknown. */
  private record Use(Kustomization outermost, YamlMapping left) {}

  private static final Pattern NO_PATTERN = Pattern.compile("[A-Za-z0-9-]*");
  private static final List<String> CONTAINERS = List.of("initContainers", "containers");
  private static final Set<String> SCALED =
      Set.of("Deployment", "ReplicaSet", "ReplicationController", "StatefulSet");

  private final Map<String, Kustomization> byFolder = new HashMap<>();

  /** For each file the ways to it: kustomizations from the outermost to that which lists it. */
  private final Map<String, List<List<Kustomization>>> uses = new HashMap<>();

  private final Map<String, YamlFile> files;
  private final Map<Kustomization, List<Patch>> patches = new HashMap<>();
  private final Map<YamlMapping, List<Use>> different = new IdentityHashMap<>();
  private int visits;

  /**
   * @param files what patches may stand in, by path
   */
  Overlays(List<Kustomization> kustomizations, Map<String, YamlFile> files) {
    this.files = files;
    Set<String> used = new HashSet<>();
    for (Kustomization each : kustomizations) {
      byFolder.put(each.file().folder(), each);
      used.addAll(each.resources());
    }
    for (Kustomization each : kustomizations) {
      if (!used.contains(each.file().folder()) && !each.isComponent()) {
        visit(List.of(), each);
      }
    }
  }

  private void visit(List<Kustomization> outer, Kustomization kustomization) {
    if (outer.contains(kustomization) || ++visits > MAX_VISITS) {
      return;
    }
    List<Kustomization> way = new ArrayList<>(outer);
    way.add(kustomization);
    for (String path : new LinkedHashSet<>(kustomization.resources())) {
      Kustomization inner = byFolder.get(path);
      if (inner != null) {
        visit(way, inner);
      } else {
        uses.computeIfAbsent(path, key -> new ArrayList<>()).add(way);
      }
    }
  }

  /**
   * The namespace that is given to the objects of a file: the outermost one wins; what several uses
   * give differently is unknown. Null where none is given.
   */
  @Nullable Setting<String> namespace(String path) {
    Setting<String> given = null;
    for (List<Kustomization> way : uses.getOrDefault(path, List.of())) {
      for (Kustomization each : way) {
        Setting<String> own = each.namespace();
        if (!own.isAbsent()) {
          boolean same = given == null || own.value() != null && own.value().equals(given.value());
          given = same ? own : Setting.unknown(own.at());
          break;
        }
      }
    }
    return given;
  }

  /** An object with what every use of its file changes unknown; the same where nothing is. */
  YamlMapping left(KubernetesObject object) {
    Changes common = null;
    for (List<Kustomization> way : uses.getOrDefault(object.file().path(), List.of())) {
      Changes changes = changes(object, way);
      common = common == null ? changes : common.and(changes);
      if (common.isNone()) {
        return object.root();
      }
    }
    return common != null
            && common.in(object.root(), object.place().span()) instanceof YamlMapping left
        ? left
        : object.root();
  }

  /** Whether a file is taken in, and only by way of components, which add to what others apply. */
  boolean isOfComponents(String path) {
    List<List<Kustomization>> ways = uses.getOrDefault(path, List.of());
    return !ways.isEmpty()
        && ways.stream().allMatch(way -> way.stream().anyMatch(Kustomization::isComponent));
  }

  /** Whether one of the outermost kustomizations takes in both files. */
  boolean useTogether(String path, String other) {
    List<List<Kustomization>> others = uses.getOrDefault(other, List.of());
    return uses.getOrDefault(path, List.of()).stream()
        .anyMatch(way -> others.stream().anyMatch(each -> each.get(0) == way.get(0)));
  }

  /** The outermost kustomizations that do not change a place of an object, where others do. */
  synchronized List<Kustomization> leavingAlone(KubernetesObject object, List<String> way) {
    Set<Kustomization> leaving = new LinkedHashSet<>();
    boolean changed = false;
    for (Use each : different.computeIfAbsent(object.root(), key -> differentUses(object))) {
      if (isUnknown(YamlPlace.of(each.left), way)) {
        changed = true;
      } else {
        leaving.add(each.outermost);
      }
    }
    return changed ? List.copyOf(leaving) : List.of();
  }

  private static boolean isUnknown(YamlPlace root, List<String> way) {
    YamlPlace place = root;
    for (String name : way) {
      YamlPlace owner = place;
      place =
          name.startsWith("[")
              ? owner.items().stream()
                  .filter(each -> each.name().equals(name))
                  .findFirst()
                  .orElse(owner)
              : owner.key(name);
    }
    return place.isUnknown();
  }

  /** What is left of an object by each use of its file; empty where all leave the same. */
  private List<Use> differentUses(KubernetesObject object) {
    List<Use> all = new ArrayList<>();
    boolean changed = false;
    for (List<Kustomization> way : uses.getOrDefault(object.file().path(), List.of())) {
      Changes changes = changes(object, way);
      changed |= !changes.isNone();
      if (changes.in(object.root(), object.place().span()) instanceof YamlMapping left) {
        all.add(new Use(way.get(0), left));
      }
    }
    return changed && all.size() > 1 ? all : List.of();
  }

  private Changes changes(KubernetesObject object, List<Kustomization> way) {
    Changes changes = new Changes();
    Set<String> names = new HashSet<>();
    String name = object.name();
    for (int i = way.size() - 1; i >= 0; i--) {
      Kustomization each = way.get(i);
      names.add(name);
      apply(each, object, names, changes, new HashSet<>());
      name =
          each.place().key("namePrefix").text("") + name + each.place().key("nameSuffix").text("");
    }
    for (String key : List.of("apiVersion", "kind")) {
      changes.below.remove(key);
    }
    Changes metadata = changes.below.get("metadata");
    if (metadata != null) {
      metadata.below.keySet().removeAll(Set.of("name", "namespace"));
    }
    return changes;
  }

  private void apply(
      Kustomization kustomization,
      KubernetesObject object,
      Set<String> names,
      Changes into,
      Set<Kustomization> visited) {
    if (!visited.add(kustomization)) {
      return;
    }
    for (Patch each : patches.computeIfAbsent(kustomization, this::patches)) {
      if (each.concerns(object, names)) {
        into.patch(object.root(), each.body);
      }
    }
    images(kustomization, object, into);
    for (YamlPlace each : kustomization.place().key("replicas").items()) {
      if (SCALED.contains(object.kind()) && names.contains(each.key("name").text(""))) {
        into.at("spec").at("replicas").whole = true;
      }
    }
    // A component changes all that the kustomization has which takes it in.
    for (String each : kustomization.components()) {
      Kustomization component = byFolder.get(each);
      if (component != null) {
        apply(component, object, names, into, visited);
      }
    }
  }

  private static void images(Kustomization kustomization, KubernetesObject object, Changes into) {
    List<YamlPlace> images = kustomization.place().key("images").items();
    Workload workload = images.isEmpty() ? null : Workload.of(object);
    if (workload == null) {
      return;
    }
    Changes spec = into;
    for (String key : (workload.templatePath() + ".spec").split("\\.")) {
      spec = key.isEmpty() ? spec : spec.at(key);
    }
    for (String kind : CONTAINERS) {
      List<YamlPlace> containers = workload.pod().items(kind);
      for (int i = 0; i < containers.size(); i++) {
        String image = containers.get(i).key("image").text("");
        for (YamlPlace each : images) {
          if (each.key("name").text("").equals(repository(image))
              && !changed(image, each).equals(image)) {
            spec.at(kind).at(i).at("image").whole = true;
          }
        }
      }
    }
  }

  /** What an entry of {@code images} makes of an image of its name. */
  private static String changed(String image, YamlPlace change) {
    String name = change.key("newName").text(repository(image));
    String tag = change.key("newTag").text("");
    String digest = change.key("digest").text("");
    if (!digest.isEmpty()) {
      return name + "@" + digest;
    }
    return name + (tag.isEmpty() ? image.substring(repository(image).length()) : ":" + tag);
  }

  /** An image without tag and digest. */
  private static String repository(String image) {
    int digest = image.indexOf('@');
    String tagged = digest < 0 ? image : image.substring(0, digest);
    int tag = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
    return tag < 0 ? tagged : tagged.substring(0, tag);
  }

  private List<Patch> patches(Kustomization kustomization) {
    List<Patch> found = new ArrayList<>();
    for (String key : List.of("patches", "patchesJson6902", "patchesStrategicMerge")) {
      for (YamlPlace each : kustomization.place().key(key).items()) {
        String inline = each.key("patch").text();
        String listed = each.text();
        String text = listed != null && listed.indexOf('\n') >= 0 ? listed : inline;
        String path = kustomization.resolve(each.key("path").text(listed == null ? "" : listed));
        YamlFile file =
            text != null
                ? YamlReader.read(SourceFile.of(kustomization.file().path(), text))
                : path == null ? null : files.get(path);
        if (file != null) {
          file.documents().forEach(body -> found.add(new Patch(each.key("target"), body.root())));
        }
      }
    }
    return found;
  }

  /**
   * A strategic merge patch, which is part of an object, or a list of JSON patch operations.
   *
   * @param target which objects it changes; absent for the one that it names itself
   */
  private record Patch(YamlPlace target, YamlNode body) {
    boolean concerns(KubernetesObject object, Set<String> names) {
      if (target.isPresent()) {
        // Selectors by label, and patterns, may choose it.
        return mayBe(target.key("kind"), Set.of(object.kind())) && mayBe(target.key("name"), names);
      }
      YamlPlace own = YamlPlace.of(body);
      return own.key("kind").text("").equals(object.kind())
          && names.contains(own.at("metadata.name").text(""));
    }

    private static boolean mayBe(YamlPlace wanted, Set<String> names) {
      String text = wanted.text("");
      return text.isEmpty() || names.contains(text) || !NO_PATTERN.matcher(text).matches();
    }
  }

  /** Which places of a tree are changed: keys of mappings, and indexes of sequences. */
  private static final class Changes {
    private final Map<Object, Changes> below = new LinkedHashMap<>();

    /** Whether it changes with all that is under it. */
    private boolean whole;

    Changes at(Object keyOrIndex) {
      return below.computeIfAbsent(keyOrIndex, key -> new Changes());
    }

    boolean isNone() {
      return !whole && below.values().stream().allMatch(Changes::isNone);
    }

    /** What changes in both. */
    Changes and(Changes other) {
      if (whole || other.whole) {
        return whole ? other : this;
      }
      Changes both = new Changes();
      below.forEach(
          (key, each) -> {
            Changes others = other.below.get(key);
            if (others != null) {
              both.below.put(key, each.and(others));
            }
          });
      return both;
    }

    void patch(YamlNode base, YamlNode patch) {
      if (patch instanceof YamlSequence operations) {
        operations.items().forEach(each -> operation(base, YamlPlace.of(each)));
      } else {
        merge(base, patch);
      }
    }

    /** RFC 6902. What is added to a sequence changes nothing that is in it. */
    private void operation(YamlNode base, YamlPlace operation) {
      String what = operation.key("op").text("");
      YamlNode value = operation.key("value").node();
      String[] path = operation.key("path").text("").split("/");
      Changes changes = this;
      YamlNode node = base;
      for (int i = 1; i < path.length; i++) {
        String key = path[i].replace("~1", "/").replace("~0", "~");
        if (node instanceof YamlSequence sequence) {
          int index = key.matches("[0-9]{1,6}") ? Integer.parseInt(key) : sequence.items().size();
          if (index >= sequence.items().size() || i == path.length - 1 && what.equals("add")) {
            return;
          }
          node = sequence.items().get(index);
          changes = changes.at(index);
        } else {
          node = node instanceof YamlMapping mapping ? mapping.get(key) : null;
          changes = changes.at(key);
        }
      }
      if (changes == this || what.equals("test")) {
        return;
      }
      if (value instanceof YamlMapping && !what.equals("remove")) {
        changes.merge(node, value);
      } else {
        changes.whole = true;
      }
    }

    private void merge(@Nullable YamlNode base, YamlNode patch) {
      if (patch instanceof YamlMapping mapping
          && !mapping.entries().isEmpty()
          && !mapping.has("$patch")) {
        YamlMapping own = base instanceof YamlMapping same ? same : null;
        for (YamlMapping.Entry each : mapping.entries()) {
          at(each.name()).merge(own == null ? null : own.get(each.name()), each.value());
        }
      } else if (patch instanceof YamlSequence sequence
          && base instanceof YamlSequence own
          && areNamed(own)
          && areNamed(sequence)) {
        for (YamlNode item : sequence.items()) {
          for (int i = 0; i < own.items().size(); i++) {
            if (name(own.items().get(i)).equals(name(item))) {
              at(i).merge(own.items().get(i), item);
              break;
            }
          }
        }
      } else if (!(patch instanceof YamlScalar one
          && base instanceof YamlScalar other
          && one.value().equals(other.value()))) {
        whole = true;
      }
    }

    private static boolean areNamed(YamlSequence sequence) {
      return sequence.items().stream().noneMatch(each -> name(each).isEmpty());
    }

    private static String name(YamlNode item) {
      return YamlPlace.of(item).key("name").text("");
    }

    /**
     * A tree with what changes unknown.
     *
     * @param at where to point for what is not written
     */
    @Nullable YamlNode in(@Nullable YamlNode node, Span at) {
      if (whole) {
        return unknown(node == null ? at : node.span());
      }
      if (isNone()) {
        return node;
      }
      if (node instanceof YamlSequence sequence) {
        List<YamlNode> items = new ArrayList<>(sequence.items());
        below.forEach(
            (index, each) -> {
              if (index instanceof Integer i) {
                YamlNode item = items.get(i);
                YamlNode left = each.in(item, YamlPlace.of(item).span());
                items.set(i, left == null ? item : left);
              }
            });
        return new YamlSequence(
            sequence.span(), items, sequence.tag(), sequence.anchor(), sequence.way());
      }
      return node == null || node instanceof YamlMapping || !YamlPlace.of(node).isPresent()
          ? mapping(node instanceof YamlMapping written ? written : null, at)
          : node;
    }

    private static YamlScalar unknown(Span at) {
      return Templates.withUnknowns(plain(at, Values.UNRESOLVED));
    }

    private static YamlScalar plain(Span at, String text) {
      return new YamlScalar(at, text, YamlScalar.Style.PLAIN, null, null, List.of());
    }

    private YamlMapping mapping(@Nullable YamlMapping written, Span at) {
      List<YamlMapping.Entry> entries = new ArrayList<>();
      Set<String> there = new HashSet<>();
      for (YamlMapping.Entry each :
          written == null ? List.<YamlMapping.Entry>of() : written.entries()) {
        there.add(each.name());
        Changes changes = below.get(each.name());
        YamlNode left = changes == null ? null : changes.in(each.value(), each.key().span());
        entries.add(left == null ? each : new YamlMapping.Entry(each.key(), left));
      }
      below.forEach(
          (key, each) -> {
            YamlNode left = there.contains(key.toString()) ? null : each.in(null, at);
            if (left != null) {
              entries.add(new YamlMapping.Entry(plain(at, key.toString()), left));
            }
          });
      return written == null
          ? YamlMapping.of(at, entries)
          : new YamlMapping(
              written.span(),
              written.written(),
              entries,
              written.tag(),
              written.anchor(),
              written.way());
    }
  }
}
