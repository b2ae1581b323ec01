package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Assignment;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Expansion;
import fr.gouv.social.fabrique.dockerfile.Flag;
import fr.gouv.social.fabrique.dockerfile.Heredoc;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.RunMount;
import fr.gouv.social.fabrique.dockerfile.Scope;
import fr.gouv.social.fabrique.dockerfile.Spelling;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.shell.Argument;
import fr.gouv.social.fabrique.shell.Command;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Variables that are not there when they are used. */
final class Variables {
  /** Images whose environment holds nothing but {@code PATH}. */
  private static final Set<String> BARE =
      Set.of("alpine", "amazonlinux", "busybox", "debian", "ubuntu");

  /** BuildKit reads these, though they are not in the environment. */
  private static final Set<String> SBOM =
      Set.of("BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE");

  static final Rule<Dockerfile> UNDEFINED =
      rule("docker/undefined-variable", Dockerfile.class, Variables::undefined);

  static final Rule<Instruction.Env> SELF_REFERENCE =
      rule("docker/env-self-reference", Instruction.Env.class, Variables::selfReference);

  static final Rule<StageScript> OUT_OF_SCOPE =
      rule("docker/arg-out-of-scope", StageScript.class, Variables::outOfScope);

  static final Rule<Instruction> SECRET_NAME =
      rule("docker/secret-named-variable", Instruction.class, Variables::secretNames);

  static final List<Rule<?>> ALL = List.of(UNDEFINED, SELF_REFERENCE, OUT_OF_SCOPE, SECRET_NAME);

  // A word of a name: the names of BuildKit's SecretsUsedInArgOrEnv.
  private static final Pattern SECRET =
      word("apikey|auth|credentials?|key|password|pword|passwd|secret|token");
  private static final Pattern NO_SECRET = word("public|file|version");

  /** A text that BuildKit expands, with the variables that it sees. */
  private record Expanded(MappedText text, Scope scope, boolean body) {}

  private Variables() {}

  private static Pattern word(String words) {
    return Pattern.compile("(?i)(?:_|^)(?:" + words + ")(?:_|$)");
  }

  private static void secretNames(Instruction instruction, RuleContext context) {
    List<Assignment> assignments = List.of();
    if (instruction instanceof Instruction.Env env) {
      assignments = env.assignments();
    } else if (instruction instanceof Instruction.Arg arg
        && context.project().stageOf(arg) != null) {
      assignments = arg.assignments();
    }
    for (Assignment each : assignments) {
      if (SECRET.matcher(each.name()).find() && !NO_SECRET.matcher(each.name()).find()) {
        context.report(each.key(), "name", instruction.name(), each.name());
      }
    }
  }

  private static void undefined(Dockerfile dockerfile, RuleContext context) {
    for (Stage stage : dockerfile.stages()) {
      Set<String> declared = new HashSet<>();
      for (Instruction instruction : stage.instructions()) {
        Set<String> own = ownNames(instruction);
        for (Expanded each : expanded(stage, instruction)) {
          report(dockerfile, stage, each, own, declared, context);
        }
      }
    }
  }

  /** The names that an {@code ENV} sets, which {@code docker/env-self-reference} looks after. */
  private static Set<String> ownNames(Instruction instruction) {
    Set<String> names = new HashSet<>();
    if (instruction instanceof Instruction.Env env) {
      env.assignments().forEach(each -> names.add(each.name()));
    }
    return names;
  }

  private static void report(
      Dockerfile dockerfile,
      Stage stage,
      Expanded expanded,
      Set<String> own,
      Set<String> declared,
      RuleContext context) {
    String text = expanded.text().text();
    if (text.indexOf('$') < 0) {
      return;
    }
    Scope scope = expanded.scope();
    Expansion expansion =
        expanded.body()
            ? Expansion.ofBody(text, scope)
            : Expansion.of(text, dockerfile.escape(), scope);
    Set<String> seen = new LinkedHashSet<>();
    for (Expansion.Reference each : expansion.references()) {
      String name = each.name();
      if (scope.get(name) != null || SBOM.contains(name) || !seen.add(name)) {
        continue;
      }
      Span at = expanded.text().span(each.from(), each.to());
      boolean platform = Dockerfile.PLATFORM_ARGUMENTS.contains(name);
      boolean global = dockerfile.globalScope().get(name) != null;
      boolean known = isEnvironmentKnown(stage);
      if (global && (platform || known || isForStages(dockerfile, name))) {
        RuleContext.Reported reported =
            context.report(at, platform ? "platform-argument" : "out-of-scope", name);
        if (declared.add(name)) {
          reported.fix(declare(stage, name));
        }
      } else if (known && !own.contains(name)) {
        String meant = Spelling.closest(name, scope.names());
        if (at.text().matches("(?s)\\$\\{" + name + ":?-.*")) {
          context.report(at, "always-default", name);
        } else if (meant.isEmpty()) {
          context.report(at, "undefined", name);
        } else {
          context.report(at, "similar", name, meant);
        }
      }
    }
  }

  /** {@code ARG} right after {@code FROM} brings a global argument into the stage. */
  private static TextEdit declare(Stage stage, String name) {
    Span from = stage.from().span();
    return Edits.insert(from.file(), from.end(), "\nARG " + name);
  }

  /** Whether no base image may set what the Dockerfile does not. */
  private static boolean isEnvironmentKnown(Stage stage) {
    if (stage.scope().isComplete()) {
      return true;
    }
    String image = stage.rootImage().value();
    ImageReference reference = image == null ? null : ImageReference.orNull(image);
    String name = reference == null ? null : reference.familiarName();
    return name != null && BARE.contains(name);
  }

  /**
   * Whether a global argument is meant for stages. One that chooses a base image, or a version, may
   * well have the name of a variable of that image: {@code NODE_VERSION}.
   */
  private static boolean isForStages(Dockerfile dockerfile, String name) {
    if (name.endsWith("VERSION")) {
      return false;
    }
    for (Stage stage : dockerfile.stages()) {
      Word image = stage.from().image();
      if (image != null
          && Expansion.of(image.toString(), dockerfile.escape(), dockerfile.globalScope())
              .references()
              .stream()
              .anyMatch(each -> each.name().equals(name))) {
        return false;
      }
    }
    return true;
  }

  /** All that BuildKit expands of an instruction (dispatch of dockerfile2llb/convert.go). */
  private static List<Expanded> expanded(Stage stage, Instruction instruction) {
    List<Expanded> expanded = new ArrayList<>();
    Scope scope = stage.scopeBefore(instruction);
    if (instruction instanceof Instruction.Env env) {
      env.assignments().forEach(each -> add(expanded, each, scope));
    } else if (instruction instanceof Instruction.Label label) {
      label.assignments().forEach(each -> add(expanded, each, scope));
    } else if (instruction instanceof Instruction.Arg arg) {
      for (Assignment each : arg.assignments()) {
        add(expanded, each.value(), stage.scopeBefore(each));
      }
    } else if (instruction instanceof Instruction.Transfer transfer) {
      for (String name : List.of("chown", "chmod", "checksum")) {
        Flag flag = transfer.flag(name);
        add(expanded, flag == null ? null : flag.value(), scope);
      }
      transfer.paths().forEach(path -> add(expanded, path, scope));
      add(expanded, transfer.destination(), scope);
      for (Heredoc heredoc : transfer.heredocs()) {
        if (heredoc.expand()) {
          expanded.add(new Expanded(heredoc.body(), scope, true));
        }
      }
    } else if (instruction instanceof Instruction.User user) {
      add(expanded, user.user(), scope);
    } else if (instruction instanceof Instruction.Workdir workdir) {
      add(expanded, workdir.path(), scope);
    } else if (instruction instanceof Instruction.Volume volume) {
      volume.paths().forEach(path -> add(expanded, path, scope));
    } else if (instruction instanceof Instruction.StopSignal signal) {
      add(expanded, signal.signal(), scope);
    } else if (instruction instanceof Instruction.Run run) {
      for (RunMount mount : run.mounts()) {
        for (RunMount.Field field : mount.fields()) {
          if (!field.key().equals("from")) {
            add(expanded, field.value(), scope);
          }
        }
      }
    }
    return expanded;
  }

  private static void add(List<Expanded> expanded, Assignment assignment, Scope scope) {
    add(expanded, assignment.key(), scope);
    add(expanded, assignment.value(), scope);
  }

  private static void add(List<Expanded> expanded, @Nullable Word word, Scope scope) {
    if (word != null) {
      expanded.add(new Expanded(word.text(), scope, false));
    }
  }

  private static void selfReference(Instruction.Env env, RuleContext context) {
    Stage stage = context.project().stageOf(env);
    if (stage == null || env.legacy()) {
      return;
    }
    Scope scope = stage.scopeBefore(env);
    List<Assignment> assignments = env.assignments();
    for (int i = 1; i < assignments.size(); i++) {
      Word value = assignments.get(i).value();
      Set<String> before = new HashSet<>();
      assignments.subList(0, i).forEach(each -> before.add(each.name()));
      if (value == null || !value.hasVariable()) {
        continue;
      }
      for (Expansion.Reference each : stage.expand(value, env).references()) {
        if (before.contains(each.name()) && scope.get(each.name()) == null) {
          RuleContext.Reported reported =
              context.report(value.place(each.from(), each.to()), "self", each.name());
          Span between =
              env.span()
                  .file()
                  .span(assignments.get(i - 1).span().end(), assignments.get(i).span().start());
          if (between.text().indexOf('#') < 0) {
            reported.fix(new TextEdit(between, "\n" + env.keyword() + " "));
          }
          before.remove(each.name());
          break;
        }
      }
    }
  }

  private static void outOfScope(StageScript script, RuleContext context) {
    Instruction.Run run = script.run();
    if (run == null || script.trigger() || script.line().isExec()) {
      return;
    }
    Dockerfile dockerfile = script.dockerfile();
    Scope scope = script.stage().scopeBefore(run);
    Set<String> seen = new HashSet<>();
    for (Command command : script.commands()) {
      for (Argument argument : command.arguments()) {
        for (String name : argument.word().variables()) {
          boolean global = dockerfile.globalScope().get(name) != null && scope.get(name) == null;
          if (global
              && !command.hasVariable(name)
              && !isAssigned(script, name)
              && (Dockerfile.PLATFORM_ARGUMENTS.contains(name)
                  || isEnvironmentKnown(script.stage())
                  || isForStages(dockerfile, name))
              && seen.add(name)) {
            context.report(argument, "out-of-scope", name).fix(declare(script.stage(), name));
          }
        }
      }
    }
  }

  /** Whether the script itself may give a variable its value. */
  private static boolean isAssigned(StageScript script, String name) {
    SourceFile file = script.span().file();
    String text = file.text().substring(script.span().start(), script.span().end());
    return text.matches(
        "(?s).*\\b("
            + name
            + "\\+?=|(for|read|getopts|local|export)\\b[^\\n]*\\b"
            + name
            + "\\b).*");
  }
}
