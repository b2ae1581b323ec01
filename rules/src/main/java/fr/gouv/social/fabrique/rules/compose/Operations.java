package fr.gouv.social.fabrique.rules.compose;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.compose.ComposeBuild;
import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.HealthCheck;
import fr.gouv.social.fabrique.compose.PortMapping;
import fr.gouv.social.fabrique.compose.PortMapping.Range;
import fr.gouv.social.fabrique.compose.ServiceDependency;
import fr.gouv.social.fabrique.compose.ServiceDependency.Condition;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.facts.OfficialImages;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How services start, listen, stay healthy and come back. */
final class Operations {
  /** Nobody reads more findings than that, and comparing pairs costs their square. */
  private static final int MOST_PORTS = 500;

  private static final Set<String> LOCAL_LOGS = Set.of("json-file", "local", "journald", "");

  static final Rule<ComposeProject> DUPLICATE_PORT =
      rule("compose/duplicate-port", ComposeProject.class, Operations::duplicatePorts);

  static final Rule<ComposeService> EVERY_INTERFACE =
      rule(
          "compose/port-on-every-interface",
          ComposeService.class,
          (service, context) -> {
            for (PortMapping port : service.ports()) {
              if (port.error() == null && port.isOnEveryInterface()) {
                Object published = port.published().value();
                context.report(
                    port,
                    "every",
                    service.name(),
                    String.valueOf(published == null ? port.target().value() : published));
              }
            }
          });

  static final Rule<ComposeService> PRIVILEGED_PORT =
      rule(
          "compose/privileged-port",
          ComposeService.class,
          (service, context) -> {
            for (PortMapping port : service.ports()) {
              Range target = port.target().value();
              if (port.error() == null && target != null && target.first() < 1024) {
                context.report(port, "low", service.name(), target);
              }
            }
          });

  static final Rule<ComposeService> NEVER_HEALTHY =
      rule("compose/missing-awaited-healthcheck", ComposeService.class, Operations::neverHealthy);

  static final Rule<ComposeProject> NOT_AWAITED =
      rule("compose/unawaited-dependency", ComposeProject.class, Operations::unawaited);

  static final Rule<ComposeService> DISABLED_HEALTHCHECK =
      rule(
          "compose/disabled-healthcheck",
          ComposeService.class,
          (service, context) -> {
            HealthCheck check = service.healthCheck();
            if (check != null && check.isDisabled()) {
              context.report(check.place(), "disabled", service.name());
            }
          });

  static final Rule<ComposeService> MISSING_HEALTHCHECK =
      rule(
          "compose/missing-healthcheck",
          ComposeService.class,
          (service, context) -> {
            if (service.healthCheck() == null && service.isComplete()) {
              context.report(service.place().key("healthcheck"), "missing", service.name());
            }
          });

  static final Rule<ComposeService> HEALTHCHECK_TIMING =
      rule(
          "compose/incomplete-healthcheck",
          ComposeService.class,
          (service, context) -> {
            HealthCheck check = service.healthCheck();
            if (check == null || check.isDisabled()) {
              return;
            }
            List<String> missing = new ArrayList<>();
            for (String key : List.of("interval", "timeout", "retries")) {
              if (!check.place().key(key).isPresent()) {
                missing.add(key);
              }
            }
            if (!missing.isEmpty()) {
              context.report(
                  check.place().key(missing.get(0)),
                  "missing",
                  service.name(),
                  String.join(", ", missing));
            }
          });

  static final Rule<ComposeService> LIMITS =
      rule("compose/missing-limits", ComposeService.class, Operations::limits);

  static final Rule<ComposeService> RESTART =
      rule(
          "compose/missing-restart-policy",
          ComposeService.class,
          (service, context) -> {
            if (service.isComplete()
                && !service.place().key("restart").isPresent()
                && !service.place().at("deploy.restart_policy").isPresent()
                && !service.place().key("provider").isPresent()
                && service.profiles().isEmpty()
                && !isOneShot(service)) {
              context.report(service.place().key("restart"), "missing", service.name());
            }
          });

  static final Rule<ComposeService> LOGS =
      rule(
          "compose/diverted-logs",
          ComposeService.class,
          (service, context) -> {
            Setting<String> driver = service.place().at("logging.driver").string();
            String name = driver.value();
            if (name != null && name.equals("none")) {
              context.report(driver, "none", service.name());
            } else if (name != null && !LOCAL_LOGS.contains(name)) {
              context.report(driver, "driver", service.name(), name);
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          DUPLICATE_PORT,
          EVERY_INTERFACE,
          PRIVILEGED_PORT,
          NEVER_HEALTHY,
          NOT_AWAITED,
          DISABLED_HEALTHCHECK,
          MISSING_HEALTHCHECK,
          HEALTHCHECK_TIMING,
          LIMITS,
          RESTART,
          LOGS);

  private Operations() {}

  private static void unawaited(ComposeProject project, RuleContext context) {
    // What services share through an anchor is said once.
    Set<Span> seen = new HashSet<>();
    for (ComposeService service : project.services()) {
      Map<ServiceDependency, HealthCheck> unawaited = new LinkedHashMap<>();
      for (ServiceDependency each : service.dependencies()) {
        ComposeService target = project.service(each.service());
        HealthCheck check = target == null ? null : target.healthCheck();
        if (each.via().equals("depends_on")
            && each.condition() == Condition.SERVICE_STARTED
            && check != null
            && !check.isDisabled()
            && !check.test().isEmpty()) {
          unawaited.put(each, check);
        }
      }
      List<ServiceDependency> all = List.copyOf(unawaited.keySet());
      if (!all.isEmpty() && seen.add(all.get(0).span())) {
        String names =
            all.stream().map(ServiceDependency::service).collect(Collectors.joining(", "));
        RuleContext.Reported reported =
            context.report(all.get(0), "started", service.name(), names, all.size());
        all.subList(1, all.size()).forEach(reported::related);
        unawaited.values().forEach(reported::related);
      }
    }
  }

  // Ports.

  private record Published(ComposeService service, PortMapping port, Range range) {
    boolean clashesWith(Published other) {
      return range.meets(other.range)
          && String.valueOf(port.protocol().value())
              .equals(String.valueOf(other.port.protocol().value()))
          && addressesMeet(port.hostIp().value(), other.port.hostIp().value())
          && References.mayRunTogether(service, other.service);
    }
  }

  private static void duplicatePorts(ComposeProject project, RuleContext context) {
    List<Published> all = new ArrayList<>();
    for (ComposeService service : project.services()) {
      if (service.place().key("network_mode").string().is("host"::equals)) {
        continue;
      }
      for (PortMapping port : service.ports()) {
        Range range = port.published().value();
        Range target = port.target().value();
        // A range before one port is a choice that Docker makes among the free ones.
        boolean pool = range != null && target != null && range.size() > target.size();
        if (port.error() == null
            && range != null
            && range.first() > 0
            && !pool
            && !port.hostIp().isUnknown()
            && !port.protocol().isUnknown()
            && all.size() < MOST_PORTS) {
          all.add(new Published(service, port, range));
        }
      }
    }
    for (int i = 1; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (all.get(i).clashesWith(all.get(j))) {
          Published one = all.get(i);
          Published other = all.get(j);
          context
              .report(
                  one.port(),
                  one.service() == other.service() ? "same-service" : "duplicate",
                  one.range(),
                  one.service().name(),
                  other.service().name())
              .related(other.port());
          break;
        }
      }
    }
  }

  /** Whether some address is in both; none stands for all, {@code 0.0.0.0} for all of IPv4. */
  private static boolean addressesMeet(@Nullable String one, @Nullable String other) {
    if (one == null || other == null || one.equals(other)) {
      return true;
    }
    boolean sameFamily = one.indexOf(':') >= 0 == other.indexOf(':') >= 0;
    return sameFamily && (isAll(one) || isAll(other));
  }

  private static boolean isAll(String address) {
    return address.chars().allMatch(c -> c == '0' || c == '.' || c == ':');
  }

  // Health.

  private static void neverHealthy(ComposeService service, RuleContext context) {
    for (ServiceDependency each : service.dependencies()) {
      ComposeService target = service.project().service(each.service());
      if (each.condition() != Condition.SERVICE_HEALTHY || target == null || !each.required()) {
        continue;
      }
      HealthCheck check = target.healthCheck();
      if (check != null && check.isDisabled()) {
        context.report(each, "disabled", service.name(), each.service()).related(check);
      } else if (check == null && target.isComplete() && hasNoHealthCheck(target, context)) {
        context.report(each, "missing", service.name(), each.service()).related(target);
      }
    }
  }

  /** Whether it is known that the image of a service brings no health check. */
  private static boolean hasNoHealthCheck(ComposeService service, RuleContext context) {
    ComposeBuild build = service.build();
    if (build == null) {
      String image = service.image().value();
      ImageReference reference = image == null ? null : ImageReference.orNull(image);
      // The official images have none (github.com/docker-library/faq, healthcheck).
      return reference != null && OfficialImages.of(reference) != null;
    }
    String path = build.dockerfilePath();
    Dockerfile dockerfile = path == null ? null : context.project().dockerfile(path);
    Stage stage = dockerfile == null || build.target().isUnknown() ? null : dockerfile.finalStage();
    String target = build.target().value();
    if (dockerfile != null && target != null) {
      stage = null;
      for (Stage each : dockerfile.stages()) {
        if (target.equalsIgnoreCase(each.name())) {
          stage = each;
        }
      }
    }
    if (stage == null) {
      return false;
    }
    Setting<?> check = stage.healthCheck();
    String base = stage.rootImage().value();
    ImageReference reference = base == null ? null : ImageReference.orNull(base);
    return !check.isSet()
        && !check.isUnknown()
        && reference != null
        && OfficialImages.of(reference) != null;
  }

  // Limits and restarts.

  private static void limits(ComposeService service, RuleContext context) {
    if (!service.isComplete()) {
      return;
    }
    Setting<Long> memory = service.memoryLimit();
    if (memory.isAbsent() || memory.is(bytes -> bytes <= 0)) {
      context.report(memory, "memory", service.name());
    }
    Setting<BigDecimal> cpus = service.cpuLimit();
    if (!service.place().key("cpu_quota").isPresent()
        && (cpus.isAbsent() || cpus.is(count -> count.signum() <= 0))) {
      context.report(cpus, "cpu", service.name());
    }
    Setting<BigDecimal> pids = service.pidsLimit();
    if (pids.isAbsent() || pids.is(count -> count.signum() <= 0)) {
      context.report(pids, "pids", service.name());
    }
  }

  /** Whether another service waits for its end. */
  private static boolean isOneShot(ComposeService service) {
    for (ComposeService other : service.project().services()) {
      for (ServiceDependency each : other.dependencies()) {
        if (each.service().equals(service.name())
            && each.condition() == Condition.SERVICE_COMPLETED_SUCCESSFULLY) {
          return true;
        }
      }
    }
    return false;
  }
}
