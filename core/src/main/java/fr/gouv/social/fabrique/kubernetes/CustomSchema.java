package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.schema.Numbers;
import fr.gouv.social.fabrique.schema.SchemaProblem;
import fr.gouv.social.fabrique.schema.SchemaProblem.Kind;
import fr.gouv.social.fabrique.schema.SchemaWalk;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks a custom resource against the structural schema of its definition, as the API server does
 * (k8s.io/apiextensions-apiserver): unknown fields as {@code pruning/algorithm.go} finds them,
 * values after defaults as {@code validation/validation.go} and kube-openapi's {@code validate}
 * judge them. Rules in the Common Expression Language are counted and not run.
 *
 * <p>The schema is read where it is written, in the tree of the definition: nothing is converted,
 * and only the parts that an object reaches are looked at.
 */
public final class CustomSchema {
  private static final Set<String> META = Set.of("apiVersion", "kind", "metadata");

  /** Alternatives within alternatives can multiply without bound. */
  private static final int MAX_STEPS = 500_000;

  /** Longer texts are not matched against patterns. */
  private static final int LONGEST_MATCHED = 10_000;

  /** Patterns that Java cannot read are not checked: empty. */
  private static final Map<String, GoPattern> PATTERNS = new ConcurrentHashMap<>();

  private static final int MAX_PATTERNS = 10_000;

  private final KubernetesSchema kubernetes;
  private List<SchemaProblem> problems = new ArrayList<>();
  private int rules;
  private int steps;
  private boolean complete = true;

  /**
   * What a check came to.
   *
   * @param problems in the order of the object
   * @param rules how many {@code x-kubernetes-validations} of what the object holds were not run
   * @param complete whether all of it was looked at: schemas without end are given up
   */
  public record Result(List<SchemaProblem> problems, int rules, boolean complete) {
    public Result {
      problems = List.copyOf(problems);
    }
  }

  private CustomSchema(KubernetesSchema kubernetes) {
    this.kubernetes = kubernetes;
  }

  /**
   * Checks an object against a version of its kind.
   *
   * @param kubernetes knows what metadata may hold
   */
  public static Result check(
      KubernetesObject object, CustomVersion version, KubernetesSchema kubernetes) {
    YamlMapping schema = version.schema();
    CustomSchema walk = new CustomSchema(kubernetes);
    if (schema != null) {
      walk.root(object.left(), schema, version);
    }
    List<SchemaProblem> problems = walk.problems;
    problems =
        problems.stream()
            .filter(each -> !object.isPartial() || !mayStandElsewhere(each))
            .filter(each -> !KubernetesSchema.dependsOnBranch(each, object))
            .toList();
    return new Result(problems, walk.rules, walk.complete);
  }

  private static boolean mayStandElsewhere(SchemaProblem problem) {
    return switch (problem.kind()) {
      case MISSING_KEY, WRONG_SIZE, NO_ALTERNATIVE -> true;
      case UNKNOWN_KEY -> problem.found().startsWith("$");
      default -> false;
    };
  }

  private void root(YamlMapping root, YamlMapping schema, CustomVersion version) {
    boolean keep = version.keepsUnknownFields() || isTrue(schema, PRESERVE);
    validate(root, schema, schema, "", root.span());
    for (YamlMapping.Entry entry : root.entries()) {
      String name = entry.name();
      if (name.equals("metadata")) {
        problems.addAll(kubernetes.metadata(entry.value(), name));
      } else if (!META.contains(name) && !(name.equals("status") && version.hasStatus())) {
        member(entry, root, schema, "", keep, version.keepsUnknownFields());
      }
    }
  }

  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";

  /**
   * Checks a value that a structural schema describes.
   *
   * @param owner where to point when something is missing in it
   * @param keep whether a field that the schema does not know is kept here
   * @param keepAll whether it is kept everywhere below
   */
  private void check(
      YamlNode node, YamlMapping schema, String path, Span owner, boolean keep, boolean keepAll) {
    if (!step() || !validate(node, schema, schema, path, owner)) {
      return;
    }
    boolean kept = keep || isTrue(schema, PRESERVE);
    if (node instanceof YamlMapping mapping) {
      boolean embedded = isTrue(schema, "x-kubernetes-embedded-resource");
      if (embedded) {
        embedded(mapping, path, owner);
      }
      for (YamlMapping.Entry entry : mapping.entries()) {
        if (!embedded || !META.contains(entry.name())) {
          member(entry, mapping, schema, path, kept, keepAll);
        }
      }
    } else if (node instanceof YamlSequence sequence) {
      int index = 0;
      for (YamlNode item : sequence.items()) {
        String place = path + "[" + SchemaWalk.itemName(item, index++) + "]";
        if (schema.get("items") instanceof YamlMapping items) {
          // What keeps the fields of a list keeps those of its items.
          check(item, items, place, item.span(), kept || keepAll, keepAll);
        } else if (!kept && !keepAll) {
          unknown(item, place);
        }
      }
      listKeys(sequence, schema, path);
    }
  }

  private void member(
      YamlMapping.Entry entry,
      YamlMapping owner,
      YamlMapping schema,
      String path,
      boolean keep,
      boolean keepAll) {
    String name = entry.name();
    String place = SchemaWalk.join(path, name);
    Span key = entry.key().span();
    YamlMapping property = property(schema, name);
    YamlNode additional = schema.get("additionalProperties");
    if (isNull(entry.value()) && (property != null || additional instanceof YamlMapping)) {
      // The API server drops it, or takes the default.
      return;
    }
    if (property != null) {
      check(entry.value(), property, place, key, keepAll, keepAll);
    } else if (additional instanceof YamlMapping values) {
      check(entry.value(), values, place, key, keepAll, keepAll);
    } else if (additional instanceof YamlScalar all && all.value().equals("true")) {
      if (!keep && !keepAll) {
        unknown(entry.value(), place);
      }
    } else if (!keep && !keepAll) {
      List<String> free = new ArrayList<>();
      if (schema.get("properties") instanceof YamlMapping properties) {
        properties.entries().forEach(each -> free.add(each.name()));
        free.removeIf(owner::has);
      }
      add(Kind.UNKNOWN_KEY, key, place, name, List.of(), Spelling.nearest(name, free));
    }
  }

  /** No schema describes a value: whatever fields it has are unknown. */
  private void unknown(YamlNode node, String path) {
    if (!step()) {
      return;
    }
    if (node instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        String place = SchemaWalk.join(path, entry.name());
        add(Kind.UNKNOWN_KEY, entry.key().span(), place, entry.name(), List.of(), null);
      }
    } else if (node instanceof YamlSequence sequence) {
      int index = 0;
      for (YamlNode item : sequence.items()) {
        unknown(item, path + "[" + SchemaWalk.itemName(item, index++) + "]");
      }
    }
  }

  private void embedded(YamlMapping mapping, String path, Span owner) {
    for (String name : List.of("apiVersion", "kind")) {
      if (!mapping.has(name)) {
        add(Kind.MISSING_KEY, owner, SchemaWalk.join(path, name), name, List.of(name), null);
      }
    }
    YamlNode metadata = mapping.get("metadata");
    if (metadata != null) {
      problems.addAll(kubernetes.metadata(metadata, SchemaWalk.join(path, "metadata")));
    }
  }

  /** Whether two items of a list that is a set or a map are the same. */
  private void listKeys(YamlSequence sequence, YamlMapping schema, String path) {
    String type = text(schema, "x-kubernetes-list-type");
    if (!type.equals("set") && !type.equals("map")) {
      return;
    }
    List<String> keys = new ArrayList<>();
    if (schema.get("x-kubernetes-list-map-keys") instanceof YamlSequence names) {
      names.items().forEach(each -> keys.add(each instanceof YamlScalar name ? name.value() : ""));
    }
    Set<List<String>> seen = new HashSet<>();
    int index = 0;
    for (YamlNode item : sequence.items()) {
      String place = path + "[" + SchemaWalk.itemName(item, index++) + "]";
      List<String> identity = new ArrayList<>();
      if (item instanceof YamlMapping mapping && type.equals("map")) {
        for (String key : keys) {
          identity.add(
              mapping.get(key) instanceof YamlScalar value
                  ? value.value()
                  : text(property(itemsOf(schema), key), "default"));
        }
      } else if (item instanceof YamlScalar value) {
        identity.add(value.kind() + value.value());
      }
      String shown = String.join("/", identity);
      if (!identity.isEmpty() && !Values.isUnresolved(shown) && !seen.add(identity)) {
        add(Kind.DUPLICATE_ITEM, item.span(), place, shown, List.of(), null);
      }
    }
  }

  private static @Nullable YamlMapping itemsOf(YamlMapping schema) {
    return schema.get("items") instanceof YamlMapping items ? items : null;
  }

  /**
   * Checks a value, not what is in it, and what the alternatives of the schema say of both.
   *
   * @param base the structural schema of the same place, which has the defaults
   * @return whether the value is of the type that the schema asks for
   */
  private boolean validate(
      YamlNode node, YamlMapping schema, @Nullable YamlMapping base, String path, Span owner) {
    if (!isKnown(node)) {
      return false;
    }
    boolean isNull = isNull(node);
    if (isNull && isTrue(schema, "nullable")) {
      return false;
    }
    if (!hasType(node, schema)) {
      add(Kind.WRONG_TYPE, node.span(), path, form(node), types(schema), null);
      return false;
    }
    if (schema.get("x-kubernetes-validations") instanceof YamlSequence expressions) {
      rules += expressions.items().size();
    }
    if (node instanceof YamlMapping mapping) {
      required(mapping, schema, base, path, owner);
      size(node, mapping.entries().size(), schema, "Properties", path);
    } else if (node instanceof YamlSequence sequence) {
      size(node, sequence.items().size(), schema, "Items", path);
    } else if (node instanceof YamlScalar scalar && !isNull) {
      scalar(scalar, schema, path);
    }
    alternatives(node, schema, base, path, owner);
    return !isNull;
  }

  private static boolean isNull(YamlNode node) {
    return node instanceof YamlScalar scalar && scalar.isNull();
  }

  private static boolean isKnown(YamlNode node) {
    return node instanceof YamlScalar scalar
        ? scalar.isKnown() && !Values.isUnresolved(scalar.value())
        : !node.span().text().startsWith("{{");
  }

  private void required(
      YamlMapping mapping,
      YamlMapping schema,
      @Nullable YamlMapping base,
      String path,
      Span owner) {
    if (schema.get("required") instanceof YamlSequence names) {
      for (YamlNode each : names.items()) {
        String name = each instanceof YamlScalar scalar ? scalar.value() : "";
        YamlMapping property = property(base, name);
        YamlNode value = mapping.get(name);
        boolean absent =
            value == null || isNull(value) && property != null && !isTrue(property, "nullable");
        if (absent && (property == null || !property.has("default"))) {
          add(Kind.MISSING_KEY, owner, SchemaWalk.join(path, name), name, List.of(name), null);
        }
      }
    }
  }

  private void size(YamlNode node, int size, YamlMapping schema, String what, String path) {
    BigDecimal least = number(schema.get("min" + what));
    BigDecimal most = number(schema.get("max" + what));
    BigDecimal actual = BigDecimal.valueOf(size);
    if (least != null && actual.compareTo(least) < 0
        || most != null && actual.compareTo(most) > 0) {
      add(Kind.WRONG_SIZE, node.span(), path, String.valueOf(size), bounds(least, most), null);
    }
  }

  private static List<String> bounds(@Nullable BigDecimal least, @Nullable BigDecimal most) {
    return List.of(
        least == null ? "" : least.toPlainString(), most == null ? "" : most.toPlainString());
  }

  private void scalar(YamlScalar scalar, YamlMapping schema, String path) {
    String value = scalar.value();
    if (schema.get("enum") instanceof YamlSequence values
        && values.items().stream().noneMatch(each -> isSame(scalar, each))) {
      List<String> allowed = new ArrayList<>();
      values.items().forEach(each -> allowed.add(each instanceof YamlScalar s ? s.value() : ""));
      String meant = Spelling.nearest(value, allowed);
      add(Kind.NOT_ALLOWED_VALUE, scalar.span(), path, value, allowed, meant);
    }
    if (kind(scalar) == YamlScalar.Kind.STRING) {
      String pattern = text(schema, "pattern");
      if (!pattern.isEmpty() && value.length() <= LONGEST_MATCHED && !finds(pattern, value)) {
        add(Kind.PATTERN_MISMATCH, scalar.span(), path, value, List.of(pattern), null);
      }
      size(scalar, value.codePointCount(0, value.length()), schema, "Length", path);
      String format = text(schema, "format");
      if (!Formats.fits(format, value)) {
        add(Kind.PATTERN_MISMATCH, scalar.span(), path, value, List.of(format), null);
      }
      return;
    }
    BigDecimal number = number(scalar);
    if (number != null) {
      range(scalar, number, schema, path);
    }
  }

  private void range(YamlScalar scalar, BigDecimal number, YamlMapping schema, String path) {
    BigDecimal least = number(schema.get("minimum"));
    BigDecimal most = number(schema.get("maximum"));
    BigDecimal step = number(schema.get("multipleOf"));
    if (text(schema, "format").equals("int32")) {
      least = least == null ? BigDecimal.valueOf(Integer.MIN_VALUE) : least;
      most = most == null ? BigDecimal.valueOf(Integer.MAX_VALUE) : most;
    }
    int low = least == null ? 1 : number.compareTo(least);
    int high = most == null ? -1 : number.compareTo(most);
    if (low < 0
        || high > 0
        || low == 0 && isTrue(schema, "exclusiveMinimum")
        || high == 0 && isTrue(schema, "exclusiveMaximum")) {
      add(Kind.OUT_OF_RANGE, scalar.span(), path, scalar.value(), bounds(least, most), null);
    }
    if (step != null && step.signum() > 0 && number.remainder(step).signum() != 0) {
      List<String> multiples = List.of(step.toPlainString() + " × n");
      add(Kind.NOT_ALLOWED_VALUE, scalar.span(), path, scalar.value(), multiples, null);
    }
  }

  private void alternatives(
      YamlNode node, YamlMapping schema, @Nullable YamlMapping base, String path, Span owner) {
    for (YamlMapping each : alternatives(schema, "allOf")) {
      validateDeep(node, each, base, path, owner);
    }
    List<YamlMapping> any = alternatives(schema, "anyOf");
    if (!any.isEmpty()) {
      oneOrMore(node, any, Integer.MAX_VALUE, base, path, owner);
    }
    List<YamlMapping> one = alternatives(schema, "oneOf");
    if (!one.isEmpty()) {
      oneOrMore(node, one, 1, base, path, owner);
    }
    if (schema.get("not") instanceof YamlMapping not
        && problemsOf(node, not, base, path, owner).isEmpty()) {
      add(Kind.EXCLUDED, owner, path, summary(not), List.of(), null);
    }
  }

  private void oneOrMore(
      YamlNode node,
      List<YamlMapping> alternatives,
      int most,
      @Nullable YamlMapping base,
      String path,
      Span owner) {
    int fitting = 0;
    List<SchemaProblem> nearest = null;
    List<String> summaries = new ArrayList<>();
    for (YamlMapping each : alternatives) {
      List<SchemaProblem> found = problemsOf(node, each, base, path, owner);
      fitting += found.isEmpty() ? 1 : 0;
      nearest = nearest == null || found.size() < nearest.size() ? found : nearest;
      summaries.add(summary(each));
    }
    summaries.removeIf(String::isEmpty);
    if (fitting == 0 && nearest != null) {
      if (node instanceof YamlScalar || summaries.isEmpty()) {
        problems.addAll(nearest);
      } else {
        add(Kind.NO_ALTERNATIVE, owner, path, "", summaries, null);
      }
    } else if (fitting > most) {
      add(Kind.SEVERAL_ALTERNATIVES, owner, path, "", summaries, null);
    }
  }

  private List<SchemaProblem> problemsOf(
      YamlNode node, YamlMapping schema, @Nullable YamlMapping base, String path, Span owner) {
    List<SchemaProblem> outer = problems;
    int before = rules;
    problems = new ArrayList<>();
    validateDeep(node, schema, base, path, owner);
    List<SchemaProblem> found = problems;
    problems = outer;
    rules = before;
    return found;
  }

  /** Checks a value and what is in it against a schema that only restricts. */
  private void validateDeep(
      YamlNode node, YamlMapping schema, @Nullable YamlMapping base, String path, Span owner) {
    if (!step() || !validate(node, schema, base, path, owner)) {
      return;
    }
    if (node instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        YamlMapping property = property(schema, entry.name());
        if (property == null && schema.get("additionalProperties") instanceof YamlMapping values) {
          property = values;
        }
        if (property != null && !isNull(entry.value())) {
          String place = SchemaWalk.join(path, entry.name());
          YamlMapping inner = property(base, entry.name());
          validateDeep(entry.value(), property, inner, place, entry.key().span());
        }
      }
    } else if (node instanceof YamlSequence sequence
        && schema.get("items") instanceof YamlMapping items) {
      YamlMapping inner = base == null ? null : itemsOf(base);
      int index = 0;
      for (YamlNode item : sequence.items()) {
        String place = path + "[" + SchemaWalk.itemName(item, index++) + "]";
        validateDeep(item, items, inner, place, item.span());
      }
    }
  }

  private static List<YamlMapping> alternatives(YamlMapping schema, String key) {
    List<YamlMapping> found = new ArrayList<>();
    if (schema.get(key) instanceof YamlSequence sequence) {
      for (YamlNode each : sequence.items()) {
        if (each instanceof YamlMapping mapping) {
          found.add(mapping);
        }
      }
    }
    return found;
  }

  /** What an alternative asks for, in a few words; empty where that cannot be said so. */
  private static String summary(YamlMapping schema) {
    List<String> words = new ArrayList<>();
    if (schema.get("required") instanceof YamlSequence names) {
      names.items().forEach(each -> words.add(each instanceof YamlScalar name ? name.value() : ""));
    }
    return String.join(" + ", words);
  }

  private static @Nullable YamlMapping property(@Nullable YamlMapping schema, String name) {
    return schema != null
            && schema.get("properties") instanceof YamlMapping properties
            && properties.get(name) instanceof YamlMapping property
        ? property
        : null;
  }

  private static boolean isIntOrString(YamlMapping schema) {
    return isTrue(schema, "x-kubernetes-int-or-string")
        || text(schema, "format").equals("int-or-string");
  }

  private static List<String> types(YamlMapping schema) {
    return isIntOrString(schema)
        ? List.of("integer", "string")
        : List.of(
            switch (text(schema, "type")) {
              case "object" -> "mapping";
              case "array" -> "sequence";
              default -> text(schema, "type");
            });
  }

  private static boolean hasType(YamlNode node, YamlMapping schema) {
    boolean either = isIntOrString(schema);
    String type = text(schema, "type");
    if (type.isEmpty() && !either) {
      return true;
    }
    String form = form(node);
    if (either) {
      return form.equals("integer") || form.equals("string");
    }
    return switch (type) {
      case "object" -> form.equals("mapping");
      case "array" -> form.equals("sequence");
      case "number" -> form.equals("integer") || form.equals("number");
      case "integer" -> form.equals("integer") || isWhole(node);
      default -> form.equals(type);
    };
  }

  /** {@code 1.0} is an integer to the API server. */
  private static boolean isWhole(YamlNode node) {
    BigDecimal number = number(node);
    return number != null && number.stripTrailingZeros().scale() <= 0;
  }

  private static String form(YamlNode node) {
    if (node instanceof YamlMapping) {
      return "mapping";
    }
    if (node instanceof YamlSequence) {
      return "sequence";
    }
    return switch (kind((YamlScalar) node)) {
      case NULL -> "null";
      case BOOLEAN -> "boolean";
      case INTEGER -> "integer";
      case FLOAT -> "number";
      case STRING -> "string";
    };
  }

  private static YamlScalar.Kind kind(YamlScalar scalar) {
    YamlScalar.Kind kind = scalar.kind();
    return kind == YamlScalar.Kind.STRING && scalar.tag() == null && Values.isPlainBoolean(scalar)
        ? YamlScalar.Kind.BOOLEAN
        : kind;
  }

  private static boolean isSame(YamlScalar value, YamlNode allowed) {
    if (!(allowed instanceof YamlScalar other)) {
      return false;
    }
    BigDecimal number = number(value);
    BigDecimal otherNumber = number(other);
    return number != null && otherNumber != null
        ? number.compareTo(otherNumber) == 0
        : kind(value) == kind(other) && value.value().equals(other.value());
  }

  private static @Nullable BigDecimal number(@Nullable YamlNode node) {
    if (!(node instanceof YamlScalar scalar) || scalar.value().length() > 100) {
      return null;
    }
    YamlScalar.Kind kind = scalar.kind();
    if (kind == YamlScalar.Kind.INTEGER) {
      Long whole = Numbers.integer(scalar.value());
      return whole == null ? null : BigDecimal.valueOf(whole);
    }
    try {
      // An exponent without bound would become a number without bound.
      BigDecimal number = kind == YamlScalar.Kind.FLOAT ? new BigDecimal(scalar.value()) : null;
      return number == null || Math.abs(number.scale()) > 1000 ? null : number;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static boolean finds(String pattern, String value) {
    GoPattern known = PATTERNS.get(pattern);
    if (known == null) {
      known = GoPattern.of(pattern);
      if (PATTERNS.size() < MAX_PATTERNS) {
        PATTERNS.put(pattern, known);
      }
    }
    return known.mayBeIn(value);
  }

  private static boolean isTrue(YamlMapping schema, String key) {
    return text(schema, key).equals("true");
  }

  private static String text(@Nullable YamlMapping schema, String key) {
    return schema != null && schema.get(key) instanceof YamlScalar scalar ? scalar.value() : "";
  }

  private boolean step() {
    complete &= ++steps <= MAX_STEPS;
    return complete && problems.size() < SchemaWalk.LIMIT;
  }

  private void add(
      Kind kind,
      Span span,
      String path,
      String found,
      List<String> expected,
      @Nullable String suggestion) {
    problems.add(new SchemaProblem(kind, span, path, found, expected, suggestion));
  }

  /** What the field at a path is for, in the first sentence of its description, or null. */
  public static @Nullable String description(CustomVersion version, String label) {
    YamlMapping schema = version.schema();
    for (String key : KubernetesSchema.keys(label)) {
      while (schema != null && !schema.has("properties") && schema.has("items")) {
        schema = itemsOf(schema);
      }
      YamlMapping property = property(schema, key);
      if (property == null
          && schema != null
          && schema.get("additionalProperties") instanceof YamlMapping values) {
        property = values;
      }
      schema = property;
    }
    String text = text(schema, "description").replaceAll("\\s+", " ").strip();
    return text.isEmpty() ? null : KubernetesSchema.firstSentence(text);
  }
}
