package fr.gouv.social.fabrique.compose;

import java.util.Set;

/**
 * The shape of a path: {@code services.*.ports.[].target}. Names that users choose are {@code *},
 * so what Compose says of a path can be looked up.
 */
final class Shapes {
  private static final Set<String> NAMES_BELOW =
      Set.of(
          "services",
          "networks",
          "volumes",
          "secrets",
          "configs",
          "models",
          "services.*.depends_on",
          "services.*.networks",
          "services.*.models",
          "services.*.ulimits",
          "services.*.build.ulimits");

  private Shapes() {}

  static String key(String shape, String key) {
    if (shape.isEmpty()) {
      return key;
    }
    return shape + "." + (NAMES_BELOW.contains(shape) ? "*" : key);
  }

  static String item(String shape) {
    return shape + ".[]";
  }
}
