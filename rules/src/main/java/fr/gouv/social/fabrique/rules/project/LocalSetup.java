package fr.gouv.social.fabrique.rules.project;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.compose.ComposeBuild;
import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.compose.ComposeResource;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.VolumeMount;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue;
import fr.gouv.social.fabrique.rules.secret.EnvFiles;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Anyone can start the product from the repository alone. */
final class LocalSetup {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\$|\\$(?:\\{([A-Za-z_]\\w*)(:?[-+?][^}]*)?\\}|([A-Za-z_]\\w*))");

  /** What every machine or runner sets. */
  private static final Pattern GIVEN =
      Pattern.compile(
          "HOME|USER|UID|GID|PWD|PATH|HOSTNAME|LOGNAME|SHELL|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|TMPDIR|USERPROFILE|APPDATA"
              + "|SSH_AUTH_SOCK|TZ|CI|(?:XDG|COMPOSE|DOCKER|BUILDKIT|CI|GITHUB|GITLAB)_\\w+");

  private static final Pattern LISTED =
      Pattern.compile("(?m)^[ \\t#]*(?:export[ \\t]+)?([A-Za-z_]\\w*)[ \\t]*=");

  /** Mounted files that somebody wrote; certificates and data are made on the spot. */
  private static final Pattern WRITTEN =
      Pattern.compile(
          "(?i).*\\.(?:conf|cfg|cnf|ini|sql|sh|ya?ml|json|toml|xml|properties|js|mjs|ts|py|html|template)");

  static final Rule<ComposeProject> MISSING_ENV_SAMPLE =
      rule("project/missing-env-sample", ComposeProject.class, LocalSetup::missingSample);

  static final Rule<ComposeProject> INCOMPLETE_ENV_SAMPLE =
      rule("project/incomplete-env-sample", ComposeProject.class, LocalSetup::incompleteSample);

  static final Rule<ComposeProject> COMPOSE_NOT_SELF_CONTAINED =
      rule("project/compose-not-self-contained", ComposeProject.class, LocalSetup::selfContained);

  static final List<Rule<?>> ALL =
      List.of(MISSING_ENV_SAMPLE, INCOMPLETE_ENV_SAMPLE, COMPOSE_NOT_SELF_CONTAINED);

  private LocalSetup() {}

  private static void missingSample(ComposeProject compose, RuleContext context) {
    SourceTree tree = context.project().tree();
    List<SourceEntry> samples = samples(tree, compose);
    Map<String, Located> needed = needed(compose, context.project());
    if (!samples.isEmpty()) {
      context.keep(Repository.start(samples.get(0).path()));
      return;
    }
    for (SourceEntry entry : EnvFiles.committed(tree)) {
      needed.keySet().removeAll(listed(entry));
    }
    if (!needed.isEmpty()) {
      context.report(
          needed.values().iterator().next(),
          "variables",
          needed.size(),
          String.join(", ", some(needed.keySet())));
      return;
    }
    for (ComposeService service : compose.services()) {
      for (YamlPlace file : envFiles(service)) {
        String path = file.isUnknown() ? null : compose.resolve(file, file.text(""));
        if (path != null && tree.entry(path) == null && !file.text("").isEmpty()) {
          context.report(file, "env-file", file.text(""));
          return;
        }
      }
    }
  }

  private static List<String> some(Set<String> names) {
    List<String> all = new ArrayList<>(names);
    if (all.size() <= 5) {
      return all;
    }
    List<String> first = new ArrayList<>(all.subList(0, 5));
    first.add("…");
    return first;
  }

  /** The required files of variables of a service. */
  private static List<YamlPlace> envFiles(ComposeService service) {
    YamlPlace at = service.place().key("env_file");
    if (at.text() != null) {
      return List.of(at);
    }
    List<YamlPlace> files = new ArrayList<>();
    for (YamlPlace item : at.items()) {
      if (!(item.node() instanceof YamlMapping)) {
        files.add(item);
      } else if (!item.key("required").bool().isFalse()) {
        files.add(item.key("path"));
      }
    }
    return files;
  }

  private static void incompleteSample(ComposeProject compose, RuleContext context) {
    SourceTree tree = context.project().tree();
    List<SourceEntry> samples = samples(tree, compose);
    if (samples.isEmpty() || context.environment(compose) == Environment.PROD) {
      return;
    }
    Set<String> listed = new HashSet<>();
    samples.forEach(sample -> listed.addAll(listed(sample)));
    EnvFiles.committed(tree).forEach(entry -> listed.addAll(listed(entry)));
    Map<String, Located> needed = needed(compose, context.project());
    boolean complete = true;
    for (Map.Entry<String, Located> each : needed.entrySet()) {
      if (!listed.contains(each.getKey())) {
        complete = false;
        context.report(each.getValue(), "unlisted", each.getKey(), samples.get(0).path());
      }
    }
    if (complete && !needed.isEmpty()) {
      context.keep(Repository.start(samples.get(0).path()));
    }
  }

  /** The samples, the one beside the Compose file first. */
  private static List<SourceEntry> samples(SourceTree tree, ComposeProject compose) {
    String folder = compose.span().file().folder();
    return tree.entries().stream()
        .filter(EnvFiles::isSample)
        .sorted(
            Comparator.comparing((SourceEntry entry) -> !folder(entry).equals(folder))
                .thenComparing(entry -> folder(entry).length()))
        .toList();
  }

  private static String folder(SourceEntry entry) {
    return entry.path().substring(0, Math.max(0, entry.path().lastIndexOf('/')));
  }

  private static Set<String> listed(SourceEntry entry) {
    Set<String> names = new HashSet<>();
    if (entry.problem() == null) {
      Matcher matcher = LISTED.matcher(entry.file().text());
      while (matcher.find()) {
        names.add(matcher.group(1));
      }
    }
    return names;
  }

  /** The variables without a default that the files of a project ask for, at their first use. */
  private static Map<String, Located> needed(ComposeProject compose, Project project) {
    Map<String, Located> needed = new LinkedHashMap<>();
    for (SourceFile file : compose.files()) {
      YamlFile yaml = project.yaml().get(file.path());
      if (yaml == null) {
        continue;
      }
      Deque<YamlNode> waiting = new ArrayDeque<>();
      yaml.documents().forEach(document -> waiting.add(document.root()));
      while (!waiting.isEmpty()) {
        YamlNode node = waiting.pop();
        if (node instanceof YamlMapping mapping) {
          List<YamlMapping.Entry> entries = mapping.written();
          for (int i = entries.size() - 1; i >= 0; i--) {
            waiting.push(entries.get(i).value());
          }
        } else if (node instanceof YamlSequence sequence) {
          for (int i = sequence.items().size() - 1; i >= 0; i--) {
            waiting.push(sequence.items().get(i));
          }
        } else if (node instanceof YamlScalar scalar && scalar.value().indexOf('$') >= 0) {
          collect(scalar, needed);
        }
      }
    }
    return needed;
  }

  private static void collect(YamlScalar scalar, Map<String, Located> into) {
    Matcher matcher = VARIABLE.matcher(scalar.value());
    while (matcher.find()) {
      String name = matcher.group(1) == null ? matcher.group(3) : matcher.group(1);
      String modifier = matcher.group(2) == null ? "" : matcher.group(2);
      boolean optional =
          modifier.contains("-") && !modifier.contains("?") || modifier.contains("+");
      if (name != null && !optional && !GIVEN.matcher(name).matches() && !into.containsKey(name)) {
        into.put(name, scalar.place(matcher.start(), matcher.end()));
      }
    }
  }

  private static void selfContained(ComposeProject compose, RuleContext context) {
    if (context.environment(compose) == Environment.PROD
        || !Repository.isProduct(context.project())) {
      return;
    }
    int before = 0;
    for (ComposeService service : compose.services()) {
      before += image(service, context) + build(service, context) + mounts(service, context);
    }
    for (ComposeResource.Section section :
        List.of(ComposeResource.Section.NETWORKS, ComposeResource.Section.VOLUMES)) {
      for (ComposeResource resource : compose.resources(section).values()) {
        if (resource.external().isTrue()) {
          before++;
          context.report(resource, "external", resource.name());
        }
      }
    }
    if (before == 0 && !compose.services().isEmpty()) {
      context.keep(Repository.start(compose.span().file().path()));
    }
  }

  private static int image(ComposeService service, RuleContext context) {
    Setting<String> image = service.image();
    String text = image.value();
    ImageReference reference = text == null ? null : ImageReference.orNull(text);
    String name = reference == null ? null : reference.familiarName();
    if (name == null || service.build() != null) {
      return 0;
    }
    for (String pattern : context.list("private")) {
      if (ServiceCatalogue.matches(pattern, name)) {
        context.report(image, "private-image", name);
        return 1;
      }
    }
    return 0;
  }

  private static int build(ComposeService service, RuleContext context) {
    ComposeBuild build = service.build();
    String folder = build == null ? null : build.contextFolder();
    if (build == null || folder == null) {
      return 0;
    }
    String file = build.dockerfilePath();
    if (!exists(context, folder)) {
      context.report(build.context(), "missing-context", folder);
      return 1;
    }
    if (file != null && !build.inline().isSet() && !exists(context, file)) {
      context.report(build.dockerfile(), "missing-dockerfile", file);
      return 1;
    }
    return 0;
  }

  private static int mounts(ComposeService service, RuleContext context) {
    int found = 0;
    for (VolumeMount mount : service.volumes()) {
      YamlScalar source = mount.source();
      if (mount.type() == VolumeMount.Type.BIND
          && source != null
          && source.isKnown()
          && source.value().startsWith(".")
          && WRITTEN.matcher(source.value()).matches()) {
        String path = service.project().resolve(source, source.value());
        if (path != null && !exists(context, path)) {
          found++;
          context.report(mount, "missing-mount", path);
        }
      }
    }
    return found;
  }

  /** Whether a file or folder is there, or may be: what git ignores or keeps elsewhere. */
  private static boolean exists(RuleContext context, @Nullable String path) {
    SourceTree tree = context.project().tree();
    return path == null
        || tree.entry(path) != null
        || tree.hasFolder(path)
        || tree.skipped().stream()
            .anyMatch(each -> path.equals(each.path()) || path.startsWith(each.path() + "/"));
  }
}
