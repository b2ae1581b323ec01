package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Backend;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.ContainerPort;
import fr.gouv.social.fabrique.kubernetes.HorizontalPodAutoscaler;
import fr.gouv.social.fabrique.kubernetes.Ingress;
import fr.gouv.social.fabrique.kubernetes.IntOrString;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.LabelSelector;
import fr.gouv.social.fabrique.kubernetes.LabelSelector.Requirement;
import fr.gouv.social.fabrique.kubernetes.Monitor;
import fr.gouv.social.fabrique.kubernetes.NetworkPolicy;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.kubernetes.PodDisruptionBudget;
import fr.gouv.social.fabrique.kubernetes.Route;
import fr.gouv.social.fabrique.kubernetes.Service;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What leads from one object to others by label or by port, and where it ends. */
final class Services {
  static final Rule<Workload> SELECTOR_MISMATCH =
      rule(
          "kubernetes/selector-mismatch",
          Workload.class,
          (workload, context) -> {
            KubernetesObject object = workload.object();
            LabelSelector selector = workload.selector();
            if (object.isPartial()
                || workload.isBatch()
                || object.kind().startsWith("Pod")
                || !selector.exists()) {
              return;
            }
            if (selector.choosesAll()) {
              // The keys of a selector that is neither form are for the schema to report.
              if (selector.at().values().isEmpty()) {
                context.report(selector.at(), "empty", object.label());
              }
            } else if (!selector.matches(workload.podLabels())) {
              context
                  .report(selector.at(), "mismatch", object.label(), text(selector))
                  .related(workload.template().at("metadata.labels"));
            }
          });

  static final Rule<Service> DANGLING_SERVICE =
      rule(
          "kubernetes/dangling-service",
          Service.class,
          (service, context) -> {
            LabelSelector selector = service.selector();
            if (!service.type().is("ExternalName"::equals)
                && Elsewhere.isDangling(context, service.object(), selector)) {
              context.report(selector.at(), "dangling", service.object().name(), text(selector));
            }
          });

  static final Rule<Service> UNKNOWN_TARGET_PORT =
      rule(
          "kubernetes/unknown-target-port",
          Service.class,
          (service, context) -> {
            List<Workload> chosen = chosen(service, context);
            for (Service.Port port : service.ports()) {
              IntOrString target = port.targetPort().value();
              if (!chosen.isEmpty()
                  && target != null
                  && target.number() == null
                  && target.text().chars().anyMatch(Character::isLetter)
                  && chosen.stream().noneMatch(each -> declares(each, target))) {
                context
                    .report(port.at("targetPort"), "unknown", target, chosen.get(0).label())
                    .related(chosen.get(0));
              }
            }
          });

  static final Rule<Service> UNDECLARED_TARGET_PORT =
      rule(
          "kubernetes/undeclared-target-port",
          Service.class,
          (service, context) -> {
            List<Workload> chosen = chosen(service, context);
            for (Service.Port port : service.ports()) {
              IntOrString target = port.targetPort().value();
              if (!chosen.isEmpty()
                  && target != null
                  && target.number() != null
                  && chosen.stream().noneMatch(each -> declares(each, target))
                  && chosen.stream().noneMatch(each -> ports(each).isEmpty())) {
                YamlPlace written = port.at("targetPort");
                context.report(
                    written.isPresent() ? written : port.at("port"),
                    "undeclared",
                    target,
                    chosen.get(0).label());
              }
            }
          });

  static final Rule<Ingress> DANGLING_INGRESS =
      rule(
          "kubernetes/dangling-ingress",
          Ingress.class,
          (ingress, context) -> {
            boolean dangling = false;
            List<Backend> backends = ingress.backends();
            for (Backend each : backends) {
              dangling |= dangles(ingress.object(), each, context);
            }
            if (!dangling && !backends.isEmpty()) {
              context.keep(backends.get(0));
            }
          });

  static final Rule<Route> DANGLING_ROUTE =
      rule(
          "kubernetes/dangling-route",
          Route.class,
          (route, context) -> {
            route.backends().forEach(each -> dangles(route.object(), each, context));
            route.namespacedBackends().forEach(each -> elsewhere(route, each, context));
          });

  static final Rule<NetworkPolicy> DANGLING_NETWORK_POLICY =
      rule(
          "kubernetes/dangling-network-policy",
          NetworkPolicy.class,
          (policy, context) -> {
            LabelSelector selector = policy.podSelector();
            if (Elsewhere.isDangling(context, policy.object(), selector)) {
              context.report(selector.at(), "dangling", policy.object().name(), text(selector));
            }
          });

  static final Rule<NetworkPolicy> DANGLING_NETWORK_PEER =
      rule(
          "kubernetes/dangling-network-peer",
          NetworkPolicy.class,
          (policy, context) -> {
            for (YamlPlace peer : policy.peers()) {
              LabelSelector selector = LabelSelector.of(peer.key("podSelector"));
              if (!peer.key("namespaceSelector").isPresent()
                  && Elsewhere.isDangling(context, policy.object(), selector)) {
                context.report(selector.at(), "dangling", policy.object().name(), text(selector));
              }
            }
          });

  static final Rule<PodDisruptionBudget> DANGLING_BUDGET =
      rule(
          "kubernetes/dangling-budget",
          PodDisruptionBudget.class,
          (budget, context) -> {
            LabelSelector selector = budget.selector();
            if (Elsewhere.isDangling(context, budget.object(), selector)) {
              context.report(selector.at(), "dangling", budget.object().name(), text(selector));
            }
          });

  private static final Set<String> SCALED =
      Set.of("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController");

  static final Rule<HorizontalPodAutoscaler> DANGLING_AUTOSCALER =
      rule(
          "kubernetes/dangling-autoscaler",
          HorizontalPodAutoscaler.class,
          (autoscaler, context) -> {
            String kind = autoscaler.targetKind();
            String name = autoscaler.targetName().value();
            if (name != null
                && SCALED.contains(kind)
                && !autoscaler.object().isPartial()
                && (Elsewhere.isStrict(context)
                    || Elsewhere.showsPods(context, autoscaler.object()))
                && !Elsewhere.mayHave(context, autoscaler.object(), kind, name)) {
              context.report(autoscaler.at("spec.scaleTargetRef.name"), "dangling", kind, name);
            }
          });

  static final Rule<Workload> STATEFULSET_SERVICE =
      rule(
          "kubernetes/statefulset-service",
          Workload.class,
          (workload, context) -> {
            KubernetesObject object = workload.object();
            YamlPlace place = workload.at("spec.serviceName");
            String name = workload.string("spec.serviceName").value();
            if (!workload.kind().equals("StatefulSet") || name == null || object.isPartial()) {
              return;
            }
            Service service = context.project().objects().service(object, name);
            if (service == null) {
              if (!Elsewhere.has(context, object, "Service", name)) {
                context.report(place, "missing", name);
              }
            } else if (!service.object().isPartial()) {
              if (!service.isHeadless()) {
                context.report(place, "not-headless", name).related(service);
              } else if (service.selector().exists()
                  && !service.selector().matches(workload.podLabels())) {
                context.report(place, "other-pods", name).related(service.selector().at());
              }
            }
          });

  static final Rule<Monitor> DANGLING_MONITOR =
      rule(
          "kubernetes/dangling-monitor",
          Monitor.class,
          (monitor, context) -> {
            LabelSelector selector = monitor.selector();
            ObjectIndex objects = context.project().objects();
            if (!selector.exists()
                || selector.choosesAll()
                || monitor.object().isPartial()
                || isOfCluster(monitor)) {
              return;
            }
            if (monitor.ofPods()) {
              List<Workload> pods = objects.monitoredPods(monitor);
              if (!pods.isEmpty()) {
                unknownPorts(
                    monitor,
                    context,
                    pods.stream()
                        .flatMap(each -> ports(each).stream())
                        .map(ContainerPort::name)
                        .collect(Collectors.toSet()));
              } else if (Elsewhere.isDangling(context, monitor.object(), selector)) {
                context.report(selector.at(), "no-pod", monitor.object().name(), text(selector));
              }
              return;
            }
            List<Service> services = objects.monitoredServices(monitor);
            if (!services.isEmpty()) {
              unknownPorts(
                  monitor,
                  context,
                  services.stream()
                      .flatMap(each -> each.ports().stream())
                      .map(Service.Port::name)
                      .collect(Collectors.toSet()));
            } else if (Elsewhere.isStrict(context)
                || objects.all(Service.class).stream()
                        .anyMatch(
                            each ->
                                objects.meet(monitor.object(), each.object())
                                    && monitor.looksInto(each.object()))
                    && !Elsewhere.isOpen(context, monitor.object())) {
              context.report(selector.at(), "no-service", monitor.object().name(), text(selector));
            }
          });

  static final Rule<Service> SAME_SELECTOR =
      rule(
          "kubernetes/services-with-one-selector",
          Service.class,
          (service, context) -> {
            LabelSelector selector = service.selector();
            for (Service each : context.project().objects().all(Service.class)) {
              if (each.object() == service.object()) {
                return;
              }
              if (selector.exists()
                  && each.isHeadless() == service.isHeadless()
                  && each.object().sharesNamespaceWith(service.object())
                  && context.project().objects().meet(each.object(), service.object())
                  && Set.copyOf(each.selector().requirements())
                      .equals(Set.copyOf(selector.requirements()))) {
                context
                    .report(selector.at(), "same", service.object().name(), each.object().name())
                    .related(each.selector().at());
                return;
              }
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          SELECTOR_MISMATCH,
          DANGLING_SERVICE,
          UNKNOWN_TARGET_PORT,
          UNDECLARED_TARGET_PORT,
          DANGLING_INGRESS,
          DANGLING_ROUTE,
          DANGLING_NETWORK_POLICY,
          DANGLING_NETWORK_PEER,
          DANGLING_BUDGET,
          DANGLING_AUTOSCALER,
          STATEFULSET_SERVICE,
          DANGLING_MONITOR,
          SAME_SELECTOR);

  private Services() {}

  /** A selector in the words of {@code kubectl get --selector}. */
  static String text(LabelSelector selector) {
    List<String> texts = new ArrayList<>();
    for (Requirement each : selector.requirements()) {
      String values = String.join(",", each.values());
      if (each.operator() == null) {
        texts.add(each.key() + " ?");
        continue;
      }
      texts.add(
          switch (each.operator()) {
            case IN ->
                each.values().size() == 1
                    ? each.key() + "=" + values
                    : each.key() + " in (" + values + ")";
            case NOT_IN -> each.key() + " notin (" + values + ")";
            case EXISTS -> each.key();
            case DOES_NOT_EXIST -> "!" + each.key();
          });
    }
    return String.join(", ", texts);
  }

  private static List<Workload> chosen(Service service, RuleContext context) {
    if (service.object().isPartial()) {
      return List.of();
    }
    LabelSelector selector = service.selector();
    List<Workload> chosen = context.project().objects().chosen(service.object(), selector);
    // Placeholders may choose any pods, and so none of these.
    return chosen.stream().allMatch(each -> selector.surelyMatches(each.podLabels()))
        ? chosen
        : List.of();
  }

  private static List<ContainerPort> ports(Workload workload) {
    return workload.pod().containers().stream().flatMap(each -> each.ports().stream()).toList();
  }

  private static boolean declares(Workload workload, IntOrString port) {
    for (Container each : workload.pod().containers()) {
      if (each.port(port) != null
          || each.ports().stream().anyMatch(known -> !References.isPlain(known.name()))
          || each.ports().stream().anyMatch(known -> known.number().isUnknown())) {
        return true;
      }
    }
    return false;
  }

  private static boolean dangles(KubernetesObject object, Backend backend, RuleContext context) {
    ObjectIndex objects = context.project().objects();
    String name = backend.serviceName().value();
    IntOrString port = backend.servicePort().value();
    // An annotation of the AWS load balancer controller then says what happens.
    if (name == null || port != null && port.text().equals("use-annotation")) {
      return false;
    }
    List<Service> services =
        objects.named(object, "Service", name).stream()
            .filter(each -> each.is("Service", ""))
            .map(Service::new)
            .toList();
    if (services.isEmpty()) {
      if (!object.isPartial()
          && (Elsewhere.isStrict(context)
              || Elsewhere.hasAny(context, object, "Service")
              || Elsewhere.showsPods(context, object))
          && !objects.hasService(object, name)
          && !Elsewhere.mayHave(context, object, "Service", name)) {
        context.report(backend, "service", name);
        return true;
      }
    } else if (port != null
        && services.stream()
            .allMatch(
                each ->
                    !each.object().isPartial()
                        && !each.ports().isEmpty()
                        && each.port(port) == null
                        && each.ports().stream().noneMatch(Services::isUnknown))) {
      context.report(backend.port(), "port", name, port).related(services.get(0));
      return true;
    }
    return false;
  }

  /** A backend in a namespace that the route names, which has to allow it with a ReferenceGrant. */
  private static void elsewhere(Route route, YamlPlace backend, RuleContext context) {
    KubernetesObject object = route.object();
    String namespace = backend.key("namespace").text("");
    String name = backend.key("name").text("");
    if (object.isPartial() || !References.isPlain(name + namespace)) {
      return;
    }
    ObjectIndex objects = context.project().objects();
    List<Service> there =
        objects.all(Service.class).stream()
            .filter(each -> each.object().namespace().is(namespace::equals))
            .filter(each -> objects.meet(object, each.object()))
            .toList();
    List<Service> services =
        there.stream().filter(each -> each.object().name().equals(name)).toList();
    IntOrString port = new Backend(backend.key("name"), backend.key("port")).servicePort().value();
    if (there.isEmpty()
        || Elsewhere.isOpen(context, object)
        || Elsewhere.isDeclared(context, there.get(0).object(), "Service", name)) {
      return;
    }
    if (services.isEmpty()) {
      context.report(backend.key("name"), "service", name);
    } else if (!object.mayBeIn(services.get(0).object().namespace())
        && objects.objects().stream().noneMatch(each -> grants(each, route, services.get(0)))) {
      context.report(backend.key("namespace"), "grant", namespace, name).related(services.get(0));
    } else if (port != null
        && services.stream()
            .allMatch(
                each ->
                    each.port(port) == null
                        && each.ports().stream().noneMatch(Services::isUnknown))) {
      context.report(backend.key("port"), "port", name, port).related(services.get(0));
    }
  }

  /** Gateway API, ReferenceGrant: who may refer to what in its namespace. */
  private static boolean grants(KubernetesObject grant, Route route, Service service) {
    if (!grant.is("ReferenceGrant", "gateway.networking.k8s.io")
        || !grant.sharesNamespaceWith(service.object())) {
      return false;
    }
    String from = route.object().namespace().value();
    boolean allowed =
        grant.items("spec.from").stream()
            .anyMatch(
                each ->
                    each.key("kind").text("").equals(route.object().kind())
                        && (from == null
                            || !References.isPlain(each.key("namespace").text("$"))
                            || each.key("namespace").text("").equals(from)));
    return allowed
        && grant.items("spec.to").stream()
            .anyMatch(
                each ->
                    each.key("kind").text("").equals("Service")
                        && each.key("name")
                            .text(service.object().name())
                            .equals(service.object().name()));
  }

  private static boolean isUnknown(Service.Port port) {
    return port.number().isUnknown() || !References.isPlain(port.name());
  }

  /** Whether a monitor only looks at the control plane, the API server's Service included. */
  private static boolean isOfCluster(Monitor monitor) {
    List<String> names = monitor.at("spec.namespaceSelector.matchNames").texts();
    return !names.isEmpty()
        && names.stream().allMatch(each -> each.equals("default") || Metadata.isOfCluster(each));
  }

  private static void unknownPorts(Monitor monitor, RuleContext context, Set<String> known) {
    if (known.stream().anyMatch(each -> !References.isPlain(each))) {
      return;
    }
    for (YamlPlace endpoint : monitor.endpoints()) {
      String port = endpoint.key("port").text("");
      if (!port.isEmpty() && References.isPlain(port) && !known.contains(port)) {
        context.report(endpoint.key("port"), "port", monitor.object().name(), port);
      }
    }
  }
}
