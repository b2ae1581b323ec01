package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.project.ProjectReader;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceTree;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** Evaluates expressions over a small repository. */
final class Expressions {
  private static final LocalDate DAY = LocalDate.parse("2026-11-22");

  private final Project project;

  Expressions(Map<String, String> files) {
    this.project = ProjectReader.read(SourceTree.of(files));
  }

  /** What an expression gives for the first subject of its kind. */
  String eval(Subject subject, String expression) {
    return all(subject, expression).get(0);
  }

  /** What an expression gives for each subject of its kind. */
  List<String> all(Subject subject, String expression) {
    Evaluation evaluation = Evaluation.of(expression, subject);
    return subject.in(project).stream().map(each -> evaluation.of(each, project, DAY)).toList();
  }

  /** What is wrong with an expression: {@code column: message}. */
  String refusal(Subject subject, String expression) {
    try {
      Evaluation evaluation = Evaluation.of(expression, subject);
      for (Located each : subject.in(project)) {
        evaluation.of(each, project, DAY);
      }
      return "";
    } catch (PolicyException refused) {
      return refused.problem().span().column() + ": " + refused.problem().message().en();
    }
  }
}
