package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.DockerfileProblem;
import fr.gouv.social.fabrique.dockerfile.DockerfileProblem.Kind;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;
import java.util.Locale;

/** What BuildKit refuses, or will one day. */
final class Syntax {
  static final Rule<DockerfileProblem> SYNTAX =
      rule("docker/syntax", DockerfileProblem.class, Syntax::problem);

  static final Rule<DockerfileProblem> LATER_STAGE =
      only("docker/copy-from-later-stage", Kind.STAGE_NOT_BEFORE, "later");

  static final Rule<DockerfileProblem> VARIABLE_IN_FROM =
      only("docker/copy-from-variable", Kind.VARIABLE_IN_FROM, "variable");

  static final Rule<DockerfileProblem> INVALID_PORT =
      only("docker/invalid-port", Kind.INVALID_PORT, "port");

  static final Rule<Instruction> EMPTY_CONTINUATION =
      rule("docker/empty-continuation", Instruction.class, Syntax::emptyContinuation);

  static final List<Rule<?>> ALL =
      List.of(SYNTAX, LATER_STAGE, VARIABLE_IN_FROM, INVALID_PORT, EMPTY_CONTINUATION);

  private Syntax() {}

  private static Rule<DockerfileProblem> only(String id, Kind kind, String key) {
    return rule(
        id,
        DockerfileProblem.class,
        (problem, context) -> {
          if (problem.kind() == kind) {
            context.report(problem, key, problem.arguments().toArray());
          }
        });
  }

  private static void problem(DockerfileProblem problem, RuleContext context) {
    List<String> arguments = problem.arguments();
    switch (problem.kind()) {
      // These have pages of their own.
      case STAGE_NOT_BEFORE, VARIABLE_IN_FROM, INVALID_PORT, EMPTY_BASE -> {}
      case INVALID_SUBSTITUTION -> {
        String reason = arguments.get(0).replace('_', '-');
        // ${NAME:?} asks for a value that the build has to be given.
        if (!reason.equals("required")) {
          context.report(problem, reason);
        }
      }
      case INVALID_MOUNT -> {
        context.report(problem, mountKey(arguments.get(0)), arguments.get(1));
      }
      case UNKNOWN_INSTRUCTION -> suggested(problem, "unknown-instruction", 1, "", context);
      case UNKNOWN_FLAG -> suggested(problem, "unknown-flag", 2, "--", context);
      default -> context.report(problem, key(problem.kind()), arguments.toArray());
    }
  }

  /** The reasons of BuildChecks, by what a reader has to know. */
  private static String mountKey(String reason) {
    return switch (reason) {
      case "csv" -> "mount-quotes";
      case "no-value", "key", "type", "not-for-type", "target" -> "mount-" + reason;
      case "secret-without-source", "source-and-id" -> "secret-mount";
      default -> "mount-value";
    };
  }

  private static void suggested(
      DockerfileProblem problem, String key, int at, String dashes, RuleContext context) {
    String meant = problem.arguments().get(at);
    if (meant.isEmpty()) {
      context.report(problem, key, problem.arguments().toArray());
      return;
    }
    RuleContext.Reported reported =
        context.report(problem, key + "-meant", problem.arguments().toArray());
    String name = meant.startsWith(dashes) ? meant : dashes + meant;
    reported.unsafeFix(new TextEdit(problem.span(), name));
  }

  private static void emptyContinuation(Instruction instruction, RuleContext context) {
    List<Span> empty = instruction.statement().emptyLines();
    if (!empty.isEmpty()) {
      SourceFile file = instruction.span().file();
      context
          .report(empty.get(0), "empty", instruction.name())
          .fix(
              empty.stream()
                  .map(
                      line ->
                          new TextEdit(
                              file.span(
                                  line.start(),
                                  Math.min(file.text().length(), file.lineStart(line.line() + 1))),
                              ""))
                  .toArray(TextEdit[]::new));
    }
  }

  private static String key(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
