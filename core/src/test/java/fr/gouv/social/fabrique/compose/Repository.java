package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A repository in memory. */
final class Repository {
  final Map<String, SourceFile> files = new LinkedHashMap<>();
  final Set<String> asked = new HashSet<>();

  static Repository of(String... pathsAndTexts) {
    Repository repository = new Repository();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      repository.files.put(pathsAndTexts[i], SourceFile.of(pathsAndTexts[i], pathsAndTexts[i + 1]));
    }
    return repository;
  }

  ComposeLoader loader() {
    return new ComposeLoader(
        path -> {
          asked.add(path);
          return files.get(path);
        });
  }

  ComposeProject load(String... paths) {
    return loader().load(List.of(paths));
  }

  static ComposeProject compose(String yaml) {
    return of("compose.yaml", yaml).load("compose.yaml");
  }

  /** Kind, place and arguments of each problem. */
  static List<String> problems(ComposeProject project) {
    return project.problems().stream()
        .map(p -> p.kind() + " " + place(p) + " " + p.arguments())
        .toList();
  }

  static List<String> problems(String yaml) {
    return problems(compose(yaml));
  }

  /** The line and column where something starts, with its path outside the main file. */
  static String place(Located at) {
    Span span = at.span();
    String path = span.file().path();
    return (path.equals("compose.yaml") ? "" : path + ":") + span.line() + ":" + span.column();
  }

  /** The value at a path, where it is written and the way it came. */
  static String trace(ComposeProject project, String path) {
    YamlPlace place = project.place().at(path);
    YamlNode node = Objects.requireNonNull(place.node());
    StringBuilder trace = new StringBuilder(place.text("?")).append(" ").append(place(node));
    node.way()
        .forEach(
            step -> trace.append(" ").append(step.kind()).append("@").append(place(step.at())));
    return trace.toString();
  }
}
