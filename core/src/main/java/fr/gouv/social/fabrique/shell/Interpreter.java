package fr.gouv.social.fabrique.shell;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What runs a script, and the options that it is started with.
 *
 * @param kind which grammar it reads
 * @param name the program's base name in lower case, without {@code .exe} or a version; empty when
 *     there is no telling
 * @param errexit whether it stops at the first failure ({@code -e})
 * @param pipefail whether a pipeline fails when any of its commands does ({@code -o pipefail})
 */
public record Interpreter(Kind kind, String name, boolean errexit, boolean pipefail) {
  /** {@code /bin/sh -c}, what runs a script when nothing else is said. */
  public static final Interpreter DEFAULT = new Interpreter(Kind.POSIX_SH, "sh", false, false);

  private static final Set<String> LAUNCHERS = Set.of("env", "busybox", "exec", "command");

  /** The families of interpreters. */
  public enum Kind {
    POSIX_SH,
    BASH,
    ASH,
    ZSH,
    KSH,
    POWERSHELL,
    CMD,
    /** Python, Perl, Node and everything else. */
    OTHER
  }

  /**
   * The interpreter that a command line starts: the words of {@code SHELL}, the words after the
   * {@code <<EOF} of a {@code RUN}, or those of a shebang.
   *
   * @param words such as {@code ["/bin/bash", "-o", "pipefail", "-c"]}; none is {@link #DEFAULT}
   */
  public static Interpreter of(List<String> words) {
    int at = 0;
    while (at < words.size()
        && (isSkipped(words.get(at)) || LAUNCHERS.contains(name(words.get(at))))) {
      at++;
    }
    if (at == words.size()) {
      return DEFAULT;
    }
    String name = name(words.get(at));
    boolean errexit = false;
    boolean pipefail = false;
    for (int i = at + 1; i < words.size(); i++) {
      String word = words.get(i);
      boolean on = word.startsWith("-") && !word.startsWith("--");
      if (!on && !word.startsWith("+")) {
        break;
      }
      if (word.indexOf('e') > 0) {
        errexit = on;
      }
      if (word.endsWith("o") && i + 1 < words.size()) {
        String option = words.get(++i);
        pipefail = option.equals("pipefail") ? on : pipefail;
        errexit = option.equals("errexit") ? on : errexit;
      }
    }
    return new Interpreter(kind(name), name, errexit, pipefail);
  }

  /**
   * The interpreter that the first line of a script names, or the given one when it names none.
   *
   * @param script the whole script, or its first line
   */
  public static Interpreter ofShebang(String script, Interpreter otherwise) {
    String text = script.stripLeading();
    if (!text.startsWith("#!")) {
      return otherwise;
    }
    int lineEnd = text.indexOf('\n');
    String line = text.substring(2, lineEnd < 0 ? text.length() : lineEnd).strip();
    return line.isEmpty() ? otherwise : of(List.of(line.split("\\s+")));
  }

  /** Whether it reads the POSIX grammar, so that {@link ShellScript} understands its scripts. */
  public boolean isPosix() {
    return switch (kind) {
      case POSIX_SH, BASH, ASH, ZSH, KSH -> true;
      case POWERSHELL, CMD, OTHER -> false;
    };
  }

  /** Options and assignments before the program: {@code env -S X=y bash}. */
  private static boolean isSkipped(String word) {
    return word.startsWith("-") || word.indexOf('=') > 0;
  }

  private static String name(String word) {
    String path = word.replace('\\', '/');
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    name = name.endsWith(".exe") ? name.substring(0, name.length() - 4) : name;
    int end = name.length();
    while (end > 1 && (Character.isDigit(name.charAt(end - 1)) || name.charAt(end - 1) == '.')) {
      end--;
    }
    return name.substring(0, end);
  }

  private static Kind kind(String name) {
    return switch (name) {
      case "sh", "dash", "posh" -> Kind.POSIX_SH;
      case "bash", "rbash" -> Kind.BASH;
      case "ash" -> Kind.ASH;
      case "zsh" -> Kind.ZSH;
      case "ksh", "mksh", "pdksh", "oksh", "ksh93" -> Kind.KSH;
      case "powershell", "pwsh" -> Kind.POWERSHELL;
      case "cmd" -> Kind.CMD;
      default -> Kind.OTHER;
    };
  }
}
