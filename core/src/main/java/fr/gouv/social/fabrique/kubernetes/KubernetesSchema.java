package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.schema.Schema;
import fr.gouv.social.fabrique.schema.SchemaProblem;
import fr.gouv.social.fabrique.schema.SchemaType;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the objects of some kinds may hold, as strictly as {@code kubectl --validate=strict} sees
 * it: no unknown keys, the right types, quantities, enumerations, required fields. Nulls are as
 * good as absent, and what is still a placeholder may be anything.
 */
public final class KubernetesSchema {
  /** The releases of Kubernetes whose schema is known, the newest first. */
  public static final List<String> RELEASES = List.of("1.36", "1.35", "1.34", "1.33");

  private static final Pattern SENTENCE_END = Pattern.compile("\\.(?=\\s+[A-Z(`\"'])|\\.$");
  private static final int LONGEST_DESCRIPTION = 200;
  private static final Set<String> COLLECTIONS = Set.of("mapping", "sequence");

  private final Schema schema;
  private final Supplier<String> descriptionLines;
  private volatile @Nullable Map<String, String> descriptions;

  /**
   * A schema.
   *
   * @param schema its definitions named by API version and kind: {@code apps.v1.Deployment}, {@code
   *     v1.Pod}
   * @param descriptionLines gives, when first needed, lines {@code Definition.key<TAB>description}
   */
  public KubernetesSchema(Schema schema, Supplier<String> descriptionLines) {
    this.schema = schema;
    this.descriptionLines = descriptionLines;
  }

  /** Whether the kind of an object is known here, so that silence means that it is right. */
  public boolean knows(KubernetesObject object) {
    return schema.defines(definition(object));
  }

  /**
   * Whether the kind of an object is one of Kubernetes' own, whose definitions are not to be read
   * from a repository.
   */
  public boolean isOwn(KubernetesObject object) {
    String group = object.group();
    return knows(object) && (group.indexOf('.') < 0 || group.endsWith(".k8s.io"));
  }

  private static String definition(KubernetesObject object) {
    return object.apiVersion().replace('/', '.') + "." + object.kind();
  }

  /** What is wrong with the schema itself. */
  public List<String> mistakes() {
    return schema.mistakes();
  }

  /** What is wrong with an object; nothing where its kind is not known. */
  public List<SchemaProblem> check(KubernetesObject object) {
    if (!knows(object)) {
      return List.of();
    }
    List<SchemaProblem> problems = new ArrayList<>();
    for (SchemaProblem each :
        schema.check(object.left(), definition(object), KubernetesSchema::kind)) {
      if (!isPlaceholder(each)
          && (!object.isPartial() || !isOfPatch(each))
          && !dependsOnBranch(each, object)) {
        // An empty text stands for the default: allowed, but not worth a mention.
        problems.add(each.expected().contains("") ? withoutEmpty(each) : each);
      }
    }
    return problems;
  }

  /** What is wrong with the metadata of an object of any kind, which stands at a path. */
  List<SchemaProblem> metadata(YamlNode metadata, String path) {
    return schema.check(metadata, "V1ObjectMeta", path, KubernetesSchema::kind).stream()
        .filter(each -> !isPlaceholder(each))
        .toList();
  }

  /**
   * Whether something is only wrong if one branch of a template is taken. What is missing, repeated
   * or excluded may be the matter of the other branch, and so may be all where the version is.
   */
  static boolean dependsOnBranch(SchemaProblem problem, KubernetesObject object) {
    return object.isInBranch(problem.span())
        && (!isOfItself(problem)
            || object.at("apiVersion").isUnknown()
            || object.at("kind").isUnknown());
  }

  /** Whether a key or a scalar is wrong whatever stands beside it. */
  private static boolean isOfItself(SchemaProblem problem) {
    return switch (problem.kind()) {
      case UNKNOWN_KEY, NOT_ALLOWED_VALUE, PATTERN_MISMATCH, OUT_OF_RANGE -> true;
      case WRONG_TYPE -> !COLLECTIONS.contains(problem.found());
      default -> false;
    };
  }

  private static SchemaProblem withoutEmpty(SchemaProblem problem) {
    return problem.kind() == SchemaProblem.Kind.NOT_ALLOWED_VALUE
        ? new SchemaProblem(
            problem.kind(),
            problem.span(),
            problem.label(),
            problem.found(),
            problem.expected().stream().filter(each -> !each.isEmpty()).toList(),
            problem.suggestion())
        : problem;
  }

  /** To YAML, an unquoted <code>{{ name }}</code> is a mapping with a mapping for its key. */
  private static boolean isPlaceholder(SchemaProblem problem) {
    return problem.kind() == SchemaProblem.Kind.WRONG_TYPE
        && problem.span().text().startsWith("{{");
  }

  /** Whether a strategic merge patch may well be so: fields left out, directives such as $patch. */
  private static boolean isOfPatch(SchemaProblem problem) {
    return switch (problem.kind()) {
      case MISSING_KEY, WRONG_SIZE, NO_ALTERNATIVE -> true;
      case UNKNOWN_KEY -> problem.found().startsWith("$");
      default -> false;
    };
  }

  private static YamlScalar.@Nullable Kind kind(YamlScalar scalar) {
    YamlScalar.Kind kind = scalar.kind();
    if (kind == YamlScalar.Kind.NULL || !scalar.isKnown()) {
      return null;
    }
    if (kind == YamlScalar.Kind.STRING) {
      if (scalar.tag() == null && Values.isPlainBoolean(scalar)) {
        return YamlScalar.Kind.BOOLEAN;
      }
      return Values.isUnresolved(scalar.value()) ? null : kind;
    }
    return kind;
  }

  /**
   * What the field at a path is for, in one English sentence of the API reference, or null.
   *
   * @param label as {@link SchemaProblem#label()} says it, such as {@code
   *     spec.template.spec.containers[api].image}
   */
  public @Nullable String description(KubernetesObject object, String label) {
    if (!knows(object)) {
      return null;
    }
    String found = null;
    SchemaType type = schema.definition(definition(object));
    for (String key : keys(label)) {
      if (!(mapping(type) instanceof SchemaType.ObjectOf owner) || owner.keys().get(key) == null) {
        return null;
      }
      found = owner.name() + "." + key;
      type = owner.typeOf(key);
    }
    if (found == null) {
      return null;
    }
    String text = descriptions().get(found);
    return text == null && mapping(type) instanceof SchemaType.ObjectOf owner
        ? descriptions().get(owner.name())
        : text;
  }

  /** The mapping that a type leads to through sequences and alternatives, or null. */
  private @Nullable SchemaType mapping(@Nullable SchemaType unresolved) {
    SchemaType type = unresolved == null ? null : schema.resolve(unresolved);
    while (type instanceof SchemaType.ListOf list) {
      type = schema.resolve(list.items());
    }
    return type;
  }

  /** The keys on the way of a path, indexes left out. */
  static List<String> keys(String label) {
    List<String> keys = new ArrayList<>();
    StringBuilder key = new StringBuilder();
    boolean inBrackets = false;
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      if (c == '[') {
        inBrackets = true;
      } else if (c == ']') {
        inBrackets = false;
      } else if (!inBrackets && c == '.') {
        keys.add(key.toString());
        key.setLength(0);
      } else if (!inBrackets) {
        key.append(c);
      }
    }
    if (key.length() > 0) {
      keys.add(key.toString());
    }
    return keys;
  }

  /** The first sentence of a description, cut where it is long. */
  public static String firstSentence(String text) {
    Matcher end = SENTENCE_END.matcher(text);
    String sentence = end.find() ? text.substring(0, end.start()) : text;
    if (sentence.length() <= LONGEST_DESCRIPTION) {
      return sentence;
    }
    return sentence.substring(0, Math.max(1, sentence.lastIndexOf(' ', LONGEST_DESCRIPTION - 1)))
        + "…";
  }

  private Map<String, String> descriptions() {
    Map<String, String> known = descriptions;
    if (known == null) {
      known = new HashMap<>();
      for (String line : descriptionLines.get().split("\n")) {
        int tab = line.indexOf('\t');
        if (tab > 0) {
          known.put(line.substring(0, tab), line.substring(tab + 1));
        }
      }
      descriptions = known;
    }
    return known;
  }
}
