package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Backend;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.ContainerPort;
import fr.gouv.social.fabrique.kubernetes.Ingress;
import fr.gouv.social.fabrique.kubernetes.IntOrString;
import fr.gouv.social.fabrique.kubernetes.Probe;
import fr.gouv.social.fabrique.kubernetes.Route;
import fr.gouv.social.fabrique.kubernetes.Service;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How the platform learns whether a container lives, is ready, and has stopped. */
final class Probes {
  private static final Pattern SLEEP =
      Pattern.compile("(?:.*/)?sleep\\s+([0-9]{1,6})(s|m)?(?:\\s*(?:;|&&).*)?", Pattern.DOTALL);
  private static final Set<String> WEB_PORTS = Set.of("80", "443", "3000", "8000", "8080");

  static final Rule<Container> MISSING_LIVENESS =
      missing("kubernetes/missing-liveness-probe", Probe.Kind.LIVENESS);
  static final Rule<Container> MISSING_READINESS =
      missing("kubernetes/missing-readiness-probe", Probe.Kind.READINESS);

  static final Rule<Container> UNPROBED =
      rule(
          "kubernetes/unprobed-container",
          Container.class,
          (container, context) -> {
            if (isProbed(container)
                && !container.object().isPartial()
                && probes(container).isEmpty()) {
              context.report(container, "unprobed", container.name());
            }
          });

  static final Rule<Workload> MISSING_HEALTHCHECK_ROUTE =
      rule(
          "kubernetes/missing-healthcheck-route",
          Workload.class,
          (workload, context) -> {
            if (workload.isBatch()) {
              return;
            }
            if (workload.object().isPartial()) {
              context.concerns();
              return;
            }
            List<Container> containers = workload.pod().longRunning();
            for (Container container : containers) {
              for (Probe probe : probes(container)) {
                if (probe.has("httpGet")) {
                  context.keep(labelled(probe.at("httpGet"), container));
                  return;
                }
              }
            }
            Service service = webService(workload, context);
            if (service != null && !containers.isEmpty()) {
              context
                  .report(
                      containers.get(0),
                      "missing",
                      workload.object().label(),
                      service.object().name())
                  .related(service.object());
            }
          });

  static final Rule<Container> UNUSUAL_ROUTE =
      rule(
          "kubernetes/unusual-healthcheck-route",
          Container.class,
          (container, context) -> {
            Pattern usual = Pattern.compile(context.parameter("pattern"));
            for (Probe probe : probes(container)) {
              Setting<String> path = probe.string("httpGet.path");
              String route = path.isAbsent() && probe.has("httpGet") ? "/" : path.value();
              if (route == null) {
                continue;
              }
              if (usual.matcher(route.split("[?#]", 2)[0]).matches()) {
                context.keep(path);
              } else {
                context.report(path, "unusual", container.name(), route);
              }
            }
          });

  static final Rule<Container> IDENTICAL =
      rule(
          "kubernetes/identical-probes",
          Container.class,
          (container, context) -> {
            Probe liveness = container.probe(Probe.Kind.LIVENESS);
            Probe readiness = container.probe(Probe.Kind.READINESS);
            String asked = asked(liveness);
            if (asked != null && asked.equals(asked(readiness))) {
              context.report(liveness, "identical", container.name()).related(readiness);
            }
          });

  static final Rule<Container> UNKNOWN_PORT =
      rule(
          "kubernetes/unknown-probe-port",
          Container.class,
          (container, context) -> {
            for (Probe probe : probes(container)) {
              Setting<IntOrString> port = probe.port();
              IntOrString value = port.value();
              if (value != null
                  && value.number() == null
                  && !value.text().chars().allMatch(Character::isDigit)
                  && container.port(value) == null
                  && !container.object().isPartial()) {
                context.report(port, "unknown", container.name(), value);
              }
            }
          });

  static final Rule<Container> UNDECLARED_PORT =
      rule(
          "kubernetes/undeclared-probe-port",
          Container.class,
          (container, context) -> {
            for (Probe probe : probes(container)) {
              Setting<IntOrString> port = probe.port();
              IntOrString value = port.value();
              if (value == null || container.object().isPartial()) {
                continue;
              }
              if (value.number() != null) {
                if (container.ports().stream().noneMatch(each -> isTcp(each, value.number()))) {
                  context.report(port, "undeclared", container.name(), value);
                }
              } else {
                ContainerPort named = container.port(value);
                if (named != null && !named.protocol().equals("TCP")) {
                  context.report(port, "protocol", container.name(), value, named.protocol());
                }
              }
            }
          });

  static final Rule<Container> REFUSED_PROBE =
      rule(
          "kubernetes/refused-probe",
          Container.class,
          (container, context) -> {
            if (container.isLongRunning()) {
              return;
            }
            List<String> fields =
                List.of("livenessProbe", "readinessProbe", "startupProbe", "lifecycle");
            for (String field : fields) {
              if (container.has(field)) {
                context.report(container.at(field), "refused", container.name(), field);
              }
            }
          });

  static final Rule<Container> SUCCESS_THRESHOLD =
      rule(
          "kubernetes/invalid-success-threshold",
          Container.class,
          (container, context) -> {
            for (Probe probe : probes(container)) {
              Setting<Long> threshold = probe.integer("successThreshold");
              if (probe.kind() != Probe.Kind.READINESS && threshold.is(value -> value > 1)) {
                Edits.set(
                    context.report(threshold, "threshold", container.name(), probe.kind().field()),
                    threshold,
                    "1");
              }
            }
          });

  static final Rule<Container> PROCESS_LIST_PROBE =
      rule(
          "kubernetes/process-list-probe",
          Container.class,
          (container, context) -> {
            for (Probe probe : probes(container)) {
              YamlPlace command = probe.at("exec.command");
              for (String word : String.join(" ", command.texts()).split("[\\s;|&]+")) {
                String name = word.substring(word.lastIndexOf('/') + 1);
                if (Set.of("ps", "ls", "jcmd", "pgrep").contains(name)) {
                  context.report(command, "command", container.name(), name);
                  break;
                }
              }
            }
          });

  static final Rule<Container> PRE_STOP =
      rule(
          "kubernetes/prestop-exceeds-grace",
          Container.class,
          (container, context) -> {
            Setting<Long> grace = container.pod().integer("terminationGracePeriodSeconds");
            Long seconds = grace.isAbsent() ? Long.valueOf(30) : grace.value();
            Long sleep = sleep(container);
            if (seconds == null || sleep == null) {
              return;
            }
            YamlPlace hook = container.at("lifecycle.preStop");
            if (sleep >= seconds) {
              context.report(hook, "exceeds", container.name(), sleep, seconds).related(grace);
            } else {
              context.keep(hook);
            }
          });

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          MISSING_LIVENESS,
          MISSING_READINESS,
          MISSING_HEALTHCHECK_ROUTE,
          UNUSUAL_ROUTE,
          UNPROBED,
          IDENTICAL,
          UNKNOWN_PORT,
          UNDECLARED_PORT,
          REFUSED_PROBE,
          SUCCESS_THRESHOLD,
          PROCESS_LIST_PROBE,
          PRE_STOP);

  private Probes() {}

  private static Rule<Container> missing(String id, Probe.Kind kind) {
    return rule(
        id,
        Container.class,
        (container, context) -> {
          Probe probe = container.probe(kind);
          if (!isProbed(container)) {
            return;
          }
          if (probe.isPresent()) {
            context.keep(probe);
          } else if (container.object().isPartial()) {
            context.concerns();
          } else {
            context.report(probe, "missing", container.name());
          }
        });
  }

  /** Whether probes say anything of a container: it lives until it is stopped. */
  private static boolean isProbed(Container container) {
    Setting<String> restart = container.pod().restartPolicy();
    return container.isLongRunning()
        && !container.workload().isBatch()
        && (restart.isUnknown() || restart.is("Always"::equals));
  }

  private static List<Probe> probes(Container container) {
    List<Probe> probes = new ArrayList<>();
    for (Probe.Kind kind : Probe.Kind.values()) {
      Probe probe = container.probe(kind);
      if (probe.isPresent()) {
        probes.add(probe);
      }
    }
    return probes;
  }

  private static boolean isTcp(ContainerPort port, Integer number) {
    return port.protocol().equals("TCP")
        && (port.number().isUnknown()
            || port.number().is(value -> value.intValue() == number.intValue()));
  }

  /** What a probe asks and how long it takes it to give up; null where it cannot be told. */
  private static @Nullable String asked(Probe probe) {
    String handler = probe.handler();
    List<Setting<?>> timing =
        List.of(probe.integer("periodSeconds"), probe.integer("failureThreshold"));
    if (handler.isEmpty() || timing.stream().anyMatch(Setting::isUnknown)) {
      return null;
    }
    StringBuilder asked = new StringBuilder(handler);
    if (handler.equals("exec")) {
      asked.append(probe.at("exec.command").texts());
    } else {
      IntOrString port = probe.port().value();
      ContainerPort declared = port == null ? null : probe.container().port(port);
      if (port == null) {
        return null;
      }
      asked
          .append(' ')
          .append(declared == null ? port.text() : declared.at("containerPort").text(port.text()))
          .append(' ')
          .append(probe.at("httpGet.scheme").text("HTTP"))
          .append(probe.at("httpGet.path").text("/"))
          .append(' ')
          .append(probe.at("grpc.service").text(""));
    }
    return asked
        + " "
        + Objects.requireNonNullElse(timing.get(0).value(), 10L)
        + " "
        + Objects.requireNonNullElse(timing.get(1).value(), 3L);
  }

  private static YamlPlace labelled(YamlPlace place, Container container) {
    return place.labelled(container.label() + " › " + place.label());
  }

  /**
   * A Service through which a workload serves HTTP: behind an Ingress or a route, or by its port.
   */
  private static @Nullable Service webService(Workload workload, RuleContext context) {
    for (Service service : context.project().objects().servicesOf(workload)) {
      if (isRouted(service, context)
          || !service.isHeadless() && service.ports().stream().anyMatch(Probes::isWeb)) {
        return service;
      }
    }
    return null;
  }

  private static boolean isWeb(Service.Port port) {
    String protocol = port.at("appProtocol").text("");
    return port.name().startsWith("http")
        || protocol.startsWith("http")
        || protocol.isEmpty()
            && (port.name().isEmpty() || port.name().startsWith("web"))
            && port.protocol().equals("TCP")
            && WEB_PORTS.contains(port.at("port").text(""));
  }

  private static boolean isRouted(Service service, RuleContext context) {
    for (Ingress ingress : context.project().subjects(Ingress.class)) {
      if (ingress.object().sharesNamespaceWith(service.object())
          && context.project().objects().meet(ingress, service)
          && leads(ingress.backends(), service)) {
        return true;
      }
    }
    for (Route route : context.project().subjects(Route.class)) {
      if (route.object().kind().equals("HTTPRoute")
          && route.object().sharesNamespaceWith(service.object())
          && context.project().objects().meet(route, service)
          && leads(route.backends(), service)) {
        return true;
      }
    }
    return false;
  }

  private static boolean leads(List<Backend> backends, Service service) {
    return backends.stream()
        .anyMatch(backend -> backend.serviceName().is(service.object().name()::equals));
  }

  /** For how many seconds a container's preStop hook sleeps, or null where it is not known. */
  private static @Nullable Long sleep(Container container) {
    YamlPlace hook = container.at("lifecycle.preStop");
    Long seconds = hook.at("sleep.seconds").integer().value();
    if (seconds != null) {
      return seconds;
    }
    List<String> words = hook.at("exec.command").texts();
    String script =
        words.size() == 3 && words.get(1).equals("-c") ? words.get(2) : String.join(" ", words);
    Matcher matcher = SLEEP.matcher(script.strip());
    if (!matcher.matches()) {
      return null;
    }
    return Long.parseLong(matcher.group(1)) * ("m".equals(matcher.group(2)) ? 60 : 1);
  }
}
