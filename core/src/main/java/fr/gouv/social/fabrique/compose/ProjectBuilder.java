package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.compose.ComposeProblem.Kind;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a project of a merged tree: reads the files that services name, and checks it. */
final class ProjectBuilder {
  private final ComposeLoader loader;
  private final Problems problems;
  private final Set<SourceFile> checked = new HashSet<>();

  /** What a file sets, per way of reading it: many services share one file. */
  private final Map<String, List<ComposeVariable>> read = new HashMap<>();

  private ProjectBuilder(ComposeLoader loader, Problems problems) {
    this.loader = loader;
    this.problems = problems;
  }

  static ComposeProject build(
      YamlMapping root,
      Setting<String> name,
      Map<SourceFile, String> folders,
      Variables variables,
      ComposeLoader loader,
      boolean complete,
      Problems problems) {
    ComposeProject project = new ComposeProject(root, name, folders, variables, complete);
    ProjectBuilder builder = new ProjectBuilder(loader, problems);
    for (ComposeService service : project.services()) {
      builder.readEnvironment(service);
      builder.checkLabelFiles(service);
    }
    new ModelCheck(project, loader.profiles(), problems).check();
    project.found(problems.all());
    return project;
  }

  private void readEnvironment(ComposeService service) {
    Map<String, ComposeVariable> environment = new LinkedHashMap<>();
    Variables outer = service.project().variables();
    for (Environments.FileReference each :
        Environments.fileReferences(service.place().key("env_file").node())) {
      SourceFile file = file(service, each, "env_file", Kind.ENV_FILE_MISSING);
      if (file != null) {
        if (checked.add(file)) {
          DotEnv.read(file, outer, each.raw())
              .errors()
              .forEach(at -> problems.add(Kind.ENV_FILE_SYNTAX, at, "", at.text()));
        }
        read.computeIfAbsent(
                each.raw() + file.path(), key -> Environments.variables(file, outer, each.raw()))
            .forEach(variable -> environment.put(variable.name(), variable));
      }
    }
    Environments.variables(service.place().key("environment"), outer)
        .forEach(variable -> environment.put(variable.name(), variable));
    service.environment(List.copyOf(environment.values()));
  }

  private void checkLabelFiles(ComposeService service) {
    for (Environments.FileReference each :
        Environments.fileReferences(service.place().key("label_file").node())) {
      file(service, each, "label_file", Kind.LABEL_FILE_MISSING);
    }
  }

  private @Nullable SourceFile file(
      ComposeService service, Environments.FileReference reference, String key, Kind missing) {
    String label = service.label() + "." + key;
    String text = reference.path().value();
    if (!reference.path().isKnown()) {
      return null;
    }
    String path = service.project().resolve(reference.path(), text);
    if (path == null) {
      problems.add(Kind.OUTSIDE_REPOSITORY, reference.path(), label, text);
      return null;
    }
    SourceFile file = loader.files().get(path);
    if (file == null && reference.required() && isOn(service)) {
      problems.add(missing, reference.path(), label, service.name(), text);
    }
    return file;
  }

  private boolean isOn(ComposeService service) {
    return ModelCheck.isOn(service, loader.profiles());
  }
}
