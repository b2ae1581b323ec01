package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Defect;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.project.Outside;
import fr.gouv.social.fabrique.project.Shellcheck;
import fr.gouv.social.fabrique.report.ReportFormat;
import fr.gouv.social.fabrique.report.ReportFormats;
import fr.gouv.social.fabrique.report.TextFormat;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Standard;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fabrique check}. */
@Command(name = "check", mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  private static final List<String> THRESHOLDS = List.of("error", "warning", "info", "never");

  private final Terminal terminal;

  @Parameters(arity = "0..*", paramLabel = "PATH", descriptionKey = "check.path")
  List<String> paths = new ArrayList<>();

  @Option(names = "--report", paramLabel = "FORMAT=FILE")
  List<String> reports = new ArrayList<>();

  @Option(names = "--fail-on", paramLabel = "SEVERITY")
  @Nullable String failOn;

  @Option(names = "--config", paramLabel = "FILE")
  @Nullable String config;

  @Option(names = "--root", paramLabel = "FOLDER")
  @Nullable String root;

  @Option(names = "--baseline", paramLabel = "FILE")
  @Nullable String baseline;

  @Option(names = "--changed-since", paramLabel = "REVISION")
  @Nullable String changedSince;

  @Option(names = "--language", paramLabel = "fr|en")
  @Nullable String language;

  @Option(names = "--as-of", paramLabel = "DATE")
  @Nullable String asOf;

  @Option(names = "--no-suppressions")
  boolean noSuppressions;

  @Option(names = "--shellcheck")
  boolean shellcheck;

  @Option(names = "--color", paramLabel = "WHEN")
  String color = "auto";

  @Option(names = {"-q", "--quiet"})
  boolean quiet;

  @Option(names = {"-v", "--verbose"})
  boolean verbose;

  CheckCommand(Terminal terminal) {
    this.terminal = terminal;
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
  public Integer call() {
    Language spoken = terminal.language(language);
    try {
      Map<String, String> asked = reports();
      oneOf("--language", language, List.of("fr", "en"));
      oneOf("--color", color, List.of("auto", "always", "never"));
      oneOf("--fail-on", failOn, THRESHOLDS);
      LocalDate date = date(asOf);
      // Rendered manifests may come through standard input: helm template … | fabrique check -
      boolean rendered = paths.equals(List.of("-"));
      List<Path> named =
          (paths.isEmpty() || rendered ? List.of(".") : paths).stream().map(Path::of).toList();
      List<String> parts = new ArrayList<>();
      Path top = root == null ? Run.root(named.get(0)) : Path.of(root);
      if (!rendered) {
        parts.addAll(Run.within(top, named));
      }
      RuleSet rules = BuiltInRules.load();
      FabriqueConfig decided =
          Run.config(
              top,
              config == null ? null : Path.of(config),
              rules.pages(),
              date == null ? LocalDate.now() : date);
      decided = overridden(decided, date);
      Language configured = decided.language();
      if (language == null && configured != null) {
        spoken = configured;
      }
      Map<String, Path> files = files(asked, decided, top);
      Baseline known = Run.baseline(top, baseline == null ? null : Path.of(baseline), decided);
      Shellcheck program =
          shellcheck ? Shellcheck.find(terminal.environment().getOrDefault("PATH", "")) : null;
      if (shellcheck && program == null) {
        terminal.refuse(Run.NO_SHELLCHECK, spoken);
      }
      String input = rendered ? terminal.input() : "";
      Report report;
      try (ProgressLine line = terminal.progress(spoken, quiet)) {
        Checker checker =
            new Checker(rules, Standard.builtIn()).with(new Outside(line.progress(), program));
        report =
            rendered
                ? Run.checkRendered(checker, input, decided, known)
                : Run.check(checker, top, parts, decided, known);
        if (changedSince != null && !rendered) {
          report = Run.since(changedSince, report, checker, top, known);
        }
      }
      int code = write(report, asked, files, spoken);
      // The rest of the check stands, but what was asked for was not done.
      return shellcheck && program == null && code == Terminal.FINE ? Terminal.REFUSED : code;
    } catch (Refusal refusal) {
      return terminal.refuse(refusal, spoken);
    } catch (InvalidPathException wrong) {
      return terminal.refuse(
          new Text(
              "ce n'est pas un chemin : " + wrong.getInput(),
              "this is not a path: " + wrong.getInput()),
          spoken);
    }
  }

  private FabriqueConfig overridden(FabriqueConfig decided, @Nullable LocalDate date) {
    FabriqueConfig result = decided;
    if (failOn != null) {
      result =
          result.withFailOn(
              switch (failOn) {
                case "warning" -> Severity.WARNING;
                case "info" -> Severity.INFO;
                case "never" -> null;
                default -> Severity.ERROR;
              });
    }
    if (date != null) {
      result = result.withAsOf(date);
    }
    return noSuppressions ? result.withoutSuppressions() : result;
  }

  static void oneOf(String option, @Nullable String value, List<String> known) throws Refusal {
    if (value == null || known.contains(value)) {
      return;
    }
    throw unknown(
        "la valeur « " + value + " » de " + option,
        "the value “" + value + "” of " + option,
        value,
        known);
  }

  private static Refusal unknown(String fr, String en, String value, List<String> known) {
    String meant = Spelling.nearest(value, known);
    return new Refusal(
        new Text(
            fr
                + " n'existe pas"
                + (meant == null ? "" : " ; vouliez-vous « " + meant + " » ?")
                + " (possible : "
                + String.join(", ", known)
                + ")",
            en
                + " does not exist"
                + (meant == null ? "" : "; did you mean “" + meant + "”?")
                + " (possible: "
                + String.join(", ", known)
                + ")"));
  }

  static @Nullable LocalDate date(@Nullable String asOf) throws Refusal {
    if (asOf == null) {
      return null;
    }
    try {
      return LocalDate.parse(asOf);
    } catch (DateTimeException wrong) {
      throw new Refusal(
          new Text(
              "--as-of attend une date AAAA-MM-JJ, pas « " + asOf + " »",
              "--as-of takes a date YYYY-MM-DD, not “" + asOf + "”"));
    }
  }

  /** The reports that the command line asks for: files by format. */
  private Map<String, String> reports() throws Refusal {
    Map<String, String> asked = new LinkedHashMap<>();
    for (String report : reports) {
      int equals = report.indexOf('=');
      String name = equals < 0 ? report : report.substring(0, equals);
      if (!ReportFormats.names().contains(name)) {
        throw unknown(
            "le format « " + name + " »", "the format “" + name + "”", name, ReportFormats.names());
      }
      if (equals < 0 || equals + 1 == report.length()) {
        throw new Refusal(
            new Text(
                "--report attend FORMAT=FICHIER, par exemple --report "
                    + name
                    + "=rapport ou "
                    + name
                    + "=-",
                "--report takes FORMAT=FILE, such as --report "
                    + name
                    + "=report or "
                    + name
                    + "=-"));
      }
      asked.put(name, report.substring(equals + 1));
    }
    if (asked.values().stream().filter("-"::equals).count() > 1) {
      throw new Refusal(
          new Text(
              "un seul rapport peut aller sur la sortie standard",
              "only one report can go to standard output"));
    }
    return asked;
  }

  /** Where each report goes: the command line before the configuration. */
  private static Map<String, Path> files(
      Map<String, String> asked, FabriqueConfig config, Path root) throws Refusal {
    Map<String, Path> files = new LinkedHashMap<>();
    for (Map.Entry<String, String> report : config.reports().entrySet()) {
      String name = report.getKey();
      if (!ReportFormats.names().contains(name)) {
        throw unknown(
            "le format de rapport « " + name + " » de la configuration",
            "the report format “" + name + "” of the configuration",
            name,
            ReportFormats.names());
      }
      if (!asked.containsKey(name)) {
        files.put(name, Run.reportFile(root, report.getValue()));
      }
    }
    asked.forEach(
        (name, file) -> {
          if (!file.equals("-")) {
            files.put(name, Path.of(file));
          }
        });
    return files;
  }

  private int write(
      Report report, Map<String, String> asked, Map<String, Path> files, Language spoken)
      throws Refusal {
    for (Map.Entry<String, Path> file : files.entrySet()) {
      ReportFormat format = ReportFormats.find(file.getKey());
      if (format != null) {
        Run.write(format, report, spoken, file.getValue());
      }
    }
    String toOut =
        asked.entrySet().stream()
            .filter(entry -> entry.getValue().equals("-"))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse("text");
    ReportFormat format = toOut.equals("text") ? text(files) : ReportFormats.find(toOut);
    try {
      if (format != null) {
        format.write(report, spoken, terminal.out());
      }
    } catch (IOException impossible) {
      // A print stream keeps its troubles to itself.
    }
    terminal.out().flush();
    if (!report.defects().isEmpty()) {
      Defect first = report.defects().get(0);
      return terminal.defect(new IllegalStateException(first.what(), first.cause()));
    }
    return report.fails() ? Terminal.VIOLATIONS : Terminal.FINE;
  }

  private ReportFormat text(Map<String, Path> files) {
    TextFormat.Detail detail =
        quiet
            ? TextFormat.Detail.SUMMARY
            : verbose || terminal.isInteractive()
                ? TextFormat.Detail.FULL
                : TextFormat.Detail.CONCISE;
    Path html = files.get("html");
    return new TextFormat(
        new TextFormat.Options(
            detail,
            terminal.colours(color),
            verbose,
            html == null ? null : html.toString(),
            Terminal.command() + " explain"));
  }
}
