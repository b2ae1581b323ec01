package fr.gouv.social.fabrique.rules.docker;

import fr.gouv.social.fabrique.dockerfile.Flag;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;
import java.util.stream.Collectors;

/** Changes to Dockerfiles that several rules make. */
final class Edits {
  private Edits() {}

  static TextEdit replace(Located at, String text) {
    return new TextEdit(at.span(), text);
  }

  static TextEdit insert(SourceFile file, int offset, String text) {
    return new TextEdit(file.span(offset, offset), text);
  }

  /** Takes an instruction away with its line ends. */
  static TextEdit deleteLines(Instruction instruction) {
    Span span = instruction.span();
    SourceFile file = span.file();
    int start = file.lineStart(span.line());
    int end = span.endLine() < file.lineCount() ? file.lineStart(span.endLine() + 1) : span.end();
    return new TextEdit(file.span(start, end), "");
  }

  /** Takes a flag away with the blanks behind it. */
  static TextEdit delete(Flag flag) {
    SourceFile file = flag.span().file();
    int end = flag.span().end();
    while (end < file.text().length() && " \t".indexOf(file.text().charAt(end)) >= 0) {
      end++;
    }
    return new TextEdit(file.span(flag.span().start(), end), "");
  }

  static String jsonArray(List<String> words) {
    return words.stream()
        .map(word -> '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
