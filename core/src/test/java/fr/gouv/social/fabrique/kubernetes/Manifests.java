package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;

/** Reads manifests for tests: {@code dev} and {@code prod} folders are environments. */
final class Manifests {
  private Manifests() {}

  static ObjectIndex index(String text) {
    return index(List.of("web.yaml", text));
  }

  /** Paths and texts in turn. */
  static ObjectIndex index(List<String> pathsAndTexts) {
    List<YamlFile> files = new ArrayList<>();
    for (int i = 0; i < pathsAndTexts.size(); i += 2) {
      files.add(YamlReader.read(SourceFile.of(pathsAndTexts.get(i), pathsAndTexts.get(i + 1))));
    }
    return ObjectIndex.of(files, Manifests::environment);
  }

  private static Environment environment(Located at) {
    String path = at.span().file().path();
    return path.startsWith("prod/")
        ? Environment.PROD
        : path.startsWith("dev/") ? Environment.DEV : Environment.UNKNOWN;
  }

  static KubernetesObject object(String text) {
    return index(text).objects().get(0);
  }

  /** A pod whose spec has the given lines, indented by two. */
  static PodSpec pod(String spec) {
    return index("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n" + spec)
        .all(PodSpec.class)
        .get(0);
  }

  static String place(Located at) {
    return at.span().line() + ":" + at.span().column() + " " + at.span().text();
  }
}
