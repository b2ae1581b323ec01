package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.compose.ComposeBuild;
import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.ComposeVariable;
import fr.gouv.social.fabrique.dockerfile.Assignment;
import fr.gouv.social.fabrique.dockerfile.DockerIgnore;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kontinuous.KontinuousVariable;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.EnvVar;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.Kustomization;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.kubernetes.PostgresCluster;
import fr.gouv.social.fabrique.project.EnvironmentVariable.Where;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the subjects that cross formats. */
final class Links {
  private final SourceTree tree;
  private final List<Dockerfile> dockerfiles;
  private final List<ComposeProject> composeProjects;
  private final ObjectIndex objects;
  private final List<KontinuousComponent> components;
  private final OwnImages ownImages;

  /** A place with its whole label. */
  private record Part(Span span, String label) implements Located {}

  Links(
      SourceTree tree,
      List<Dockerfile> dockerfiles,
      List<ComposeProject> composeProjects,
      ObjectIndex objects,
      List<KontinuousComponent> components) {
    this.tree = tree;
    this.dockerfiles = dockerfiles;
    this.composeProjects = composeProjects;
    this.objects = objects;
    this.components = components;
    this.ownImages = new OwnImages(tree, dockerfiles, services(), components);
  }

  /** Every image that something names, by path and position of what names it. */
  List<ImageUse> images() {
    List<ImageUse> uses = new ArrayList<>();
    for (Dockerfile dockerfile : dockerfiles) {
      Stage last = dockerfile.finalStage();
      List<Stage> lineage = last == null ? List.of() : last.lineage();
      for (Stage stage : dockerfile.stages()) {
        Word image = stage.from().image();
        if (stage.base() == null && image != null && !stage.isScratch()) {
          boolean ends = !lineage.isEmpty() && lineage.get(0) == stage;
          add(
              uses,
              stage.baseImage(),
              image,
              ends ? ImageUse.Role.FINAL_BASE : ImageUse.Role.BUILD_BASE,
              image);
        }
        for (Stage.Source source : stage.sources()) {
          if (source.stage() == null && !source.word().toString().matches("[0-9]+")) {
            add(
                uses,
                Setting.explicit(source.word().toString(), source),
                source.word(),
                ImageUse.Role.COPY_SOURCE,
                source.word());
          }
        }
      }
    }
    for (ComposeService service : services()) {
      Setting<String> image = service.image();
      // What is built here only gets its name there.
      if (image.isSet() && service.build() == null || image.isUnknown()) {
        add(
            uses,
            image,
            service.place().key("image").text(""),
            ImageUse.Role.COMPOSE_SERVICE,
            image);
      }
    }
    for (Container container : objects.all(Container.class)) {
      Setting<String> image = container.image();
      String text = image.value();
      if (image.isSet() && text != null) {
        add(
            uses,
            image,
            text,
            ImageUse.Role.CONTAINER,
            new Part(image.span(), container.label() + " › image"));
      }
    }
    for (Kustomization.ImageChange change : objects.imageChanges()) {
      Setting<String> image = Setting.explicit(change.image(), change.at());
      add(uses, image, change.image(), ImageUse.Role.CONTAINER, change.at());
    }
    // What several environments share is written once.
    Set<Span> seen = new HashSet<>();
    for (KontinuousComponent component : components) {
      for (Setting<String> image : component.images()) {
        String text = image.value();
        if (text != null && seen.add(image.span())) {
          add(uses, image, text, ImageUse.Role.CONTAINER, image);
        }
      }
    }
    return uses;
  }

  private static void add(
      List<ImageUse> uses, Setting<String> text, Object written, ImageUse.Role role, Located at) {
    String value = text.value();
    ImageReference reference = ImageReference.orNull(value == null ? written.toString() : value);
    if (reference != null) {
      uses.add(new ImageUse(reference, text, role, at));
    }
  }

  /** Every image that is both built and run here. */
  List<OwnImage> ownImages() {
    return ownImages.of(objects.all(Container.class));
  }

  /** Every database that something runs. */
  List<DatabaseService> databases() {
    List<DatabaseService> databases = new ArrayList<>();
    for (ComposeService service : services()) {
      if (service.build() == null) {
        List<String> words = new ArrayList<>();
        service.entrypoint().forEach(word -> words.add(word.value()));
        service.command().forEach(word -> words.add(word.value()));
        add(databases, service, service.image(), words);
      }
    }
    for (Container container : objects.all(Container.class)) {
      if (container.isLongRunning() && !container.workload().isBatch()) {
        List<String> words = new ArrayList<>(container.command());
        words.addAll(container.args());
        add(databases, container, container.image(), words);
      }
    }
    for (PostgresCluster cluster : objects.all(PostgresCluster.class)) {
      databases.add(
          new DatabaseService(
              DatabaseService.Engine.POSTGRESQL, cluster, cluster.string("spec.imageName")));
    }
    // What several environments share is written once.
    Set<Span> seen = new HashSet<>();
    for (KontinuousComponent component : components) {
      if (component.isPostgres()) {
        Setting<String> image = component.postgresImage();
        if (seen.add(image.isSet() ? image.span() : component.span())) {
          databases.add(new DatabaseService(DatabaseService.Engine.POSTGRESQL, component, image));
        }
      }
    }
    return databases;
  }

  private static void add(
      List<DatabaseService> databases, Located owner, Setting<String> image, List<String> command) {
    String text = image.value();
    ImageReference reference = text == null ? null : ImageReference.orNull(text);
    DatabaseService.Engine engine = reference == null ? null : DatabaseService.engineOf(reference);
    if (engine != null && engine.isStartedBy(command)) {
      databases.add(new DatabaseService(engine, owner, image));
    }
  }

  /** Every variable that something sets for a program. */
  List<EnvironmentVariable> variables() {
    List<EnvironmentVariable> variables = new ArrayList<>();
    for (Dockerfile dockerfile : dockerfiles) {
      for (Stage stage : dockerfile.stages()) {
        for (Instruction instruction : stage.instructions()) {
          if (instruction instanceof Instruction.Env env) {
            env.assignments()
                .forEach(each -> variables.add(variable(each, stage, env, Where.DOCKERFILE_ENV)));
          } else if (instruction instanceof Instruction.Arg arg) {
            arg.assignments()
                .forEach(each -> variables.add(variable(each, stage, arg, Where.DOCKERFILE_ARG)));
          }
        }
      }
    }
    for (ComposeService service : services()) {
      for (ComposeVariable variable : service.environment()) {
        variables.add(
            new EnvironmentVariable(
                variable.name(), variable.value(), Where.COMPOSE_SERVICE, variable));
      }
      ComposeBuild build = service.build();
      if (build != null) {
        for (ComposeVariable variable : build.args()) {
          variables.add(
              new EnvironmentVariable(
                  variable.name(), variable.value(), Where.COMPOSE_BUILD, variable));
        }
      }
    }
    for (Container container : objects.all(Container.class)) {
      for (EnvVar variable : container.env()) {
        variables.add(
            new EnvironmentVariable(variable.name(), variable.value(), Where.CONTAINER, variable));
      }
    }
    Set<Span> seen = new HashSet<>();
    for (KontinuousComponent component : components) {
      for (KontinuousVariable variable : component.variables()) {
        if (seen.add(variable.span())) {
          variables.add(
              new EnvironmentVariable(
                  variable.name(), variable.value(), Where.CONTAINER, variable));
        }
      }
    }
    for (KubernetesObject object : objects.objects()) {
      if (object.is("ConfigMap", "")) {
        for (YamlPlace value : object.at("data").values()) {
          Located at = new Part(value.span(), object.label() + " › " + value.label());
          variables.add(
              new EnvironmentVariable(value.name(), value.string(), Where.CONFIG_MAP, at));
        }
      }
    }
    return variables;
  }

  private static EnvironmentVariable variable(
      Assignment assignment, Stage stage, Instruction instruction, Where where) {
    Word value = assignment.value();
    Setting<String> setting = Setting.absent(assignment);
    if (value != null) {
      String text = stage.expand(value, instruction).text();
      setting = text == null ? Setting.unknown(value) : Setting.explicit(text, value);
    }
    return new EnvironmentVariable(assignment.name(), setting, where, assignment);
  }

  /** The build context of each Dockerfile. */
  List<BuildContext> contexts() {
    List<BuildContext> contexts = new ArrayList<>();
    for (Dockerfile dockerfile : dockerfiles) {
      Set<String> named = composeFolders(dockerfile);
      named.addAll(ownImages.contexts(dockerfile));
      List<String> sources = copied(dockerfile);
      BuildContext own = context(dockerfile);
      // What names a folder without the sources does not build the Dockerfile.
      List<String> folders = named.stream().filter(each -> holds(each, sources)).toList();
      if (!folders.isEmpty()) {
        folders.forEach(folder -> contexts.add(context(dockerfile, folder, true)));
      } else if (named.isEmpty() || holds(own.folder(), sources)) {
        contexts.add(own);
      } else {
        named.forEach(folder -> contexts.add(context(dockerfile, folder, true)));
      }
    }
    return contexts;
  }

  /** The contexts from which Compose files build a Dockerfile. */
  private Set<String> composeFolders(Dockerfile dockerfile) {
    Set<String> folders = new TreeSet<>();
    for (ComposeService service : services()) {
      ComposeBuild build = service.build();
      String path = build == null ? null : build.dockerfilePath();
      String folder = build == null ? null : build.contextFolder();
      if (folder != null && dockerfile.file().path().equals(path)) {
        folders.add(folder);
      }
    }
    return folders;
  }

  private List<ComposeService> services() {
    return composeProjects.stream().flatMap(project -> project.services().stream()).toList();
  }

  /**
   * The folder, its own or one above, in which most of what it copies is there, and the nearest of
   * these: some of it may only be made before the build.
   */
  private BuildContext context(Dockerfile dockerfile) {
    String own = dockerfile.file().folder();
    List<String> sources = copied(dockerfile);
    String best = own;
    long most = 0;
    String folder = own;
    while (true) {
      String each = folder;
      long there = sources.stream().filter(source -> exists(each, source)).count();
      if (there > most) {
        most = there;
        best = folder;
      }
      if (folder.isEmpty()) {
        return context(dockerfile, best, most > 0);
      }
      folder = folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
    }
  }

  private BuildContext context(Dockerfile dockerfile, String folder, boolean known) {
    DockerIgnore ignore = null;
    for (String candidate : DockerIgnore.candidates(dockerfile.file().path(), folder)) {
      SourceEntry entry = tree.entry(candidate);
      if (entry != null && ignore == null) {
        ignore = DockerIgnore.read(entry.file());
      }
    }
    return new BuildContext(tree, dockerfile, folder, known, ignore);
  }

  /** The sources that are taken from the context, as far as they are known and no patterns. */
  private static List<String> copied(Dockerfile dockerfile) {
    List<String> sources = new ArrayList<>();
    for (Stage stage : dockerfile.stages()) {
      for (Instruction instruction : stage.instructions()) {
        if (instruction instanceof Instruction.Transfer transfer && transfer.flag("from") == null) {
          for (Word source : transfer.sources()) {
            String text = stage.expand(source, instruction).text();
            String path = text == null ? null : plain(text);
            if (path != null) {
              sources.add(path);
            }
          }
        }
      }
    }
    return sources;
  }

  private static @Nullable String plain(String source) {
    if (source.contains("://")
        || source.contains("*")
        || source.contains("?")
        || source.contains("[")) {
      return null;
    }
    String path = source.startsWith("/") ? source.substring(1) : source;
    path = path.startsWith("./") ? path.substring(2) : path;
    path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return path.isEmpty() || path.equals(".") || path.startsWith("..") ? null : path;
  }

  private boolean holds(String folder, List<String> sources) {
    return sources.stream().allMatch(source -> exists(folder, source));
  }

  private boolean exists(String folder, String source) {
    String path = folder.isEmpty() ? source : folder + "/" + source;
    return tree.entry(path) != null || tree.hasFolder(path);
  }
}
