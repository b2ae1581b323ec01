package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.compose.ComposeBuild;
import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Environments;
import fr.gouv.social.fabrique.source.FileKind;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All of one repository, read and linked. Immutable once built. */
public final class Project implements Located {
  /** Templates beside those of one environment. */
  private static final Pattern EVERYWHERE = Pattern.compile("(?:.*/)?\\.kontinuous/templates/.*");

  /** Around an object, or on the environment. */
  private static final Pattern CONDITION =
      Pattern.compile("(?m)^\\{\\{-?\\s*(?:if|with|range)\\b|\\.global\\.(?:env\\b|is[A-Z])");

  private final SourceTree tree;
  private final Environments environments;
  private final Map<String, YamlFile> yaml;
  private final ObjectIndex objects;
  private final Map<Class<?>, List<?>> subjects;
  private final List<String> checked;
  private final List<NotRead> notRead;
  private final Map<SourceFile, TreeMap<Integer, KubernetesObject>> objectsByFile = new HashMap<>();
  private final Map<String, Dockerfile> dockerfiles = new HashMap<>();
  private final Map<Stage, List<StageScript>> scripts = new HashMap<>();

  Project(
      SourceTree tree,
      Environments environments,
      Map<String, YamlFile> yaml,
      ObjectIndex objects,
      Map<Class<?>, List<?>> subjects,
      List<String> checked,
      List<NotRead> notRead) {
    this.tree = tree;
    this.environments = environments;
    this.yaml = yaml;
    this.objects = objects;
    this.subjects = subjects;
    this.checked = List.copyOf(checked);
    this.notRead = List.copyOf(notRead);
    for (KubernetesObject object : objects.objects()) {
      objectsByFile
          .computeIfAbsent(object.file(), file -> new TreeMap<>())
          .put(object.root().span().start(), object);
    }
    subjects(Dockerfile.class).forEach(each -> dockerfiles.putIfAbsent(each.file().path(), each));
    for (StageScript script : subjects(StageScript.class)) {
      scripts.computeIfAbsent(script.stage(), stage -> new ArrayList<>()).add(script);
    }
  }

  /** The files of the repository. */
  public SourceTree tree() {
    return tree;
  }

  /**
   * Whether Helm renders charts from elsewhere with values of this repository: what they deploy
   * shows in no file.
   */
  public boolean deploysChartsFromElsewhere() {
    return tree.entries(FileKind.HELM_CHART).stream()
        .anyMatch(chart -> ProjectReader.needsOthers(tree, yaml, chart));
  }

  /** The Kubernetes objects and what links them. */
  public ObjectIndex objects() {
    return objects;
  }

  /** The YAML of the files that were read as such, by path. */
  public Map<String, YamlFile> yaml() {
    return yaml;
  }

  /** Every subject of one kind, by path and position. */
  public <S> List<S> subjects(Class<S> kind) {
    if (kind == Project.class) {
      return List.of(kind.cast(this));
    }
    List<?> found = subjects.get(kind);
    if (found == null && Instruction.class.isAssignableFrom(kind)) {
      return subjects(Instruction.class).stream().filter(kind::isInstance).map(kind::cast).toList();
    }
    return found == null ? objects.all(kind) : found.stream().map(kind::cast).toList();
  }

  /** The stage in which an instruction or anything within it stands, or null. */
  public @Nullable Stage stageOf(Located place) {
    Dockerfile dockerfile = dockerfile(place.span().file().path());
    return dockerfile == null ? null : dockerfile.stageAt(place);
  }

  /** The Dockerfile at a path, or null. */
  public @Nullable Dockerfile dockerfile(String path) {
    return dockerfiles.get(path);
  }

  /** What a stage runs, in order; the triggers that it inherits are not among it. */
  public List<StageScript> scripts(Stage stage) {
    return Collections.unmodifiableList(scripts.getOrDefault(stage, List.of()));
  }

  /**
   * The Dockerfile that builds an image, as far as the repository shows it: a Compose service names
   * the image that it builds, or the image is named after the folder of one Dockerfile, as in
   * {@code ghcr.io/organisation/repository/folder}. Null where nothing does.
   */
  public @Nullable Dockerfile builderOf(ImageReference image) {
    if (!image.registry().isKnown() || !image.path().isKnown()) {
      return null;
    }
    for (ComposeProject compose : subjects(ComposeProject.class)) {
      for (ComposeService service : compose.services()) {
        ComposeBuild build = service.build();
        String name = service.image().value();
        ImageReference built = name == null ? null : ImageReference.orNull(name);
        if (build != null
            && built != null
            && built.registry().equals(image.registry())
            && built.path().is(image.path().value())) {
          String path = build.dockerfilePath();
          return path == null ? null : dockerfile(path);
        }
      }
    }
    String[] names = image.path().value().split("/");
    Dockerfile found = null;
    for (Dockerfile each : names.length < 3 ? List.<Dockerfile>of() : subjects(Dockerfile.class)) {
      String path = "/" + each.file().path();
      if (path.endsWith("/" + names[names.length - 1] + "/Dockerfile")) {
        if (found != null) {
          return null;
        }
        found = each;
      }
    }
    return found;
  }

  /** The paths of the files that were read and checked. */
  public List<String> checked() {
    return checked;
  }

  /** What no rule looks at, by path. */
  public List<NotRead> notChecked() {
    return notRead;
  }

  /**
   * The environment for which something is meant: told by its path, or by the namespace of its
   * object.
   */
  public Environment environment(Located at) {
    Span span = at.span();
    Environment byPath = nearestToProduction(span.file().path());
    KubernetesObject object = byPath == Environment.UNKNOWN ? objectAt(span) : null;
    return object == null ? byPath : objects.environment(object);
  }

  /** A file to which links lead stands in several environments: the strictest is asked of it. */
  private Environment nearestToProduction(String path) {
    Environment nearest = environments.of(path);
    for (String alias : tree.aliases(path)) {
      Environment other = environments.of(alias);
      boolean nearer =
          other == Environment.PROD
              || other == Environment.PREPROD && nearest != Environment.PROD
              || nearest == Environment.UNKNOWN;
      nearest = nearer ? other : nearest;
    }
    return nearest;
  }

  /**
   * Whether what is at a place runs in production: its file is for production, or is a template
   * that kontinuous renders for every environment, without a condition that may leave it out.
   */
  public boolean runsInProduction(Located at) {
    Environment environment = environment(at);
    SourceFile file = at.span().file();
    return environment == Environment.PROD
        || environment == Environment.UNKNOWN
            && EVERYWHERE.matcher(file.path()).matches()
            && !CONDITION.matcher(file.text()).find();
  }

  /** The Kubernetes object in which a place lies, or null. */
  public @Nullable KubernetesObject objectAt(Span span) {
    TreeMap<Integer, KubernetesObject> inFile = objectsByFile.get(span.file());
    Map.Entry<Integer, KubernetesObject> entry =
        inFile == null ? null : inFile.floorEntry(span.start());
    return entry != null && entry.getValue().root().span().contains(span) ? entry.getValue() : null;
  }

  /**
   * Where to point for what a repository as a whole lacks: the start of its README, or of its first
   * file.
   */
  @Override
  public Span span() {
    for (String path : tree.paths()) {
      if (path.matches("(?i)readme(\\.\\w+)?")) {
        return start(path);
      }
    }
    return checked.isEmpty() ? SourceFile.of("", "").all() : start(checked.get(0));
  }

  private Span start(String path) {
    return SourceFile.of(path, "").all();
  }
}
