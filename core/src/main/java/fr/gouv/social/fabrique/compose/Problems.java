package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.compose.ComposeProblem.Kind;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The problems found so far; what several ways lead to is there once. */
final class Problems {
  /** A generated or hostile file is not reported line by line. */
  private static final int LIMIT = 2_000;

  private final List<ComposeProblem> problems = new ArrayList<>();
  private final Set<List<Object>> seen = new HashSet<>();

  void add(ComposeProblem problem) {
    if (problems.size() < LIMIT
        && seen.add(List.of(problem.kind(), problem.span(), problem.arguments()))) {
      problems.add(problem);
    }
  }

  void add(Kind kind, Located at, String label, String... arguments) {
    List<Span> way = new ArrayList<>();
    if (at instanceof YamlPlace place && place.node() != null) {
      place.node().way().forEach(step -> way.add(step.at()));
    }
    add(new ComposeProblem(kind, at.span(), label, List.of(arguments), way, null));
  }

  List<ComposeProblem> all() {
    return List.copyOf(problems);
  }
}
