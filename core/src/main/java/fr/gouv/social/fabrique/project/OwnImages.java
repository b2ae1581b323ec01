package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.compose.ComposeBuild;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kontinuous.KontinuousProject;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.yaml.YamlDocument;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds which images are built here under which names: by Compose ({@code build} with {@code
 * image}), by the build jobs of kontinuous ({@code plugins/contrib/jobs/build/use.yaml}), by steps
 * of GitHub workflows that name a context and tags, such as docker/build-push-action, and by
 * commands ({@link BuildCommands}). The same places say from which folder each Dockerfile is built.
 */
final class OwnImages {
  /** Where GitHub reads workflows. */
  static final Pattern WORKFLOW = Pattern.compile("\\.github/workflows/[^/]+\\.ya?ml");

  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{\\s*([\\w.-]+)\\s*}}");
  private static final Pattern OUTPUT =
      Pattern.compile("\\$\\{\\{\\s*steps\\.([\\w-]+)\\.outputs\\.tags\\s*}}");

  /** A name in which the repository's own stands before the last part, as kontinuous pulls it. */
  private static final Pattern OF_REPOSITORY =
      Pattern.compile(
          ".*\\$\\{\\{\\s*github\\.(?:event\\.)?repository(?:\\.name)?\\s*}}/([\\w.-]+)(?::.*)?");

  private static final int MOST_COMBINATIONS = 64;

  /** What a name stands for. */
  private record Target(Stage stage, Located at) {}

  private final SourceTree tree;
  private final Map<String, Dockerfile> dockerfiles = new HashMap<>();
  private final Map<String, List<Target>> names = new HashMap<>();

  /** By the path of a Dockerfile, the folders that something other than Compose builds it from. */
  private final Map<String, Set<String>> contexts = new HashMap<>();

  private final List<ComposeService> services;
  private final List<KontinuousComponent> components;

  OwnImages(
      SourceTree tree,
      List<Dockerfile> dockerfiles,
      List<ComposeService> services,
      List<KontinuousComponent> components) {
    this.tree = tree;
    this.services = services;
    this.components = components;
    dockerfiles.forEach(each -> this.dockerfiles.put(each.file().path(), each));
    if (!dockerfiles.isEmpty()) {
      read();
    }
  }

  /** The folders from which jobs, workflows and commands build a Dockerfile. */
  Set<String> contexts(Dockerfile dockerfile) {
    return contexts.getOrDefault(dockerfile.file().path(), Set.of());
  }

  private void read() {
    for (ComposeService service : services) {
      Target target = target(service);
      if (target != null) {
        addName(service.image().value(), target);
      }
    }
    for (KontinuousComponent component : components) {
      if (component.chart().equals("jobs")) {
        for (YamlPlace run : component.at("runs").values()) {
          addJob(component, run);
        }
      }
    }
    for (SourceEntry entry : tree.entries()) {
      if (WORKFLOW.matcher(entry.path()).matches() && entry.problem() == null) {
        for (YamlDocument document : YamlReader.read(entry.file()).documents()) {
          if (!document.isEmpty()) {
            addWorkflow(YamlPlace.of(document.root()));
          }
        }
      }
    }
    BuildCommands.of(tree).forEach(this::addCommand);
  }

  /** Every image that is both built and run here. */
  List<OwnImage> of(List<Container> containers) {
    List<OwnImage> built = new ArrayList<>();
    for (ComposeService service : services) {
      Target target = service.build() == null ? named(service.image().value()) : target(service);
      if (target != null) {
        built.add(new OwnImage(target.stage, service, target.at));
      }
    }
    for (Container container : containers) {
      Target target = named(container.image().value());
      if (target != null) {
        built.add(new OwnImage(target.stage, container, target.at));
      }
    }
    for (KontinuousComponent component : components) {
      Target target = component.isWorkload() ? target(component) : null;
      if (target != null) {
        built.add(new OwnImage(target.stage, component, target.at));
      }
    }
    return built;
  }

  private @Nullable Target named(@Nullable String image) {
    return image == null ? null : one(key(image));
  }

  /** The one thing that a name stands for, or null. */
  private @Nullable Target one(@Nullable String key) {
    List<Target> targets = key == null ? List.of() : names.getOrDefault(key, List.of());
    Target first = targets.isEmpty() ? null : targets.get(0);
    return first != null && targets.stream().allMatch(each -> each.stage == first.stage)
        ? first
        : null;
  }

  private static @Nullable String key(String image) {
    ImageReference reference = ImageReference.orNull(image);
    return reference == null || !reference.isNamed()
        ? null
        : reference.registry().value() + "/" + reference.path().value();
  }

  private void addName(@Nullable String image, Target target) {
    String key = image == null ? null : key(image);
    if (key != null) {
      add(key, target);
    }
  }

  private void add(String key, Target target) {
    names.computeIfAbsent(key, name -> new ArrayList<>()).add(target);
  }

  /** A stage of the Dockerfile at a path: that of a name, or the last one; null where none is. */
  private @Nullable Target target(@Nullable String path, @Nullable String stage, Located at) {
    Dockerfile dockerfile = path == null ? null : dockerfiles.get(path);
    Stage found =
        dockerfile == null
            ? null
            : stage == null ? dockerfile.finalStage() : dockerfile.stage(stage);
    return found == null ? null : new Target(found, at);
  }

  private @Nullable Target target(ComposeService service) {
    ComposeBuild build = service.build();
    return build == null || build.target().isUnknown()
        ? null
        : target(build.dockerfilePath(), build.target().value(), build);
  }

  private void addContext(Target target, String folder) {
    String path = target.stage.span().file().path();
    contexts.computeIfAbsent(path, each -> new TreeSet<>()).add(folder);
  }

  private void addCommand(BuildCommands.Build build) {
    for (String folder : build.folders()) {
      String context = BuildCommands.inFolder(folder, build.context());
      if (context == null) {
        continue;
      }
      String file = build.file() == null ? "Dockerfile" : build.file();
      Target inContext = target(BuildCommands.inFolder(context, file), build.target(), build.at());
      Target here =
          build.file() == null || build.inContext()
              ? null
              : target(BuildCommands.inFolder(folder, file), build.target(), build.at());
      Target found = here == null ? inContext : here;
      if (found != null) {
        addContext(found, context);
        build.names().forEach(name -> addName(name, found));
        return;
      }
    }
  }

  // kontinuous

  private static String keyOf(KontinuousComponent owner, YamlPlace from, String imagePackage) {
    StringBuilder key = new StringBuilder(owner.project().folder());
    key.append(' ').append(owner.environment());
    for (String part : List.of("registry", "imageProject", "imageRepository")) {
      key.append(' ').append(from.key(part).text(""));
    }
    return key.append(' ').append(imagePackage).toString();
  }

  private void addJob(KontinuousComponent jobs, YamlPlace run) {
    YamlPlace with = run.key("with");
    if (!run.key("use").text("").matches("build|build-kaniko")) {
      return;
    }
    String context = folder(with.key("context").text("."));
    String stage = with.key("target").text();
    String file = with.key("dockerfile").text("Dockerfile");
    Target target = context == null ? null : target(inFolder(context, file), stage, run);
    if (context != null && target != null) {
      addContext(target, context);
    }
    if (target != null && !with.key("imagePackage").isUnknown()) {
      String name = with.key("imagePackage").text("app");
      add(keyOf(jobs, with, stage == null ? name : name + "-" + stage), target);
    }
  }

  private @Nullable Target target(KontinuousComponent component) {
    YamlPlace written = component.at("imagePackage");
    if (!component.image().isAbsent() || written.isUnknown() || !isPlain(component)) {
      return null;
    }
    String name = written.text(component.chart());
    Target job = one(keyOf(component, component.values(), name));
    return job == null ? one("*/" + name) : job;
  }

  /** Whether the image comes from where the project's are: nothing says another place. */
  private static boolean isPlain(KontinuousComponent component) {
    KontinuousProject project = component.project();
    YamlPlace values = project.values().get(component.environment());
    return values != null
        && List.of("registry", "imageProject", "imageRepository").stream()
            .noneMatch(part -> component.at(part).isUnknown());
  }

  // GitHub workflows

  private void addWorkflow(YamlPlace workflow) {
    for (YamlPlace job : workflow.key("jobs").values()) {
      for (Map<String, String> combination : combinations(job.at("strategy.matrix"))) {
        Map<String, String> variables = new HashMap<>(combination);
        addVariables(workflow.key("env"), variables);
        addVariables(job.key("env"), variables);
        Map<String, String> images = new HashMap<>();
        for (YamlPlace step : job.key("steps").items()) {
          YamlPlace with = step.key("with");
          String id = step.key("id").text();
          String named = with.key("images").text();
          if (id != null && named != null) {
            images.put(id, expand(named, variables));
          }
          addStep(step, variables, images);
        }
      }
    }
  }

  private static void addVariables(YamlPlace env, Map<String, String> variables) {
    for (YamlPlace each : env.values()) {
      String value = each.text();
      if (value != null && value.indexOf("${{") < 0) {
        variables.put("env." + each.name(), value);
      }
    }
  }

  private void addStep(YamlPlace step, Map<String, String> variables, Map<String, String> images) {
    YamlPlace with = step.key("with");
    String tags = with.key("tags").text();
    YamlPlace file = with.key("file");
    YamlPlace dockerfile = with.key("dockerfile");
    if (tags == null
        || !with.key("context").isPresent() && !file.isPresent() && !dockerfile.isPresent()) {
      return;
    }
    String context = folder(expand(with.key("context").text("."), variables));
    String stage = with.key("target").text();
    String path = expand(file.text(dockerfile.text("Dockerfile")), variables);
    String target = stage == null ? null : expand(stage, variables);
    if (context == null || path.contains("${{") || target != null && target.contains("${{")) {
      return;
    }
    // A file is named from the root by some actions and from the context by others.
    Target inContext = target(inFolder(context, path), target, step);
    Target atRoot = file.isPresent() ? target(folder(path), target, step) : null;
    Target found = atRoot == null ? inContext : atRoot;
    if (found == null || atRoot != null && inContext != null && atRoot.stage != inContext.stage) {
      return;
    }
    addContext(found, context);
    String expanded = expand(tags, variables);
    Matcher output = OUTPUT.matcher(expanded);
    while (output.find()) {
      expanded += "\n" + images.getOrDefault(output.group(1), "");
    }
    for (String line : expanded.split("[\\n,]")) {
      String name = line.strip();
      Matcher own = OF_REPOSITORY.matcher(name);
      if (own.matches()) {
        add("*/" + own.group(1), found);
      } else if (!name.isEmpty()) {
        addName(name, found);
      }
    }
  }

  /** What the variables of a matrix may be together; one empty combination where there is none. */
  static List<Map<String, String>> combinations(YamlPlace matrix) {
    List<Map<String, String>> combinations = new ArrayList<>(List.of(Map.of()));
    for (YamlPlace variable : matrix.values()) {
      List<String> values = variable.texts();
      if (!values.isEmpty() && combinations.size() * values.size() <= MOST_COMBINATIONS) {
        List<Map<String, String>> more = new ArrayList<>();
        for (Map<String, String> combination : combinations) {
          for (String value : values) {
            Map<String, String> next = new HashMap<>(combination);
            next.put("matrix." + variable.name(), value);
            more.add(next);
          }
        }
        combinations = more;
      }
    }
    for (YamlPlace include : matrix.key("include").items()) {
      Map<String, String> own = new HashMap<>();
      for (YamlPlace value : include.values()) {
        own.put("matrix." + value.name(), value.text(""));
      }
      if (combinations.size() < MOST_COMBINATIONS) {
        combinations.add(own);
      }
    }
    return combinations;
  }

  private static String expand(String text, Map<String, String> variables) {
    return EXPRESSION
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(variables.getOrDefault(found.group(1), found.group())));
  }

  /** A path from the root without {@code ./}; null where a variable or the outside is in it. */
  private static @Nullable String folder(String path) {
    if (path.contains("{{")
        || path.contains("://")
        || path.contains("..")
        || path.startsWith("/")) {
      return null;
    }
    String plain = path.startsWith("./") ? path.substring(2) : path;
    plain = plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
    return plain.equals(".") ? "" : plain;
  }

  private static @Nullable String inFolder(String folder, String path) {
    String plain = folder(path);
    return plain == null || folder.isEmpty() ? plain : folder + "/" + plain;
  }
}
