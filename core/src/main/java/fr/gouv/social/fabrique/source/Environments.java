package fr.gouv.social.fabrique.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which environment a file is meant for, told by its path: what the configuration says, then the
 * usual names.
 */
public final class Environments {
  private static final List<Entry> USUAL =
      List.of(
          entry(Environment.PREPROD, "**/{preprod,preproduction,pre-prod,staging}/**"),
          entry(Environment.PREPROD, "**/*{.,-,_}{preprod,preproduction,staging}.*"),
          entry(Environment.PROD, "**/{prod,production}/**"),
          entry(Environment.PROD, "**/*{.,-,_}{prod,production}.*"),
          entry(Environment.DEV, "**/{dev,development,local,review}/**"),
          entry(Environment.DEV, "**/*{.,-,_}{dev,development,local}.*"));

  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Environment> known = new ConcurrentHashMap<>();

  private record Entry(Environment environment, PathGlob glob) {}

  private Environments(Map<Environment, List<String>> configured) {
    configured.forEach(
        (environment, globs) -> globs.forEach(glob -> entries.add(entry(environment, glob))));
    entries.addAll(USUAL);
  }

  private static Entry entry(Environment environment, String glob) {
    return new Entry(environment, PathGlob.of(glob));
  }

  /** The usual names, after globs of one's own. */
  public static Environments of(Map<Environment, List<String>> configured) {
    return new Environments(configured);
  }

  /** The environment of a path relative to the root of the repository. */
  public Environment of(String path) {
    return known.computeIfAbsent(path, this::find);
  }

  private Environment find(String path) {
    for (Entry entry : entries) {
      if (entry.glob.matches(path)) {
        return entry.environment;
      }
    }
    return Environment.UNKNOWN;
  }
}
