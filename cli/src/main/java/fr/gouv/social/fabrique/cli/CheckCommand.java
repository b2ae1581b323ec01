package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.image.Images;
import fr.gouv.social.fabrique.project.Outside;
import fr.gouv.social.fabrique.project.Shellcheck;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Repository;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fabrique check}. */
@Command(name = "check", mixinStandardHelpOptions = true)
final class CheckCommand extends ReportingCommand {
  @Parameters(arity = "0..*", paramLabel = "PATH", descriptionKey = "check.path")
  List<String> paths = new ArrayList<>();

  @Option(names = "--root", paramLabel = "FOLDER")
  @Nullable String root;

  @Option(names = "--baseline", paramLabel = "FILE")
  @Nullable String baseline;

  @Option(names = "--changed-since", paramLabel = "REVISION")
  @Nullable String changedSince;

  @Option(names = "--images")
  boolean images;

  @Option(names = "--pull")
  boolean pull;

  @Option(names = "--shellcheck")
  boolean shellcheck;

  CheckCommand(Terminal terminal) {
    super(terminal);
  }

  /**
   * Reads the arguments of a plain check; null when there is anything in them that the library for
   * arguments had better read. A test holds both to the same result.
   */
  static @Nullable CheckCommand parse(String[] arguments, Terminal terminal) {
    if (arguments.length == 0 || !arguments[0].equals("check")) {
      return null;
    }
    CheckCommand check = new CheckCommand(terminal);
    for (int i = 1; i < arguments.length; i++) {
      String argument = arguments[i];
      if (argument.equals("--")) {
        check.paths.addAll(List.of(arguments).subList(i + 1, arguments.length));
        return check;
      }
      if (!argument.startsWith("-") || argument.equals("-")) {
        if (argument.startsWith("@")) {
          return null;
        }
        check.paths.add(argument);
        continue;
      }
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (equals < 0 && check.flag(name)) {
        continue;
      }
      String value =
          equals >= 0
              ? argument.substring(equals + 1)
              : i + 1 < arguments.length ? arguments[++i] : "-";
      if (value.startsWith("-") || !check.value(name, value)) {
        return null;
      }
    }
    return check;
  }

  private boolean flag(String name) {
    switch (name) {
      case "--no-suppressions" -> noSuppressions = true;
      case "--shellcheck" -> shellcheck = true;
      case "--images" -> images = true;
      case "--pull" -> pull = true;
      case "-q", "--quiet" -> quiet = true;
      case "-v", "--verbose" -> verbose = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean value(String name, String value) {
    switch (name) {
      case "--report" -> reports.add(value);
      case "--fail-on" -> failOn = value;
      case "--config" -> config = value;
      case "--root" -> root = value;
      case "--baseline" -> baseline = value;
      case "--changed-since" -> changedSince = value;
      case "--language" -> language = value;
      case "--as-of" -> asOf = value;
      case "--color" -> color = value;
      default -> {
        return false;
      }
    }
    return true;
  }

  @Override
  int run() throws Refusal {
    Map<String, String> asked = reports();
    if (pull && !images) {
      throw new Refusal(
          new Text("--pull ne vaut qu'avec --images", "--pull goes with --images only"));
    }
    // Rendered manifests may come through standard input: helm template … | fabrique check -
    boolean rendered = paths.equals(List.of("-"));
    List<Path> named =
        (paths.isEmpty() || rendered ? List.of(".") : paths).stream().map(Path::of).toList();
    List<String> parts = new ArrayList<>();
    Path top = root == null ? Run.root(named.get(0)) : Path.of(root);
    if (!rendered) {
      parts.addAll(Run.within(top, named));
    }
    Repository repository = open(top);
    FabriqueConfig decided = repository.config();
    Map<String, Path> files = files(asked, repository.reports());
    Baseline before = Run.baseline(top, baseline == null ? null : Path.of(baseline), decided);
    Shellcheck program =
        shellcheck ? Shellcheck.find(terminal.environment().getOrDefault("PATH", "")) : null;
    if (shellcheck && program == null) {
      terminal.refuse(Run.NO_SHELLCHECK, spoken());
    }
    Images engine = images ? Engine.images(terminal, pull) : Images.none();
    String input = rendered ? terminal.input() : "";
    Report report;
    try (ProgressLine line = terminal.progress(spoken(), quiet)) {
      Checker checker = repository.checker().with(new Outside(line.progress(), program, engine));
      report =
          rendered
              ? Run.checkRendered(checker, top, input, decided, before)
              : Run.check(checker, top, parts, decided, before);
      if (changedSince != null && !rendered) {
        report = Run.since(changedSince, report, checker, top, before);
      }
    }
    int code = write(report, asked, files);
    Text trouble = engine.trouble();
    if (trouble != null && code != Terminal.DEFECT) {
      return terminal.refuse(trouble, spoken());
    }
    // The rest of the check stands, but what was asked for was not done.
    return shellcheck && program == null && code == Terminal.FINE ? Terminal.REFUSED : code;
  }
}
