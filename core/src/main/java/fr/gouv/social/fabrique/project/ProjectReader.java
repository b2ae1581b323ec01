package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.compose.ComposeFiles;
import fr.gouv.social.fabrique.compose.ComposeLoader;
import fr.gouv.social.fabrique.compose.ComposeProblem;
import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.DockerfileProblem;
import fr.gouv.social.fabrique.dockerfile.DockerfileReader;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.image.BuiltImage;
import fr.gouv.social.fabrique.image.ImageConfig;
import fr.gouv.social.fabrique.image.ImageContents;
import fr.gouv.social.fabrique.image.Images;
import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kontinuous.KontinuousProject;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.KubernetesPart;
import fr.gouv.social.fabrique.kubernetes.Kustomization;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Environments;
import fr.gouv.social.fabrique.source.FileKind;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Parallel;
import fr.gouv.social.fabrique.source.PathGlob;
import fr.gouv.social.fabrique.source.Progress;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceProblem;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.yaml.Templates;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlProblem;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads every file of a tree with the reader of its kind, and links what they say. */
public final class ProjectReader {
  private static final Text TEMPLATE =
      new Text("modèle : à vérifier une fois rendu", "template: to be checked once rendered");

  private static final Pattern TEMPLATES = Pattern.compile("(?:.*/)?[^/]*templates?/");

  /** Programs by which kontinuous changes values and manifests. */
  private static final String CHANGED_BY_CODE =
      ".*/(?:values(?:\\.final)?|(?:patches|values-compilers)/[^/]+)\\.js";

  private static final Text CODE =
      new Text(
          "programme qui modifie ce que kontinuous déploie",
          "program that changes what kontinuous deploys");

  private static final Text PARTLY =
      new Text("couches lues en partie seulement", "layers only read in part");

  private final SourceTree tree;
  private final Environments environments;
  private final List<PathGlob> excluded;
  private final List<String> definitions;
  private final Outside outside;
  private final Map<Class<?>, List<?>> subjects = new HashMap<>();
  private final List<String> checked = new ArrayList<>();
  private final List<NotRead> notRead = new ArrayList<>();

  private ProjectReader(
      SourceTree tree,
      Environments environments,
      List<PathGlob> excluded,
      List<String> definitions,
      Outside outside) {
    this.tree = tree;
    this.outside = outside;
    this.environments = environments;
    this.excluded = excluded;
    this.definitions = definitions;
  }

  /** Reads a repository for which nothing is configured. */
  public static Project read(SourceTree tree) {
    return read(tree, Map.of(), List.of(), List.of(), Outside.nothing());
  }

  /**
   * Reads a repository; never throws for what its files hold.
   *
   * @param environments globs that tell which environment a file is for
   * @param exclude globs of files to leave out
   * @param definitions files and folders whose definitions of custom resources count, even where
   *     they are left out otherwise
   * @param outside what else is to be asked and told
   */
  public static Project read(
      SourceTree tree,
      Map<Environment, List<String>> environments,
      List<String> exclude,
      List<String> definitions,
      Outside outside) {
    List<PathGlob> globs = exclude.stream().map(PathGlob::of).toList();
    return new ProjectReader(tree, Environments.of(environments), globs, definitions, outside)
        .read();
  }

  /**
   * Images of an engine that belong to no repository.
   *
   * @param others among which their bases are looked for
   */
  public static Project ofImages(List<BuiltImage> images, Images others) {
    ProjectReader reader =
        new ProjectReader(
            SourceTree.of(Map.of()),
            Environments.of(Map.of()),
            List.of(),
            List.of(),
            Outside.nothing());
    List<InspectedImage> inspected =
        images.stream().map(image -> InspectedImage.alone(image, others.baseOf(image))).toList();
    for (InspectedImage each : inspected) {
      String path = each.span().file().path();
      ImageContents contents = each.image().contents();
      reader.checked.add(path);
      if (contents == null || !contents.isComplete()) {
        reader.notRead.add(new NotRead(path, 0, PARTLY));
      }
    }
    reader.subjects.put(InspectedImage.class, inspected);
    return new Project(
        reader.tree,
        reader.environments,
        Map.of(),
        ObjectIndex.of(List.of(), at -> Environment.UNKNOWN),
        reader.subjects,
        reader.checked,
        reader.notRead);
  }

  private Project read() {
    List<SourceEntry> entries =
        tree.entries().stream()
            .filter(this::isRead)
            .filter(entry -> !isExcluded(entry.path()))
            .toList();
    // Reading and parsing is the work: one file each, in parallel.
    outside.progress().begin(Progress.Phase.READING, entries.size());
    List<SourceProblem> problems =
        Parallel.map(entries, SourceEntry::size, SourceEntry::problem).stream()
            .flatMap(Stream::ofNullable)
            .toList();
    Map<String, YamlFile> yaml = new TreeMap<>();
    List<SourceEntry> yamlEntries =
        entries.stream()
            .filter(entry -> entry.kind().isYaml() && entry.kind() != FileKind.HELM_TEMPLATE)
            .filter(ProjectReader::isSound)
            .toList();
    read(yamlEntries, YamlReader::read).forEach(file -> yaml.put(file.file().path(), file));
    List<YamlFile> templates =
        read(sound(entries, FileKind.HELM_TEMPLATE), Templates::read).stream()
            .filter(ProjectReader::isReadable)
            .toList();
    Map<String, YamlFile> readTemplates = new TreeMap<>();
    templates.forEach(file -> readTemplates.put(file.file().path(), file));
    for (SourceEntry entry : entries) {
      YamlFile template = readTemplates.get(entry.path());
      if (entry.kind() == FileKind.HELM_TEMPLATE
          && (template == null || !template.problems().isEmpty())) {
        int line = template == null ? 0 : template.problems().get(0).span().line();
        notRead.add(new NotRead(entry.path(), line, TEMPLATE));
      }
      if (entry.kind() == FileKind.HELM_TEMPLATE ? template != null : isSound(entry)) {
        checked.add(entry.path());
      }
    }
    subjects.put(SourceProblem.class, problems);
    List<YamlProblem> yamlProblems = new ArrayList<>();
    yaml.values().forEach(file -> yamlProblems.addAll(file.problems()));
    subjects.put(YamlProblem.class, yamlProblems);
    yaml.putAll(readTemplates);
    List<Comments> comments = new ArrayList<>();
    yaml.values().forEach(file -> comments.add(Comments.of(file)));
    subjects.put(Comments.class, comments);
    List<YamlFile> manifests =
        entries.stream()
            .filter(
                entry ->
                    entry.kind() == FileKind.KUBERNETES
                        || entry.kind() == FileKind.KUSTOMIZATION
                        || entry.kind() == FileKind.HELM_TEMPLATE)
            .map(entry -> yaml.get(entry.path()))
            .flatMap(Stream::ofNullable)
            .toList();
    ObjectIndex objects = ObjectIndex.of(manifests, definitions(), yaml, this::environment);
    List<Dockerfile> dockerfiles =
        read(
                sound(entries, FileKind.DOCKERFILE),
                file -> DockerfileReader.read(file, this::brought))
            .stream()
            .filter(dockerfile -> !isTemplate(dockerfile))
            .toList();
    Set<String> written = new HashSet<>();
    dockerfiles.forEach(dockerfile -> written.add(dockerfile.file().path()));
    for (SourceEntry entry : entries) {
      if (entry.kind() == FileKind.DOCKERFILE
          && isSound(entry)
          && !written.contains(entry.path())) {
        checked.remove(entry.path());
        notRead.add(new NotRead(entry.path(), 0, TEMPLATE));
      }
    }
    addDockerfiles(dockerfiles, comments);
    List<ComposeProject> composeProjects = composeProjects(entries);
    addComposeProjects(composeProjects);
    List<KontinuousComponent> components = addKontinuousProjects(entries, yaml);
    Links links = new Links(tree, dockerfiles, composeProjects, objects, components);
    List<ImageUse> uses = links.images();
    subjects.put(ImageUse.class, uses);
    subjects.put(EnvironmentVariable.class, links.variables());
    subjects.put(BuildContext.class, links.contexts());
    subjects.put(DatabaseService.class, links.databases());
    subjects.put(OwnImage.class, links.ownImages());
    if (outside.images().areAsked()) {
      List<Container> containers = objects.all(Container.class);
      ImageLinks built =
          new ImageLinks(outside.images(), dockerfiles, composeProjects, uses, containers, notRead);
      subjects.put(InspectedImage.class, built.find());
    }
    addRendered(entries, yaml, objects);
    notRead.sort(Comparator.comparing(NotRead::path).thenComparing(NotRead::line));
    return new Project(tree, environments, yaml, objects, subjects, checked, notRead);
  }

  private static List<SourceEntry> sound(List<SourceEntry> entries, FileKind kind) {
    return entries.stream().filter(entry -> entry.kind() == kind && isSound(entry)).toList();
  }

  private <T> List<T> read(List<SourceEntry> entries, Function<SourceFile, T> reader) {
    return Parallel.map(
        entries,
        SourceEntry::size,
        entry -> {
          T read = reader.apply(entry.file());
          outside.progress().step();
          return read;
        });
  }

  /** The files that are left out but for the custom resources that they define. */
  private List<YamlFile> definitions() {
    return definitions.isEmpty()
        ? List.of()
        : read(
            sound(tree.entries(), FileKind.KUBERNETES).stream()
                .filter(entry -> isExcluded(entry.path()))
                .filter(entry -> SourceTree.isIn(entry.path(), definitions))
                .toList(),
            YamlReader::read);
  }

  private @Nullable ImageConfig brought(String image) {
    BuiltImage known = ImageReference.orNull(image) == null ? null : outside.images().image(image);
    return known == null ? null : known.config();
  }

  private List<ComposeProject> composeProjects(List<SourceEntry> entries) {
    ComposeLoader.Files files =
        path -> {
          SourceEntry entry = tree.entry(path);
          return entry == null || !isSound(entry) ? null : entry.file();
        };
    List<String> paths = sound(entries, FileKind.COMPOSE).stream().map(SourceEntry::path).toList();
    ComposeLoader loader = new ComposeLoader(files);
    return Parallel.map(ComposeFiles.discover(paths, files), loader::load);
  }

  private void addComposeProjects(List<ComposeProject> projects) {
    subjects.put(ComposeProject.class, projects);
    subjects.put(
        ComposeService.class, projects.stream().flatMap(each -> each.services().stream()).toList());
    subjects.put(
        ComposeProblem.class, projects.stream().flatMap(each -> each.problems().stream()).toList());
  }

  /** Says how to have checked what Helm and Kustomize make of their files. */
  private void addRendered(
      List<SourceEntry> entries, Map<String, YamlFile> yaml, ObjectIndex objects) {
    for (SourceEntry entry : entries) {
      if (entry.kind() == FileKind.HELM_CHART
          && (hasTemplates(entry) || needsOthers(tree, yaml, entry))) {
        notRead.add(new NotRead(entry.path(), 0, rendered("Helm", "helm template", entry.path())));
      }
    }
    for (Kustomization each : objects.outermostKustomizations()) {
      String path = each.file().path();
      notRead.add(new NotRead(path, 0, rendered("Kustomize", "kubectl kustomize", path)));
    }
  }

  /** Whether a chart depends on one that is not here. */
  static boolean needsOthers(SourceTree tree, Map<String, YamlFile> yaml, SourceEntry chart) {
    YamlFile file = yaml.get(chart.path());
    if (file == null || file.documents().isEmpty() || file.documents().get(0).isEmpty()) {
      return false;
    }
    int slash = chart.path().lastIndexOf('/') + 1;
    String charts = chart.path().substring(0, slash) + "charts/";
    for (YamlPlace each :
        YamlPlace.of(file.documents().get(0).root()).key("dependencies").items()) {
      String name = each.key("name").text("");
      if (!each.key("repository").text("").startsWith("file:")
          && !tree.hasFolder(charts + name)
          && tree.paths().stream().noneMatch(path -> path.startsWith(charts + name + "-"))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a chart has something to render: one that only gathers others has not. */
  private boolean hasTemplates(SourceEntry chart) {
    int slash = chart.path().lastIndexOf('/') + 1;
    return tree.hasFolder(chart.path().substring(0, slash) + "templates");
  }

  private static Text rendered(String tool, String command, String path) {
    int slash = path.lastIndexOf('/');
    String way =
        command + " " + (slash < 0 ? "." : path.substring(0, slash)) + " | fabrique check -";
    return new Text(
        "ce que " + tool + " en fait : " + way, "what " + tool + " makes of it: " + way);
  }

  private List<KontinuousComponent> addKontinuousProjects(
      List<SourceEntry> entries, Map<String, YamlFile> yaml) {
    List<YamlFile> files =
        entries.stream()
            .filter(entry -> entry.kind() == FileKind.KONTINUOUS)
            .map(entry -> yaml.get(entry.path()))
            .flatMap(Stream::ofNullable)
            .toList();
    List<KontinuousProject> projects = KontinuousProject.in(files);
    List<KontinuousComponent> components =
        projects.stream().flatMap(each -> each.components().stream()).toList();
    subjects.put(KontinuousProject.class, projects);
    subjects.put(KontinuousComponent.class, components);
    for (KontinuousProject project : projects) {
      for (String path : tree.paths()) {
        if (path.startsWith(project.folder() + "/") && path.matches(CHANGED_BY_CODE)) {
          notRead.add(new NotRead(path, 0, CODE));
        }
      }
    }
    return components;
  }

  /** Whether a template can be judged: it holds Kubernetes objects, or nothing at all. */
  private static boolean isReadable(YamlFile file) {
    return KubernetesObject.in(file).stream().anyMatch(object -> !object.kind().isEmpty())
        || file.problems().isEmpty()
            && file.documents().stream().allMatch(each -> each.isEmpty() && !each.open());
  }

  /**
   * Whether Dockerfiles are made out of it: some line is a statement of a template language, or it
   * is a part that stands among templates and builds nothing by itself.
   */
  private static boolean isTemplate(Dockerfile dockerfile) {
    boolean part =
        dockerfile.stages().isEmpty() && TEMPLATES.matcher(dockerfile.file().path()).lookingAt();
    return part
        || dockerfile.instructions().stream()
            .anyMatch(
                each ->
                    each instanceof Instruction.Unknown
                        && each.keyword().toString().matches("(?s)(\\{\\{|\\{%|<%).*"));
  }

  private void addDockerfiles(List<Dockerfile> dockerfiles, List<Comments> comments) {
    List<Stage> stages = new ArrayList<>();
    List<Instruction> instructions = new ArrayList<>();
    List<DockerfileProblem> problems = new ArrayList<>();
    for (Dockerfile dockerfile : dockerfiles) {
      stages.addAll(dockerfile.stages());
      instructions.addAll(dockerfile.instructions());
      problems.addAll(dockerfile.problems());
      List<Span> directives =
          dockerfile.directives().stream().map(directive -> directive.span()).toList();
      List<Span> all = new ArrayList<>(directives);
      dockerfile.comments().forEach(comment -> all.add(comment.span()));
      List<Span> units = dockerfile.instructions().stream().map(Instruction::span).toList();
      comments.add(new Comments(dockerfile.file(), all, directives, units, List.of()));
    }
    List<StageScript> scripts =
        Parallel.map(dockerfiles, StageScript::of).stream().flatMap(List::stream).toList();
    subjects.put(StageScript.class, scripts);
    Shellcheck shellcheck = outside.shellcheck();
    if (shellcheck != null) {
      Shellcheck.Result result = shellcheck.check(scripts);
      subjects.put(ShellRemark.class, result.remarks());
      notRead.addAll(result.unread());
    }
    subjects.put(Dockerfile.class, dockerfiles);
    subjects.put(Stage.class, stages);
    subjects.put(Instruction.class, instructions);
    subjects.put(DockerfileProblem.class, problems);
  }

  private boolean isRead(SourceEntry entry) {
    return switch (entry.kind()) {
      case DOCKERFILE, COMPOSE, KUBERNETES, KUSTOMIZATION, HELM_CHART, HELM_TEMPLATE, KONTINUOUS ->
          true;
      case DOCKERIGNORE, ENV_FILE, FABRIQUE_CONFIG, YAML_OTHER, OTHER -> false;
    };
  }

  private boolean isExcluded(String path) {
    return excluded.stream().anyMatch(glob -> glob.matches(path));
  }

  private static boolean isSound(SourceEntry entry) {
    SourceProblem problem = entry.problem();
    return problem == null || !problem.costsTheFile();
  }

  /** By path, else by the words in a namespace such as {@code annuaire-preprod}. */
  private Environment environment(Located at) {
    Environment byPath = environments.of(at.span().file().path());
    if (byPath != Environment.UNKNOWN || !(at instanceof KubernetesPart part)) {
      return byPath;
    }
    KubernetesObject object = part.object();
    String namespace = object.namespace().value();
    if (namespace == null) {
      return Environment.UNKNOWN;
    }
    for (String word : namespace.toLowerCase(Locale.ROOT).split("-")) {
      switch (word) {
        case "prod", "production" -> {
          return Environment.PROD;
        }
        case "preprod", "preproduction", "staging" -> {
          return Environment.PREPROD;
        }
        case "dev", "development", "review" -> {
          return Environment.DEV;
        }
        default -> {}
      }
    }
    return Environment.UNKNOWN;
  }
}
