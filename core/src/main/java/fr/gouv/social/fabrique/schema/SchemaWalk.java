package fr.gouv.social.fabrique.schema;

import fr.gouv.social.fabrique.schema.SchemaProblem.Kind;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One walk over one tree. */
public final class SchemaWalk {
  /** A file of another kind altogether is not reported key by key. */
  public static final int LIMIT = 500;

  private final Schema schema;
  private final Function<YamlScalar, YamlScalar.@Nullable Kind> kinds;
  private List<SchemaProblem> problems = new ArrayList<>();

  SchemaWalk(Schema schema, Function<YamlScalar, YamlScalar.@Nullable Kind> kinds) {
    this.schema = schema;
    this.kinds = kinds;
  }

  List<SchemaProblem> problems() {
    return problems;
  }

  /**
   * Checks a node.
   *
   * @param owner where to point when something is missing in it
   */
  void check(YamlNode node, SchemaType unresolved, String path, Span owner) {
    SchemaType type = schema.resolve(unresolved);
    if (problems.size() >= LIMIT || type instanceof SchemaType.Any) {
      return;
    }
    if (type instanceof SchemaType.AnyOf anyOf) {
      checkAnyOf(node, anyOf, path, owner);
    } else if (!fits(node, type)) {
      wrongType(node, List.of(type), path);
    } else if (node instanceof YamlMapping mapping) {
      if (type instanceof SchemaType.ObjectOf object) {
        checkObject(mapping, object, path, owner);
      } else if (type instanceof SchemaType.MapOf map) {
        SchemaType keys = schema.resolve(map.keys());
        for (YamlMapping.Entry entry : mapping.entries()) {
          String place = join(path, entry.name());
          if (entry.key() instanceof YamlScalar key && kinds.apply(key) != null && key.isKnown()) {
            checkScalar(key, keys, place);
          }
          check(entry.value(), map.values(), place, entry.key().span());
        }
      }
    } else if (node instanceof YamlSequence sequence && type instanceof SchemaType.ListOf list) {
      checkList(sequence, list, path);
    } else if (node instanceof YamlScalar scalar
        && kinds.apply(scalar) != null
        && scalar.isKnown()) {
      checkScalar(scalar, type, path);
    }
  }

  private void checkAnyOf(YamlNode node, SchemaType.AnyOf anyOf, String path, Span owner) {
    List<SchemaType> flat = new ArrayList<>();
    flatten(anyOf, flat);
    List<SchemaType> fitting = flat.stream().filter(type -> fits(node, type)).toList();
    if (fitting.isEmpty()) {
      wrongType(node, flat, path);
      return;
    }
    if (fitting.size() == 1) {
      check(node, fitting.get(0), path, owner);
      return;
    }
    // Several alternatives of the same form: the one with the fewest problems is the one meant.
    List<SchemaProblem> outer = problems;
    List<SchemaProblem> best = null;
    for (SchemaType type : fitting) {
      problems = new ArrayList<>();
      check(node, type, path, owner);
      if (best == null || problems.size() < best.size()) {
        best = problems;
      }
      if (best.isEmpty()) {
        break;
      }
    }
    problems = outer;
    if (best != null) {
      problems.addAll(best);
    }
  }

  private void flatten(SchemaType unresolved, List<SchemaType> flat) {
    SchemaType type = schema.resolve(unresolved);
    if (type instanceof SchemaType.AnyOf anyOf) {
      anyOf.types().forEach(each -> flatten(each, flat));
    } else {
      flat.add(type);
    }
  }

  private void checkObject(
      YamlMapping mapping, SchemaType.ObjectOf object, String path, Span owner) {
    for (YamlMapping.Entry entry : mapping.entries()) {
      String key = entry.name();
      SchemaType type = object.typeOf(key);
      if (type != null) {
        check(entry.value(), type, join(path, key), entry.key().span());
      } else {
        problems.add(
            new SchemaProblem(
                Kind.UNKNOWN_KEY,
                entry.key().span(),
                join(path, key),
                key,
                List.of(),
                suggestion(mapping, object, key)));
      }
    }
    object
        .keys()
        .forEach(
            (key, known) -> {
              if (known.required() && !isThere(mapping.get(key))) {
                problems.add(
                    new SchemaProblem(
                        Kind.MISSING_KEY, owner, join(path, key), key, List.of(key), null));
              }
            });
    object.groups().forEach(group -> checkGroup(mapping, group, path, owner));
  }

  private void checkGroup(YamlMapping mapping, SchemaType.Group group, String path, Span owner) {
    List<YamlMapping.Entry> there = new ArrayList<>();
    for (YamlMapping.Entry entry : mapping.entries()) {
      YamlNode value = entry.value();
      boolean empty =
          value instanceof YamlScalar scalar
              && scalar.value().isEmpty()
              && scalar.interpolation() == null;
      if (group.keys().contains(entry.name()) && isThere(value) && !empty) {
        there.add(entry);
      }
    }
    if (there.size() > group.most()) {
      YamlMapping.Entry second = there.get(group.most());
      problems.add(
          new SchemaProblem(
              Kind.SEVERAL_ALTERNATIVES,
              second.key().span(),
              join(path, second.name()),
              second.name(),
              group.keys(),
              null));
    } else if (there.size() < group.least() && hasOnlyKnownKeys(mapping)) {
      problems.add(new SchemaProblem(Kind.NO_ALTERNATIVE, owner, path, "", group.keys(), null));
    }
  }

  /** Whether no key is a placeholder that may become any. */
  private boolean hasOnlyKnownKeys(YamlMapping mapping) {
    return mapping.entries().stream()
        .allMatch(
            entry ->
                entry.key() instanceof YamlScalar key && kinds.apply(key) != null && key.isKnown());
  }

  /** Where nulls cannot be known, they are as good as absent: the Kubernetes API drops them. */
  private boolean isThere(@Nullable YamlNode value) {
    return value != null
        && !(value instanceof YamlScalar scalar && scalar.isNull() && kinds.apply(scalar) == null);
  }

  private static @Nullable String suggestion(
      YamlMapping mapping, SchemaType.ObjectOf object, String key) {
    List<String> free = object.keys().keySet().stream().filter(k -> !mapping.has(k)).toList();
    return Spelling.nearest(key, free);
  }

  private void checkList(YamlSequence sequence, SchemaType.ListOf list, String path) {
    int size = sequence.items().size();
    if (size < list.size().lowest() || size > list.size().highest()) {
      problems.add(
          new SchemaProblem(
              Kind.WRONG_SIZE,
              sequence.span(),
              path,
              String.valueOf(size),
              bounds(list.size()),
              null));
    }
    Set<String> seen = new HashSet<>();
    int index = 0;
    for (YamlNode item : sequence.items()) {
      String place = path + "[" + itemName(item, index) + "]";
      check(item, list.items(), place, item.span());
      if (list.unique()
          && item instanceof YamlScalar scalar
          && kinds.apply(scalar) != null
          && scalar.isKnown()
          && !seen.add(kinds.apply(scalar) + scalar.value())) {
        problems.add(
            new SchemaProblem(
                Kind.DUPLICATE_ITEM, item.span(), place, scalar.value(), List.of(), null));
      }
      if (!list.by().isEmpty() && item instanceof YamlMapping mapping) {
        checkIdentity(mapping, list.by(), place, seen);
      }
      index++;
    }
  }

  private void checkIdentity(YamlMapping item, List<String> by, String path, Set<String> seen) {
    List<String> identity = new ArrayList<>();
    for (String key : by) {
      if (item.get(key) instanceof YamlScalar value
          && kinds.apply(value) != null
          && value.isKnown()) {
        identity.add(value.value());
      } else if (item.has(key)) {
        return;
      }
    }
    YamlMapping.Entry first = item.entry(by.get(0));
    if (first != null && !identity.isEmpty() && !seen.add(String.join("\u0000", identity))) {
      problems.add(
          new SchemaProblem(
              Kind.DUPLICATE_ITEM,
              first.value().span(),
              join(path, by.get(0)),
              String.join(", ", identity),
              List.of(),
              null));
    }
  }

  private static List<String> bounds(SchemaType.Range range) {
    return List.of(
        range.lowest() <= 0 && range.highest() != Long.MAX_VALUE || range.lowest() == Long.MIN_VALUE
            ? ""
            : String.valueOf(range.lowest()),
        range.highest() == Long.MAX_VALUE ? "" : String.valueOf(range.highest()));
  }

  /** Whether a text is base64 in its standard alphabet, padded; line ends may stand anywhere. */
  private static boolean isBase64(String text) {
    int digits = 0;
    int padding = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '=') {
        padding++;
      } else if (c != '\n' && c != '\r') {
        boolean digit =
            c >= 'A' && c <= 'Z'
                || c >= 'a' && c <= 'z'
                || c >= '0' && c <= '9'
                || c == '+'
                || c == '/';
        if (!digit || padding > 0) {
          return false;
        }
        digits++;
      }
    }
    return padding <= 2 && (digits + padding) % 4 == 0;
  }

  /** The index, or the name that a mapping lends, as {@code YamlPlace} says it. */
  public static String itemName(YamlNode item, int index) {
    return item instanceof YamlMapping mapping
            && mapping.get("name") instanceof YamlScalar scalar
            && !scalar.value().isEmpty()
        ? scalar.value()
        : String.valueOf(index);
  }

  private void checkScalar(YamlScalar scalar, SchemaType type, String path) {
    String value = scalar.value();
    if (type instanceof SchemaType.OneOf oneOf && !oneOf.values().contains(value)) {
      problems.add(
          new SchemaProblem(
              Kind.NOT_ALLOWED_VALUE,
              scalar.span(),
              path,
              value,
              oneOf.values(),
              Spelling.nearest(value, oneOf.values())));
    } else if (type == SchemaType.Scalar.BASE64 && !isBase64(value)) {
      problems.add(
          new SchemaProblem(
              Kind.PATTERN_MISMATCH, scalar.span(), path, value, List.of("base64"), null));
    } else if (type instanceof SchemaType.Matching matching
        && !matching.pattern().matcher(value).find()) {
      problems.add(
          new SchemaProblem(
              Kind.PATTERN_MISMATCH, scalar.span(), path, value, List.of(matching.name()), null));
    } else if (type instanceof SchemaType.Range range) {
      Long number = Numbers.integer(value);
      if (number == null || number < range.lowest() || number > range.highest()) {
        problems.add(
            new SchemaProblem(
                Kind.OUT_OF_RANGE,
                scalar.span(),
                path,
                value,
                List.of(
                    range.lowest() == Long.MIN_VALUE ? "" : String.valueOf(range.lowest()),
                    range.highest() == Long.MAX_VALUE ? "" : String.valueOf(range.highest())),
                null));
      }
    }
  }

  /** Whether a node has the form that a type asks for. */
  private boolean fits(YamlNode node, SchemaType type) {
    if (type instanceof SchemaType.Any) {
      return true;
    }
    if (node instanceof YamlMapping) {
      return type instanceof SchemaType.ObjectOf || type instanceof SchemaType.MapOf;
    }
    if (node instanceof YamlSequence) {
      return type instanceof SchemaType.ListOf;
    }
    YamlScalar.Kind kind = kinds.apply((YamlScalar) node);
    if (kind == null) {
      return true;
    }
    if (type instanceof SchemaType.Matching matching && matching.numbers()) {
      return kind == YamlScalar.Kind.STRING
          || kind == YamlScalar.Kind.INTEGER
          || kind == YamlScalar.Kind.FLOAT;
    }
    if (type instanceof SchemaType.OneOf || type instanceof SchemaType.Matching) {
      return kind == YamlScalar.Kind.STRING;
    }
    if (type instanceof SchemaType.Range) {
      return kind == YamlScalar.Kind.INTEGER;
    }
    return type instanceof SchemaType.Scalar scalar
        && switch (scalar) {
          case STRING, BASE64 -> kind == YamlScalar.Kind.STRING;
          case INTEGER -> kind == YamlScalar.Kind.INTEGER;
          case NUMBER -> kind == YamlScalar.Kind.INTEGER || kind == YamlScalar.Kind.FLOAT;
          case BOOLEAN -> kind == YamlScalar.Kind.BOOLEAN;
          case NULL -> kind == YamlScalar.Kind.NULL;
        };
  }

  private void wrongType(YamlNode node, List<SchemaType> types, String path) {
    Set<String> expected = new LinkedHashSet<>();
    types.forEach(type -> expected.add(form(type)));
    problems.add(
        new SchemaProblem(
            Kind.WRONG_TYPE, node.span(), path, form(node), List.copyOf(expected), null));
  }

  private String form(YamlNode node) {
    if (node instanceof YamlMapping) {
      return "mapping";
    }
    if (node instanceof YamlSequence) {
      return "sequence";
    }
    YamlScalar.Kind kind = kinds.apply((YamlScalar) node);
    if (kind == null) {
      return "string";
    }
    return switch (kind) {
      case NULL -> "null";
      case BOOLEAN -> "boolean";
      case INTEGER -> "integer";
      case FLOAT -> "number";
      case STRING -> "string";
    };
  }

  private static String form(SchemaType type) {
    if (type instanceof SchemaType.ObjectOf || type instanceof SchemaType.MapOf) {
      return "mapping";
    }
    if (type instanceof SchemaType.ListOf) {
      return "sequence";
    }
    if (type instanceof SchemaType.Scalar scalar && scalar != SchemaType.Scalar.STRING) {
      return switch (scalar) {
        case NULL -> "null";
        case BOOLEAN -> "boolean";
        case INTEGER -> "integer";
        case BASE64 -> "string";
        default -> "number";
      };
    }
    return type instanceof SchemaType.Range ? "integer" : "string";
  }

  /** The path of a key under a path; the empty path is the root. */
  public static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
