package fr.gouv.social.fabrique.rules.kubernetes;

import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.Kustomization;
import fr.gouv.social.fabrique.kubernetes.LabelSelector;
import fr.gouv.social.fabrique.kubernetes.LabelSelector.Requirement;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.PathGlob;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a repository does not show: what operators, charts, other repositories and people make. A
 * link is only called broken where its other end should be here.
 */
final class Elsewhere {
  /** Labels that controllers put on pods. */
  private static final Set<String> OF_CONTROLLERS =
      Set.of(
          "apps.kubernetes.io/pod-index",
          "batch.kubernetes.io/controller-uid",
          "batch.kubernetes.io/job-completion-index",
          "batch.kubernetes.io/job-name",
          "controller-revision-hash",
          "controller-uid",
          "job-name",
          "pod-template-hash",
          "rollouts-pod-template-hash",
          "statefulset.kubernetes.io/pod-name");

  /** Kinds that stand for objects that are written somewhere else. */
  private static final Set<String> BUNDLES =
      Set.of("Addon", "App", "Application", "ApplicationSet", "HelmChart", "HelmRelease");

  /** Operators whose objects make no pods. */
  private static final Set<String> WITHOUT_PODS =
      Set.of(
          "bitnami.com",
          "cert-manager.io",
          "cilium.io",
          "external-secrets.io",
          "isindir.github.com",
          "kyverno.io",
          "networking.istio.io",
          "policies.kyverno.io",
          "secrets.hashicorp.com",
          "security.istio.io",
          "traefik.containo.us",
          "traefik.io",
          "trust.cert-manager.io");

  /** The kinds of the Prometheus operator that make no pods. */
  private static final Set<String> MONITORS =
      Set.of(
          "AlertmanagerConfig",
          "PodMonitor",
          "Probe",
          "PrometheusRule",
          "ScrapeConfig",
          "ServiceMonitor");

  private Elsewhere() {}

  /** Whether the setting {@code kubernetes.externals} says that something exists. */
  static boolean isDeclared(RuleContext context, KubernetesObject from, String kind, String name) {
    String namespace = from.namespace().value();
    for (String external : context.list("kubernetes.externals")) {
      PathGlob glob = PathGlob.of(external);
      if (glob.matches(kind + "/" + name)
          || glob.matches((namespace == null ? "default" : namespace) + "/" + kind + "/" + name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether an object of a kind and name is here, or somebody says that it is elsewhere. Names with
   * the prefix or suffix of a kustomization count, and so does any namespace where one of both
   * objects does not say its own.
   */
  static boolean has(RuleContext context, KubernetesObject from, String kind, String name) {
    return isOpen(context, from) || isHere(context, from, kind, name);
  }

  /** The same for a rule that has the parameter {@code strict}. */
  static boolean mayHave(RuleContext context, KubernetesObject from, String kind, String name) {
    return isStrict(context) ? isHere(context, from, kind, name) : has(context, from, kind, name);
  }

  private static boolean isHere(
      RuleContext context, KubernetesObject from, String kind, String name) {
    ObjectIndex objects = context.project().objects();
    if (!objects.named(from, kind, name).isEmpty() || isDeclared(context, from, kind, name)) {
      return true;
    }
    Set<String> names = objects.namesBeforeKustomization(name);
    return any(context, from, each -> each.kind().equals(kind) && names.contains(each.name()));
  }

  /** Whether an object of a kind may be in the namespace of another one. */
  static boolean hasAny(RuleContext context, KubernetesObject from, String kind) {
    return any(context, from, each -> each != from && each.kind().equals(kind));
  }

  /**
   * Whether pods are written beside an object, or for its very namespace where it says one, so that
   * others should be there too.
   */
  static boolean showsPods(RuleContext context, KubernetesObject from) {
    return anyPods(
        context,
        from,
        each ->
            from.namespace().isSet()
                ? each.object().namespace().isSet() && each.object().sharesNamespaceWith(from)
                : isBelow(each.object().file().path(), from.file().folder()));
  }

  private static boolean anyPods(
      RuleContext context, KubernetesObject from, Predicate<Workload> condition) {
    ObjectIndex objects = context.project().objects();
    return objects.all(Workload.class).stream()
        .anyMatch(
            each ->
                !each.object().isPartial()
                    && objects.meet(from, each.object())
                    && condition.test(each));
  }

  /** Whether the files are said to hold all that there is, so that no sign of it is needed. */
  static boolean isStrict(RuleContext context) {
    return context.parameter("strict").equals("true");
  }

  /**
   * Whether a selector that is not empty chooses nothing, although pods should be here: some are,
   * or those that it asks for are beside it in another namespace, or the files are said to hold
   * all.
   */
  static boolean isDangling(RuleContext context, KubernetesObject from, LabelSelector selector) {
    if (isStrict(context)) {
      return selector.exists()
          && !selector.choosesAll()
          && !from.isPartial()
          && context.project().objects().surelyChosen(from, selector).isEmpty()
          && !choosesElsewhere(context, from, selector)
          && !isDeclared(context, from, from.kind(), from.name());
    }
    return selector.exists()
        && !selector.choosesAll()
        && !from.isPartial()
        && !Metadata.isOfCluster(String.valueOf(from.namespace().value()))
        && !choosesPods(context, from, selector)
        && (showsPods(context, from)
            || anyPods(
                context,
                from,
                each ->
                    isBelow(each.object().file().path(), from.file().folder())
                        && selector.matches(each.podLabels())))
        && !isDeclared(context, from, from.kind(), from.name());
  }

  /**
   * Whether it chooses pods where one of both does not say its namespace, so that it may be one.
   */
  private static boolean choosesElsewhere(
      RuleContext context, KubernetesObject from, LabelSelector selector) {
    ObjectIndex objects = context.project().objects();
    return objects.all(Workload.class).stream()
        .anyMatch(
            each -> meet(objects, from, each.object()) && selector.surelyMatches(each.podLabels()));
  }

  private static boolean any(
      RuleContext context, KubernetesObject from, Predicate<KubernetesObject> condition) {
    ObjectIndex objects = context.project().objects();
    return objects.objects().stream()
        .anyMatch(each -> condition.test(each) && meet(objects, from, each));
  }

  private static boolean meet(ObjectIndex objects, KubernetesObject one, KubernetesObject other) {
    return objects.meet(one, other)
        && (one.sharesNamespaceWith(other)
            || !one.namespace().isSet()
            || !other.namespace().isSet());
  }

  /** Whether charts, remote bases or the like bring objects that are not written here. */
  static boolean isOpen(RuleContext context, KubernetesObject from) {
    ObjectIndex objects = context.project().objects();
    for (Kustomization each : objects.kustomizations()) {
      YamlPlace place = each.place();
      if (objects.meet(from, each)
          && areNear(each.file().path(), from.file().path())
          && (place.key("helmCharts").isPresent()
              || place.key("helmChartInflationGenerator").isPresent()
              || place.key("generators").isPresent()
              || place.key("resources").texts().stream().anyMatch(Elsewhere::isRemote)
              || place.key("bases").texts().stream().anyMatch(Elsewhere::isRemote))) {
        return true;
      }
    }
    return objects.objects().stream()
        .anyMatch(
            each ->
                BUNDLES.contains(each.kind())
                    && objects.meet(from, each)
                    && areNear(each.file().path(), from.file().path()));
  }

  private static boolean isBelow(String path, String folder) {
    return folder.isEmpty() || path.startsWith(folder + "/");
  }

  /** Whether two files are of one part of the repository: of one folder at its root. */
  private static boolean areNear(String one, String other) {
    int slash = one.indexOf('/');
    return slash < 0 || other.indexOf('/') < 0 || other.startsWith(one.substring(0, slash + 1));
  }

  private static boolean isRemote(String resource) {
    return resource.contains("://")
        || resource.contains("?ref=")
        || resource.startsWith("git@")
        || resource.startsWith("github.com/");
  }

  /** Whether a selector chooses pods that are here or that an operator may make. */
  static boolean choosesPods(RuleContext context, KubernetesObject from, LabelSelector selector) {
    ObjectIndex objects = context.project().objects();
    List<Requirement> requirements =
        selector.requirements().stream()
            .filter(each -> !OF_CONTROLLERS.contains(each.key()) && !isGiven(objects, each))
            .toList();
    LabelSelector own = new LabelSelector(selector.at(), selector.exists(), requirements);
    return !objects.chosen(from, own).isEmpty()
        || isOpen(context, from)
        || objects.all(Workload.class).stream()
            .anyMatch(each -> meet(objects, from, each.object()) && own.matches(each.podLabels()))
        || any(context, from, each -> mayMake(each, requirements))
        || requirements.stream().anyMatch(each -> isOfOperator(objects, each.key()));
  }

  /** Whether a kustomization gives the label that is asked for to whatever it takes in. */
  private static boolean isGiven(ObjectIndex objects, Requirement requirement) {
    for (Kustomization each : objects.kustomizations()) {
      Map<String, String> labels = each.labels();
      if (labels.containsKey(requirement.key()) && requirement.mayMatch(labels)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an object of an operator makes pods with the labels that are asked for. */
  private static boolean mayMake(KubernetesObject object, List<Requirement> requirements) {
    String group = object.group();
    if (group.indexOf('.') < 0
        || group.endsWith(".k8s.io")
        || WITHOUT_PODS.contains(group)
        || MONITORS.contains(object.kind())) {
      return false;
    }
    Map<String, String> labels = object.labels();
    return requirements.stream().allMatch(each -> each.mayMatch(labels))
        || requirements.stream()
            .anyMatch(
                each ->
                    each.operator() == LabelSelector.Operator.IN
                        && each.values().contains(object.name()));
  }

  /** Whether a label is of a domain that no pod here carries: {@code strimzi.io/name}. */
  private static boolean isOfOperator(ObjectIndex objects, String key) {
    int slash = key.indexOf('/');
    String domain = slash < 0 ? "" : key.substring(0, slash);
    return !domain.isEmpty()
        && !domain.endsWith("kubernetes.io")
        && !domain.endsWith("k8s.io")
        && objects.all(Workload.class).stream()
            .noneMatch(each -> each.podLabels().containsKey(key));
  }
}
