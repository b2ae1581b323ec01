package fr.gouv.social.fabrique.rules.project;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.compose.ComposeResource;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.RuleContext.Reported;
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
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  static final Rule<Project> MISSING_ENV_SAMPLE =
      rule("project/missing-env-sample", Project.class, LocalSetup::missingSample);

  static final Rule<ComposeProject> COMPOSE_NOT_SELF_CONTAINED =
      rule("project/compose-not-self-contained", ComposeProject.class, LocalSetup::selfContained);

  static final List<Rule<?>> ALL = List.of(MISSING_ENV_SAMPLE, COMPOSE_NOT_SELF_CONTAINED);

  /** More variables are not named. */
  private static final int SHOWN = 5;

  private LocalSetup() {}

  private static void missingSample(Project project, RuleContext context) {
    SourceTree tree = project.tree();
    Map<String, Located> needed = new TreeMap<>();
    List<YamlPlace> files = new ArrayList<>();
    for (ComposeProject compose : project.subjects(ComposeProject.class)) {
      collect(compose, project, needed);
      for (ComposeService service : compose.services()) {
        for (YamlPlace at : envFiles(service)) {
          String path = at.isUnknown() ? null : compose.resolve(at, at.text(""));
          if (path != null && !at.text("").isEmpty() && tree.entry(path) == null) {
            files.add(at);
          }
        }
      }
    }
    SourceEntry sample = EnvFiles.sample(tree);
    EnvFiles.committed(tree).forEach(entry -> needed.keySet().removeAll(listed(entry)));
    if (sample != null) {
      context.keep(Repository.start(sample.path()));
    } else if (!needed.isEmpty()) {
      List<Located> places = List.copyOf(needed.values());
      Reported reported =
          context.report(
              places.get(0), "variables", needed.size(), String.join(", ", some(needed.keySet())));
      places.subList(1, Math.min(SHOWN, places.size())).forEach(reported::related);
    } else {
      // Files of other names are those of compose/missing-file.
      List<YamlPlace> unexplained =
          files.stream().filter(at -> EnvFiles.isPlain(at.text(""))).toList();
      if (!unexplained.isEmpty()) {
        YamlPlace first = unexplained.get(0);
        Reported reported = context.report(first, "env-file", first.text(""));
        unexplained.subList(1, Math.min(SHOWN, unexplained.size())).forEach(reported::related);
      } else if (!files.isEmpty()) {
        context.concerns();
      }
    }
  }

  private static List<String> some(Set<String> names) {
    List<String> all = new ArrayList<>(names);
    if (all.size() <= SHOWN) {
      return all;
    }
    List<String> first = new ArrayList<>(all.subList(0, SHOWN));
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

  /** The variables without a default that the files of a project ask for, and where. */
  private static void collect(
      ComposeProject compose, Project project, Map<String, Located> needed) {
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
          mapping.written().forEach(entry -> waiting.push(entry.value()));
        } else if (node instanceof YamlSequence sequence) {
          sequence.items().forEach(waiting::push);
        } else if (node instanceof YamlScalar scalar && scalar.value().indexOf('$') >= 0) {
          collect(scalar, needed);
        }
      }
    }
  }

  private static void collect(YamlScalar scalar, Map<String, Located> into) {
    Matcher matcher = VARIABLE.matcher(scalar.value());
    while (matcher.find()) {
      String name = matcher.group(1) == null ? matcher.group(3) : matcher.group(1);
      String modifier = matcher.group(2) == null ? "" : matcher.group(2);
      boolean optional =
          modifier.contains("-") && !modifier.contains("?") || modifier.contains("+");
      if (name != null && !optional && !GIVEN.matcher(name).matches()) {
        Located known = into.get(name);
        if (known == null || scalar.span().start() < known.span().start()) {
          into.put(name, scalar);
        }
      }
    }
  }

  private static void selfContained(ComposeProject compose, RuleContext context) {
    if (context.environment(compose) == Environment.PROD
        || !Repository.isProduct(context.project())) {
      return;
    }
    int found = 0;
    for (ComposeService service : compose.services()) {
      found += image(service, context);
    }
    for (ComposeResource.Section section :
        List.of(ComposeResource.Section.NETWORKS, ComposeResource.Section.VOLUMES)) {
      for (ComposeResource resource : compose.resources(section).values()) {
        if (resource.external().isTrue()) {
          found++;
          context.report(resource, "external", resource.externalName());
        }
      }
    }
    if (found == 0 && !compose.services().isEmpty()) {
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
}
