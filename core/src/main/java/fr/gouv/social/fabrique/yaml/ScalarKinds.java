package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.yaml.YamlScalar.Kind;
import fr.gouv.social.fabrique.yaml.YamlScalar.Style;
import java.util.regex.Pattern;

/**
 * Scalar resolution of go-yaml v3 (resolve.go), which Compose uses; Kubernetes' v2 differs in its
 * booleans.
 */
final class ScalarKinds {
  private static final Pattern INTEGER =
      Pattern.compile("[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|(0|[1-9][0-9_]*))");
  private static final Pattern FLOAT =
      Pattern.compile(
          "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

  private ScalarKinds() {}

  static Kind of(YamlScalar scalar) {
    String tag = scalar.tag();
    if (tag != null && tag.startsWith("tag:yaml.org,2002:")) {
      return switch (tag.substring("tag:yaml.org,2002:".length())) {
        case "null" -> Kind.NULL;
        case "bool" -> Kind.BOOLEAN;
        case "int" -> Kind.INTEGER;
        case "float" -> Kind.FLOAT;
        default -> Kind.STRING;
      };
    }
    if (scalar.style() != Style.PLAIN) {
      return Kind.STRING;
    }
    if (isNull(scalar.value())) {
      return Kind.NULL;
    }
    return switch (scalar.value()) {
      case "true", "True", "TRUE", "false", "False", "FALSE" -> Kind.BOOLEAN;
      default -> number(scalar.value());
    };
  }

  /** Whether a plain scalar of this text means nothing. */
  static boolean isNull(String value) {
    return switch (value) {
      case "", "~", "null", "Null", "NULL" -> true;
      default -> false;
    };
  }

  private static Kind number(String value) {
    char first = value.charAt(0);
    if (!(first >= '0' && first <= '9') && first != '-' && first != '+' && first != '.') {
      return Kind.STRING;
    }
    if (INTEGER.matcher(value).matches()) {
      return Kind.INTEGER;
    }
    return FLOAT.matcher(value).matches() ? Kind.FLOAT : Kind.STRING;
  }
}
