package fr.gouv.social.fabrique.rules.service;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.ContainerPort;
import fr.gouv.social.fabrique.kubernetes.Ingress;
import fr.gouv.social.fabrique.kubernetes.IntOrString;
import fr.gouv.social.fabrique.kubernetes.Monitor;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.kubernetes.Service;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Metrics that anyone may read who reaches the product. */
final class PublicMetrics {
  /** A path behind which everything is. */
  private static final Pattern WHOLE = Pattern.compile("|/|/\\*|/\\(?\\.\\*\\)?");

  static final Rule<Project> PUBLIC =
      rule(
          "service/public-metrics",
          Project.class,
          (project, context) -> {
            for (Ingress ingress : project.subjects(Ingress.class)) {
              // Whether what is behind it has metrics may stand in the program alone.
              context.concerns();
              check(ingress, context);
            }
            if (project.subjects(KontinuousComponent.class).stream()
                .anyMatch(KontinuousComponent::isExposed)) {
              context.concerns();
            }
          });

  static final List<Rule<?>> ALL = List.of(PUBLIC);

  private PublicMetrics() {}

  private static void check(Ingress ingress, RuleContext context) {
    ObjectIndex objects = context.project().objects();
    for (YamlPlace rule : ingress.rules()) {
      for (YamlPlace path : rule.at("http.paths").items()) {
        YamlPlace backend = path.key("backend");
        String name = backend.at("service.name").text(backend.key("serviceName").text(""));
        Service service = name.isEmpty() ? null : objects.service(ingress.object(), name);
        Service.Port port = service == null ? null : service.port(port(backend));
        if (service == null || port == null) {
          continue;
        }
        for (Workload workload : objects.chosen(service.object(), service.selector())) {
          Set<Long> scraped = scraped(workload, service, objects);
          Long served = number(port.targetPort().value(), workload);
          if (scraped.isEmpty() || served == null) {
            continue;
          }
          boolean whole =
              WHOLE.matcher(path.key("path").text("")).matches()
                  && !path.key("pathType").text("").equals("Exact");
          if (whole && scraped.contains(served) && !isBarred(ingress)) {
            YamlPlace at = path.key("path");
            context.report(at.isPresent() ? at : path, "public", workload.object().name(), served);
          } else {
            context.keep(path);
          }
        }
      }
    }
  }

  private static IntOrString port(YamlPlace backend) {
    Long number = backend.at("service.port.number").integer().value();
    number = number == null ? backend.key("servicePort").integer().value() : number;
    return number == null
        ? new IntOrString(
            null, backend.at("service.port.name").text(backend.key("servicePort").text("")))
        : IntOrString.of(number.intValue());
  }

  /** The ports of a pod from which Prometheus takes metrics. */
  private static Set<Long> scraped(Workload workload, Service service, ObjectIndex objects) {
    Set<Long> ports = new TreeSet<>();
    Map<String, String> annotations = workload.podAnnotations();
    if ("true".equals(annotations.get("prometheus.io/scrape"))) {
      String port = annotations.get("prometheus.io/port");
      for (Container container : workload.pod().containers()) {
        for (ContainerPort each : container.ports()) {
          Long number = each.number().value();
          if (number != null && (port == null || port.equals(String.valueOf(number)))) {
            ports.add(number);
          }
        }
      }
      if (port != null && port.matches("[0-9]{1,5}")) {
        ports.add(Long.valueOf(port));
      }
    }
    for (Monitor monitor : objects.monitorsOf(service, workload)) {
      for (YamlPlace endpoint : monitor.endpoints()) {
        Long target = endpoint.key("targetPort").integer().value();
        String named = endpoint.key("port").text("");
        Service.Port port = monitor.ofPods() ? null : service.port(new IntOrString(null, named));
        IntOrString of =
            target != null
                ? IntOrString.of(target.intValue())
                : port != null ? port.targetPort().value() : new IntOrString(null, named);
        Long number = number(of, workload);
        if (number != null) {
          ports.add(number);
        }
      }
    }
    return ports;
  }

  /** The number of a port of a pod, or null where its name is of none. */
  private static @Nullable Long number(@Nullable IntOrString port, Workload workload) {
    Integer number = port == null ? null : port.number();
    if (port == null || number != null) {
      return number == null ? null : Long.valueOf(number);
    }
    for (Container container : workload.pod().containers()) {
      ContainerPort named = container.port(port);
      if (named != null) {
        return named.number().value();
      }
    }
    return null;
  }

  /** Whether an annotation speaks of the metrics, or lets only some addresses in. */
  private static boolean isBarred(Ingress ingress) {
    return ingress.object().annotations().entrySet().stream()
        .anyMatch(
            each ->
                each.getKey().endsWith("-snippet") && each.getValue().contains("metrics")
                    || each.getKey().endsWith("whitelist-source-range")
                    || each.getKey().endsWith("allowlist-source-range")
                    || each.getKey().matches(".*/auth-(?:url|type|tls-secret)"));
  }
}
