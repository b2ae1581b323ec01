package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The CustomResourceDefinitions that a repository brings. */
final class Definitions {
  /** Deeper schemas are left to the API server. */
  private static final int MAX_DEPTH = 100;

  /**
   * Semantics: {@code k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation} and {@code
   * pkg/apiserver/schema}, what makes a schema structural.
   */
  static final Rule<KubernetesObject> INVALID_DEFINITION =
      rule(
          "kubernetes/invalid-definition",
          KubernetesObject.class,
          (object, context) -> {
            if (!object.is("CustomResourceDefinition", "apiextensions.k8s.io")
                || !object.version().equals("v1")
                || object.isPartial()) {
              return;
            }
            String plural = object.at("spec.names.plural").text("");
            String group = object.at("spec.group").text("");
            if (!plural.isEmpty()
                && !group.isEmpty()
                && References.isPlain(plural + group + object.name())
                && !object.name().equals(plural + "." + group)) {
              context.report(
                  object.at("metadata.name"), "name", object.name(), plural + "." + group);
            }
            if (object.at("spec.preserveUnknownFields").text("").equals("true")) {
              context.report(object.at("spec.preserveUnknownFields"), "preserve");
            }
            versions(object, context);
          });

  static final List<Rule<?>> ALL = List.of(INVALID_DEFINITION);

  private Definitions() {}

  private static void versions(KubernetesObject object, RuleContext context) {
    Map<String, YamlPlace> names = new HashMap<>();
    List<YamlPlace> versions = object.items("spec.versions");
    int stored = 0;
    for (YamlPlace version : versions) {
      YamlPlace earlier = names.putIfAbsent(version.key("name").text(""), version.key("name"));
      if (earlier != null) {
        context.report(version.key("name"), "twice", version.key("name").text("")).related(earlier);
      }
      stored += version.key("storage").text("").equals("true") ? 1 : 0;
      YamlPlace schema = version.at("schema.openAPIV3Schema");
      if (schema.node() instanceof YamlMapping) {
        if (!schema.key("type").text("").equals("object")) {
          context.report(schema.key("type"), "root");
        }
        structural(schema, context, 0);
      }
    }
    if (!versions.isEmpty() && stored != 1) {
      context.report(object.at("spec.versions"), "storage", stored);
    }
  }

  private static void structural(YamlPlace schema, RuleContext context, int depth) {
    if (depth > MAX_DEPTH) {
      return;
    }
    String type = schema.key("type").text("");
    boolean open =
        isTrue(schema, "x-kubernetes-preserve-unknown-fields")
            || isTrue(schema, "x-kubernetes-int-or-string");
    if (type.isEmpty() && !open && depth > 0) {
      context.report(schema, "type", schema.name());
    }
    if (type.equals("array") && !schema.key("items").isPresent()) {
      context.report(schema.key("type"), "items", schema.name());
    }
    value(schema, type, context);
    YamlPlace properties = schema.key("properties");
    YamlPlace additional = schema.key("additionalProperties");
    if (!properties.values().isEmpty() && additional.isPresent()) {
      context.report(additional, "both", schema.name());
    }
    for (YamlPlace property : properties.values()) {
      if (property.node() instanceof YamlMapping) {
        structural(property, context, depth + 1);
      }
    }
    for (YamlPlace inner : List.of(additional, schema.key("items"))) {
      if (inner.node() instanceof YamlMapping) {
        structural(inner, context, depth + 1);
      }
    }
  }

  /** A pattern that Go cannot read, and a default of another type. */
  private static void value(YamlPlace schema, String type, RuleContext context) {
    YamlPlace pattern = schema.key("pattern");
    String text = pattern.text();
    if (text != null
        && References.isPlain(text.replace("$", ""))
        && !Expressions.isReadable(text)) {
      context.report(pattern, "pattern", text);
    }
    YamlPlace fallback = schema.key("default");
    boolean fits =
        switch (type) {
          case "object" -> fallback.node() instanceof YamlMapping;
          case "array" -> fallback.node() instanceof YamlSequence;
          case "string", "integer", "number", "boolean" ->
              fallback.node() instanceof YamlScalar scalar && fits(type, scalar.kind());
          default -> true;
        };
    if (fallback.isPresent() && !fallback.isUnknown() && !fits) {
      context.report(fallback, "default", fallback.text(type.equals("array") ? "{}" : "[]"), type);
    }
  }

  private static boolean fits(String type, YamlScalar.Kind kind) {
    return switch (kind) {
      case STRING -> type.equals("string");
      case BOOLEAN -> type.equals("boolean");
      case INTEGER -> type.equals("integer") || type.equals("number");
      case FLOAT -> type.equals("number");
      default -> true;
    };
  }

  private static boolean isTrue(YamlPlace schema, String key) {
    return schema.key(key).text("").equals("true");
  }

  /** A class of its own: only a run that meets a pattern loads the library. */
  private static final class Expressions {
    static boolean isReadable(String text) {
      try {
        Pattern.compile(text);
        return true;
      } catch (PatternSyntaxException refused) {
        return false;
      }
    }
  }
}
