package fr.gouv.social.fabrique.rules.compose;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.compose.ComposeProblem;
import fr.gouv.social.fabrique.compose.ComposeProblem.Kind;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.RuleContext.Reported;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.schema.SchemaProblem;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.yaml.YamlFile;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What {@code docker compose} refuses or warns of when it loads a project. */
final class Loading {
  private static final Text JOBS =
      new Text(
          "les tâches (`jobs`) ne sont vérifiées que contre le schéma",
          "jobs are checked against the schema only");

  static final Rule<ComposeProblem> SCHEMA =
      rule("compose/schema", ComposeProblem.class, Loading::schema);

  static final Rule<ComposeProblem> LEGACY_FORMAT =
      of("compose/legacy-format", Map.of(Kind.LEGACY_FORMAT, "legacy"));

  static final Rule<ComposeProblem> EMPTY =
      of(
          "compose/empty-file",
          Map.of(Kind.EMPTY_FILE, "empty", Kind.TOP_LEVEL_NOT_MAPPING, "not-mapping"));

  static final Rule<ComposeProblem> NON_STRING_KEY =
      of(
          "compose/non-string-key",
          Map.of(Kind.NON_STRING_KEY, "key"),
          (problem, reported) -> quote(problem, reported));

  static final Rule<ComposeProblem> OBSOLETE_VERSION =
      of(
          "compose/obsolete-version",
          Map.of(Kind.OBSOLETE_VERSION, "version"),
          (problem, reported) -> reported.fix(new TextEdit(wholeLines(problem.span()), "")));

  static final Rule<ComposeProblem> PROJECT_NAME =
      of("compose/invalid-project-name", Map.of(Kind.INVALID_PROJECT_NAME, "name"));

  static final Rule<ComposeProblem> INTERPOLATION =
      of("compose/invalid-interpolation", Map.of(Kind.INVALID_INTERPOLATION, "template"));

  static final Rule<ComposeProblem> UNDEFINED_VARIABLE =
      of(
          "compose/undefined-variable",
          Map.of(Kind.UNDEFINED_VARIABLE, "undefined", Kind.REQUIRED_VARIABLE_MISSING, "required"));

  static final Rule<ComposeProblem> INVALID_VALUE =
      rule(
          "compose/invalid-value",
          ComposeProblem.class,
          (problem, context) -> {
            switch (problem.kind()) {
              case INVALID_CAST -> report(problem, context, argument(problem, 1));
              case INVALID_DURATION -> report(problem, context, "duration");
              case INVALID_SIZE -> report(problem, context, "size");
              case INVALID_DEVICE_COUNT -> report(problem, context, "device-count");
              default -> {}
            }
          });

  static final Rule<ComposeProblem> YAML11_BOOLEAN =
      of(
          "compose/yaml-1-1-boolean",
          Map.of(Kind.YAML11_BOOLEAN, "boolean"),
          (problem, reported) -> reported.fix(new TextEdit(problem.span(), argument(problem, 1))));

  static final Rule<ComposeProblem> OCTAL_MODE =
      of(
          "compose/unquoted-mode",
          Map.of(Kind.OCTAL_MODE, "octal"),
          (problem, reported) -> {
            Span value = valueOf(problem.span(), argument(problem, 0));
            if (value != null) {
              reported.fix(new TextEdit(value, "\"" + value.text() + "\""));
            }
          });

  static final Rule<ComposeProblem> OVERRIDE =
      of("compose/incompatible-override", Map.of(Kind.CANNOT_OVERRIDE, "type"));

  static final Rule<ComposeProblem> EXTENDS =
      of(
          "compose/invalid-extends",
          Map.of(
              Kind.EXTENDS_WITHOUT_SERVICE, "no-service",
              Kind.EXTENDS_UNKNOWN_SERVICE, "unknown-service",
              Kind.EXTENDS_FILE_MISSING, "missing-file",
              Kind.EXTENDS_CYCLE, "cycle"));

  static final Rule<ComposeProblem> INCLUDE =
      of(
          "compose/invalid-include",
          Map.of(
              Kind.INVALID_INCLUDE, "form",
              Kind.INCLUDE_FILE_MISSING, "missing-file",
              Kind.INCLUDE_CYCLE, "cycle",
              Kind.INCLUDE_ENV_FILE_MISSING, "missing-env-file"));

  static final Rule<ComposeProblem> ENV_FILE_SYNTAX =
      of("compose/env-file-syntax", Map.of(Kind.ENV_FILE_SYNTAX, "line"));

  static final Rule<ComposeProblem> PORT =
      rule(
          "compose/invalid-port",
          ComposeProblem.class,
          (problem, context) -> {
            if (problem.kind() == Kind.INVALID_PORT) {
              report(problem, context, argument(problem, 1));
            } else if (problem.kind() == Kind.INVALID_HOST_IP) {
              report(problem, context, "ip");
            }
          });

  static final Rule<ComposeProblem> VOLUME =
      rule(
          "compose/invalid-volume",
          ComposeProblem.class,
          (problem, context) -> {
            if (problem.kind() == Kind.INVALID_VOLUME) {
              report(problem, context, argument(problem, 1));
            } else if (problem.kind() == Kind.BIND_WITHOUT_SOURCE) {
              report(problem, context, "no-source");
            }
          });

  static final Rule<ComposeProblem> VOLUME_OPTION =
      of("compose/unknown-volume-option", Map.of(Kind.UNKNOWN_VOLUME_OPTION, "option"));

  static final Rule<ComposeProblem> DEVICE =
      rule(
          "compose/invalid-device",
          ComposeProblem.class,
          (problem, context) -> {
            if (problem.kind() == Kind.INVALID_DEVICE) {
              report(problem, context, argument(problem, 1));
            } else if (problem.kind() == Kind.DEVICE_COUNT_AND_IDS) {
              report(problem, context, "count-and-ids");
            }
          });

  static final Rule<ComposeProblem> KEY_VALUE =
      of(
          "compose/invalid-key-value",
          Map.of(
              Kind.ENVIRONMENT_TRAILING_SPACE, "trailing-space",
              Kind.INVALID_KEY_VALUE, "no-equals",
              Kind.HOST_WITHOUT_ADDRESS, "no-address"));

  static final Rule<ComposeProblem> COMMAND =
      of(
          "compose/invalid-command",
          Map.of(Kind.INVALID_COMMAND, "unclosed", Kind.CUT_COMMAND, "cut"));

  static final Rule<ComposeProblem> EXTERNAL =
      of(
          "compose/external-conflict",
          Map.of(
              Kind.EXTERNAL_CONFLICT, "key",
              Kind.EXTERNAL_NAME_CONFLICT, "two-names"));

  static final Rule<ComposeProblem> EXTERNAL_NAME =
      of("compose/deprecated-external-name", Map.of(Kind.DEPRECATED_EXTERNAL_NAME, "name"));

  static final Rule<ComposeProblem> FILE_OBJECT =
      of(
          "compose/invalid-file-object",
          Map.of(Kind.FILE_OBJECT_SOURCE, "source", Kind.SECRET_WITHOUT_SOURCE, "source"));

  static final Rule<ComposeProblem> WATCH =
      of(
          "compose/invalid-watch",
          Map.of(Kind.WATCH_PATH_BLANK, "blank-path", Kind.WATCH_TARGET_MISSING, "no-target"));

  static final Rule<ComposeProblem> REPLACED =
      of("compose/replaced-item", Map.of(Kind.REPLACED_ITEM, "replaced"));

  static final Rule<ComposeProblem> TOO_LARGE =
      rule(
          "compose/too-large",
          ComposeProblem.class,
          (problem, context) -> {
            YamlFile file = context.project().yaml().get(problem.span().file().path());
            // What no reader of YAML takes is another rule's.
            if (file == null || file.problems().isEmpty()) {
              if (problem.kind() == Kind.TOO_LARGE) {
                report(problem, context, "large");
              } else if (problem.kind() == Kind.ALIAS_CYCLE_OR_BOMB) {
                report(problem, context, "aliases");
              }
            }
          });

  static final Rule<ComposeProblem> OUTSIDE =
      rule(
          "compose/outside-repository",
          ComposeProblem.class,
          (problem, context) -> {
            switch (problem.kind()) {
              case OUTSIDE_REPOSITORY -> report(problem, context, "outside");
              case REMOTE_RESOURCE, UNKNOWN_REFERENCE ->
                  context.notChecked(problem, notFollowed(argument(problem, 0)));
              case JOBS -> context.notChecked(problem, JOBS);
              default -> {}
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          TOO_LARGE,
          OUTSIDE,
          SCHEMA,
          LEGACY_FORMAT,
          EMPTY,
          NON_STRING_KEY,
          OBSOLETE_VERSION,
          PROJECT_NAME,
          INTERPOLATION,
          UNDEFINED_VARIABLE,
          INVALID_VALUE,
          YAML11_BOOLEAN,
          OCTAL_MODE,
          OVERRIDE,
          EXTENDS,
          INCLUDE,
          ENV_FILE_SYNTAX,
          PORT,
          VOLUME,
          VOLUME_OPTION,
          DEVICE,
          KEY_VALUE,
          COMMAND,
          EXTERNAL,
          EXTERNAL_NAME,
          FILE_OBJECT,
          WATCH,
          REPLACED);

  private Loading() {}

  /** A rule that gives each of some kinds of problem its message. */
  static Rule<ComposeProblem> of(String id, Map<Kind, String> messages) {
    return of(id, messages, (problem, reported) -> {});
  }

  private static Rule<ComposeProblem> of(
      String id, Map<Kind, String> messages, BiConsumer<ComposeProblem, Reported> mend) {
    return rule(
        id,
        ComposeProblem.class,
        (problem, context) -> {
          String message = messages.get(problem.kind());
          if (message != null) {
            mend.accept(problem, report(problem, context, message));
          }
        });
  }

  /** Reports a problem with what it says and the places that matter too. */
  static Reported report(ComposeProblem problem, RuleContext context, String message) {
    Reported reported = context.report(problem, message, problem.arguments().toArray());
    problem.related().forEach(reported::related);
    return reported;
  }

  private static Text notFollowed(String reference) {
    return new Text(
        "« %s » n'est pas dans le dépôt".formatted(reference),
        "“%s” is not in the repository".formatted(reference));
  }

  static String argument(ComposeProblem problem, int index) {
    return problem.arguments().get(index);
  }

  private static void schema(ComposeProblem problem, RuleContext context) {
    if (problem.kind() != Kind.SCHEMA) {
      return;
    }
    SchemaProblem what = Objects.requireNonNull(problem.schema());
    String key = what.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    String meant = what.suggestion();
    String label = problem.label();
    String within = label.substring(0, Math.max(0, label.lastIndexOf('.')));
    if (what.kind() == SchemaProblem.Kind.UNKNOWN_KEY && within.isEmpty()) {
      key = "unknown-top-key";
    }
    Reported reported =
        context.report(
            problem,
            meant == null ? key : key + "-near",
            what.found(),
            String.join(", ", what.expected()),
            meant == null ? "" : meant,
            what.kind() == SchemaProblem.Kind.UNKNOWN_KEY && !within.isEmpty() ? within : label);
    problem.related().forEach(reported::related);
    if (meant != null
        && what.kind() == SchemaProblem.Kind.UNKNOWN_KEY
        && what.span().text().equals(what.found())) {
      reported.unsafeFix(new TextEdit(what.span(), meant));
    }
  }

  private static void quote(ComposeProblem problem, Reported reported) {
    String text = problem.span().text();
    if (!text.isEmpty() && text.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '.')) {
      reported.fix(new TextEdit(problem.span(), "\"" + text + "\""));
    }
  }

  /** Where a value stands within a pair, or null. */
  private static @Nullable Span valueOf(Span pair, String value) {
    int at = pair.text().lastIndexOf(value);
    return at < 0 ? null : pair.file().span(pair.start() + at, pair.start() + at + value.length());
  }

  /** The lines that a place takes up, up to where the next one starts. */
  private static Span wholeLines(Span span) {
    SourceFile file = span.file();
    int start = file.lineStart(span.line());
    int next = span.endLine() + 1;
    int end = next > file.lineCount() ? file.text().length() : file.lineStart(next);
    // A blank line below would be left at the top of the file.
    if (start == 0 && next <= file.lineCount() && file.line(next).isBlank()) {
      end = next + 1 > file.lineCount() ? file.text().length() : file.lineStart(next + 1);
    }
    return file.span(start, end);
  }
}
