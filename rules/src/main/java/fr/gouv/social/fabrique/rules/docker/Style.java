package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Assignment;
import fr.gouv.social.fabrique.dockerfile.Comment;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How instructions are written. */
final class Style {
  private static final Pattern TODO = Pattern.compile("(?i)\\b(TODO|FIXME)\\b");
  private static final Pattern INLINE_IGNORE =
      Pattern.compile(
          "(?:hadolint\\s+(?:global\\s+|stage\\s+)?ignore\\s*=|check\\s*=.*skip|fabrique:ignore"
              + "|checkov:skip|trivy:ignore|kics-scan\\s+(?:ignore|disable)).*");
  private static final int MANY_COMMANDS = 2;
  private static final int FEW_WORDS = 7;

  static final Rule<Dockerfile> INSTRUCTION_CASING =
      rule("docker/instruction-casing", Dockerfile.class, Style::casing);

  static final Rule<Instruction.From> FROM_AS_CASING =
      rule(
          "docker/from-as-casing",
          Instruction.From.class,
          (from, context) -> {
            Word as = from.as();
            String keyword = from.keyword().toString();
            if (as == null || (!isLower(keyword) && !isUpper(keyword))) {
              return;
            }
            String right = isLower(keyword) ? "as" : "AS";
            if (!as.toString().equals(right)) {
              context.report(as, "casing", as, keyword).fix(Edits.replace(as, right));
            }
          });

  static final Rule<Instruction.From> STAGE_NAME_CASING =
      rule(
          "docker/stage-name-casing",
          Instruction.From.class,
          (from, context) -> {
            Word alias = from.alias();
            if (alias != null && !isLower(alias.toString())) {
              context
                  .report(alias, "casing", alias)
                  .fix(Edits.replace(alias, alias.toString().toLowerCase(Locale.ROOT)));
            }
          });

  static final Rule<Instruction.Maintainer> MAINTAINER =
      rule(
          "docker/maintainer",
          Instruction.Maintainer.class,
          (maintainer, context) -> {
            Word who = maintainer.maintainer();
            RuleContext.Reported reported = context.report(maintainer.keyword(), "deprecated");
            if (who != null && !who.toString().matches("(?s).*[\\\\$\"\\n].*")) {
              reported.fix(
                  Edits.replace(
                      maintainer, "LABEL org.opencontainers.image.authors=\"" + who + '"'));
            }
          });

  static final Rule<Instruction> LEGACY_KEY_VALUE =
      rule(
          "docker/legacy-key-value",
          Instruction.class,
          (instruction, context) -> {
            Assignment pair = legacy(instruction);
            if (pair != null && !isDetachedEquals(pair)) {
              fixPair(context.report(pair, "legacy", instruction.name()), pair, 0);
            }
          });

  static final Rule<Instruction> SPACE_BEFORE_EQUALS =
      rule(
          "docker/space-before-equals",
          Instruction.class,
          (instruction, context) -> {
            Assignment pair = legacy(instruction);
            if (pair != null && isDetachedEquals(pair)) {
              fixPair(
                  context.report(pair, "space", pair.name(), String.valueOf(pair.value())),
                  pair,
                  1);
            }
          });

  static final Rule<Dockerfile> DEFINITION_COMMENT =
      rule("docker/definition-comment", Dockerfile.class, Style::definitionComments);

  static final Rule<Stage> CONSECUTIVE_RUN =
      rule("docker/consecutive-run", Stage.class, Style::consecutiveRuns);

  static final Rule<Instruction.Run> LONG_LINE =
      rule("docker/long-run-line", Instruction.Run.class, Style::longLines);

  static final Rule<Dockerfile> INLINE_SUPPRESSION =
      rule(
          "docker/inline-suppression",
          Dockerfile.class,
          (dockerfile, context) -> {
            for (Comment comment : dockerfile.comments()) {
              if (INLINE_IGNORE.matcher(comment.text().replaceFirst("^[#\\s]+", "")).lookingAt()) {
                context.report(comment, "inline");
              }
            }
          });

  static final Rule<Dockerfile> TODO_COMMENT =
      rule(
          "docker/todo-comment",
          Dockerfile.class,
          (dockerfile, context) -> {
            for (Comment comment : dockerfile.comments()) {
              Matcher todo = TODO.matcher(comment.span().text());
              if (todo.find()) {
                int start = comment.span().start();
                SourceFile file = comment.span().file();
                context.report(
                    file.span(start + todo.start(), start + todo.end()), "todo", todo.group());
              }
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          INSTRUCTION_CASING,
          FROM_AS_CASING,
          STAGE_NAME_CASING,
          MAINTAINER,
          LEGACY_KEY_VALUE,
          SPACE_BEFORE_EQUALS,
          DEFINITION_COMMENT,
          CONSECUTIVE_RUN,
          LONG_LINE,
          INLINE_SUPPRESSION,
          TODO_COMMENT);

  private Style() {}

  private static boolean isLower(String text) {
    return text.equals(text.toLowerCase(Locale.ROOT));
  }

  private static boolean isUpper(String text) {
    return text.equals(text.toUpperCase(Locale.ROOT));
  }

  /** The majority decides, and upper case where there is none (validations.go of BuildKit). */
  private static void casing(Dockerfile dockerfile, RuleContext context) {
    List<Word> keywords = new ArrayList<>();
    for (Stage stage : dockerfile.stages()) {
      keywords.add(stage.from().keyword());
      stage.instructions().forEach(instruction -> keywords.add(instruction.keyword()));
    }
    long lower = keywords.stream().filter(keyword -> isLower(keyword.toString())).count();
    long upper = keywords.stream().filter(keyword -> isUpper(keyword.toString())).count();
    for (Word keyword : keywords) {
      String text = keyword.toString();
      String right = lower > upper ? text.toLowerCase(Locale.ROOT) : text.toUpperCase(Locale.ROOT);
      if (!text.equals(right)) {
        boolean mixed = !isLower(text) && !isUpper(text);
        context
            .report(keyword, mixed ? "mixed" : "minority", text, right)
            .fix(Edits.replace(keyword, right));
      }
    }
  }

  private static @Nullable Assignment legacy(Instruction instruction) {
    if (instruction instanceof Instruction.Env env
        && env.legacy()
        && !env.assignments().isEmpty()) {
      return env.assignments().get(0);
    }
    return instruction instanceof Instruction.Label label
            && label.legacy()
            && !label.assignments().isEmpty()
        ? label.assignments().get(0)
        : null;
  }

  /** {@code ENV name =value} gives the name a value that starts with the sign. */
  private static boolean isDetachedEquals(Assignment pair) {
    Word value = pair.value();
    return value != null && value.toString().startsWith("=");
  }

  private static void fixPair(RuleContext.Reported reported, Assignment pair, int skipped) {
    Word value = pair.value();
    if (value == null || !value.span().text().equals(value.toString())) {
      return;
    }
    String text = value.toString().substring(skipped).strip();
    boolean whole = text.matches("\"[^\"\\\\]*\"|'[^'\\\\]*'|[^\\s\"'\\\\]+");
    if (whole || !text.matches("(?s).*[\"'\\\\].*")) {
      reported.fix(
          new TextEdit(pair.span(), pair.name() + "=" + (whole ? text : '"' + text + '"')));
    }
  }

  private static void definitionComments(Dockerfile dockerfile, RuleContext context) {
    for (Instruction instruction : dockerfile.instructions()) {
      List<Comment> comments = instruction.comments();
      List<String> names = new ArrayList<>();
      if (instruction instanceof Instruction.Arg arg) {
        arg.assignments().forEach(each -> names.add(each.name()));
      } else if (instruction instanceof Instruction.From from && from.stageName() != null) {
        names.add(from.stageName());
      }
      if (comments.isEmpty() || names.isEmpty()) {
        continue;
      }
      Comment last = comments.get(comments.size() - 1);
      if (!names.contains(last.text().split(" ", 2)[0])) {
        context.report(instruction.keyword(), "comment", String.join(", ", names)).related(last);
      }
    }
  }

  private static void consecutiveRuns(Stage stage, RuleContext context) {
    Instruction before = null;
    for (Instruction each : stage.instructions()) {
      if (each instanceof Instruction.Run run
          && before instanceof Instruction.Run first
          && flags(first).equals(flags(run))
          && commands(stage, first, context) <= MANY_COMMANDS
          && commands(stage, run, context) <= MANY_COMMANDS) {
        RuleContext.Reported reported = context.report(run.keyword(), "consecutive");
        reported.related(first.keyword());
        if (canJoin(first) && canJoin(run)) {
          int end = first.command().span().end();
          int start = run.command().span().start();
          reported.unsafeFix(new TextEdit(run.span().file().span(end, start), " \\\n    && "));
        }
      }
      before = each;
    }
  }

  private static boolean canJoin(Instruction.Run run) {
    return !run.command().isExec() && run.heredocs().isEmpty() && run.comments().isEmpty();
  }

  private static List<String> flags(Instruction.Run run) {
    return run.flags().stream().map(flag -> flag.span().text()).sorted().toList();
  }

  private static int commands(Stage stage, Instruction.Run run, RuleContext context) {
    for (StageScript script : context.project().scripts(stage)) {
      if (script.instruction() == run) {
        return script.commands().size();
      }
    }
    return 0;
  }

  private static void longLines(Instruction.Run run, RuleContext context) {
    Span span = run.span();
    SourceFile file = span.file();
    int longest = context.number("length");
    for (int line = span.line(); line <= span.endLine(); line++) {
      String text = file.line(line).stripTrailing();
      if (text.length() > longest
          && !text.strip().startsWith("#")
          && !text.contains("://")
          && text.strip().split("\\s+").length >= FEW_WORDS) {
        int start = file.lineStart(line);
        context.report(file.span(start + longest, start + text.length()), "long", text.length());
      }
    }
  }
}
