package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the values of the models are to an expression. */
final class Values {
  private static final int LONGEST_NUMBER = 40;
  private static final int LARGEST_EXPONENT = 300;

  private static final Memo<ImageReference> IMAGES = new Memo<>();

  private Values() {}

  /** The value of a setting: null where it is absent. */
  static <T> @Nullable Object of(Setting<T> setting) {
    return of(setting, value -> value);
  }

  static <T> @Nullable Object of(Setting<T> setting, Function<T, @Nullable Object> convert) {
    if (setting.isUnknown()) {
      return Unknown.VALUE;
    }
    T value = setting.value();
    return value == null ? null : convert.apply(value);
  }

  static @Nullable Object number(Setting<Long> setting) {
    return of(setting, BigDecimal::valueOf);
  }

  /** A list of values, to which more may come. */
  static List<Object> list(Stream<?> values, boolean open) {
    List<Object> list = new ArrayList<>();
    values.forEach(list::add);
    if (open) {
      list.add(Unknown.MORE);
    }
    return list;
  }

  static List<Object> list(Stream<?> values) {
    return list(values, false);
  }

  /** Texts of which some still hold what another tool replaces. */
  static List<Object> texts(List<String> texts) {
    return list(texts.stream().map(Values::text));
  }

  /** A text, unless it still holds what another tool replaces. */
  static Object text(String text) {
    return isUnresolved(text) ? Unknown.VALUE : text;
  }

  static boolean isUnresolved(String text) {
    return text.indexOf('$') >= 0 && (text.contains("${") || text.contains("$("))
        || text.contains("{{");
  }

  /**
   * What stands at a place of a YAML file.
   *
   * @param open whether what is not written there may stand elsewhere
   */
  static @Nullable Object yaml(YamlPlace place, boolean open) {
    YamlNode node = place.node();
    if (node == null) {
      return open ? Unknown.VALUE : null;
    }
    if (node instanceof YamlMapping mapping) {
      return new Entries.Yaml(place, mapping, open);
    }
    if (node instanceof YamlScalar scalar) {
      return scalar(scalar);
    }
    return list(place.items().stream().map(item -> nullToUnknown(yaml(item, open))), open);
  }

  /** Lists hold no null: an item that is null says nothing. */
  private static Object nullToUnknown(@Nullable Object value) {
    return value == null ? Unknown.VALUE : value;
  }

  /** The value of a scalar as go-yaml reads it. */
  static @Nullable Object scalar(YamlScalar scalar) {
    if (!scalar.isKnown()) {
      return Unknown.VALUE;
    }
    String text = scalar.value();
    return switch (scalar.kind()) {
      case NULL -> null;
      case BOOLEAN -> text.equalsIgnoreCase("true");
      case INTEGER, FLOAT -> {
        BigDecimal number = number(text);
        yield number == null ? text(text) : new Scalar(text, number);
      }
      case STRING -> text(text);
    };
  }

  /** A number of a file, which is a text as well: {@code 1.10} is the version 1.10. */
  record Scalar(String text, BigDecimal value) {
    @Override
    public String toString() {
      return text;
    }
  }

  /** A number, or null for what is none or is beyond reason. */
  static @Nullable BigDecimal number(String text) {
    if (text.length() > LONGEST_NUMBER) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(text);
      return isReasonable(number) ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Numbers with exponents beyond this cost memory, and mean nothing. */
  static boolean isReasonable(BigDecimal number) {
    return Math.abs((long) number.scale()) <= LARGEST_EXPONENT
        && Math.abs((long) number.precision() - number.scale()) <= LARGEST_EXPONENT;
  }

  /** A path may be any text; one without end is not followed. */
  static YamlPlace place(YamlPlace from, String path) {
    return path.length() > 500 || path.isEmpty() ? from.key("") : from.at(path);
  }

  static BigDecimal count(int number) {
    return BigDecimal.valueOf(number);
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static Object unknownIfNull(@Nullable Object value) {
    return value == null ? Unknown.VALUE : value;
  }

  /** An image as a place names it. */
  static @Nullable Object image(YamlPlace place, boolean open) {
    String text = place.text();
    if (text == null) {
      return place.isPresent() || open ? Unknown.VALUE : null;
    }
    return image(text);
  }

  static Object image(String text) {
    return unknownIfNull(IMAGES.of(text, ImageReference::orNull));
  }

  /** The environment in the words of the configuration; unknown where nothing tells. */
  static Object environment(Environment environment) {
    return environment == Environment.UNKNOWN ? Unknown.VALUE : (Object) lower(environment);
  }
}
