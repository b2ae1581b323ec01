package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.project.ServiceUse;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What several formats and faces say alike. */
public final class Wording {
  private Wording() {}

  /** The version of this tool. */
  public static String version() {
    try (InputStream in = Wording.class.getResourceAsStream("version.txt")) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException unreadable) {
      return "";
    }
  }

  static RulePage page(Report report, Finding finding) {
    return report.rules().pages().page(finding.rule());
  }

  /** What a finding says. */
  public static String message(Report report, Finding finding, Language language) {
    return page(report, finding).message(finding).in(language);
  }

  /** A severity in words. */
  public static String word(Severity severity, Language language) {
    return switch (severity) {
      case ERROR -> language == Language.FR ? "erreur" : "error";
      case WARNING -> language == Language.FR ? "avertissement" : "warning";
      case INFO -> language == Language.FR ? "information" : "info";
    };
  }

  /** A number of issues of one severity. */
  static String count(long number, Severity severity, Language language) {
    String word = word(severity, language);
    return count(number, language, Text.same(word), Text.same(word + "s"));
  }

  /** A verdict as it follows a number. */
  static Text word(Verdict verdict, boolean one) {
    String s = one ? "" : "s";
    return switch (verdict) {
      case KEPT -> new Text("respecté" + s, "kept");
      case BROKEN -> new Text("non respecté" + s, "not kept");
      case NOT_APPLICABLE -> new Text("sans objet", "not applicable");
      case NOT_VISIBLE -> new Text("non visible" + s, "not visible");
      case ATTESTED -> new Text("attesté" + s, "attested");
    };
  }

  /** Another place that matters, and why. */
  static String related(Finding.Related related, Language language) {
    Text why = related.why();
    return related.span() + (why == null ? "" : " " + why.in(language));
  }

  /** The name of a severity in formats that machines read. */
  static String name(Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case INFO -> "info";
    };
  }

  /** A constant as programs read it: {@code not-visible}. */
  static String key(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** An environment in words. */
  static String word(Environment environment, Language language) {
    return switch (environment) {
      case DEV -> language == Language.FR ? "développement" : "development";
      case PREPROD -> language == Language.FR ? "préproduction" : "pre-production";
      case PROD -> "production";
      case UNKNOWN -> language == Language.FR ? "non précisé" : "not stated";
    };
  }

  /** How the platform stands to a service, in words. */
  static String word(ServiceUse.Standing standing, Language language) {
    boolean french = language == Language.FR;
    return switch (standing) {
      case PLATFORM -> french ? "Plateforme" : "Platform";
      case ALLOWED -> french ? "Admis par la configuration" : "Allowed by the configuration";
      case ALTERNATIVE -> french ? "Hors plateforme" : "Not the platform's";
      case STAND_IN -> french ? "Pour développer" : "For developing";
      case NAMED -> french ? "Nommé seulement" : "Only named";
    };
  }

  /** One service with all the places that show it. */
  record Service(
      ServiceUse.Need need, String provider, ServiceUse.Standing standing, List<ServiceUse> uses) {
    /** The environments for which it is used, those that nothing tells last. */
    List<Environment> environments() {
      return uses.stream().map(ServiceUse::environment).distinct().sorted().toList();
    }
  }

  /** The environments of a service in words; what no file tells apart holds for all. */
  static String environments(Service service, Language language) {
    return service.environments().stream()
        .map(
            each ->
                each == Environment.UNKNOWN
                    ? language == Language.FR ? "tous" : "all"
                    : word(each, language))
        .collect(Collectors.joining(", "));
  }

  /** The services that a repository uses, each once. */
  static List<Service> services(Report report) {
    Map<List<Object>, Service> services = new LinkedHashMap<>();
    for (ServiceUse use : report.services()) {
      services
          .computeIfAbsent(
              List.of(use.need(), use.provider(), use.standing()),
              key -> new Service(use.need(), use.provider(), use.standing(), new ArrayList<>()))
          .uses()
          .add(use);
    }
    return List.copyOf(services.values());
  }

  /** A number and what it counts. */
  static String count(long number, Language language, Text one, Text many) {
    return number + " " + (language.isSingular(number) ? one : many).in(language);
  }

  /** A number of issues in words. */
  public static String issues(long number, Language language) {
    return count(
        number, language, new Text("constat", "finding"), new Text("constats", "findings"));
  }

  static String files(long number, Language language) {
    return count(number, language, new Text("fichier", "file"), new Text("fichiers", "files"));
  }

  /** Such as {@code 3 erreurs, 1 avertissement}; severities without issues are left out. */
  public static String severities(Report report, Language language) {
    StringBuilder text = new StringBuilder();
    for (Severity severity : Severity.values()) {
      long number = report.count(severity);
      if (number > 0) {
        text.append(text.isEmpty() ? "" : ", ").append(count(number, severity, language));
      }
    }
    return text.toString();
  }

  /** The active issues, the gravest first. */
  static List<Issue> gravestFirst(Report report) {
    return report.active().stream().sorted(Comparator.comparing(Issue::severity)).toList();
  }

  /** The place after the last character; that of a line end is the end of its own line. */
  static int endOffset(Span span) {
    int end = span.end();
    String text = span.file().text();
    if (end > span.start() && text.charAt(end - 1) == '\n') {
      end--;
      if (end > span.start() && text.charAt(end - 1) == '\r') {
        end--;
      }
    }
    return end;
  }

  /** A path as a relative reference (RFC 3986). */
  static String uri(String path) {
    StringBuilder uri = new StringBuilder(path.length() + 8);
    int slash = path.indexOf('/');
    int colon = path.indexOf(':');
    if (colon >= 0 && (slash < 0 || colon < slash)) {
      // Else the part before the colon would read as a scheme.
      uri.append("./");
    }
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (c > ' ' && c < 127 && "\"<>\\^`{|}%?#[]".indexOf(c) < 0) {
        uri.append(c);
      } else {
        uri.append(String.format("%%%02X", (int) c));
      }
    }
    return uri.toString();
  }

  /** Text for an element or an attribute of XML 1.0; characters that it cannot hold give way. */
  static String xml(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\n' -> out.append("&#10;");
                case '\r' -> out.append("&#13;");
                case '\t' -> out.append("&#9;");
                default ->
                    out.appendCodePoint(
                        c < ' '
                                || c >= 0x7F && c < 0xA0
                                || c >= 0xD800 && c < 0xE000
                                || c == 0xFFFE
                                || c == 0xFFFF
                            ? 0xFFFD
                            : c);
              }
            });
    return out.toString();
  }
}
