package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.engine.Defect;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.report.ReportFormat;
import fr.gouv.social.fabrique.report.ReportFormats;
import fr.gouv.social.fabrique.report.TextFormat;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Repository;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that checks something and reports. */
abstract class ReportingCommand extends LocalCommand {
  @Option(names = "--report", paramLabel = "FORMAT=FILE")
  List<String> reports = new ArrayList<>();

  @Option(names = "--fail-on", paramLabel = "SEVERITY")
  @Nullable String failOn;

  @Option(names = "--config", paramLabel = "FILE")
  @Nullable String config;

  @Option(names = "--as-of", paramLabel = "DATE")
  @Nullable String asOf;

  @Option(names = "--no-suppressions")
  boolean noSuppressions;

  @Option(names = "--color", paramLabel = "WHEN")
  String color = "auto";

  @Option(names = {"-q", "--quiet"})
  boolean quiet;

  @Option(names = {"-v", "--verbose"})
  boolean verbose;

  ReportingCommand(Terminal terminal) {
    super(terminal);
  }

  final Repository open(Path root) throws Refusal {
    Repository.oneOf("--color", color, List.of("auto", "always", "never"));
    return open(root, config, asOf, failOn, !noSuppressions);
  }

  /** The reports that the command line asks for: files by format. */
  final Map<String, String> reports() throws Refusal {
    Map<String, String> asked = new LinkedHashMap<>();
    for (String report : reports) {
      int equals = report.indexOf('=');
      String name = equals < 0 ? report : report.substring(0, equals);
      if (!ReportFormats.names().contains(name)) {
        throw Refusal.unknown(
            new Text("le format « " + name + " »", "the format “" + name + "”"),
            name,
            ReportFormats.names());
      }
      if (equals < 0 || equals + 1 == report.length()) {
        throw new Refusal(
            new Text(
                "--report attend FORMAT=FICHIER, par exemple --report "
                    + name
                    + "=fabrique."
                    + name
                    + " ou "
                    + name
                    + "=-",
                "--report takes FORMAT=FILE, such as --report "
                    + name
                    + "=fabrique."
                    + name
                    + " or "
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
  static Map<String, Path> files(Map<String, String> asked, Map<String, Path> configured) {
    Map<String, Path> files = new LinkedHashMap<>(configured);
    asked.forEach(
        (name, file) -> {
          if (file.equals("-")) {
            files.remove(name);
          } else {
            files.put(name, Path.of(file));
          }
        });
    return files;
  }

  final int write(Report report, Map<String, String> asked, Map<String, Path> files)
      throws Refusal {
    Language spoken = spoken();
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
            ? TextFormat.Detail.QUIET
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
