package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.shell.Command;
import java.util.List;
import java.util.regex.Pattern;

/** The working folder, and folders that belong to the system. */
final class Folders {
  private static final Pattern SYSTEM =
      Pattern.compile("/(proc|sys|dev|boot|initrd|lost\\+found)(/.*)?");
  private static final Pattern KERNEL = Pattern.compile("/(proc|sys|dev)(/.*)?");

  static final Rule<Stage> RELATIVE_WORKDIR =
      rule("docker/relative-workdir", Stage.class, Folders::relativeWorkdir);

  static final Rule<Stage> SYSTEM_WORKDIR =
      rule(
          "docker/system-workdir",
          Stage.class,
          (stage, context) -> {
            for (Instruction.Workdir workdir : stage.instructions(Instruction.Workdir.class)) {
              Word path = workdir.path();
              String text = path == null ? null : stage.expand(path, workdir).text();
              if (path != null && text != null && SYSTEM.matcher(text).matches()) {
                context.report(path, "system", text);
              }
            }
          });

  static final Rule<Stage> SYSTEM_VOLUME =
      rule(
          "docker/system-volume",
          Stage.class,
          (stage, context) -> {
            for (Instruction.Volume volume : stage.instructions(Instruction.Volume.class)) {
              for (Word path : volume.paths()) {
                String text = stage.expand(path, volume).text();
                if (text != null && KERNEL.matcher(text).matches()) {
                  context.report(path, "system", text);
                }
              }
            }
          });

  static final Rule<StageScript> USELESS_CD =
      rule(
          "docker/useless-cd",
          StageScript.class,
          (script, context) -> {
            List<Command> commands = script.commands();
            if (script.run() == null || script.line().isExec() || commands.isEmpty()) {
              return;
            }
            Command last = commands.get(commands.size() - 1);
            if (last.is("cd") && last.contexts().isEmpty() && !last.arguments().isEmpty()) {
              context.report(last, "useless", last.arguments().get(0));
            }
          });

  static final Rule<StageScript> CD =
      rule(
          "docker/cd-in-run",
          StageScript.class,
          (script, context) -> {
            if (script.run() != null) {
              for (Command command : script.commands()) {
                if (command.is("cd") && command.contexts().isEmpty()) {
                  context.report(command, "cd");
                }
              }
            }
          });

  static final List<Rule<?>> ALL =
      List.of(RELATIVE_WORKDIR, SYSTEM_WORKDIR, SYSTEM_VOLUME, USELESS_CD, CD);

  private Folders() {}

  /** Only the first one: the others are relative to what is known then. */
  private static void relativeWorkdir(Stage stage, RuleContext context) {
    Stage base = stage.base();
    for (Stage each = base; each != null; each = each.base()) {
      if (!each.instructions(Instruction.Workdir.class).isEmpty()) {
        return;
      }
    }
    List<Instruction.Workdir> all = stage.instructions(Instruction.Workdir.class);
    Word path = all.isEmpty() ? null : all.get(0).path();
    String text = path == null ? null : stage.expand(path, all.get(0)).text();
    if (path != null
        && text != null
        && !text.startsWith("/")
        && !text.matches("[A-Za-z]:.*|\\\\.*|%.*")) {
      RuleContext.Reported reported = context.report(path, "relative", text);
      if (path.span().text().equals(path.toString())
          && path.toString().matches("[A-Za-z0-9_.-].*")) {
        String from =
            path.toString().startsWith("./") ? path.toString().substring(2) : path.toString();
        reported.unsafeFix(Edits.replace(path, "/" + from));
      }
    }
  }
}
