package fr.gouv.social.fabrique.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Where the process starts. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    PrintStream out = utf8(FileDescriptor.out, 1 << 16);
    PrintStream err = utf8(FileDescriptor.err, 1 << 10);
    int code = run(arguments, out, err, System.getenv());
    out.flush();
    err.flush();
    Runtime.getRuntime().halt(code);
  }

  private static PrintStream utf8(FileDescriptor descriptor, int buffer) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), buffer),
        false,
        StandardCharsets.UTF_8);
  }

  /**
   * Runs one command. Results go to one stream, everything else to the other; no stack trace goes
   * anywhere unless {@code FABRIQUE_TRACE} is set.
   *
   * @return 0 when nothing is at or above the threshold, 1 when something is, 2 for wrong usage or
   *     configuration or nothing to check, 3 for a defect of ours
   */
  static int run(
      String[] arguments, PrintStream out, PrintStream err, Map<String, String> environment) {
    Terminal terminal = new Terminal(out, err, environment);
    try {
      CheckCommand check = CheckCommand.parse(arguments, terminal);
      // Most runs are plain checks: they do without the library that parses everything else.
      return check != null ? check.call() : Commands.run(arguments, terminal);
    } catch (Throwable defect) {
      return terminal.defect(defect);
    }
  }
}
