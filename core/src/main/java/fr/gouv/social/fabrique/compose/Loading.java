package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.compose.ComposeProblem.Kind;
import fr.gouv.social.fabrique.schema.Schema;
import fr.gouv.social.fabrique.schema.SchemaProblem;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import fr.gouv.social.fabrique.yaml.YamlDocument;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlMapping.Entry;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlProblem;
import fr.gouv.social.fabrique.yaml.YamlReader;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The loading of one project. */
final class Loading {
  private static final String[] SECTIONS = {
    "services", "jobs", "volumes", "networks", "secrets", "configs", "models"
  };

  private final ComposeLoader loader;
  private final Problems problems = new Problems();
  private final Budget budget = new Budget();
  private final Merge merge = new Merge(problems);
  private final Map<SourceFile, YamlFile> read = new HashMap<>();
  private final Map<SourceFile, String> folders = new LinkedHashMap<>();
  private final Map<ExtendedFile, Extending> extended = new HashMap<>();
  private final Map<Inclusion, Optional<YamlMapping>> inclusions = new HashMap<>();
  private boolean complete = true;

  /** The schema is read when the first project is loaded. */
  private static final class SchemaHolder {
    static final Schema SCHEMA = Schema.load(ComposeLoader.class, "compose.schema");
  }

  /**
   * Where a set of files is loaded.
   *
   * @param folder the project directory
   * @param chain the files that lead here by {@code include}, and by {@code -f}
   */
  private record Scope(Variables variables, String folder, List<String> chain) {}

  /** What one entry of {@code include} leads to: the same files may be included by several ways. */
  private record Inclusion(
      List<String> paths, String folder, Map<String, Variables.Value> values) {}

  /** A file that services extend, under the variables of those who do. */
  private record ExtendedFile(SourceFile file, Variables variables) {}

  Loading(ComposeLoader loader) {
    this.loader = loader;
  }

  ComposeProject load(List<String> paths) {
    // What an override without its main file overrides stands elsewhere.
    complete = paths.isEmpty() || !ComposeFiles.isOverride(paths.get(0));
    Setting<String> name = Setting.absent(nowhere(paths));
    YamlMapping root = null;
    Variables known = Variables.of(loader.variables());
    try {
      String folder = paths.isEmpty() ? "" : Paths.folderOf(paths.get(0));
      known = withDotEnv(known, folder);
      name = projectName(paths, known, folder);
      String value = name.value();
      known =
          known.and(
              Map.of(
                  "COMPOSE_PROJECT_NAME",
                  new Variables.Value(value == null ? "" : value, value != null)));
      root = loadFiles(paths, new Scope(known, folder, List.of()));
    } catch (Budget.Exceeded e) {
      problems.add(Kind.TOO_LARGE, e.at(), "", "");
    }
    if (complete
        && (root == null || Trees.without(root, "version").entries().isEmpty())
        && problems.all().stream().noneMatch(p -> stops(p.kind().phase()))) {
      problems.add(Kind.EMPTY_FILE, nowhere(paths), "");
    }
    YamlMapping tree = root == null ? YamlMapping.of(nowhere(paths), List.of()) : root;
    return ProjectBuilder.build(tree, name, folders, known, loader, complete, problems);
  }

  private static boolean stops(ComposeProblem.Phase phase) {
    return phase != ComposeProblem.Phase.WARNING && phase != ComposeProblem.Phase.NOT_FOLLOWED;
  }

  private Span nowhere(List<String> paths) {
    SourceFile main = paths.isEmpty() ? null : loader.files().get(paths.get(0));
    return (main == null ? SourceFile.of(paths.isEmpty() ? "" : paths.get(0), "") : main)
        .span(0, 0);
  }

  private Variables withDotEnv(Variables known, String folder) {
    SourceFile file = loader.files().get(join(folder, ".env"));
    return file == null ? known : known.and(readEnvironment(file, known));
  }

  private Map<String, Variables.Value> readEnvironment(SourceFile file, Variables known) {
    DotEnv.Result result = DotEnv.read(file, known, false);
    result.errors().forEach(at -> problems.add(Kind.ENV_FILE_SYNTAX, at, "", at.text()));
    return result.values();
  }

  // The name of the project (compose-go, loader.go projectName).

  private Setting<String> projectName(List<String> paths, Variables known, String folder) {
    Span nowhere = nowhere(paths);
    String given = loader.projectName();
    Variables.Value variable = known.get("COMPOSE_PROJECT_NAME");
    if (given == null && variable != null && variable.known() && !variable.text().isEmpty()) {
      given = variable.text();
    }
    if (given != null) {
      if (!normalized(given).equals(given)) {
        problems.add(Kind.INVALID_PROJECT_NAME, nowhere, "name", given);
      }
      return Setting.explicit(given, nowhere);
    }
    YamlScalar written = null;
    for (String path : paths) {
      SourceFile file = loader.files().get(path);
      if (file == null) {
        continue;
      }
      for (YamlDocument document : yaml(file).documents()) {
        if (document.root() instanceof YamlMapping mapping
            && mapping.get("name") instanceof YamlScalar scalar
            && !scalar.value().isEmpty()
            && !scalar.isNull()) {
          written = scalar;
        }
      }
    }
    if (written != null) {
      Template.Result result = Template.expand(written.value(), known);
      if (!result.issues().isEmpty()) {
        return Setting.unknown(written);
      }
      String name = normalized(result.value());
      if (!name.isEmpty()) {
        return Setting.explicit(name, written);
      }
    }
    String name = normalized(folder.substring(folder.lastIndexOf('/') + 1));
    return name.isEmpty() ? Setting.absent(nowhere) : Setting.byDefault(name, nowhere);
  }

  private static String normalized(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "").replaceAll("^[_-]+", "");
  }

  // Files and documents.

  private YamlFile yaml(SourceFile file) {
    YamlFile known = read.get(file);
    if (known == null) {
      known = YamlReader.read(file);
      read.put(file, known);
      for (YamlProblem each : known.problems()) {
        problems.add(ComposeLoader.kind(each.kind()), each, "", each.detail().en());
      }
    }
    return known;
  }

  /** All files of a scope, merged; null where nothing could be read. */
  private @Nullable YamlMapping loadFiles(List<String> paths, Scope scope) {
    YamlMapping merged = null;
    for (String path : paths) {
      SourceFile file = loader.files().get(path);
      if (file == null) {
        problems.add(Kind.INCLUDE_FILE_MISSING, nowhere(paths), "", path);
        complete = false;
        continue;
      }
      budget.spendFile(file.span(0, 0));
      folders.putIfAbsent(file, scope.folder());
      List<String> chain = new ArrayList<>(scope.chain());
      chain.add(path);
      merged =
          loadFile(file, new Scope(scope.variables(), scope.folder(), chain), merged, true).merged;
    }
    return merged;
  }

  private record Loaded(@Nullable YamlMapping merged, Set<List<String>> resets) {}

  private Loaded loadFile(
      SourceFile file, Scope scope, @Nullable YamlMapping before, boolean whole) {
    YamlMapping merged = before;
    Set<List<String>> resets = new LinkedHashSet<>();
    List<YamlDocument> documents = yaml(file).documents();
    for (YamlDocument document : documents) {
      if (document.isEmpty() && documents.size() == 1) {
        continue;
      }
      Step step = merged == null ? null : new Step(Step.Kind.OVERRIDE, top(merged));
      DocumentCopy.Result copy =
          problems.by(step, () -> loadDocument(document, file, scope, whole));
      if (copy == null) {
        continue;
      }
      resets.addAll(copy.resets());
      YamlMapping mapping = (YamlMapping) copy.root();
      if (merged == null || step == null) {
        merged = mapping;
      } else {
        Entry services = mapping.entry("services");
        if (services != null && Trees.isNull(services.value())) {
          // Elsewhere null keeps what was there.
          problems.add(Kind.CANNOT_OVERRIDE, services, "services", "services");
        }
        merged = (YamlMapping) reset(merged, copy.resets(), List.of());
        merged = merge.mappings(merged, (YamlMapping) Trees.through(mapping, step, budget), "", "");
      }
      merged = (YamlMapping) Unicity.of(merged, "", problems);
      if (whole) {
        // As Compose does: what a file gets wrong is wrong though a later one may mend it.
        checkSchema(merged);
      }
    }
    return new Loaded(merged, resets);
  }

  /** The document with what it includes and extends; null for what is no mapping. */
  private DocumentCopy.@Nullable Result loadDocument(
      YamlDocument document, SourceFile file, Scope scope, boolean whole) {
    DocumentCopy.Result copy =
        DocumentCopy.of(document.root(), scope.variables(), problems, budget);
    if (copy == null) {
      return null;
    }
    if (!(copy.root() instanceof YamlMapping mapping)) {
      problems.add(Kind.TOP_LEVEL_NOT_MAPPING, document.root(), "");
      return null;
    }
    if (!whole) {
      return copy;
    }
    Entry version = mapping.entry("version");
    if (version != null) {
      problems.add(Kind.OBSOLETE_VERSION, version, "version");
    }
    Entry jobs = mapping.entry("jobs");
    if (jobs != null) {
      problems.add(Kind.JOBS, jobs.key(), "jobs");
    }
    YamlMapping included = include(mapping, scope, copy.resets());
    return new DocumentCopy.Result(extend(included, file, scope, copy.resets()), copy.resets());
  }

  private static Span top(YamlMapping mapping) {
    Span span = mapping.span();
    return span.file().span(span.start(), span.start());
  }

  /** Takes what an override resets out of what came before it; items of lists stay. */
  private static YamlNode reset(YamlNode node, Set<List<String>> resets, List<String> above) {
    if (resets.isEmpty()) {
      return node;
    }
    Set<List<String>> prefixes = new HashSet<>();
    for (List<String> path : resets) {
      for (int i = 0; i < path.size(); i++) {
        prefixes.add(path.subList(0, i));
      }
    }
    return reset(node, resets, prefixes, above);
  }

  private static YamlNode reset(
      YamlNode node, Set<List<String>> resets, Set<List<String>> prefixes, List<String> above) {
    if (!prefixes.contains(above) || !(node instanceof YamlMapping mapping)) {
      return node;
    }
    return Trees.mapValues(
        mapping,
        (name, value) -> {
          List<String> path = new ArrayList<>(above);
          path.add(name);
          return resets.contains(path) ? null : reset(value, resets, prefixes, path);
        });
  }

  // Include (compose-go, include.go).

  private YamlMapping include(YamlMapping mapping, Scope scope, Set<List<String>> resets) {
    Entry include = mapping.entry("include");
    if (include == null || Trees.isNull(include.value())) {
      return Trees.without(mapping, "include");
    }
    YamlMapping result = Trees.without(mapping, "include");
    if (!(include.value() instanceof YamlSequence list)) {
      problems.add(Kind.INVALID_INCLUDE, include, "include");
      return result;
    }
    for (YamlNode item : list.items()) {
      Step step = new Step(Step.Kind.INCLUDE, item.span());
      YamlMapping imported = included(item, scope, step);
      if (imported == null) {
        complete = false;
      } else {
        result = importInto(result, (YamlMapping) Trees.through(imported, step, budget), resets);
      }
    }
    return result;
  }

  private @Nullable YamlMapping included(YamlNode item, Scope scope, Step step) {
    YamlNode path = item instanceof YamlMapping mapping ? mapping.get("path") : item;
    List<YamlScalar> references = scalars(path);
    if (references.isEmpty()) {
      problems.add(Kind.INVALID_INCLUDE, item, "include");
      return null;
    }
    List<String> paths = new ArrayList<>();
    for (YamlScalar reference : references) {
      String resolved = follow(reference, scope.folder());
      if (resolved == null) {
        return null;
      }
      if (loader.files().get(resolved) == null) {
        problems.add(Kind.INCLUDE_FILE_MISSING, reference, "include", reference.value());
        return null;
      }
      paths.add(resolved);
    }
    String main = paths.get(0);
    if (scope.chain().contains(main)) {
      problems.add(
          Kind.INCLUDE_CYCLE, item, "include", String.join(" -> ", scope.chain()) + " -> " + main);
      return null;
    }
    String folder = Paths.folderOf(main);
    List<YamlScalar> envFiles = List.of();
    if (item instanceof YamlMapping mapping) {
      envFiles = scalars(mapping.get("env_file"));
      if (mapping.get("project_directory") instanceof YamlScalar directory
          && !directory.value().isEmpty()) {
        folder = follow(directory, scope.folder());
        if (folder == null) {
          return null;
        }
      }
    }
    Variables variables = scope.variables();
    if (envFiles.isEmpty()) {
      variables = withDotEnv(variables, folder);
    }
    Map<String, Variables.Value> own = new LinkedHashMap<>();
    for (YamlScalar reference : envFiles) {
      if (reference.value().equals("/dev/null")) {
        continue;
      }
      String resolved = follow(reference, scope.folder());
      SourceFile file = resolved == null ? null : loader.files().get(resolved);
      if (file != null) {
        own.putAll(readEnvironment(file, variables.and(own)));
      } else if (resolved != null) {
        problems.add(Kind.INCLUDE_ENV_FILE_MISSING, reference, "include", reference.value());
      }
    }
    Scope inner = new Scope(variables.and(own), folder, scope.chain());
    Inclusion key = new Inclusion(paths, folder, inner.variables().values());
    Optional<YamlMapping> known = inclusions.get(key);
    if (known == null) {
      known = Optional.ofNullable(problems.by(step, () -> loadFiles(paths, inner)));
      inclusions.put(key, known);
    }
    return known.orElse(null);
  }

  /** Adds what was included; what stands here wins over it. */
  private YamlMapping importInto(YamlMapping target, YamlMapping source, Set<List<String>> resets) {
    Map<String, Entry> sections = new LinkedHashMap<>();
    target.entries().forEach(entry -> sections.put(entry.name(), entry));
    for (String section : SECTIONS) {
      Entry from = source.entry(section);
      if (from == null || !(from.value() instanceof YamlMapping imported)) {
        continue;
      }
      Entry to = sections.get(section);
      if (to == null || Trees.isNull(to.value())) {
        sections.put(section, from);
      } else if (to.value() instanceof YamlMapping local) {
        Map<String, Entry> names = new LinkedHashMap<>();
        local.entries().forEach(entry -> names.put(entry.name(), entry));
        for (Entry each : imported.entries()) {
          Entry conflict = names.get(each.name());
          if (conflict == null) {
            names.put(each.name(), each);
          } else {
            String path = section + "." + each.name();
            YamlNode base = reset(each.value(), resets, List.of(section, each.name()));
            YamlNode value = merge.merge(base, conflict.value(), section + ".*", path);
            names.put(each.name(), new Entry(conflict.key(), value));
          }
        }
        sections.put(
            section, new Entry(to.key(), Trees.mapping(local, List.copyOf(names.values()))));
      }
    }
    return Trees.mapping(target, List.copyOf(sections.values()));
  }

  // Extends (compose-go, extends.go).

  private YamlMapping extend(
      YamlMapping mapping, SourceFile file, Scope scope, Set<List<String>> resets) {
    if (!(mapping.get("services") instanceof YamlMapping services)) {
      return mapping;
    }
    Extending extending = new Extending(file, scope.folder(), scope.variables(), services, resets);
    YamlMapping result =
        Trees.mapValues(services, (name, value) -> extending.extended(name, List.of()));
    return Trees.mapValues(mapping, (name, value) -> name.equals("services") ? result : value);
  }

  /** The services of one file, extended when they are asked for. */
  private final class Extending {
    /** Longer chains are refused: nothing real comes near. */
    private static final int LONGEST = 100;

    private final SourceFile file;
    private final String folder;
    private final Variables variables;
    private final YamlMapping services;
    private final Set<List<String>> resets;
    private final Map<String, @Nullable YamlNode> done = new HashMap<>();

    Extending(
        SourceFile file,
        String folder,
        Variables variables,
        YamlMapping services,
        Set<List<String>> resets) {
      this.file = file;
      this.folder = folder;
      this.variables = variables;
      this.services = services;
      this.resets = resets;
    }

    /**
     * A service with all that it extends; it keeps its {@code extends} where that cannot be
     * followed.
     *
     * @param chain the services that lead here
     */
    @Nullable YamlNode extended(String name, List<String> chain) {
      YamlNode known = done.get(name);
      if (known != null) {
        return known;
      }
      YamlNode value = services.get(name);
      Entry extend = value instanceof YamlMapping service ? service.entry("extends") : null;
      if (extend != null && value instanceof YamlMapping service) {
        value = extended(name, service, extend, chain);
        done.put(name, value);
      }
      return value;
    }

    private YamlNode extended(String name, YamlMapping service, Entry extend, List<String> outer) {
      String label = "services." + name + ".extends";
      YamlNode named =
          extend.value() instanceof YamlMapping mapping ? mapping.get("service") : extend.value();
      if (!(named instanceof YamlScalar reference) || reference.isNull()) {
        problems.add(Kind.EXTENDS_WITHOUT_SERVICE, extend, label, name);
        return service;
      }
      String here = file.path() + ":" + name;
      List<String> chain = new ArrayList<>(outer);
      chain.add(here);
      if (outer.contains(here) || chain.size() > LONGEST) {
        problems.add(Kind.EXTENDS_CYCLE, extend, label, String.join(" -> ", chain));
        return service;
      }
      Extending source = this;
      if (extend.value() instanceof YamlMapping mapping
          && mapping.get("file") instanceof YamlScalar path
          && !path.isNull()) {
        source = other(path, label, new Step(Step.Kind.EXTENDS, extend.value().span()));
        if (source == null) {
          return service;
        }
      }
      if (!source.services.has(reference.value())) {
        if (reference.isKnown()) {
          problems.add(
              Kind.EXTENDS_UNKNOWN_SERVICE,
              reference,
              label,
              name,
              reference.value(),
              source.file.path());
        } else {
          problems.add(Kind.UNKNOWN_REFERENCE, reference, label, reference.value());
        }
        return service;
      }
      Step step = new Step(Step.Kind.EXTENDS, extend.value().span());
      Extending there = source;
      YamlNode base =
          problems.by(source == this ? null : step, () -> there.extended(reference.value(), chain));
      YamlMapping own = Trees.without(service, "extends");
      if (!(base instanceof YamlMapping)) {
        return own;
      }
      YamlNode seen = Trees.through(base, step, budget);
      YamlMapping left = (YamlMapping) reset(seen, resets, List.of("services", name));
      YamlMapping merged = merge.mappings(left, own, "services.*", "services." + name);
      return base instanceof YamlMapping mapping && mapping.has("extends")
          ? merged
          : Trees.without(merged, "extends");
    }

    private @Nullable Extending other(YamlScalar reference, String label, Step step) {
      String path = follow(reference, folder);
      SourceFile other = path == null ? null : loader.files().get(path);
      if (path != null && other == null) {
        problems.add(Kind.EXTENDS_FILE_MISSING, reference, label, reference.value());
      }
      if (path == null || other == null) {
        return null;
      }
      ExtendedFile key = new ExtendedFile(other, variables);
      Extending known = extended.get(key);
      if (known == null) {
        budget.spendFile(reference.span());
        String directory = Paths.folderOf(path);
        folders.putIfAbsent(other, directory);
        Scope scope = new Scope(variables, directory, List.of());
        Loaded loaded = problems.by(step, () -> loadFile(other, scope, null, false));
        YamlNode services = loaded.merged == null ? null : loaded.merged.get("services");
        known =
            new Extending(
                other,
                directory,
                variables,
                services instanceof YamlMapping mapping
                    ? mapping
                    : YamlMapping.of(other.span(0, 0), List.of()),
                loaded.resets);
        extended.put(key, known);
      }
      return known;
    }
  }

  // The schema.

  private void checkSchema(YamlMapping root) {
    if (!root.has("services")) {
      for (Entry entry : root.entries()) {
        if (!entry.name().startsWith("x-")
            && entry.value() instanceof YamlMapping service
            && (service.has("image") || service.has("build"))) {
          problems.add(Kind.LEGACY_FORMAT, entry.key(), entry.name(), entry.name());
          return;
        }
      }
    }
    List<SchemaProblem> found = SchemaHolder.SCHEMA.check(root, "Project");
    Map<Span, List<Step>> ways = found.isEmpty() ? Map.of() : Trees.ways(root);
    for (SchemaProblem each : found) {
      problems.add(
          new ComposeProblem(
              Kind.SCHEMA,
              each.span(),
              each.label(),
              List.of(each.kind().name(), each.found()),
              problems.way(ways.getOrDefault(each.span(), List.of())),
              List.of(),
              each));
    }
  }

  private static List<YamlScalar> scalars(@Nullable YamlNode node) {
    List<YamlScalar> scalars = new ArrayList<>();
    if (node instanceof YamlScalar scalar && !scalar.isNull()) {
      scalars.add(scalar);
    } else if (node instanceof YamlSequence sequence) {
      for (YamlNode item : sequence.items()) {
        if (item instanceof YamlScalar scalar && !scalar.isNull()) {
          scalars.add(scalar);
        }
      }
    }
    return scalars;
  }

  private static String join(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  /** The path that a reference leads to, or null where it cannot be followed. */
  private @Nullable String follow(YamlScalar reference, String folder) {
    String text = reference.value();
    if (!reference.isKnown()) {
      problems.add(Kind.UNKNOWN_REFERENCE, reference, "", text);
      return null;
    }
    if (Paths.isRemote(text)) {
      problems.add(Kind.REMOTE_RESOURCE, reference, "", text);
      return null;
    }
    String path = Paths.from(folder, text);
    if (path == null) {
      problems.add(Kind.OUTSIDE_REPOSITORY, reference, "", text);
    }
    return path;
  }
}
