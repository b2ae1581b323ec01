package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.dockerfile.CommandLine;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Scope;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.shell.Command;
import fr.gouv.social.fabrique.shell.Interpreter;
import fr.gouv.social.fabrique.shell.PackageCommand;
import fr.gouv.social.fabrique.shell.ShellScript;
import fr.gouv.social.fabrique.shell.Variables;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an instruction of a stage runs: a {@code RUN}, or the {@code CMD}, {@code ENTRYPOINT} or
 * {@code HEALTHCHECK} of its image; in the shell form, the exec form or a here-document, and as a
 * trigger of {@code ONBUILD} too.
 *
 * @param instruction the one that runs it, without {@code ONBUILD}
 * @param trigger whether it stands in an {@code ONBUILD}, and so runs in another build
 * @param interpreter what reads it; of a shell that is not known, {@code sh}
 * @param commands in order, none when the interpreter is no POSIX shell
 */
public record StageScript(
    Dockerfile dockerfile,
    Stage stage,
    Instruction instruction,
    boolean trigger,
    CommandLine line,
    ShellScript script,
    Interpreter interpreter,
    List<Command> commands)
    implements Located {
  public StageScript {
    commands = List.copyOf(commands);
  }

  /** The {@code RUN} that runs it, or null when something else does. */
  public Instruction.@Nullable Run run() {
    return instruction instanceof Instruction.Run run ? run : null;
  }

  /** What it asks of package managers, in order. */
  public List<PackageCommand> packageCommands() {
    List<PackageCommand> packages = new ArrayList<>();
    for (Command command : commands) {
      PackageCommand each = PackageCommand.of(command);
      if (each != null) {
        packages.add(each);
      }
    }
    return packages;
  }

  @Override
  public Span span() {
    return instruction.span();
  }

  /** All scripts of a Dockerfile, in order. */
  static List<StageScript> of(Dockerfile dockerfile) {
    List<StageScript> scripts = new ArrayList<>();
    for (Stage stage : dockerfile.stages()) {
      for (Instruction each : stage.instructions()) {
        boolean trigger = each instanceof Instruction.OnBuild;
        Instruction instruction =
            each instanceof Instruction.OnBuild onBuild ? onBuild.trigger() : each;
        CommandLine line = instruction == null ? null : line(instruction);
        if (instruction != null && line != null && !line.isEmpty()) {
          scripts.add(of(dockerfile, stage, instruction, trigger, line));
        }
      }
    }
    return scripts;
  }

  private static @Nullable CommandLine line(Instruction instruction) {
    if (instruction instanceof Instruction.Run run) {
      return run.command();
    }
    if (instruction instanceof Instruction.Cmd cmd) {
      return cmd.command();
    }
    if (instruction instanceof Instruction.Entrypoint entrypoint) {
      return entrypoint.command();
    }
    return instruction instanceof Instruction.HealthCheck check ? check.command() : null;
  }

  private static StageScript of(
      Dockerfile dockerfile,
      Stage stage,
      Instruction instruction,
      boolean trigger,
      CommandLine line) {
    Scope scope = stage.scopeBefore(instruction);
    List<String> shell = stage.shellFor(instruction).value();
    Interpreter interpreter = shell == null ? Interpreter.DEFAULT : Interpreter.of(shell);
    ShellScript script;
    if (line.isExec()) {
      script = ShellScript.ofWords(line.words().stream().map(Word::text).toList(), line.span());
      interpreter = Interpreter.DEFAULT;
    } else {
      MappedText text = instruction instanceof Instruction.Run run ? run.script() : line.text();
      script = ShellScript.parse(text);
      if (instruction instanceof Instruction.Run run && run.scriptHeredoc() != null) {
        interpreter = Interpreter.ofShebang(text.text(), interpreter);
      }
    }
    List<Command> commands = script.commands(variables(scope), interpreter);
    return new StageScript(
        dockerfile, stage, instruction, trigger, line, script, interpreter, commands);
  }

  /** What {@code ENV} and {@code ARG} say; of anything else the base image may know more. */
  private static Variables variables(Scope scope) {
    return name -> {
      Setting<String> setting = scope.get(name);
      String value = setting == null ? null : setting.value();
      return value == null ? null : Variables.Value.of(value);
    };
  }
}
