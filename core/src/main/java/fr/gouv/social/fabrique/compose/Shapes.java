package fr.gouv.social.fabrique.compose;

import java.util.Set;

/**
 * The shape of a path: {@code services.*.ports.[].target}. Names that users choose are {@code *},
 * so what Compose says of a path can be looked up. A job and a container that runs before a service
 * hold what a service holds, and have its shape (compose-go, loader/interpolate.go).
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
      return key.equals("jobs") ? "services" : key;
    }
    return shape + "." + (NAMES_BELOW.contains(shape) ? "*" : key);
  }

  static String item(String shape) {
    return shape.equals("services.*.pre_start") ? "services.*" : shape + ".[]";
  }
}
