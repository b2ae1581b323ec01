package fr.gouv.social.fabrique.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The formats by their names. A format is loaded when it is asked for. */
public final class ReportFormats {
  private static final List<String> NAMES =
      List.of(
          "text",
          "html",
          "json",
          "sarif",
          "junit",
          "checkstyle",
          "gitlab",
          "sonarqube",
          "github",
          "csv",
          "markdown");

  private ReportFormats() {}

  /** All names, in the order in which a person should read them. */
  public static List<String> names() {
    return NAMES;
  }

  /** The ending of the name of a file in a format. */
  public static String extension(String name) {
    return switch (name) {
      case "text", "github" -> "txt";
      case "json", "gitlab", "sonarqube" -> name.equals("json") ? "json" : name + ".json";
      case "junit", "checkstyle" -> name + ".xml";
      case "markdown" -> "md";
      default -> name;
    };
  }

  /** The format of that name, or null. */
  public static @Nullable ReportFormat find(String name) {
    return switch (name) {
      case "text" -> new TextFormat();
      case "html" -> new HtmlFormat();
      case "json" -> new JsonFormat();
      case "sarif" -> new SarifFormat();
      case "junit" -> new JunitFormat();
      case "checkstyle" -> new CheckstyleFormat();
      case "gitlab" -> new GitlabFormat();
      case "sonarqube" -> new SonarqubeFormat();
      case "github" -> new GithubFormat();
      case "csv" -> new CsvFormat();
      case "markdown" -> new MarkdownFormat();
      default -> null;
    };
  }
}
