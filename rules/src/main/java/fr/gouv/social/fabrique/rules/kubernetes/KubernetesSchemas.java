package fr.gouv.social.fabrique.rules.kubernetes;

import fr.gouv.social.fabrique.kubernetes.KubernetesSchema;
import fr.gouv.social.fabrique.schema.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The schemas of the releases of Kubernetes, made by the build, each with what we rely on of the
 * operators that our repositories use.
 */
public final class KubernetesSchemas {
  static final List<String> RELEASES = KubernetesSchema.RELEASES;

  private static final String DATA = "/fr/gouv/social/fabrique/rules/data/";
  private static final String OPERATORS = DATA + "kubernetes-operators.schema";
  private static final Map<String, KubernetesSchema> LOADED = new ConcurrentHashMap<>();

  private KubernetesSchemas() {}

  /**
   * The schema for a release: its own, or the newest one. Fields are hardly ever taken away; which
   * kinds a release serves, the lifecycle of the APIs says.
   *
   * @param release such as {@code 1.34}
   */
  public static KubernetesSchema of(String release) {
    return LOADED.computeIfAbsent(
        RELEASES.contains(release) ? release : RELEASES.get(0),
        each ->
            new KubernetesSchema(
                Schema.parse(schema(each)),
                () -> read(DATA + "kubernetes/" + RELEASES.get(0) + ".descriptions")));
  }

  private static String schema(String release) {
    String newest = RELEASES.get(0);
    String differences =
        release.equals(newest) ? "" : read(DATA + "kubernetes/" + release + ".delta");
    return read(DATA + "kubernetes/" + newest + ".schema") + differences + read(OPERATORS);
  }

  private static String read(String resource) {
    try (InputStream in = KubernetesSchemas.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
