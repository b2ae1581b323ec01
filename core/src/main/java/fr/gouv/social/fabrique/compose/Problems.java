package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.compose.ComposeProblem.Kind;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The problems found so far; what several ways lead to is there once. */
final class Problems {
  /** A generated or hostile file is not reported line by line. */
  private static final int LIMIT = 2_000;

  private final List<ComposeProblem> problems = new ArrayList<>();
  private final Set<List<Object>> seen = new HashSet<>();

  /** The steps to the file that is being read, the nearest first. */
  private final Deque<Step> outer = new ArrayDeque<>();

  /** Does something with a file that a step leads to. */
  <T> T by(@Nullable Step step, Supplier<T> action) {
    if (step == null) {
      return action.get();
    }
    outer.push(step);
    try {
      return action.get();
    } finally {
      outer.pop();
    }
  }

  /** The way of a place in the file that is being read, from the main file on. */
  List<Step> way(List<Step> within) {
    List<Step> way = new ArrayList<>(within);
    way.addAll(outer);
    return way;
  }

  void add(ComposeProblem problem) {
    if (problems.size() < LIMIT
        && seen.add(List.of(problem.kind(), problem.span(), problem.arguments()))) {
      problems.add(problem);
    }
  }

  void add(Kind kind, Located at, String label, String... arguments) {
    add(
        new ComposeProblem(
            kind, at.span(), label, List.of(arguments), way(at.way()), List.of(), null));
  }

  List<ComposeProblem> all() {
    return List.copyOf(problems);
  }
}
