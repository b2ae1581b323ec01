package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlDocument;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The comments of one file, and what they speak of.
 *
 * @param all in order
 * @param directives those that tell the builder something about all of the file, as BuildKit reads
 *     them; empty for YAML
 * @param units what a comment can be written above: instructions of a Dockerfile, in order; empty
 *     for YAML
 * @param documents of a YAML file; empty for a Dockerfile
 */
public record Comments(
    SourceFile file,
    List<Span> all,
    List<Span> directives,
    List<Span> units,
    List<YamlDocument> documents) {
  public Comments {
    all = List.copyOf(all);
    directives = List.copyOf(directives);
    units = List.copyOf(units);
    documents = List.copyOf(documents);
  }

  /** The comments of a YAML file. */
  public static Comments of(YamlFile yaml) {
    return new Comments(yaml.file(), yaml.comments(), List.of(), List.of(), yaml.documents());
  }

  /** Whether something other than blanks stands before a comment on its line. */
  public boolean isTrailing(Span comment) {
    int start = file.lineStart(comment.line());
    return !file.text().substring(start, comment.start()).isBlank();
  }

  /**
   * What a comment on its own line speaks of: the instruction, the key with its value or the item
   * that starts on the next line which is neither blank nor a comment; null at the end of the file.
   */
  public @Nullable Span below(Span comment) {
    for (Span unit : units) {
      if (unit.start() >= comment.end() || unit.contains(comment)) {
        return unit;
      }
    }
    int line = comment.line() + 1;
    while (line <= file.lineCount()
        && (file.line(line).isBlank() || file.line(line).strip().startsWith("#"))) {
      line++;
    }
    if (line > file.lineCount()) {
      return null;
    }
    for (YamlDocument document : documents) {
      Span found = startingOn(document.root(), line);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** The YAML document or the whole Dockerfile in which a comment stands. */
  public Span around(Span comment) {
    for (YamlDocument document : documents) {
      if (document.span().contains(comment)) {
        return document.span();
      }
    }
    return documents.isEmpty() || documents.size() == 1 ? file.all() : documents.get(0).span();
  }

  /** The outermost entry or item that starts on a line. */
  private @Nullable Span startingOn(YamlNode node, int line) {
    if (node.span().file() != file || node.span().endLine() < line || node.span().line() > line) {
      return null;
    }
    if (node instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.written()) {
        if (entry.key().span().line() == line) {
          return entry.span();
        }
        Span inside = entry.value().way().isEmpty() ? startingOn(entry.value(), line) : null;
        if (inside != null) {
          return inside;
        }
      }
    } else if (node instanceof YamlSequence sequence) {
      for (YamlNode item : sequence.items()) {
        if (item.way().isEmpty() && item.span().line() == line) {
          return item.span();
        }
        Span inside = item.way().isEmpty() ? startingOn(item, line) : null;
        if (inside != null) {
          return inside;
        }
      }
    }
    return null;
  }
}
