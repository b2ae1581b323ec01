package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Assignment;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Setting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Labels, against the schema that a team chooses. */
final class Labels {
  private static final Pattern KEY = Pattern.compile("[a-z](?:[a-z0-9]|[._/-](?=[a-z0-9]))*");
  private static final Pattern RESERVED =
      Pattern.compile("(com\\.docker|io\\.docker|org\\.dockerproject)\\..*");

  private static final Map<String, Pattern> FORMATS =
      Map.of(
          "url",
          Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://\\S+"),
          "rfc3339",
          Pattern.compile(
              "\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])[Tt ]([01]\\d|2[0-3]):[0-5]\\d:"
                  + "([0-5]\\d|60)(\\.\\d+)?([Zz]|[+-]([01]\\d|2[0-3]):[0-5]\\d)"),
          "spdx",
          Pattern.compile(
              "\\(*[A-Za-z0-9][A-Za-z0-9.:-]*\\+?\\)*"
                  + "(\\s+(AND|OR|WITH)\\s+\\(*[A-Za-z0-9][A-Za-z0-9.:-]*\\+?\\)*)*"),
          "hash",
          Pattern.compile("[0-9a-f]{7}|[0-9a-f]{40}"),
          "semver",
          Pattern.compile(
              "(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?"),
          "email",
          Pattern.compile("[^\\s@<>]+@[^\\s@<>]+|[^<>]*<[^\\s@<>]+@[^\\s@<>]+>"));

  static final Rule<Instruction.Label> LABEL_KEY =
      rule(
          "docker/label-key",
          Instruction.Label.class,
          (label, context) -> {
            for (Assignment each : label.assignments()) {
              String key = unquoted(each.key());
              if (RESERVED.matcher(key).matches()) {
                context.report(each.key(), "reserved", key);
              } else if (!each.key().hasVariable() && !KEY.matcher(key).matches()) {
                context.report(each.key(), "key", key);
              }
            }
          });

  static final Rule<Dockerfile> MISSING_LABEL =
      rule(
          "docker/missing-label",
          Dockerfile.class,
          (dockerfile, context) -> {
            Stage stage = dockerfile.finalStage();
            for (String required : context.list("labels")) {
              if (stage != null && !stage.labels().containsKey(required)) {
                Word image = stage.from().image();
                context.report(image == null ? stage.from() : image, "missing", required);
              }
            }
          });

  static final Rule<Instruction.Label> SUPERFLUOUS_LABEL =
      rule(
          "docker/superfluous-label",
          Instruction.Label.class,
          (label, context) -> {
            List<String> allowed = context.list("labels");
            for (Assignment each : label.assignments()) {
              String key = unquoted(each.key());
              if (!allowed.isEmpty() && !each.key().hasVariable() && !allowed.contains(key)) {
                RuleContext.Reported reported = context.report(each, "superfluous", key);
                List<Assignment> all = label.assignments();
                int at = all.indexOf(each);
                if (all.size() == 1) {
                  reported.fix(Edits.deleteLines(label));
                } else {
                  int from = at == 0 ? each.span().start() : all.get(at - 1).span().end();
                  int to = at == 0 ? all.get(1).span().start() : each.span().end();
                  reported.fix(new TextEdit(each.span().file().span(from, to), ""));
                }
              }
            }
          });

  static final Rule<Dockerfile> EMPTY_LABEL =
      rule(
          "docker/empty-label",
          Dockerfile.class,
          (dockerfile, context) ->
              schema(
                  dockerfile,
                  context,
                  (key, format, value) -> {
                    if (value.value() != null && value.value().isBlank()) {
                      context.report(value, "empty", key);
                    }
                  }));

  static final Rule<Dockerfile> LABEL_FORMAT =
      rule(
          "docker/label-format",
          Dockerfile.class,
          (dockerfile, context) ->
              schema(
                  dockerfile,
                  context,
                  (key, format, value) -> {
                    String text = value.value();
                    Pattern pattern = FORMATS.get(format);
                    if (text != null
                        && !text.isBlank()
                        && pattern != null
                        && !pattern.matcher(text).matches()) {
                      context.report(value, format, key, text);
                    }
                  }));

  static final List<Rule<?>> ALL =
      List.of(LABEL_KEY, MISSING_LABEL, SUPERFLUOUS_LABEL, EMPTY_LABEL, LABEL_FORMAT);

  private interface Check {
    void check(String key, String format, Setting<String> value);
  }

  private Labels() {}

  private static String unquoted(Word word) {
    return word.toString().replaceAll("[\"']", "");
  }

  /** Shows the labels of the last stage for which the parameter {@code schema} has a format. */
  private static void schema(Dockerfile dockerfile, RuleContext context, Check check) {
    Stage stage = dockerfile.finalStage();
    if (stage == null) {
      return;
    }
    Map<String, String> formats = new LinkedHashMap<>();
    for (String each : context.list("schema")) {
      int colon = each.lastIndexOf(':');
      formats.put(
          colon < 0 ? each : each.substring(0, colon),
          colon < 0 ? "text" : each.substring(colon + 1));
    }
    stage
        .labels()
        .forEach(
            (key, value) -> {
              String format = formats.get(key);
              if (format != null) {
                check.check(key, format, value);
              }
            });
  }
}
