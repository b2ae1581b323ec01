package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a policy leaves to the configuration: names, with defaults that say the type. */
final class Parameters {
  private Parameters() {}

  /**
   * A parameter.
   *
   * @param text the default as a configuration would write it: lists joined by commas
   */
  record Parameter(String name, Type type, String text, Span span, Memo<Object> known) {
    /** A value that a configuration gives. */
    @Nullable Object value(String written) {
      return known.of(written, this::read);
    }

    private Object read(String written) {
      if (type.is(Type.Kind.LIST)) {
        String value = written.strip();
        return Values.list(
            (value.isEmpty() ? List.<String>of() : List.of(value.split("\\s*,\\s*")))
                .stream().map(each -> one(type.element(), each)));
      }
      return one(type, written);
    }

    private Object one(Type wanted, String written) {
      if (wanted.is(Type.Kind.NUMBER)) {
        BigDecimal number = Values.number(written.strip());
        if (number == null) {
          throw wrong(written);
        }
        return number;
      }
      if (wanted.is(Type.Kind.BOOLEAN)) {
        if (!written.equals("true") && !written.equals("false")) {
          throw wrong(written);
        }
        return written.equals("true");
      }
      return written;
    }

    private PolicyException wrong(String written) {
      return new PolicyException(
          span,
          "« " + written + " » n'est pas admis pour le paramètre " + name + " : " + type,
          "“" + written + "” is not allowed for the parameter " + name + ": " + type);
    }
  }

  /** The parameters that a policy declares. */
  static Map<String, Parameter> of(YamlPlace place) {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    if (place.node() instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        String name = entry.name();
        Type type = type(place.key(name));
        parameters.put(
            name, new Parameter(name, type, written(place.key(name)), entry.span(), new Memo<>()));
      }
    }
    return parameters;
  }

  /** Values by name, as a configuration would write them. */
  static Map<String, String> values(YamlPlace place) {
    Map<String, String> values = new TreeMap<>();
    of(place).forEach((name, parameter) -> values.put(name, parameter.text()));
    return values;
  }

  private static String written(YamlPlace place) {
    return String.join(",", place.texts());
  }

  private static Type type(YamlPlace place) {
    if (place.node() instanceof YamlScalar scalar) {
      return switch (scalar.kind()) {
        case BOOLEAN -> Type.BOOLEAN;
        case INTEGER, FLOAT -> Type.NUMBER;
        default -> Type.TEXT;
      };
    }
    if (place.node() instanceof YamlSequence) {
      List<YamlPlace> items = place.items();
      boolean numbers =
          !items.isEmpty() && items.stream().allMatch(each -> type(each).is(Type.Kind.NUMBER));
      return Type.list(numbers ? Type.NUMBER : Type.TEXT);
    }
    throw new PolicyException(
        place,
        "un paramètre est un texte, un nombre, vrai ou faux, ou une liste",
        "a parameter is a text, a number, true or false, or a list");
  }

  /** The type of {@code parameters} in the expressions of a policy. */
  static Type type(Map<String, Parameter> parameters) {
    Type type =
        Type.object("parameters", "les paramètres de la politique", "the parameters of the policy");
    parameters
        .values()
        .forEach(
            each ->
                type.property(
                    each.name(),
                    each.type(),
                    "",
                    "",
                    (self, arguments, frame) -> parameter(frame, each.name())));
    return type;
  }

  private static @Nullable Object parameter(Frame frame, String name) {
    return frame.facts().parameter(name);
  }
}
