package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.KubernetesSchema;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.rules.facts.ApiLifecycle;
import fr.gouv.social.fabrique.schema.SchemaProblem;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Text;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
            if (!schema.knows(object)) {
              String name = object.apiVersion() + " " + object.kind();
              context.notChecked(
                  object,
                  new Text(
                      "genre sans schéma connu : " + name, "kind without a known schema: " + name));
            }
            for (SchemaProblem each : schema.check(object)) {
              String key = each.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
              String expected = String.join(", ", each.expected());
              String suggestion = each.suggestion();
              if (suggestion == null || !MISSPELT.contains(each.kind())) {
                String about = described(schema.description(object, each.label()));
                context.report(each, key, each.found(), expected, about);
                continue;
              }
              boolean unknownKey = each.kind() == SchemaProblem.Kind.UNKNOWN_KEY;
              String path = unknownKey ? meant(each.label(), suggestion) : each.label();
              context
                  .report(
                      each,
                      key + "-suggestion",
                      each.found(),
                      expected,
                      described(schema.description(object, path)),
                      suggestion)
                  .unsafeFix(new TextEdit(each.span(), suggestion));
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
            if (kind.isEmpty()
                || object.apiVersion().isEmpty()
                || !References.isPlain(kind + object.apiVersion())
                || !Metadata.isOfKubernetes(object)
                || schema.knows(object)
                || ApiLifecycle.of(object.apiVersion(), kind) != null) {
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

  static final List<Rule<?>> ALL = List.of(SCHEMA, WRONG_API);

  private Schemas() {}

  /** The path of the key that was probably meant. */
  private static String meant(String label, String suggestion) {
    return label.substring(0, label.lastIndexOf('.') + 1) + suggestion;
  }

  /** What a field is for, as the API reference says it, to stand after a message. */
  private static String described(@Nullable String description) {
    return description == null ? "" : " — " + description;
  }
}
