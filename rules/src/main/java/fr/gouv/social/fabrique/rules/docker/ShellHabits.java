package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Heredoc;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.rules.facts.ImageSystems;
import fr.gouv.social.fabrique.shell.Argument;
import fr.gouv.social.fabrique.shell.Command;
import fr.gouv.social.fabrique.shell.Command.Context;
import fr.gouv.social.fabrique.shell.Interpreter;
import fr.gouv.social.fabrique.shell.PackageCommand;
import fr.gouv.social.fabrique.shell.ShellProblem;
import fr.gouv.social.fabrique.shell.Syntax;
import fr.gouv.social.fabrique.shell.Word;
import fr.gouv.social.fabrique.source.Span;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What scripts do that a build does not forgive: failures unseen, instructions swallowed. */
final class ShellHabits {
  /** Commands whose failure says nothing that matters: they print, inquire or filter. */
  private static final Set<String> HARMLESS =
      Set.of(
          "",
          "echo",
          "printf",
          "yes",
          "true",
          "false",
          ":",
          "seq",
          "date",
          "uname",
          "env",
          "printenv",
          "pwd",
          "whoami",
          "id",
          "nproc",
          "arch",
          "hostname",
          "getconf",
          "basename",
          "dirname",
          "sort",
          "uniq",
          "head",
          "tail",
          "tr",
          "cut",
          "sed",
          "awk",
          "gawk",
          "grep",
          "egrep",
          "fgrep",
          "tee",
          "wc",
          "rev",
          "paste",
          "column",
          "xargs",
          "find",
          "ls",
          "ldd",
          "scanelf",
          "dpkg-query",
          "apt-mark",
          "apt-cache",
          "dpkg-architecture",
          "set",
          "export",
          "unset",
          "local",
          "declare",
          "readonly",
          "shopt",
          "alias",
          "umask",
          "trap",
          "sleep",
          "test",
          "[",
          "which",
          "type",
          "command",
          "hash",
          "read",
          "exit",
          "return",
          "shift",
          "break",
          "continue",
          "ps",
          "df",
          "du",
          "stat",
          "readlink",
          "realpath",
          "strings",
          "fold",
          "nl",
          "tac",
          "comm",
          "getent",
          "file",
          "history",
          "lsb_release",
          "kill",
          "pkill",
          "wait",
          "eval",
          "exec",
          "time",
          "source",
          ".");

  /** Commands that fail themselves when nothing comes in. */
  private static final Set<String> NOTICING = Set.of("grep", "egrep", "fgrep", "rg", "read");

  /** Commands that compare checksums when they are told to, and then fail upon nothing. */
  private static final Set<String> CHECKSUMS =
      Set.of("sha256sum", "sha512sum", "sha1sum", "md5sum", "shasum", "sha384sum", "b2sum");

  /** What package managers are asked that changes nothing. */
  private static final Set<String> INQUIRIES =
      Set.of(
          "info",
          "list",
          "ls",
          "search",
          "show",
          "policy",
          "freeze",
          "config",
          "env",
          "version",
          "stats",
          "contents",
          "view",
          "outdated");

  private static final Set<String> CHANGING_PACKAGES =
      Set.of(
          "-i",
          "--install",
          "--unpack",
          "--configure",
          "-U",
          "--upgrade",
          "-F",
          "--freshen",
          "--import",
          "-r",
          "--remove",
          "-P",
          "--purge",
          "-e",
          "--erase");

  private static final Set<String> KEYWORDS =
      Set.of(
          "FROM",
          "RUN",
          "CMD",
          "LABEL",
          "EXPOSE",
          "ENV",
          "ADD",
          "COPY",
          "ENTRYPOINT",
          "VOLUME",
          "USER",
          "WORKDIR",
          "ARG",
          "ONBUILD",
          "STOPSIGNAL",
          "HEALTHCHECK",
          "SHELL",
          "MAINTAINER");

  private static final Set<String> POINTLESS =
      Set.of(
          "ssh",
          "vim",
          "shutdown",
          "reboot",
          "service",
          "systemctl",
          "ps",
          "free",
          "top",
          "htop",
          "kill",
          "mount",
          "umount",
          "ifconfig",
          "telnet");

  static final Rule<StageScript> PIPE =
      rule("docker/unseen-pipe-failure", StageScript.class, ShellHabits::pipes);

  static final Rule<StageScript> IGNORED_FAILURE =
      rule("docker/ignored-failure", StageScript.class, ShellHabits::ignoredFailure);

  static final Rule<StageScript> SYNTAX =
      rule(
          "docker/shell-syntax",
          StageScript.class,
          (script, context) -> {
            if (script.line().isExec() || !script.interpreter().isPosix() || isWindows(script)) {
              return;
            }
            List<ShellProblem> problems = script.script().problems();
            if (!problems.isEmpty() && problems.get(0).kind() != ShellProblem.Kind.TOO_DEEP) {
              ShellProblem problem = problems.get(0);
              String key =
                  switch (problem.kind()) {
                    case UNTERMINATED -> "unterminated";
                    case MISSING -> "missing";
                    default -> "unexpected";
                  };
              context.report(problem, key, problem.what());
            }
          });

  static final Rule<Instruction> SWALLOWED =
      rule(
          "docker/swallowed-instruction",
          Instruction.class,
          (instruction, context) -> {
            if (!(instruction instanceof Instruction.Run)
                && !(instruction instanceof Instruction.Unknown)
                && instruction.heredocs().isEmpty()) {
              swallowed(instruction, context);
            }
          });

  static final Rule<StageScript> INSTRUCTION_IN_SCRIPT =
      rule("docker/instruction-in-script", StageScript.class, ShellHabits::instructionInScript);

  static final Rule<StageScript> POINTLESS_COMMAND =
      rule(
          "docker/pointless-command",
          StageScript.class,
          (script, context) -> {
            for (Command command : script.commands()) {
              boolean secret =
                  script.run() != null
                      && script.run().mounts().stream().anyMatch(m -> "ssh".equals(m.type()));
              if (script.run() != null
                  && POINTLESS.contains(command.name())
                  && !(command.is("ssh") && secret)
                  && !command.has("--version", "-V")
                  && !isAboutBackground(script, command)
                  && !(command.is("systemctl", "service")
                      && command.arguments().stream()
                          .anyMatch(a -> a.is("enable", "disable", "mask", "set-default")))) {
                context.report(command.head(), "pointless", command.name());
              }
            }
          });

  static final Rule<StageScript> SUDO =
      rule(
          "docker/sudo",
          StageScript.class,
          (script, context) -> {
            for (Command command : script.commands()) {
              if (script.run() != null && command.is("sudo") && !command.arguments().isEmpty()) {
                context.report(command.head(), "sudo");
              }
            }
          });

  static final Rule<StageScript> RELINKED_SHELL =
      rule(
          "docker/relinked-shell",
          StageScript.class,
          (script, context) -> {
            for (Command command : script.commands()) {
              if (script.run() == null || !command.is("ln")) {
                continue;
              }
              List<Argument> operands = command.options("-t", "-S").operands();
              if (operands.size() > 1
                  && operands.get(operands.size() - 1).is("/bin/sh", "/usr/bin/sh")) {
                context.report(operands.get(operands.size() - 1), "relinked", operands.get(0));
              }
            }
          });

  static final Rule<StageScript> LARGE_UID =
      rule(
          "docker/large-uid",
          StageScript.class,
          (script, context) -> {
            for (Command command : script.commands()) {
              Command.Options options =
                  command.options(
                      "-u",
                      "--uid",
                      "-g",
                      "--gid",
                      "-d",
                      "--home-dir",
                      "-s",
                      "--shell",
                      "-c",
                      "-G",
                      "-p",
                      "-K",
                      "-k",
                      "-b",
                      "-e",
                      "-f",
                      "--comment",
                      "--groups",
                      "--home");
              String uid = options.value("-u", "--uid");
              if (command.is("useradd")
                  && uid != null
                  && uid.matches("[0-9]{6,}")
                  && !options.has("-l", "--no-log-init")) {
                Command.Option option = options.option("-u", "--uid");
                Argument at =
                    option == null
                        ? command.head()
                        : option.separate() == null ? option.at() : option.separate();
                context
                    .report(at, "large", uid)
                    .fix(Scripts.after(command.head(), " --no-log-init"));
              }
            }
          });

  static final Rule<StageScript> NOISY_WGET =
      rule(
          "docker/noisy-wget",
          StageScript.class,
          (script, context) -> {
            for (Command command : script.commands()) {
              if (script.run() != null
                  && command.is("wget")
                  && !command.arguments().isEmpty()
                  && !command.has(
                      "-q",
                      "--quiet",
                      "-nv",
                      "--no-verbose",
                      "-o",
                      "--output-file",
                      "-a",
                      "--append-output",
                      "--progress",
                      "--version",
                      "-V",
                      "--help",
                      "-h",
                      "-b")) {
                boolean gnu =
                    ImageSystems.DEBIAN.equals(Scripts.system(script.stage()))
                        || ImageSystems.UBUNTU.equals(Scripts.system(script.stage()));
                RuleContext.Reported reported = context.report(command.head(), "noisy");
                if (Scripts.isWritten(command.head())) {
                  reported.fix(Scripts.after(command.head(), gnu ? " -nv" : " -q"));
                }
              }
            }
          });

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          PIPE,
          IGNORED_FAILURE,
          SYNTAX,
          SWALLOWED,
          INSTRUCTION_IN_SCRIPT,
          POINTLESS_COMMAND,
          SUDO,
          RELINKED_SHELL,
          LARGE_UID,
          NOISY_WGET);

  private ShellHabits() {}

  /** A server that runs while the script does is stopped with kill. */
  private static boolean isAboutBackground(StageScript script, Command command) {
    return command.is("kill")
        && script.commands().stream().anyMatch(each -> each.isIn(Context.BACKGROUND));
  }

  private static boolean isWindows(StageScript script) {
    String image = script.stage().rootImage().value();
    return image != null && (image.contains("windows") || image.contains("nanoserver"))
        || script.dockerfile().escape() == '`';
  }

  // ---- failures ----

  private static void pipes(StageScript script, RuleContext context) {
    if (script.run() == null || isWindows(script)) {
      return;
    }
    Set<Syntax.Pipeline> seen = new HashSet<>();
    for (Command command : script.commands()) {
      Syntax.Pipeline pipeline = command.pipeline();
      if (pipeline == null
          || !command.isPiped()
          || command.pipefail()
          || isHarmless(command)
          || command.isIn(Context.CONDITION)
          || command.isIn(Context.BACKGROUND)
          || command.isIn(Context.SUBSTITUTION) && command.carrier() != null
          || isForgiven(command)
          || isNoticed(script, pipeline)
          || carriesAnother(script, command)
          || !seen.add(pipeline)) {
        continue;
      }
      RuleContext.Reported reported =
          context.report(command.head(), "unseen", command.name(), last(script, pipeline));
      TextEdit edit = setOption(script, "set -o pipefail");
      if (edit != null && knowsPipefail(script)) {
        reported.unsafeFix(edit);
      }
    }
  }

  private static boolean isHarmless(Command command) {
    if (HARMLESS.contains(command.name())) {
      return true;
    }
    Command carrier = command.carrier();
    if (carrier != null && carrier.is("find") && carrier.pipeline() == command.pipeline()) {
      // It does not pass on whether what it runs fails.
      return true;
    }
    if (command.is("dpkg", "rpm")) {
      boolean asks = command.has("-q", "--query", "-V", "--verify", "--eval", "-E");
      return asks || !command.has(CHANGING_PACKAGES.toArray(String[]::new));
    }
    PackageCommand packages = PackageCommand.of(command);
    return packages != null
        && packages.action() == PackageCommand.Action.OTHER
        && INQUIRIES.contains(packages.subcommand().shape());
  }

  /** Whether it only runs another command of the same element of the pipeline: that one counts. */
  private static boolean carriesAnother(StageScript script, Command command) {
    return !command.is("find")
        && script.commands().stream()
            .anyMatch(each -> each.carrier() == command && each.pipeline() == command.pipeline());
  }

  /** Whether {@code || true} follows. */
  private static boolean isForgiven(Command command) {
    Syntax.AndOr chain = command.chain();
    if (chain == null || command.operatorAfter() != Syntax.Operator.OR) {
      return false;
    }
    Syntax last = chain.commands().get(chain.commands().size() - 1);
    return last instanceof Syntax.SimpleCommand simple
        && !simple.words().isEmpty()
        && Set.of("true", ":", "echo").contains(String.valueOf(simple.words().get(0).text()));
  }

  /** Whether the last command fails when an earlier one gives it nothing. */
  private static boolean isNoticed(StageScript script, Syntax.Pipeline pipeline) {
    for (Command command : script.commands()) {
      if (command.pipeline() == pipeline
          && !command.isPiped()
          && (NOTICING.contains(command.name())
              || CHECKSUMS.contains(command.name()) && command.has("-c", "--check"))) {
        return true;
      }
    }
    return false;
  }

  private static String last(StageScript script, Syntax.Pipeline pipeline) {
    for (Command command : script.commands()) {
      if (command.pipeline() == pipeline && !command.isPiped() && !command.name().isEmpty()) {
        return command.name();
      }
    }
    return "…";
  }

  private static boolean knowsPipefail(StageScript script) {
    return script.interpreter().kind() == Interpreter.Kind.BASH
        || script.interpreter().kind() == Interpreter.Kind.ASH
        || script.interpreter().kind() == Interpreter.Kind.ZSH
        || ImageSystems.ALPINE.equals(Scripts.system(script.stage()));
  }

  /** An edit that sets an option at the start of a script, or null in the exec form. */
  private static @Nullable TextEdit setOption(StageScript script, String command) {
    Instruction.Run run = script.run();
    if (run == null || script.line().isExec()) {
      return null;
    }
    Heredoc alone = run.scriptHeredoc();
    if (alone != null) {
      return run.shebang() == null ? Scripts.before(alone.content().span(), command + "\n") : null;
    }
    return run.heredocs().isEmpty() ? Scripts.before(script.line(), command + "; ") : null;
  }

  private static void ignoredFailure(StageScript script, RuleContext context) {
    Instruction.Run run = script.run();
    if (run == null
        || script.line().isExec()
        || isWindows(script)
        || !script.script().problems().isEmpty()
        || script.script().text().text().contains("$?")) {
      return;
    }
    List<Syntax.Statement> statements = script.script().statements();
    for (int i = 0; i + 1 < statements.size(); i++) {
      Syntax.Statement statement = statements.get(i);
      Command first = statement.background() ? null : fallible(script, statement.command());
      if (first != null) {
        Span rest = statements.get(i + 1).span();
        boolean heredoc = run.scriptHeredoc() != null;
        RuleContext.Reported reported =
            context.report(first.head(), heredoc ? "heredoc" : "list", first.name()).related(rest);
        TextEdit edit = setOption(script, "set -e");
        if (edit != null) {
          reported.unsafeFix(edit);
        }
        return;
      }
    }
    carriedHeredoc(script, context);
  }

  /** {@code RUN <<EOF bash}, or {@code bash <<EOF}: the script is that of a command. */
  private static void carriedHeredoc(StageScript script, RuleContext context) {
    Set<Command> shells = new HashSet<>();
    for (Command command : script.commands()) {
      Command shell = command.carrier();
      if (shell == null
          || !command.isIn(Context.SCRIPT)
          || shell.syntax().redirections().stream().allMatch(each -> each.document() == null)
          || !Interpreter.of(List.of(shell.name())).isPosix()
          || command.errexit()
          || command.contexts().size() > 1
          || isHarmless(command)
          || command.chain() != null && command.operatorAfter() == Syntax.Operator.OR) {
        continue;
      }
      boolean followed =
          script.commands().stream()
              .anyMatch(
                  later ->
                      later.carrier() == shell
                          && later.position() > command.position()
                          && (later.chain() == null || !later.isChainedWith(command))
                          && (later.pipeline() == null || later.pipeline() != command.pipeline()));
      if (followed && shells.add(shell)) {
        context.report(command.head(), "heredoc", command.name());
      }
    }
  }

  /** The first command of a statement when its failure matters and goes unseen; else null. */
  private static @Nullable Command fallible(StageScript script, Syntax syntax) {
    if (syntax instanceof Syntax.AndOr chain && chain.operators().contains(Syntax.Operator.OR)) {
      return null;
    }
    boolean plain =
        syntax instanceof Syntax.SimpleCommand
            || syntax instanceof Syntax.AndOr
            || syntax instanceof Syntax.Pipeline pipeline && !pipeline.negated();
    if (!plain) {
      return null;
    }
    for (Command command : script.commands()) {
      if (syntax.span().contains(command.head().word().span())
          && command.carrier() == null
          && !command.isIn(Context.SUBSTITUTION)
          && !command.isIn(Context.CONDITIONAL)
          && !isHarmless(command)
          && !isIdle(command)) {
        return command.errexit() ? null : command;
      }
    }
    return null;
  }

  private static boolean isIdle(Command command) {
    return command.is("rm", "mkdir", "touch", "cat") || command.has("--version", "--help");
  }

  // ---- instructions where none may be ----

  private static void swallowed(Instruction instruction, RuleContext context) {
    Span span = instruction.span();
    int firstLine = span.line();
    for (int line = firstLine + 1; line <= span.endLine(); line++) {
      int start = span.file().lineStart(line);
      String text = span.file().line(line);
      int indent = text.length() - text.stripLeading().length();
      String[] words = text.strip().split("\\s+", 3);
      // The command of a health check and the trigger of an ONBUILD are instructions of their own.
      boolean belongs =
          instruction instanceof Instruction.HealthCheck && words[0].equalsIgnoreCase("CMD")
              || instruction instanceof Instruction.OnBuild && line == firstLine + 1;
      if (!belongs
          && KEYWORDS.contains(words[0])
          && words.length > 1
          && isOutside(instruction, start)) {
        Span at = span.file().span(start + indent, start + indent + words[0].length());
        if (belongs(instruction, at)) {
          continue;
        }
        report(instruction, at, context);
        return;
      }
    }
  }

  /** Whether a keyword is a part of the instruction: {@code HEALTHCHECK CMD}, {@code ONBUILD}. */
  private static boolean belongs(Instruction instruction, Span at) {
    if (instruction instanceof Instruction.OnBuild onBuild && onBuild.trigger() != null) {
      return onBuild.trigger().keyword().span().equals(at) || belongs(onBuild.trigger(), at);
    }
    return instruction instanceof Instruction.HealthCheck check
        && check.type() != null
        && check.type().span().equals(at);
  }

  /** Whether a line does not start within quotes that an earlier line opened. */
  private static boolean isOutside(Instruction instruction, int offset) {
    String before = instruction.span().file().text().substring(instruction.span().start(), offset);
    return before.chars().filter(c -> c == '"').count() % 2 == 0
        && before.chars().filter(c -> c == '\'').count() % 2 == 0;
  }

  private static void report(Instruction instruction, Span at, RuleContext context) {
    RuleContext.Reported reported = context.report(at, "swallowed", at.text(), instruction.name());
    String text = at.file().text();
    int end = at.start();
    while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    int start = end - 1;
    if (start > 0 && (text.charAt(start) == '\\' || text.charAt(start) == '`')) {
      while (start > 0 && (text.charAt(start - 1) == ' ' || text.charAt(start - 1) == '\t')) {
        start--;
      }
      reported.unsafeFix(new TextEdit(at.file().span(start, end), ""));
    }
  }

  private static void instructionInScript(StageScript script, RuleContext context) {
    if (script.line().isExec()) {
      return;
    }
    for (Command command : script.commands()) {
      if (KEYWORDS.contains(command.head().shape())
          && !command.head().isQuoted()
          && !command.arguments().isEmpty()) {
        context.report(command.head(), "command", command.head());
        return;
      }
      for (Argument argument : command.arguments()) {
        Span at = argument.span();
        if (KEYWORDS.contains(argument.shape())
            && isPlain(argument.word())
            && at.text().equals(argument.shape())
            && at.start() - indent(at) == at.file().lineStart(at.line())
            && at.line() > script.instruction().span().line()
            && !argument.equals(command.arguments().get(command.arguments().size() - 1))) {
          report(script.instruction(), at, context);
          return;
        }
      }
    }
  }

  private static boolean isPlain(Word word) {
    return word.parts().size() == 1
        && word.parts().get(0) instanceof Word.Literal literal
        && literal.quote() == Word.Quote.NONE;
  }

  private static int indent(Span at) {
    String line = at.file().line(at.line());
    return line.length() - line.stripLeading().length();
  }
}
