package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the documents of a YAML file, each on its own: a broken document never hides the others. By
 * the specification (YAML 1.2.2, section 9.1.2) {@code ---} and {@code ...} at the start of a line
 * end a document wherever they stand, in a block scalar too, so the documents can be told apart
 * before they are parsed.
 */
public final class YamlReader {
  private YamlReader() {}

  /** Reads a whole file; never throws for what the file holds. */
  public static YamlFile read(SourceFile file) {
    return read(file, file.text());
  }

  /** Reads another text of the same length as if it stood in the file. */
  static YamlFile read(SourceFile file, String text) {
    List<YamlDocument> documents = new ArrayList<>();
    List<YamlProblem> problems = new ArrayList<>();
    List<Span> comments = new ArrayList<>();
    for (Part part : parts(text)) {
      DocumentReader reader =
          new DocumentReader(file, text, part.start, part.end, problems, comments);
      YamlNode root = reader.read();
      if (root != null) {
        documents.add(new YamlDocument(file.span(part.content, part.end), root));
      }
    }
    return new YamlFile(file, documents, problems, comments);
  }

  /**
   * One document.
   *
   * @param start where its directives start
   * @param content after its marker
   */
  private record Part(int start, int content, int end) {}

  private static List<Part> parts(String text) {
    List<Part> parts = new ArrayList<>();
    int start = 0;
    int content = 0;
    boolean marked = false;
    for (int line = 0; line < text.length(); line = nextLine(text, line)) {
      if (isMarker(text, line, "---")) {
        // What stands before the first marker is a document only when it is more than directives
        // and comments.
        if (marked || hasContent(text, start, line)) {
          parts.add(new Part(start, content, line));
          start = line;
        }
        marked = true;
        content = line + 3;
      } else if (isMarker(text, line, "...")) {
        if (marked || hasContent(text, start, line)) {
          parts.add(new Part(start, content, line));
        }
        start = nextLine(text, line);
        content = start;
        marked = false;
      }
    }
    if (marked || hasContent(text, start, text.length()) || parts.isEmpty()) {
      parts.add(new Part(start, content, text.length()));
    }
    return parts;
  }

  private static int nextLine(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end + 1;
  }

  private static boolean isMarker(String text, int line, String marker) {
    return text.startsWith(marker, line)
        && (line + 3 == text.length() || Character.isWhitespace(text.charAt(line + 3)));
  }

  private static boolean hasContent(String text, int from, int to) {
    int line = from;
    while (line < to) {
      int end = Math.min(nextLine(text, line), to);
      int first = line;
      while (first < end && Character.isWhitespace(text.charAt(first))) {
        first++;
      }
      if (first < end && text.charAt(first) != '#' && text.charAt(line) != '%') {
        return true;
      }
      line = end;
    }
    return false;
  }
}
