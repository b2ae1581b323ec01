package fr.gouv.social.fabrique.kubernetes;

import java.util.regex.Pattern;

/**
 * The formats that the API server checks in custom resources (k8s.io/apiextensions-apiserver,
 * {@code pkg/apiserver/validation/formats.go}); those that files hardly ever hold are left out.
 */
final class Formats {
  private static final Pattern BASE64 =
      Pattern.compile(
          "(?:[A-Za-z0-9+/]{4}|[\\r\\n])*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?[\\r\\n]*");
  private static final Pattern DATE =
      Pattern.compile("\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])");
  private static final Pattern DATE_TIME =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}[Tt ]?\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?:[Zz]|[+-]\\d{2}:?\\d{2})?|"
              + "\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}.*");
  private static final Pattern UUID =
      Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");

  private Formats() {}

  /** Whether a text is of a format; true for formats that are not known here. */
  static boolean fits(String format, String value) {
    return switch (format) {
      case "byte" -> value.length() > 10_000 || BASE64.matcher(value).matches();
      case "date" -> DATE.matcher(value).matches();
      case "date-time", "datetime" -> DATE_TIME.matcher(value).matches();
      case "uuid" -> UUID.matcher(value).matches();
      default -> true;
    };
  }
}
