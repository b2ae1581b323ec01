package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.SourceFile;
import java.util.List;

/** Reads the documents of a YAML file. */
public final class YamlReader {
  private YamlReader() {}

  /** Reads a whole file; never throws for what the file holds. */
  public static YamlFile read(SourceFile file) {
    return new YamlFile(file, List.of(), List.of(), List.of());
  }
}
