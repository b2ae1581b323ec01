package fr.gouv.social.fabrique.config;

import fr.gouv.social.fabrique.schema.Schema;
import fr.gouv.social.fabrique.schema.SchemaProblem;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlProblem;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The findings that a team knows and does not count: what was there when it began. A JSON file with
 * one line for each, sorted, so that a review shows which came and went.
 */
public record Baseline(List<Entry> entries) {
  /** The usual name of the file, at the root of the repository. */
  public static final String NAME = "fabrique-baseline.json";

  private static final Comparator<Entry> ORDER =
      Comparator.comparing(Entry::path)
          .thenComparing(Entry::rule)
          .thenComparing(Entry::message)
          .thenComparing(Entry::fingerprint);

  /** Nothing is known. */
  public static final Baseline NONE = new Baseline(List.of());

  /**
   * One finding.
   *
   * @param fingerprint what identifies it
   * @param rule for readers of the file, as are the path and the message
   * @param span where the file says so; for a new entry, the finding itself
   */
  public record Entry(String fingerprint, String rule, String path, String message, Span span)
      implements Located {}

  /**
   * A baseline and what is wrong with it.
   *
   * @param baseline to be used only when there are no problems
   */
  public record Result(Baseline baseline, List<ConfigProblem> problems) {}

  public Baseline {
    entries = entries.stream().sorted(ORDER).toList();
  }

  /** Reads what {@link #text()} writes. */
  public static Result read(SourceFile file) {
    List<ConfigProblem> problems = new ArrayList<>();
    YamlFile yaml = YamlReader.read(file);
    for (YamlProblem problem : yaml.problems()) {
      problems.add(new ConfigProblem(problem.span(), problem.message()));
    }
    if (yaml.documents().size() != 1 || yaml.documents().get(0).isEmpty()) {
      problems.add(
          new ConfigProblem(
              file.span(0, 0), new Text("ce fichier est vide", "this file is empty")));
      return new Result(NONE, problems);
    }
    Schema schema = Schema.load(Baseline.class, "baseline.schema");
    for (SchemaProblem problem : schema.check(yaml.documents().get(0).root(), "Baseline")) {
      problems.add(new ConfigProblem(problem.span(), problem.text()));
    }
    List<Entry> entries = new ArrayList<>();
    for (YamlPlace item : YamlPlace.of(yaml.documents().get(0).root()).at("findings").items()) {
      YamlNode node = item.node();
      entries.add(
          new Entry(
              item.at("fingerprint").text(""),
              item.at("rule").text(""),
              item.at("path").text(""),
              item.at("message").text(""),
              node == null ? item.span() : node.span()));
    }
    return new Result(new Baseline(entries), problems);
  }

  /** The content of the file; the same entries give the same bytes. */
  public String text() {
    StringBuilder out = new StringBuilder("{\n  \"schema\": 1,\n  \"findings\": [");
    String separator = "\n";
    for (Entry entry : entries) {
      out.append(separator).append("    { \"fingerprint\": ");
      quote(entry.fingerprint, out);
      quote(entry.rule, out.append(", \"rule\": "));
      quote(entry.path, out.append(", \"path\": "));
      quote(entry.message, out.append(", \"message\": "));
      out.append(" }");
      separator = ",\n";
    }
    return out.append(entries.isEmpty() ? "]\n}\n" : "\n  ]\n}\n").toString();
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (Character.isISOControl(c)
          || c == '\u2028'
          || c == '\u2029'
          || Character.isSurrogate(c) && !paired(text, i)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private static boolean paired(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
        : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
  }
}
