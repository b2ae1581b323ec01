package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What scalars mean to the Kubernetes API, which reads YAML with {@code sigs.k8s.io/yaml} (go-yaml
 * v2): plain {@code yes}, {@code on}, {@code y} and their opposites are booleans there.
 */
final class Values {
  /**
   * What stands for an unknown text: to YAML, an unquoted placeholder is a mapping. As a key, it
   * says that there may be more.
   */
  static final String UNRESOLVED = "{{ }}";

  private static final Set<String> TRUE = Set.of("y", "Y", "yes", "Yes", "YES", "on", "On", "ON");
  private static final Set<String> FALSE = Set.of("n", "N", "no", "No", "NO", "off", "Off", "OFF");

  private Values() {}

  /** Whether a text still holds what another tool will replace. */
  static boolean isUnresolved(String text) {
    return text.indexOf('$') >= 0 && (text.contains("${") || text.contains("$("))
        || text.contains("{{");
  }

  static Setting<String> string(YamlPlace at) {
    String text = at.text();
    if (text == null) {
      return at.isPresent() ? Setting.unknown(at) : Setting.absent(at);
    }
    return isUnresolved(text) ? Setting.unknown(at) : Setting.explicit(text, at);
  }

  /** Whether a plain scalar is one of the booleans that only YAML 1.1 knows. */
  static boolean isPlainBoolean(YamlScalar scalar) {
    return scalar.style() == YamlScalar.Style.PLAIN
        && (TRUE.contains(scalar.value()) || FALSE.contains(scalar.value()));
  }

  static Setting<Boolean> bool(YamlPlace at) {
    if (at.node() instanceof YamlScalar scalar && isPlainBoolean(scalar)) {
      return Setting.explicit(TRUE.contains(scalar.value()), at);
    }
    return at.isPresent() && at.text() == null ? Setting.unknown(at) : at.bool();
  }

  static Setting<Long> integer(YamlPlace at) {
    return at.isPresent() && at.text() == null ? Setting.unknown(at) : at.integer();
  }

  static Setting<Quantity> quantity(YamlPlace at) {
    String text = at.text();
    if (text == null) {
      return at.isPresent() ? Setting.unknown(at) : Setting.absent(at);
    }
    Quantity quantity = Quantity.parse(text);
    return quantity == null ? Setting.unknown(at) : Setting.explicit(quantity, at);
  }

  static Setting<IntOrString> intOrString(YamlPlace at) {
    if (!at.isPresent()) {
      return Setting.absent(at);
    }
    if (at.node() instanceof YamlScalar scalar && !isUnresolved(scalar.value())) {
      return Setting.explicit(IntOrString.of(scalar), at);
    }
    return Setting.unknown(at);
  }

  /** A mapping of texts, in order; nulls are empty, and what is no scalar is unresolved. */
  static Map<String, String> map(YamlPlace at) {
    Map<String, String> map = new LinkedHashMap<>();
    for (YamlPlace value : at.values()) {
      String text = value.text();
      map.put(value.name(), text != null ? text : value.isPresent() ? UNRESOLVED : "");
    }
    return map;
  }

  /** The first that somebody wrote or that cannot be known; the last one where there is none. */
  static <T> Setting<T> first(Setting<T> one, Setting<T> other) {
    return one.isSet() || one.isUnknown() ? one : other;
  }

  /** The value, or a fallback where it is absent or unknown. */
  static <T> T or(Setting<T> setting, T fallback) {
    @Nullable T value = setting.value();
    return value == null ? fallback : value;
  }
}
