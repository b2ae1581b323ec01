package fr.gouv.social.fabrique.rules.facts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of a resource of facts, without its header. */
final class FactLines {
  private static final String DATE = "# date: ";

  private FactLines() {}

  static List<String> read(String name) {
    String text = text(name);
    List<String> lines = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      end = end < 0 ? text.length() : end;
      if (text.charAt(at) != '#') {
        lines.add(text.substring(at, end));
      }
      at = end + 1;
    }
    return lines;
  }

  /** The day on which facts were gathered, as the header says. */
  static LocalDate date(String name) {
    String text = text(name);
    int at = text.indexOf(DATE) + DATE.length();
    return LocalDate.parse(text.substring(at, text.indexOf('\n', at)));
  }

  private static String text(String name) {
    try (InputStream in =
        FactLines.class.getResourceAsStream("/fr/gouv/social/fabrique/rules/data/" + name)) {
      if (in == null) {
        throw new IllegalStateException("no facts " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fields of a line. A regular expression would cost more than the whole reading. */
  static List<String> fields(String line) {
    return split(line, '\t');
  }

  static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    int at = 0;
    for (int next = text.indexOf(separator); next >= 0; next = text.indexOf(separator, at)) {
      parts.add(text.substring(at, next));
      at = next + 1;
    }
    parts.add(text.substring(at));
    return parts;
  }

  /** A field, or null where the file has a hyphen. */
  static @Nullable String orNull(String field) {
    return field.equals("-") ? null : field;
  }
}
