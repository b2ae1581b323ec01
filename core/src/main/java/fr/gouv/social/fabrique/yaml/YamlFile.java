package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;

/**
 * All the documents of one file that could be read.
 *
 * @param documents in order; a document that cannot be read is missing, and a problem says so
 * @param problems of the whole file, by position
 * @param comments in order, each from its {@code #} to the end of its line
 */
public record YamlFile(
    SourceFile file,
    List<YamlDocument> documents,
    List<YamlProblem> problems,
    List<Span> comments) {
  public YamlFile {
    documents = List.copyOf(documents);
    problems = List.copyOf(problems);
    comments = List.copyOf(comments);
  }
}
