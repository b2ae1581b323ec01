package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.CustomSchema;
import fr.gouv.social.fabrique.kubernetes.CustomVersion;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.KubernetesSchema;
import fr.gouv.social.fabrique.project.Version;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.rules.facts.ApiLifecycle;
import fr.gouv.social.fabrique.schema.SchemaProblem;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Text;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the API server refuses to read. */
final class Schemas {
  private static final Set<SchemaProblem.Kind> MISSPELT =
      Set.of(SchemaProblem.Kind.UNKNOWN_KEY, SchemaProblem.Kind.NOT_ALLOWED_VALUE);

  static final Rule<KubernetesObject> SCHEMA =
      rule(
          "kubernetes/schema",
          KubernetesObject.class,
          (object, context) -> {
            if (!object.isPartial() && (object.kind().isEmpty() || object.apiVersion().isEmpty())) {
              context.report(object, object.kind().isEmpty() ? "no-kind" : "no-api-version");
              return;
            }
            KubernetesSchema schema = KubernetesSchemas.of(context.parameter("kubernetes.version"));
            List<CustomVersion> versions =
                context.project().objects().definitions().versions(object);
            if (!versions.isEmpty() && !schema.isOwn(object)) {
              custom(object, versions, schema, context);
              return;
            }
            if (!schema.knows(object)) {
              String name = object.apiVersion() + " " + object.kind();
              context.notChecked(
                  object,
                  new Text(
                      "genre sans schéma connu : " + name, "kind without a known schema: " + name));
            }
            schema
                .check(object)
                .forEach(each -> report(each, label -> schema.description(object, label), context));
          });

  /** An object whose fields nothing here can judge: neither built in, nor defined beside it. */
  static final Rule<KubernetesObject> UNKNOWN_KIND =
      rule(
          "kubernetes/unknown-kind",
          KubernetesObject.class,
          (object, context) -> {
            String name = object.apiVersion() + " " + object.kind();
            if (!object.kind().isEmpty()
                && !object.apiVersion().isEmpty()
                && References.isPlain(name)
                && !KubernetesSchemas.of(context.parameter("kubernetes.version")).knows(object)
                && ApiLifecycle.of(object.apiVersion(), object.kind()) == null
                && context.project().objects().definitions().versions(object).isEmpty()) {
              context.report(object.at("kind"), "unknown", object.apiVersion(), object.kind());
            }
          });

  /** Kinds that people write, with the version that serves them. */
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("ClusterRole", "rbac.authorization.k8s.io/v1"),
          Map.entry("ClusterRoleBinding", "rbac.authorization.k8s.io/v1"),
          Map.entry("ConfigMap", "v1"),
          Map.entry("CronJob", "batch/v1"),
          Map.entry("DaemonSet", "apps/v1"),
          Map.entry("Deployment", "apps/v1"),
          Map.entry("HorizontalPodAutoscaler", "autoscaling/v2"),
          Map.entry("Ingress", "networking.k8s.io/v1"),
          Map.entry("Job", "batch/v1"),
          Map.entry("Namespace", "v1"),
          Map.entry("NetworkPolicy", "networking.k8s.io/v1"),
          Map.entry("PersistentVolume", "v1"),
          Map.entry("PersistentVolumeClaim", "v1"),
          Map.entry("Pod", "v1"),
          Map.entry("PodDisruptionBudget", "policy/v1"),
          Map.entry("Role", "rbac.authorization.k8s.io/v1"),
          Map.entry("RoleBinding", "rbac.authorization.k8s.io/v1"),
          Map.entry("Secret", "v1"),
          Map.entry("Service", "v1"),
          Map.entry("ServiceAccount", "v1"),
          Map.entry("StatefulSet", "apps/v1"),
          Map.entry("StorageClass", "storage.k8s.io/v1"));

  static final Rule<KubernetesObject> WRONG_API =
      rule(
          "kubernetes/wrong-api",
          KubernetesObject.class,
          (object, context) -> {
            KubernetesSchema schema = KubernetesSchemas.of(context.parameter("kubernetes.version"));
            String kind = object.kind();
            customVersion(object, context);
            if (kind.isEmpty()
                || object.apiVersion().isEmpty()
                || !References.isPlain(kind + object.apiVersion())
                || !Metadata.isOfKubernetes(object)
                || schema.knows(object)
                || !context.project().objects().definitions().versions(object).isEmpty()) {
              return;
            }
            ApiLifecycle.Api api = ApiLifecycle.of(object.apiVersion(), kind);
            if (api != null) {
              Version cluster = Version.leading(context.parameter("kubernetes.version"));
              if (cluster != null && api.introduced() != null && api.isNotYetIn(cluster)) {
                context.report(
                    object.at("apiVersion"),
                    "not-yet",
                    object.apiVersion(),
                    kind,
                    api.introduced(),
                    cluster);
              }
              return;
            }
            String version = KINDS.get(kind);
            if (version != null) {
              context.report(
                  object.at("apiVersion"), "version", object.apiVersion(), kind, version);
              return;
            }
            String meant = Spelling.nearest(kind, KINDS.keySet().stream().sorted().toList());
            if (meant != null && object.apiVersion().equals(KINDS.get(meant))) {
              context.report(object.at("kind"), "kind", object.apiVersion(), kind, meant);
            }
          });

  static final List<Rule<?>> ALL = List.of(SCHEMA, UNKNOWN_KIND, WRONG_API);

  private Schemas() {}

  /** A version that the definition of a custom resource does not have, or does not serve. */
  private static void customVersion(KubernetesObject object, RuleContext context) {
    List<CustomVersion> versions = context.project().objects().definitions().versions(object);
    List<String> served =
        versions.stream()
            .filter(CustomVersion::isServed)
            .map(CustomVersion::name)
            .distinct()
            .toList();
    if (!served.isEmpty()
        && References.isPlain(object.apiVersion())
        && !served.contains(object.version())) {
      boolean known = versions.stream().anyMatch(each -> each.name().equals(object.version()));
      context
          .report(
              object.at("apiVersion"),
              known ? "not-served" : "not-defined",
              object.kind(),
              object.apiVersion(),
              String.join(", ", served))
          .related(versions.get(0).definition());
    }
  }

  /** Bundles may bring one definition in several states: the one that fits best is meant. */
  private static void custom(
      KubernetesObject object,
      List<CustomVersion> versions,
      KubernetesSchema schema,
      RuleContext context) {
    CustomVersion nearest = null;
    CustomSchema.Result result = null;
    for (CustomVersion version : versions) {
      if (version.name().equals(object.version())) {
        CustomSchema.Result found = CustomSchema.check(object, version, schema);
        if (result == null || found.problems().size() < result.problems().size()) {
          nearest = version;
          result = found;
        }
      }
    }
    if (nearest == null || result == null) {
      return;
    }
    CustomVersion version = nearest;
    result
        .problems()
        .forEach(each -> report(each, label -> CustomSchema.description(version, label), context));
    if (version.schema() == null) {
      context.notChecked(
          object,
          new Text(
              "la définition de " + object.kind() + " n'a pas de schéma",
              "the definition of " + object.kind() + " has no schema"));
    } else if (!result.complete()) {
      context.notChecked(
          object,
          new Text(
              "le schéma de " + object.kind() + " est sans fin",
              "the schema of " + object.kind() + " has no end"));
    } else if (result.rules() > 0) {
      context.notChecked(
          object,
          new Text(
              "règles CEL de la définition de " + object.kind() + " : " + result.rules(),
              "CEL rules of the definition of " + object.kind() + ": " + result.rules()));
    }
  }

  private static void report(
      SchemaProblem problem, Function<String, @Nullable String> descriptions, RuleContext context) {
    if (problem.kind() == SchemaProblem.Kind.UNKNOWN_KEY
        && context.parameter("strict").equals("false")) {
      return;
    }
    String key = problem.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    String expected = expected(problem);
    String suggestion = problem.suggestion();
    if (suggestion == null || !MISSPELT.contains(problem.kind())) {
      String about = described(descriptions.apply(problem.label()));
      context.report(problem, key, problem.found(), expected, about);
      return;
    }
    boolean unknownKey = problem.kind() == SchemaProblem.Kind.UNKNOWN_KEY;
    String path = unknownKey ? meant(problem.label(), suggestion) : problem.label();
    String about = described(descriptions.apply(path));
    context
        .report(problem, key + "-suggestion", problem.found(), expected, about, suggestion)
        .unsafeFix(new TextEdit(problem.span(), suggestion));
  }

  /** What is allowed, bounds in the signs of mathematics. */
  private static String expected(SchemaProblem problem) {
    List<String> expected = problem.expected();
    return switch (problem.kind()) {
      case OUT_OF_RANGE, WRONG_SIZE ->
          expected.get(0).isEmpty()
              ? "≤ " + expected.get(1)
              : expected.get(1).isEmpty()
                  ? "≥ " + expected.get(0)
                  : expected.get(0) + "–" + expected.get(1);
      default -> String.join(", ", expected);
    };
  }

  /** The path of the key that was probably meant. */
  private static String meant(String label, String suggestion) {
    return label.substring(0, label.lastIndexOf('.') + 1) + suggestion;
  }

  /** What a field is for, as the API reference says it, to stand after a message. */
  private static String described(@Nullable String description) {
    return description == null ? "" : " — " + description;
  }
}
