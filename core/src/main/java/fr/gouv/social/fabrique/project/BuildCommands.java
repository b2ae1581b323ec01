package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.shell.Argument;
import fr.gouv.social.fabrique.shell.Command;
import fr.gouv.social.fabrique.shell.Interpreter;
import fr.gouv.social.fabrique.shell.ShellScript;
import fr.gouv.social.fabrique.shell.Variables;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlDocument;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the commands that build images, {@code docker build -t NAME -f FILE CONTEXT} and its
 * relatives, in shell scripts, Makefiles, the scripts of {@code package.json}, and the jobs of
 * GitLab CI and GitHub.
 */
final class BuildCommands {
  private static final Set<String> MAKEFILES = Set.of("GNUmakefile", "makefile", "Makefile");

  /** What all of these commands have in common: nothing else is read. */
  private static final Pattern BUILDS =
      Pattern.compile("\\b(?:docker|podman|nerdctl|buildah|img|kaniko|executor)\\b");

  private static final Pattern MAKE_VARIABLE =
      Pattern.compile("^(?:export[ \\t]+)?([A-Za-z_]\\w*)[ \\t]*(?:::?|\\?)?=[ \\t]*(.*)$");

  private static final Pattern REFERENCE =
      Pattern.compile("\\$(?:\\{([A-Za-z_]\\w*)}|\\(([A-Za-z_]\\w*)\\)|([A-Za-z_]\\w*))");

  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{\\s*([\\w.-]+)?.*?}}");

  /** The folder of the script itself. */
  private static final Pattern OWN_FOLDER =
      Pattern.compile(
          "\\$\\(\\s*dirname\\s+(?:--\\s+)?\"?\\$(?:0|\\{0}|BASH_SOURCE|\\{BASH_SOURCE(?:\\[0])?})\"?"
              + "\\s*\\)");

  /** What stands for the root of the repository in a job. */
  private static final Set<String> ROOTS =
      Set.of("CI_PROJECT_DIR", "GITHUB_WORKSPACE", "BITBUCKET_CLONE_DIR");

  private static final String UNKNOWN = String.valueOf(Argument.UNKNOWN);

  /** A name that no script gives a value to. */
  private static final String NOTHING = "${__unknown_expression}";

  private static final int MOST_PARENTS = 8;

  /** The options that take a value: those of docker, podman, buildah and the executor of kaniko. */
  private static final Set<String> VALUED =
      Set.of(
          "-t",
          "--tag",
          "-f",
          "--file",
          "--target",
          "--build-arg",
          "--build-arg-file",
          "--build-context",
          "--builder",
          "--secret",
          "--ssh",
          "--platform",
          "--cache-from",
          "--cache-to",
          "--label",
          "--annotation",
          "--attest",
          "--allow",
          "--network",
          "--progress",
          "--output",
          "-o",
          "--iidfile",
          "--metadata-file",
          "--add-host",
          "--memory",
          "-m",
          "--shm-size",
          "--ulimit",
          "--isolation",
          "--security-opt",
          "--cgroup-parent",
          "--cpu-shares",
          "-c",
          "--cpuset-cpus",
          "--no-cache-filter",
          "--format",
          "--volume",
          "-v",
          "--authfile",
          "--creds",
          "--storage-driver",
          "--context",
          "--config",
          "--host",
          "-H",
          "--log-level",
          "-l");

  private static final Set<String> KANIKO =
      Set.of(
          "--context",
          "-c",
          "--context-sub-path",
          "--dockerfile",
          "-f",
          "--destination",
          "-d",
          "--target",
          "--build-arg",
          "--cache-repo",
          "--label",
          "--registry-mirror",
          "--custom-platform",
          "--snapshot-mode",
          "--verbosity",
          "-v",
          "--digest-file");

  /**
   * A command that builds an image.
   *
   * @param folders where it may run, relative to the root of the repository: the likelier first
   * @param context as it names it
   * @param file the Dockerfile as it names it, or null for the usual name
   * @param target the stage, or null for the last one
   * @param names of the image, as {@code docker} takes them; what is unknown in them is left out
   * @param inContext whether the Dockerfile is named from the context alone
   */
  record Build(
      List<String> folders,
      String context,
      @Nullable String file,
      @Nullable String target,
      List<String> names,
      boolean inContext,
      Located at) {}

  private final SourceTree tree;
  private final List<Build> builds = new ArrayList<>();

  private BuildCommands(SourceTree tree) {
    this.tree = tree;
  }

  static List<Build> of(SourceTree tree) {
    BuildCommands commands = new BuildCommands(tree);
    for (SourceEntry entry : tree.entries()) {
      commands.read(entry);
    }
    return commands.builds;
  }

  private void read(SourceEntry entry) {
    String path = entry.path();
    String name = entry.name();
    boolean shell = name.endsWith(".sh") || name.endsWith(".bash");
    boolean make = name.endsWith(".mk") || MAKEFILES.contains(name);
    boolean scripts = name.equals("package.json");
    boolean yaml = name.endsWith(".yml") || name.endsWith(".yaml");
    boolean gitlab =
        yaml && (path.startsWith(".gitlab/") || ("." + name).matches(".*\\.gitlab-ci\\.ya?ml"));
    boolean github = yaml && OwnImages.WORKFLOW.matcher(path).matches();
    if (!shell && !make && !scripts && !gitlab && !github
        || entry.problem() != null
        || !BUILDS.matcher(entry.file().text()).find()) {
      return;
    }
    SourceFile file = entry.file();
    if (shell) {
      // Who starts it decides where: at the root as a rule, or where it stands.
      List<String> folders = file.folder().isEmpty() ? List.of("") : List.of("", file.folder());
      MappedText text = MappedText.of(file.span(0, file.text().length()));
      Interpreter interpreter = Interpreter.ofShebang(file.text(), Interpreter.DEFAULT);
      addScript(text, interpreter, Variables.NONE, folders, file.folder(), null);
    } else if (make) {
      addMakefile(file);
    } else {
      for (YamlDocument document : YamlReader.read(file).documents()) {
        if (document.isEmpty()) {
          continue;
        }
        YamlPlace root = YamlPlace.of(document.root());
        if (scripts) {
          for (YamlPlace script : root.key("scripts").values()) {
            addText(script, script.text(""), Map.of(), List.of(file.folder()));
          }
        } else if (gitlab) {
          addPipeline(root);
        } else {
          addWorkflow(root);
        }
      }
    }
  }

  // Where commands are written

  /** Each recipe is a script of its own; its lines run in the folder of the Makefile. */
  private void addMakefile(SourceFile file) {
    Map<String, String> variables = new HashMap<>();
    StringBuilder recipe = new StringBuilder();
    int start = 0;
    int offset = 0;
    for (String line : file.text().split("(?<=\n)")) {
      boolean goesOn = recipe.toString().endsWith("\\\n");
      if (line.startsWith("\t") || goesOn) {
        if (recipe.isEmpty()) {
          start = offset;
        }
        String command = line.strip();
        recipe.append(goesOn ? command : command.replaceFirst("^[@+-]+", ""));
        recipe.append('\n');
      } else if (!line.isBlank()) {
        addRecipe(file, start, recipe, variables);
        Matcher variable = MAKE_VARIABLE.matcher(line.strip());
        if (variable.matches()) {
          variables.putIfAbsent(variable.group(1), expand(variable.group(2).strip(), variables));
        }
      }
      offset += line.length();
    }
    addRecipe(file, start, recipe, variables);
  }

  private void addRecipe(
      SourceFile file, int start, StringBuilder recipe, Map<String, String> variables) {
    String text = recipe.toString();
    recipe.setLength(0);
    if (!text.isEmpty() && BUILDS.matcher(text).find()) {
      StringBuilder shell = new StringBuilder();
      Matcher reference =
          Pattern.compile("\\$\\$|\\$\\(([\\w-]+)\\)|\\$\\{([\\w-]+)}").matcher(text);
      while (reference.find()) {
        String name = reference.group(1) == null ? reference.group(2) : reference.group(1);
        String value = name == null ? "$" : variables.getOrDefault(name, NOTHING);
        reference.appendReplacement(shell, Matcher.quoteReplacement(value));
      }
      reference.appendTail(shell);
      addText(file.span(start, start), shell.toString(), Map.of(), List.of(file.folder()));
    }
  }

  /** GitLab CI: https://docs.gitlab.com/ci/yaml/. */
  private void addPipeline(YamlPlace pipeline) {
    Map<String, YamlPlace> jobs = new HashMap<>();
    pipeline.values().forEach(each -> jobs.put(each.name(), each));
    for (YamlPlace job : pipeline.values()) {
      Map<String, String> variables = new HashMap<>();
      addVariables(pipeline.key("variables"), variables);
      List<YamlPlace> lineage = lineage(job, jobs);
      List<YamlPlace> before = pipeline.key("default").key("before_script").items();
      List<YamlPlace> script = List.of();
      for (YamlPlace each : lineage) {
        addVariables(each.key("variables"), variables);
        before = each.key("before_script").isPresent() ? lines(each, "before_script") : before;
        script = each.key("script").isPresent() ? lines(each, "script") : script;
      }
      StringBuilder text = new StringBuilder();
      before.forEach(line -> text.append(line.text("")).append('\n'));
      script.forEach(line -> text.append(line.text("")).append('\n'));
      if (!job.name().startsWith(".")) {
        addText(job, text.toString(), variables, List.of(""));
      }
    }
  }

  /** A job behind those it extends, the farthest first. */
  private static List<YamlPlace> lineage(YamlPlace job, Map<String, YamlPlace> jobs) {
    Deque<YamlPlace> lineage = new ArrayDeque<>();
    Set<String> seen = new HashSet<>();
    Deque<YamlPlace> next = new ArrayDeque<>(List.of(job));
    while (!next.isEmpty() && lineage.size() < MOST_PARENTS) {
      YamlPlace each = next.removeLast();
      lineage.addFirst(each);
      YamlPlace parents = each.key("extends");
      List<String> names = parents.text() == null ? parents.texts() : List.of(parents.text(""));
      for (String name : names) {
        YamlPlace parent = jobs.get(name);
        if (parent != null && seen.add(name)) {
          next.addLast(parent);
        }
      }
    }
    return List.copyOf(lineage);
  }

  private static List<YamlPlace> lines(YamlPlace job, String key) {
    YamlPlace script = job.key(key);
    if (script.text() != null) {
      return List.of(script);
    }
    List<YamlPlace> lines = new ArrayList<>();
    for (YamlPlace each : script.items()) {
      if (each.text() == null) {
        lines.addAll(each.items());
      } else {
        lines.add(each);
      }
    }
    return lines;
  }

  private static void addVariables(YamlPlace from, Map<String, String> variables) {
    for (YamlPlace each : from.values()) {
      String value = each.text(each.key("value").text(""));
      variables.put(each.name(), expand(value, variables));
    }
  }

  private void addWorkflow(YamlPlace workflow) {
    for (YamlPlace job : workflow.key("jobs").values()) {
      for (Map<String, String> combination : OwnImages.combinations(job.at("strategy.matrix"))) {
        for (YamlPlace step : job.key("steps").items()) {
          String run = step.key("run").text();
          if (run == null || !BUILDS.matcher(run).find()) {
            continue;
          }
          Map<String, String> known = new HashMap<>(combination);
          Map<String, String> variables = new HashMap<>();
          for (YamlPlace env : List.of(workflow.key("env"), job.key("env"), step.key("env"))) {
            for (YamlPlace each : env.values()) {
              String value = expressions(each.text(""), known);
              variables.put(each.name(), expand(value, variables));
              known.put("env." + each.name(), value);
            }
          }
          YamlPlace folder = step.key("working-directory");
          folder = folder.isPresent() ? folder : job.at("defaults.run").key("working-directory");
          folder =
              folder.isPresent() ? folder : workflow.at("defaults.run").key("working-directory");
          String place = plain(expressions(folder.text("."), known));
          if (place != null) {
            addText(step, expressions(run, known), variables, List.of(place));
          }
        }
      }
    }
  }

  /** {@code ${{ … }}} replaced by what is known, or by a variable that nothing sets. */
  private static String expressions(String text, Map<String, String> known) {
    return EXPRESSION
        .matcher(text)
        .replaceAll(
            found -> {
              String value = found.group(1) == null ? null : known.get(found.group(1));
              return Matcher.quoteReplacement(value == null ? NOTHING : value);
            });
  }

  /** The references in a value, with {@link Argument#UNKNOWN} for those that nothing sets. */
  private static String expand(String value, Map<String, String> variables) {
    return REFERENCE
        .matcher(value)
        .replaceAll(
            found -> {
              String name =
                  found.group(1) != null
                      ? found.group(1)
                      : found.group(2) != null ? found.group(2) : found.group(3);
              String known = ROOTS.contains(name) ? "." : variables.get(name);
              return Matcher.quoteReplacement(known == null ? UNKNOWN : known);
            });
  }

  // What they say

  private void addText(
      Located at, String text, Map<String, String> variables, List<String> folders) {
    if (BUILDS.matcher(text).find()) {
      Span span = at.span();
      int[] offsets = new int[text.length() + 1];
      Arrays.fill(offsets, span.start());
      MappedText mapped = MappedText.of(text, offsets, span.file());
      addScript(mapped, Interpreter.DEFAULT, Variables.of(variables), folders, folders.get(0), at);
    }
  }

  private void addScript(
      MappedText text,
      Interpreter interpreter,
      Variables variables,
      List<String> folders,
      String own,
      @Nullable Located at) {
    Variables known =
        name ->
            ROOTS.contains(name) || name.equals("PWD")
                ? Variables.Value.of(".")
                : variables.valueOf(name);
    List<String> here = folders;
    int first = builds.size();
    for (Command command : ShellScript.parse(text).commands(known, interpreter)) {
      if (command.is("cd", "pushd") && !command.isIn(Command.Context.SUBSTITUTION)) {
        List<Argument> operands = command.options().operands();
        here = operands.isEmpty() ? List.of() : moved(here, operands.get(0), own);
      } else if (command.is("docker", "podman", "nerdctl", "buildah", "img")) {
        addTag(command, first);
        addBuild(command, here, at == null ? command : at);
      } else if (command.is("executor", "kaniko", "kaniko-executor")) {
        addKaniko(command, here, at == null ? command : at);
      }
    }
  }

  /** Where a script is after {@code cd}; nowhere that is known, often. */
  private List<String> moved(List<String> from, Argument to, String own) {
    String written = to.span().file().text().substring(to.span().start(), to.span().end());
    Matcher folder = OWN_FOLDER.matcher(written);
    if (folder.find()) {
      String rest = written.substring(folder.end()).replace("\"", "");
      String place = inFolder(own, rest.startsWith("/") ? rest.substring(1) : rest);
      return place == null || rest.contains("$") ? List.of() : List.of(place);
    }
    String path = to.text();
    List<String> places = new ArrayList<>();
    for (String each : path == null ? List.<String>of() : from) {
      String place = inFolder(each, path == null ? "" : path);
      if (place != null && (place.isEmpty() || tree.hasFolder(place))) {
        places.add(place);
      }
    }
    return places;
  }

  private void addBuild(Command command, List<String> folders, Located at) {
    Command.Options options = command.options(VALUED);
    List<Argument> operands = options.operands();
    int verb = 0;
    while (verb < operands.size() && operands.get(verb).is("buildx", "image", "builder")) {
      verb++;
    }
    if (folders.isEmpty()
        || operands.size() != verb + 2
        || !operands.get(verb).is("build", "b", "bud", "build-using-dockerfile")) {
      return;
    }
    String context = operands.get(verb + 1).text();
    add(command, options, folders, context, List.of("-f", "--file"), List.of("-t", "--tag"), at);
  }

  private void addKaniko(Command command, List<String> folders, Located at) {
    Command.Options options = command.options(KANIKO);
    String context = ".";
    for (Command.Option option : options.all()) {
      if (option.name().equals("--context") || option.name().equals("-c")) {
        context = option.value() == null ? UNKNOWN : option.value().replaceFirst("^dir://", "");
      }
    }
    add(
        command,
        options,
        folders,
        context,
        List.of("-f", "--dockerfile"),
        List.of("-d", "--destination"),
        at);
  }

  private void add(
      Command command,
      Command.Options options,
      List<String> folders,
      @Nullable String context,
      List<String> fileOptions,
      List<String> nameOptions,
      Located at) {
    String file = null;
    String target = null;
    List<String> names = new ArrayList<>();
    for (Command.Option option : options.all()) {
      String value = option.value() == null ? UNKNOWN : option.value();
      if (fileOptions.contains(option.name())) {
        file = value;
      } else if (option.name().equals("--target")) {
        target = value;
      } else if (nameOptions.contains(option.name())) {
        names.add(withoutTag(value));
      }
    }
    boolean known =
        context != null
            && !context.contains(UNKNOWN)
            && !context.equals("-")
            && (file == null || !file.contains(UNKNOWN) && !file.equals("-"))
            && (target == null || !target.contains(UNKNOWN));
    if (known && context != null) {
      boolean inContext = nameOptions.contains("-d");
      builds.add(new Build(folders, context, file, target, names, inContext, at));
    }
  }

  /** {@code docker tag FROM TO} names once more what was built in the same script. */
  private void addTag(Command command, int first) {
    List<Argument> operands = command.options(VALUED).operands();
    int verb = !operands.isEmpty() && operands.get(0).is("image") ? 1 : 0;
    if (operands.size() != verb + 3 || !operands.get(verb).is("tag")) {
      return;
    }
    String from = withoutTag(operands.get(verb + 1).shape());
    String to = withoutTag(operands.get(verb + 2).shape());
    for (Build build : builds.subList(first, builds.size())) {
      if (build.names.contains(from)) {
        build.names.add(to);
      }
    }
  }

  /** The name before a tag or digest. */
  private static String withoutTag(String name) {
    int digest = name.indexOf('@');
    String tagged = digest < 0 ? name : name.substring(0, digest);
    int tag = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
    return (tag < 0 ? tagged : tagged.substring(0, tag)).toLowerCase(Locale.ROOT);
  }

  // Paths

  /** A path below a folder, both from the root of the repository; null where it leads outside. */
  static @Nullable String inFolder(String folder, String path) {
    Deque<String> parts = new ArrayDeque<>();
    if (path.startsWith("/") || path.contains("://") || path.contains(UNKNOWN)) {
      return null;
    }
    for (String part : (folder + "/" + path).split("/")) {
      if (part.equals("..")) {
        if (parts.isEmpty()) {
          return null;
        }
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  private static @Nullable String plain(String path) {
    return path.contains("$") ? null : inFolder("", path);
  }
}
