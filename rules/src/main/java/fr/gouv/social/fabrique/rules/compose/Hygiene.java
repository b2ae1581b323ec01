package fr.gouv.social.fabrique.rules.compose;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.compose.ComposeBuild;
import fr.gouv.social.fabrique.compose.ComposeFiles;
import fr.gouv.social.fabrique.compose.ComposeProblem;
import fr.gouv.social.fabrique.compose.ComposeProblem.Kind;
import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.compose.ComposeResource;
import fr.gouv.social.fabrique.compose.ComposeResource.Section;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.ComposeVariable;
import fr.gouv.social.fabrique.compose.VolumeMount;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.rules.secret.EnvFiles;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.Interpolation;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a project names, and what it forgets. */
final class Hygiene {
  /** The variables that a script gives a value. */
  private static final Pattern ASSIGNED =
      Pattern.compile(
          "(?:^|[\\s;&|('\"])(?:for\\s+(\\w+)\\s+in\\b|(?:export\\s+)?(\\w+)=|read\\s+(?:-\\w+\\s+)*(\\w+)\\b)");

  /** Of one script, no more dollars are reported. */
  private static final int MOST = 100;

  private static final Pattern PASSWORD_HASH =
      Pattern.compile("\\$(?:2[abxy]|apr1|1|5|6|y|argon2(?:i|d|id)?|pbkdf2[\\w-]*)\\$");
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i).*(?:password|passwd|passphrase|_pass|_pwd|secret|token).*");

  /** What whoever starts the project has in the environment, or Compose sets itself. */
  private static final Pattern AMBIENT =
      Pattern.compile(
          "PWD|HOME|USER|UID|GID|LOGNAME|HOSTNAME|SHELL|PATH|TZ|LANG|DISPLAY|SSH_AUTH_SOCK|TMPDIR|OSTYPE|APPDATA"
              + "|USERPROFILE|XDG_\\w+|WAYLAND_\\w+|CI|CI_\\w+|GITHUB_\\w+|COMPOSE_\\w+|DOCKER_\\w+|(?:HTTP|HTTPS|NO|ALL)_PROXY"
              + "|(?:http|https|no|all)_proxy");

  private static final Pattern SAMPLE =
      Pattern.compile(
          "(?i)\\.?(?:[\\w.-]*\\.)?env[\\w.-]*[._-](?:example|sample|dist|template|tpl|tmpl|default|defaults|development|dev|local|test|ci)"
              + "|\\.?(?:example|sample|default|template)[._-]env|(?:\\.env|[\\w-]+\\.env)|readme(?:\\.\\w+)?|makefile|.*\\.sh|justfile|taskfile\\.ya?ml");

  private static final int LONGEST_FOLDER = 200;

  static final Rule<ComposeProject> PROJECT_NAME =
      rule(
          "compose/missing-project-name",
          ComposeProject.class,
          (project, context) -> {
            if (!project.place().key("name").isPresent() && !project.services().isEmpty()) {
              context.report(project.place().key("name"), "missing");
            }
          });

  static final Rule<ComposeProject> SHADOWED =
      rule(
          "compose/shadowed-file",
          ComposeProject.class,
          (project, context) -> {
            SourceFile main = project.files().isEmpty() ? null : project.files().get(0);
            String other =
                main == null
                    ? null
                    : ComposeFiles.shadowing(
                        main.path(), path -> context.project().tree().entry(path) != null);
            if (main != null && other != null && !namesItsFiles(main.folder(), context)) {
              context.report(main.span(0, 0), "shadowed", main.name(), other);
            }
          });

  static final Rule<ComposeService> DOLLAR =
      rule(
          "compose/unescaped-dollar",
          ComposeService.class,
          (service, context) -> {
            for (Dollar each : dollars(service)) {
              RuleContext.Reported reported =
                  context.report(each.at(), each.message(), service.name(), each.variable());
              int start = each.at().start();
              reported.unsafeFix(new TextEdit(each.at().file().span(start, start), "$"));
            }
          });

  static final Rule<ComposeService> BUILD_AND_IMAGE =
      rule(
          "compose/build-and-image",
          ComposeService.class,
          (service, context) -> {
            ComposeBuild build = service.build();
            YamlPlace image = service.place().key("image");
            if (build != null
                && image.isPresent()
                && !service.place().key("pull_policy").isPresent()
                && !build.inline().isSet()
                && !build.place().key("tags").isPresent()) {
              context.report(image, "both", service.name());
            }
          });

  static final Rule<ComposeProject> UNUSED =
      rule("compose/unused-resource", ComposeProject.class, Hygiene::unused);

  static final Rule<ComposeService> BUILD_CONTEXT =
      rule("compose/missing-build-context", ComposeService.class, Hygiene::buildContext);

  static final Rule<ComposeProject> MISSING_FILE =
      rule("compose/missing-file", ComposeProject.class, Hygiene::missingFiles);

  static final Rule<ComposeProject> UNDOCUMENTED =
      rule(
          "compose/undocumented-variable",
          ComposeProject.class,
          (project, context) -> {
            Set<Span> literal = new HashSet<>();
            for (ComposeService service : project.services()) {
              dollars(service).forEach(each -> literal.add(each.at()));
            }
            boolean found = false;
            for (ComposeProblem problem : project.problems()) {
              found |= !literal.contains(problem.span()) && undocumented(problem, context);
            }
            if (!found && !project.services().isEmpty()) {
              context.keep(project);
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          PROJECT_NAME,
          SHADOWED,
          DOLLAR,
          BUILD_AND_IMAGE,
          UNUSED,
          BUILD_CONTEXT,
          MISSING_FILE,
          UNDOCUMENTED);

  private Hygiene() {}

  // Dollars.

  /** Whether a {@code .env} file chooses the files of the project. */
  private static boolean namesItsFiles(String folder, RuleContext context) {
    SourceEntry env = context.project().tree().entry(folder.isEmpty() ? ".env" : folder + "/.env");
    return env != null && env.file().text().contains("COMPOSE_FILE");
  }

  /** A variable of Compose that is meant for somebody else. */
  private record Dollar(YamlScalar scalar, Span at, String variable, String message) {
    static Dollar of(YamlScalar scalar, Interpolation.Variable variable, String message) {
      Span at = scalar.place(variable.from(), variable.to());
      return new Dollar(scalar, at, variable.name(), message);
    }
  }

  private static List<Dollar> dollars(ComposeService service) {
    List<Dollar> found = new ArrayList<>();
    Set<String> own = new HashSet<>();
    for (ComposeVariable variable : service.environment()) {
      if (variable.value().value() != null) {
        own.add(variable.name());
      }
    }
    Deque<YamlNode> left = new ArrayDeque<>();
    Set<YamlNode> scripts = new HashSet<>();
    for (String key : List.of("command", "entrypoint", "healthcheck.test")) {
      add(service.place().at(key).node(), scripts, left);
    }
    for (String key : List.of("pre_start", "post_start", "pre_stop")) {
      add(service.place().key(key).node(), scripts, left);
    }
    while (!left.isEmpty()) {
      if (left.pop() instanceof YamlScalar scalar) {
        inScript(scalar, own, found);
      }
    }
    YamlNode environment = service.place().key("environment").node();
    if (environment instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        if (entry.value() instanceof YamlScalar scalar) {
          literal(entry.name(), scalar, 0, found);
        }
      }
    } else if (environment instanceof YamlSequence sequence) {
      for (YamlNode item : sequence.items()) {
        if (item instanceof YamlScalar scalar && scalar.value().indexOf('=') > 0) {
          int equals = scalar.value().indexOf('=');
          literal(scalar.value().substring(0, equals), scalar, equals + 1, found);
        }
      }
    }
    YamlNode labels = service.place().key("labels").node();
    if (labels instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        if (entry.value() instanceof YamlScalar scalar) {
          hash(scalar, 0, found);
        }
      }
    } else if (labels instanceof YamlSequence sequence) {
      for (YamlNode item : sequence.items()) {
        if (item instanceof YamlScalar scalar) {
          hash(scalar, 0, found);
        }
      }
    }
    return found;
  }

  /** All scalars below a node. */
  private static void add(@Nullable YamlNode node, Set<YamlNode> seen, Deque<YamlNode> scalars) {
    Deque<YamlNode> left = new ArrayDeque<>();
    if (node != null) {
      left.push(node);
    }
    while (!left.isEmpty()) {
      YamlNode each = left.pop();
      if (!seen.add(each)) {
        continue;
      }
      if (each instanceof YamlMapping mapping) {
        mapping.entries().forEach(entry -> left.push(entry.value()));
      } else if (each instanceof YamlSequence sequence) {
        sequence.items().forEach(left::push);
      } else {
        scalars.add(each);
      }
    }
  }

  /** A variable of the container or of the script itself, which Compose replaces by nothing. */
  private static void inScript(YamlScalar scalar, Set<String> own, List<Dollar> found) {
    Interpolation interpolation = scalar.interpolation();
    if (interpolation == null) {
      return;
    }
    Set<String> assigned = new HashSet<>();
    Matcher matcher = ASSIGNED.matcher(scalar.value());
    while (matcher.find()) {
      for (int i = 1; i <= matcher.groupCount(); i++) {
        assigned.add(matcher.group(i));
      }
    }
    for (Interpolation.Variable each : interpolation.variables()) {
      boolean isAssigned = assigned.contains(each.name());
      if (each.source() == Interpolation.Source.UNKNOWN
          && (isAssigned || own.contains(each.name()))
          && found.size() < MOST) {
        found.add(Dollar.of(scalar, each, isAssigned ? "script-variable" : "container-variable"));
      }
    }
  }

  /** A dollar within a password. */
  private static void literal(String name, YamlScalar scalar, int from, List<Dollar> found) {
    Interpolation interpolation = scalar.interpolation();
    if (interpolation == null || hash(scalar, from, found)) {
      return;
    }
    String value = scalar.value();
    for (Interpolation.Variable each : interpolation.variables()) {
      boolean within =
          each.from() > from
              && each.from() < value.length()
              && Character.isLetterOrDigit(value.charAt(each.from() - 1));
      if (within
          && each.source() == Interpolation.Source.UNKNOWN
          && !value.startsWith("${", each.from())
          && SECRET_NAME.matcher(name).matches()) {
        found.add(Dollar.of(scalar, each, "literal"));
      }
    }
  }

  private static boolean hash(YamlScalar scalar, int from, List<Dollar> found) {
    Interpolation interpolation = scalar.interpolation();
    String value = scalar.value();
    if (interpolation == null
        || !PASSWORD_HASH.matcher(value.substring(Math.min(from, value.length()))).find()) {
      return false;
    }
    int before = found.size();
    for (Interpolation.Variable each : interpolation.variables()) {
      if (each.source() == Interpolation.Source.UNKNOWN
          && each.from() >= from
          && !value.startsWith("${", each.from())) {
        found.add(Dollar.of(scalar, each, "hash"));
      }
    }
    return found.size() > before;
  }

  // What nothing uses.

  private static void unused(ComposeProject project, RuleContext context) {
    if (!project.isComplete()
        || project.services().isEmpty()
        || project.services().stream().anyMatch(service -> !service.isComplete())) {
      return;
    }
    for (Section section : Section.values()) {
      Set<String> used = new HashSet<>();
      boolean hidden = false;
      for (ComposeService service : project.services()) {
        used.addAll(names(service, section).keySet());
        if (section == Section.SECRETS) {
          used.addAll(service.buildSecrets().keySet());
        }
        hidden |= section == Section.VOLUMES && mountsSomethingUnknown(service, used);
      }
      for (ComposeResource resource : project.resources(section).values()) {
        boolean implied = section == Section.NETWORKS && resource.name().equals("default");
        if (!hidden
            && !implied
            && !used.contains(resource.name())
            && !resource.name().startsWith("x-")
            && resource.external().isFalse()) {
          context.report(resource.place(), section.key(), resource.name());
        }
      }
    }
  }

  private static Map<String, YamlPlace> names(ComposeService service, Section section) {
    return switch (section) {
      case NETWORKS -> service.networks();
      case SECRETS -> service.secrets();
      case CONFIGS -> service.configs();
      case MODELS -> service.models();
      case VOLUMES -> Map.of();
    };
  }

  private static boolean mountsSomethingUnknown(ComposeService service, Set<String> used) {
    boolean unknown = false;
    for (VolumeMount mount : service.volumes()) {
      String volume = HostMounts.volume(mount);
      if (volume != null) {
        used.add(volume);
      }
      YamlScalar source = mount.source();
      YamlScalar target = mount.target();
      unknown |= source == null ? target != null && !target.isKnown() : !source.isKnown();
    }
    return unknown;
  }

  // Files.

  private static void buildContext(ComposeService service, RuleContext context) {
    ComposeBuild build = service.build();
    String folder = build == null ? null : build.contextFolder();
    if (build == null || folder == null || !canTell(context.project().tree(), folder)) {
      return;
    }
    Setting<String> written = build.context();
    SourceTree tree = context.project().tree();
    if (!tree.hasFolder(folder)) {
      context.report(written, "context", service.name(), String.valueOf(written.value()));
      return;
    }
    String path = build.dockerfilePath();
    if (path != null && tree.entry(path) == null && canTell(tree, path)) {
      Setting<String> dockerfile = build.dockerfile();
      context.report(dockerfile, "dockerfile", service.name(), path);
    }
  }

  /** Whether the tree would hold a path if it was there: submodules and the like are not walked. */
  private static boolean canTell(SourceTree tree, String path) {
    for (SourceTree.Skipped skipped : tree.skipped()) {
      if (path.equals(skipped.path()) || path.startsWith(skipped.path() + "/")) {
        return false;
      }
    }
    SourceEntry modules = tree.entry(".gitmodules");
    return modules == null
        || modules
            .file()
            .text()
            .lines()
            .map(line -> line.strip().replaceAll("\\s*=\\s*", "="))
            .filter(line -> line.startsWith("path="))
            .map(line -> line.substring("path=".length()))
            .noneMatch(module -> path.equals(module) || path.startsWith(module + "/"));
  }

  private static void missingFiles(ComposeProject project, RuleContext context) {
    SourceTree tree = context.project().tree();
    Set<String> reported = new HashSet<>();
    boolean sampled = EnvFiles.sample(tree) != null;
    for (ComposeProblem problem : project.problems()) {
      if (problem.kind() == Kind.ENV_FILE_MISSING || problem.kind() == Kind.LABEL_FILE_MISSING) {
        String path = project.resolve(problem, Loading.argument(problem, 1));
        if (path != null
            && !reported.contains(path)
            && canTell(tree, path)
            && !hasSample(tree, path)
            // Without any sample, project/missing-env-sample says so.
            && (sampled || !EnvFiles.isPlain(path))) {
          reported.add(path);
          Loading.report(problem, context, "env-file");
        }
      }
    }
    for (Section section : List.of(Section.SECRETS, Section.CONFIGS)) {
      for (ComposeResource resource : project.resources(section).values()) {
        Setting<String> file = resource.place().key("file").string();
        if (isMissing(project, tree, file)) {
          context.report(file, section.key(), resource.name(), String.valueOf(file.value()));
        }
      }
    }
    for (ComposeService service : project.services()) {
      for (VolumeMount mount : service.volumes()) {
        YamlScalar source = mount.source();
        YamlScalar target = mount.target();
        if (mount.type() == VolumeMount.Type.BIND
            && source != null
            && source.isKnown()
            && target != null
            && looksLikeFile(source.value())
            && looksLikeFile(target.value())
            && isMissing(project, tree, Setting.explicit(source.value(), source))
            && reported.add(source.value())) {
          context.report(source, "mount", service.name(), source.value());
        }
      }
    }
  }

  private static boolean isMissing(ComposeProject project, SourceTree tree, Setting<String> file) {
    String written = file.value();
    String path = written == null ? null : project.resolve(file, written);
    return path != null
        && tree.entry(path) == null
        && !tree.hasFolder(path)
        && canTell(tree, path)
        && !hasSample(tree, path);
  }

  /** Whether the last part of a path has an extension: folders rarely have one. */
  private static boolean looksLikeFile(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.matches("[\\w-][\\w.-]*\\.[a-zA-Z][a-zA-Z0-9]{0,5}")
        && !name.matches(".*\\.(?:d|conf\\.d|db|sqlite3?|sock|log|pem|key|crt|cert|pid)");
  }

  /** Whether something next to a missing file tells what it holds: {@code .env.example}. */
  private static boolean hasSample(SourceTree tree, String path) {
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    String name = path.substring(folder.length());
    String stem = name.replaceAll("^\\.|\\.local$", "");
    int looked = 0;
    for (String each : tree.paths()) {
      if (each.startsWith(folder) && each.indexOf('/', folder.length()) < 0) {
        String other = each.substring(folder.length());
        if (!other.equals(name)
            && other.contains(stem)
            && other.matches(
                "(?i).*(?:example|sample|dist|template|tpl|tmpl|default|exemple|local|dev).*")) {
          return true;
        }
        if (++looked > LONGEST_FOLDER) {
          return false;
        }
      }
    }
    return false;
  }

  private static boolean undocumented(ComposeProblem problem, RuleContext context) {
    boolean required = problem.kind() == Kind.REQUIRED_VARIABLE_MISSING;
    if (!required && problem.kind() != Kind.UNDEFINED_VARIABLE) {
      return false;
    }
    String name = Loading.argument(problem, 0);
    String message = required ? Loading.argument(problem, 1) : "";
    if (AMBIENT.matcher(name).matches()
        || message.length() > 20
        || isMentioned(name, problem, context)) {
      return false;
    }
    Loading.report(problem, context, required ? "required" : "undefined");
    return true;
  }

  /** Whether a sample, a README or a script in this folder or one above names the variable. */
  private static boolean isMentioned(String name, ComposeProblem problem, RuleContext context) {
    SourceTree tree = context.project().tree();
    String folder = problem.span().file().folder();
    Pattern word = Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(name) + "(?![A-Za-z0-9_])");
    for (String path : tree.paths()) {
      String own = path.substring(0, Math.max(0, path.lastIndexOf('/')));
      boolean above = own.isEmpty() || folder.equals(own) || folder.startsWith(own + "/");
      SourceEntry entry = above ? tree.entry(path) : null;
      if (entry != null && (SAMPLE.matcher(entry.name()).matches() || EnvFiles.isSample(entry))) {
        if (entry.size() < 200_000 && word.matcher(entry.file().text()).find()) {
          return true;
        }
      }
    }
    return false;
  }
}
