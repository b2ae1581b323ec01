package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.CustomVersion;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.project.Version;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.rules.facts.ApiLifecycle;
import fr.gouv.social.fabrique.rules.facts.ApiLifecycle.Api;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The versions of the API that the cluster serves. */
public final class ApiVersions {
  /** Versions whose objects mean the same, field by field, in the one that replaces them. */
  private static final Set<String> SAME_FIELDS =
      Set.of(
          "autoscaling/v2beta2",
          "batch/v1beta1",
          "coordination.k8s.io/v1beta1",
          "rbac.authorization.k8s.io/v1alpha1",
          "rbac.authorization.k8s.io/v1beta1",
          "scheduling.k8s.io/v1alpha1",
          "scheduling.k8s.io/v1beta1",
          "storage.k8s.io/v1beta1");

  static final Rule<KubernetesObject> REMOVED =
      rule("kubernetes/removed-api", KubernetesObject.class, ApiVersions::removed);

  static final Rule<KubernetesObject> DEPRECATED =
      rule("kubernetes/deprecated-api", KubernetesObject.class, ApiVersions::deprecated);

  /** All rules of the theme. */
  public static final List<Rule<?>> ALL = List.of(REMOVED, DEPRECATED);

  private ApiVersions() {}

  private static void removed(KubernetesObject object, RuleContext context) {
    Api api = ApiLifecycle.of(object.apiVersion(), object.kind());
    Version cluster = cluster(context);
    if (api == null || cluster == null) {
      return;
    }
    if (api.isRemovedIn(cluster) && api.removed() != null) {
      report(object, api, api.removed(), context);
    } else {
      context.keep(object.at("apiVersion"));
    }
  }

  private static void deprecated(KubernetesObject object, RuleContext context) {
    List<CustomVersion> versions =
        context.project().objects().definitions().versions(object).stream()
            .filter(each -> each.name().equals(object.version()))
            .toList();
    if (!versions.isEmpty() && versions.stream().allMatch(CustomVersion::isDeprecated)) {
      String warning = versions.get(0).deprecationWarning();
      context
          .report(
              object.at("apiVersion"),
              "custom",
              object.kind(),
              object.apiVersion(),
              warning.isEmpty() ? "" : " — " + warning)
          .related(versions.get(0));
    }
    Api api = ApiLifecycle.of(object.apiVersion(), object.kind());
    Version cluster = cluster(context);
    if (api == null || cluster == null || api.isRemovedIn(cluster)) {
      return;
    }
    if (api.isDeprecatedIn(cluster) && api.deprecated() != null) {
      report(object, api, api.deprecated(), context);
    } else {
      context.keep(object.at("apiVersion"));
    }
  }

  /** The release of the cluster, or null where the setting is no release. */
  private static @Nullable Version cluster(RuleContext context) {
    String configured = context.parameter("kubernetes.version").strip();
    String text = configured.isEmpty() ? context.parameter("version") : configured;
    return Version.leading(text.startsWith("v") ? text.substring(1) : text);
  }

  private static void report(
      KubernetesObject object, Api api, Version release, RuleContext context) {
    YamlPlace at = object.at("apiVersion");
    String replacement = api.replacement();
    if (replacement == null) {
      context.report(at, "gone", object.kind(), api.apiVersion(), release);
      return;
    }
    RuleContext.Reported reported =
        context.report(at, "replaced", object.kind(), api.apiVersion(), release, replacement);
    // An item of a list may have its version from there.
    if (at.node() != null && at.isPresent() && keepsMeaning(object)) {
      reported.fix(new TextEdit(at.node().span(), replacement));
    }
  }

  private static boolean keepsMeaning(KubernetesObject object) {
    return switch (object.apiVersion()) {
      // These versions made up a selector where none was written.
      case "apps/v1beta1", "apps/v1beta2" -> object.has("spec.selector");
      case "extensions/v1beta1" ->
          !object.kind().equals("Ingress") && object.has("spec.selector.matchLabels");
      // An empty selector chose nothing before and everything since.
      case "policy/v1beta1" ->
          object.kind().equals("PodDisruptionBudget")
              && !object.at("spec.selector.matchLabels").values().isEmpty();
      default -> SAME_FIELDS.contains(object.apiVersion());
    };
  }
}
