package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.ExposedPort;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Setting;
import java.util.List;
import java.util.Locale;

/** What {@code EXPOSE} says. */
final class Ports {
  static final Rule<Stage> ADMIN_PORT =
      each(
          "docker/admin-port",
          (word, port, context) -> {
            for (String admin : context.list("ports")) {
              int number = Integer.parseInt(admin);
              if (port.protocol().equalsIgnoreCase("tcp")
                  && port.first() <= number
                  && number <= port.last()) {
                context.report(word, "admin", admin);
              }
            }
          });

  static final Rule<Stage> PROTOCOL_CASING =
      each(
          "docker/expose-protocol-casing",
          (word, port, context) -> {
            String lower = port.protocol().toLowerCase(Locale.ROOT);
            if (!lower.equals(port.protocol())) {
              RuleContext.Reported reported = context.report(word, "casing", port.protocol());
              String text = word.span().text();
              if (text.endsWith("/" + port.protocol())) {
                int end = text.length() - port.protocol().length();
                reported.fix(Edits.replace(word, text.substring(0, end) + lower));
              }
            }
          });

  static final Rule<Stage> HOST_PORT =
      each(
          "docker/expose-host-port",
          (word, port, context) -> {
            if (!port.host().isEmpty()) {
              RuleContext.Reported reported = context.report(word, "host", port.host());
              String text = word.span().text();
              if (!word.hasVariable() && text.startsWith(port.host() + ":")) {
                reported.fix(Edits.replace(word, text.substring(port.host().length() + 1)));
              }
            }
          });

  static final List<Rule<?>> ALL = List.of(ADMIN_PORT, PROTOCOL_CASING, HOST_PORT);

  private interface Check {
    void check(Word word, ExposedPort port, RuleContext context);
  }

  private Ports() {}

  /** A rule on each port that is known. */
  private static Rule<Stage> each(String id, Check check) {
    return rule(
        id,
        Stage.class,
        (stage, context) -> {
          for (Instruction.Expose expose : stage.instructions(Instruction.Expose.class)) {
            for (Word word : expose.ports()) {
              for (Setting<ExposedPort> setting : stage.ports(expose, word)) {
                ExposedPort port = setting.value();
                if (port != null) {
                  check.check(word, port, context);
                }
              }
            }
          }
        });
  }
}
