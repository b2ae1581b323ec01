package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.CommandLine;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.shell.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the image starts: {@code ENTRYPOINT}, {@code CMD} and {@code HEALTHCHECK}. */
final class Commands {
  private static final Set<String> MANAGERS =
      Set.of(
          "npm",
          "npx",
          "yarn",
          "yarnpkg",
          "pnpm",
          "pnpx",
          "corepack",
          "composer",
          "mvn",
          "mvnw",
          "gradle",
          "gradlew");

  /** Programs that are something else too: only these of their commands stay in between. */
  private static final Map<String, Set<String>> RUNNERS =
      Map.of(
          "bun", Set.of("run", "start"),
          "go", Set.of("run"),
          "cargo", Set.of("run"),
          "dotnet", Set.of("run", "watch"));

  // What only looks like JSON: quotes within brackets, and hardly anything behind them.
  private static final Pattern ARRAY =
      Pattern.compile("\\[(?=[^\\]]*['\"“”‘’«»])[^\\]]*\\].{0,9}", Pattern.DOTALL);
  private static final Pattern STRING =
      Pattern.compile("\\s*(?:\"([^\"\\\\]*)\"|'([^'\\\\\"]*)'|[“”]([^“”\"\\\\]*)[“”])\\s*");

  static final Rule<StageScript> PACKAGE_MANAGER =
      rule("docker/package-manager-as-command", StageScript.class, Commands::packageManager);

  static final Rule<StageScript> SHELL_FORM =
      rule("docker/shell-form-command", StageScript.class, Commands::shellForm);

  static final Rule<StageScript> MALFORMED_EXEC =
      rule(
          "docker/malformed-exec-form",
          StageScript.class,
          (script, context) -> {
            if (!isStart(script.instruction()) && isMalformedArray(script.line())) {
              reportArray(script, context, "malformed");
            }
          });

  static final Rule<Stage> MULTIPLE_CMD = repeated("docker/multiple-cmd", Instruction.Cmd.class);

  static final Rule<Stage> MULTIPLE_ENTRYPOINT =
      repeated("docker/multiple-entrypoint", Instruction.Entrypoint.class);

  static final Rule<Stage> MULTIPLE_HEALTHCHECK =
      repeated("docker/multiple-healthcheck", Instruction.HealthCheck.class);

  static final Rule<Dockerfile> MISSING_HEALTHCHECK =
      rule(
          "docker/missing-healthcheck",
          Dockerfile.class,
          (dockerfile, context) -> {
            Stage stage = dockerfile.finalStage();
            if (stage != null && stage.healthCheck().isAbsent()) {
              context.report(stage.healthCheck(), "missing");
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          PACKAGE_MANAGER,
          SHELL_FORM,
          MALFORMED_EXEC,
          MULTIPLE_CMD,
          MULTIPLE_ENTRYPOINT,
          MULTIPLE_HEALTHCHECK,
          MISSING_HEALTHCHECK);

  private Commands() {}

  /** Only the last of them counts: each earlier one is dead. */
  private static <I extends Instruction> Rule<Stage> repeated(String id, Class<I> kind) {
    return rule(
        id,
        Stage.class,
        (stage, context) -> {
          List<I> all = stage.instructions(kind);
          for (int i = 0; i + 1 < all.size(); i++) {
            I each = all.get(i);
            context
                .report(each.keyword(), "ignored", all.get(i + 1).span().line())
                .related(all.get(i + 1).keyword())
                .unsafeFix(Edits.deleteLines(each));
          }
        });
  }

  private static boolean isStart(Instruction instruction) {
    return instruction instanceof Instruction.Cmd || instruction instanceof Instruction.Entrypoint;
  }

  /** Whether an instruction is the one that the last stage's image starts with. */
  private static boolean isInForce(StageScript script) {
    Stage last = script.dockerfile().finalStage();
    return last != null
        && !script.trigger()
        && (last.command().at() == script.instruction()
            || last.entrypoint().at() == script.instruction());
  }

  private static void packageManager(StageScript script, RuleContext context) {
    if (!isStart(script.instruction())
        || !isInForce(script)
        || Dependencies.isForDevelopment(script.dockerfile().file().path())) {
      return;
    }
    Stage last = script.dockerfile().finalStage();
    CommandLine entrypoint = last == null ? null : last.entrypoint().value();
    if (script.instruction() instanceof Instruction.Cmd && entrypoint != null) {
      // What the entrypoint makes of its arguments cannot be told, unless it just starts them.
      if (!startsItsArguments(entrypoint)) {
        return;
      }
      if (signalsWholeGroup(entrypoint)) {
        context.keep(script.instruction());
        return;
      }
    }
    for (Command command : script.commands()) {
      if (command.is("dumb-init") || (command.is("tini") && command.has("-g"))) {
        context.keep(script.instruction());
        return;
      }
    }
    for (Command command : script.commands()) {
      if (isManager(command)) {
        context.report(command.head(), "manager", command.name());
        return;
      }
    }
    if (script.line().isExec()) {
      context.keep(script.instruction());
    }
  }

  private static boolean isManager(Command command) {
    if (MANAGERS.contains(command.name())) {
      return true;
    }
    Set<String> runs = RUNNERS.get(command.name());
    return runs != null
        && !command.arguments().isEmpty()
        && runs.contains(String.valueOf(command.arguments().get(0).text()));
  }

  private static String first(CommandLine line) {
    String text = line.isExec() && !line.isEmpty() ? line.strings().get(0) : "";
    return text.substring(text.lastIndexOf('/') + 1);
  }

  private static boolean startsItsArguments(CommandLine entrypoint) {
    return Set.of("tini", "dumb-init", "docker-init", "docker-entrypoint.sh")
        .contains(first(entrypoint));
  }

  /** So that the program behind the package manager gets the signal too. */
  private static boolean signalsWholeGroup(CommandLine entrypoint) {
    return first(entrypoint).equals("dumb-init")
        || (first(entrypoint).equals("tini") && entrypoint.strings().contains("-g"));
  }

  private static void shellForm(StageScript script, RuleContext context) {
    Instruction instruction = script.instruction();
    if (!isStart(instruction)
        || script.trigger()
        || Dependencies.isForDevelopment(script.dockerfile().file().path())) {
      return;
    }
    CommandLine line = script.line();
    if (line.isExec()) {
      if (isInForce(script)) {
        context.keep(instruction);
      }
      return;
    }
    if (script.stage().shellFor(instruction).isSet()) {
      return;
    }
    if (isMalformedArray(line)) {
      reportArray(script, context, "malformed");
    } else if (line.text().text().startsWith("exec ")) {
      if (isInForce(script)) {
        context.keep(instruction);
      }
    } else {
      RuleContext.Reported reported = context.report(line, "shell", instruction.name());
      List<String> words = plainWords(line.text().text());
      if (words != null) {
        reported.unsafeFix(new TextEdit(line.span(), Edits.jsonArray(words)));
      }
    }
  }

  private static boolean isMalformedArray(CommandLine line) {
    return line.isBrokenExec() && ARRAY.matcher(line.text().text()).matches();
  }

  private static void reportArray(StageScript script, RuleContext context, String key) {
    CommandLine line = script.line();
    RuleContext.Reported reported = context.report(line, key, script.instruction().name());
    String text = line.text().text();
    List<String> words = new ArrayList<>();
    String inner = text.substring(1, text.indexOf(']')).replaceFirst(",\\s*$", "");
    for (String item : inner.split(",", -1)) {
      Matcher matcher = STRING.matcher(item);
      if (!matcher.matches()) {
        return;
      }
      String word = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      words.add(word != null ? word : matcher.group(3));
    }
    if (text.endsWith("]")) {
      reported.unsafeFix(new TextEdit(line.span(), Edits.jsonArray(words)));
    }
  }

  /** The words of a command that means the same without a shell, or null. */
  private static @Nullable List<String> plainWords(String text) {
    return text.matches("[A-Za-z0-9_./:@%+,=\\- ]+") && !text.split(" ")[0].contains("=")
        ? List.of(text.strip().split(" +"))
        : null;
  }
}
