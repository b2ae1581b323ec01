package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.RunMount;
import fr.gouv.social.fabrique.dockerfile.Scope;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.shell.Argument;
import fr.gouv.social.fabrique.shell.Command;
import fr.gouv.social.fabrique.shell.Interpreter;
import fr.gouv.social.fabrique.shell.Syntax;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code shellcheck} of the machine, run over the scripts of Dockerfiles. It is given the
 * scripts as files of a folder of its own, many at once, reads no configuration, follows no {@code
 * source}, and is stopped when it takes too long.
 *
 * @param program where it is
 * @param knowsBusybox whether it knows the dialect of BusyBox, as it does since 0.10
 */
public record Shellcheck(Path program, boolean knowsBusybox) {
  /** How many scripts one process reads. */
  private static final int AT_ONCE = 100;

  private static final int LONGEST_SECONDS = 120;

  /** The lines before each script: its dialect, and what it finds in its environment. */
  private static final int PREAMBLE = 2;

  /**
   * What says nothing of a script in a Dockerfile: files that cannot be followed (1090, 1091), the
   * first line (1128, 2148, 2187, 2239).
   */
  private static final String EXCLUDED = "1090,1091,1128,2148,2187,2239";

  private static final Pattern VERSION = Pattern.compile("version: (\\d{1,4})\\.(\\d{1,4})");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern DIRECTIVE =
      Pattern.compile("[ \\t]*#[ \\t]*shellcheck[ \\t]+((?:disable|enable)=\\S+.*)");

  /**
   * What it found.
   *
   * @param unread what it could not look at
   */
  public record Result(List<ShellRemark> remarks, List<NotRead> unread) {}

  /**
   * A script as shellcheck reads it.
   *
   * @param text what stands in the Dockerfile
   */
  private record Unit(StageScript script, MappedText text, Interpreter interpreter) {}

  /**
   * Looks for the program.
   *
   * @param path the folders to look in, as the variable {@code PATH} gives them
   * @return null when none of them has it, or when it does not work
   */
  public static @Nullable Shellcheck find(String path) {
    for (String folder : path.split(File.pathSeparator)) {
      for (String name : List.of("shellcheck", "shellcheck.exe")) {
        Path program = program(folder, name);
        if (program != null) {
          String version = output(List.of(program.toString(), "--version"));
          Matcher matcher = VERSION.matcher(version == null ? "" : version);
          if (matcher.find()) {
            boolean recent =
                Integer.parseInt(matcher.group(1)) > 0 || Integer.parseInt(matcher.group(2)) >= 10;
            return new Shellcheck(program, recent);
          }
        }
      }
    }
    return null;
  }

  /** A program in an absolute folder: what lies in the repository is not run. */
  private static @Nullable Path program(String folder, String name) {
    try {
      Path program = Path.of(folder, name);
      return program.isAbsolute() && Files.isRegularFile(program) && Files.isExecutable(program)
          ? program
          : null;
    } catch (InvalidPathException | SecurityException wrong) {
      return null;
    }
  }

  /** Looks at the scripts of all {@code RUN}s that a POSIX shell reads. */
  public Result check(List<StageScript> scripts) {
    List<Unit> units = new ArrayList<>();
    scripts.forEach(script -> units(script, units));
    List<Result> results =
        IntStream.rangeClosed(0, (units.size() - 1) / AT_ONCE)
            .parallel()
            .mapToObj(
                i -> run(units.subList(i * AT_ONCE, Math.min(units.size(), i * AT_ONCE + AT_ONCE))))
            .toList();
    List<ShellRemark> remarks = new ArrayList<>();
    List<NotRead> unread = new ArrayList<>();
    for (Result result : results) {
      remarks.addAll(result.remarks);
      unread.addAll(result.unread);
    }
    return new Result(remarks, unread);
  }

  private static void units(StageScript script, List<Unit> units) {
    Instruction.Run run = script.run();
    if (run == null || script.line().isExec() || script.dockerfile().escape() == '`') {
      return;
    }
    boolean whole = run.heredocs().isEmpty() || run.scriptHeredoc() != null;
    if (whole && dialect(script.interpreter(), true) != null) {
      units.add(new Unit(script, script.script().text(), script.interpreter()));
    }
    if (whole) {
      return;
    }
    // RUN <<EOF bash, RUN bash -e <<EOF: the here-document is the script.
    for (Command command : script.commands()) {
      List<String> words = new ArrayList<>(List.of(command.name()));
      command.arguments().stream().map(Argument::shape).forEach(words::add);
      Interpreter interpreter = Interpreter.of(words);
      for (Syntax.Redirection redirection : command.syntax().redirections()) {
        if (redirection.document() != null
            && command.carrier() == null
            && !command.name().isEmpty()
            && words.stream().skip(1).allMatch(word -> word.startsWith("-"))
            && dialect(interpreter, true) != null) {
          units.add(new Unit(script, redirection.document().body(), interpreter));
        }
      }
    }
  }

  /** The name of a dialect, null for one that shellcheck does not know. */
  private static @Nullable String dialect(Interpreter interpreter, boolean knowsBusybox) {
    return switch (interpreter.kind()) {
      case POSIX_SH -> interpreter.name().equals("dash") ? "dash" : "sh";
      case ASH -> knowsBusybox ? "busybox" : "dash";
      case BASH -> "bash";
      case KSH -> "ksh";
      case ZSH, POWERSHELL, CMD, OTHER -> null;
    };
  }

  private Result run(List<Unit> units) {
    if (units.isEmpty()) {
      return new Result(List.of(), List.of());
    }
    Path folder = null;
    try {
      folder = Files.createTempDirectory("fabrique");
      List<String> words =
          new ArrayList<>(
              List.of(program.toString(), "--norc", "--format=json1", "--exclude=" + EXCLUDED));
      for (int i = 0; i < units.size(); i++) {
        Path file = folder.resolve(i + ".sh");
        Files.writeString(file, input(units.get(i)));
        words.add(file.toString());
      }
      String output = output(words);
      Result result = output == null ? null : read(output, units);
      return result == null ? failed(units) : result;
    } catch (IOException | SecurityException trouble) {
      return failed(units);
    } finally {
      delete(folder);
    }
  }

  private static Result failed(List<Unit> units) {
    List<NotRead> unread = new ArrayList<>();
    for (Unit unit : units) {
      Span span = unit.script.span();
      unread.add(
          new NotRead(
              span.file().path(),
              span.line(),
              new Text(
                  "shellcheck n'a pas pu lire ce script",
                  "shellcheck could not read this script")));
    }
    return new Result(List.of(), unread);
  }

  private static void delete(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException left) {
      // The system clears its temporary files.
    }
  }

  /** What a program writes, null when it fails otherwise than by finding something. */
  private static @Nullable String output(List<String> words) {
    Process process = null;
    Path file = null;
    try {
      file = Files.createTempFile("fabrique", ".json");
      ProcessBuilder builder = new ProcessBuilder(words);
      builder.environment().remove("SHELLCHECK_OPTS");
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.redirectOutput(file.toFile());
      process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() > 1) {
        return null;
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException | SecurityException trouble) {
      return null;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
      delete(file);
    }
  }

  private String input(Unit unit) {
    StringBuilder input = new StringBuilder("# shellcheck shell=");
    input.append(dialect(unit.interpreter, knowsBusybox));
    // What the script says of itself at its top is to cover all of it.
    for (String line : unit.text.text().split("\n", -1)) {
      Matcher directive = DIRECTIVE.matcher(line);
      if (directive.matches()) {
        input.append(' ').append(directive.group(1).replaceAll("\\s*#.*", ""));
      } else if (!line.startsWith("#!") && !line.isBlank()) {
        break;
      }
    }
    input.append("\nexport FABRIQUE=1");
    Instruction.Run run = unit.script.run();
    Scope scope = unit.script.stage().scopeBefore(unit.script.instruction());
    Set<String> names = new TreeSet<>(scope.names());
    names.addAll(Dockerfile.PROXY_ARGUMENTS);
    for (RunMount mount : run == null ? List.<RunMount>of() : run.mounts()) {
      Word secret = mount.value("env");
      if (secret != null) {
        names.add(secret.toString());
      }
    }
    for (String name : names) {
      if (NAME.matcher(name).matches() && !name.equals("PATH")) {
        Setting<String> setting = scope.get(name);
        String value = setting == null ? null : setting.value();
        boolean known = value != null && value.chars().noneMatch(c -> c < ' ');
        input.append(' ').append(name).append("='");
        // Of an unknown value nothing is said that might be wrong.
        input.append(known ? String.valueOf(value).replace("'", "'\\''") : "1").append('\'');
      }
    }
    return input.append('\n').append(unit.text.text()).append('\n').toString();
  }

  private static @Nullable Result read(String output, List<Unit> units) {
    YamlFile json = YamlReader.read(SourceFile.of("shellcheck.json", output));
    if (!json.problems().isEmpty() || json.documents().size() != 1) {
      return null;
    }
    List<ShellRemark> remarks = new ArrayList<>();
    for (YamlPlace each : YamlPlace.of(json.documents().get(0).root()).at("comments").items()) {
      String file = each.at("file").text("");
      String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
      Unit unit = units.get(number(name.replaceFirst("\\..*", "")));
      int from = offset(unit, each, "line", "column");
      int to = offset(unit, each, "endLine", "endColumn");
      if (from >= 0 && !unit.text.isEmpty()) {
        int last = Math.max(from, Math.min(to, unit.text.length()));
        remarks.add(
            new ShellRemark(
                unit.script,
                unit.interpreter,
                number(each.at("code").text("")),
                each.at("level").text(""),
                each.at("message").text(""),
                unit.text.span(from, last)));
      }
    }
    return new Result(remarks, List.of());
  }

  private static int number(String digits) {
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
  }

  /** The place in a script of a line and a column that counts characters; -1 before its start. */
  private static int offset(Unit unit, YamlPlace comment, String line, String column) {
    String text = unit.text.text();
    int lines = number(comment.at(line).text("")) - PREAMBLE;
    int at = 0;
    for (int i = 1; i < lines && at <= text.length(); i++) {
      int feed = text.indexOf('\n', at);
      at = feed < 0 ? text.length() : feed + 1;
    }
    if (lines < 1) {
      return -1;
    }
    int wanted = number(comment.at(column).text("")) - 1;
    for (int i = 0; i < wanted && at < text.length(); i++) {
      at += Character.charCount(text.codePointAt(at));
    }
    return at;
  }
}
