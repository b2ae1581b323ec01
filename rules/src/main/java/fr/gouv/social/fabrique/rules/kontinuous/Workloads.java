package fr.gouv.social.fabrique.rules.kontinuous;

import static fr.gouv.social.fabrique.rules.kontinuous.Facts.ruleOf;

import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kontinuous.KontinuousProject;
import fr.gouv.social.fabrique.kontinuous.KontinuousVariable;
import fr.gouv.social.fabrique.kubernetes.Quantity;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rules.secret.Secrets;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the pods of a component ask for, how they show their health, who they run as. */
final class Workloads {
  private static final String CPU = "cpu";
  private static final String MEMORY = "memory";

  /** A part of the path by which a health route is known. */
  private static final Pattern HEALTH =
      Pattern.compile("(?i).*(?:health|live|ready|ping|status|alive|heartbeat|probe|up$).*");

  static final Rule<KontinuousProject> MISSING_CPU_REQUEST =
      ruleOf("missing-cpu-request", (component, facts) -> request(component, facts, CPU));

  static final Rule<KontinuousProject> MISSING_MEMORY = ruleOf("missing-memory", Workloads::memory);

  static final Rule<KontinuousProject> MEMORY_RATIO = ruleOf("memory-ratio", Workloads::ratio);

  static final Rule<KontinuousProject> MALFORMED_QUANTITY =
      ruleOf("malformed-quantity", Workloads::malformed);

  static final Rule<KontinuousProject> MISSING_PROBES_PATH =
      ruleOf("missing-probes-path", Workloads::probes);

  static final Rule<KontinuousProject> HEALTHCHECK_PATH =
      ruleOf("healthcheck-path", Workloads::healthcheck);

  static final Rule<KontinuousProject> ROOT_USER = ruleOf("root-user", Workloads::root);

  static final Rule<KontinuousProject> LITERAL_SECRET =
      ruleOf("literal-secret", Workloads::secrets);

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          MISSING_CPU_REQUEST,
          MISSING_MEMORY,
          MEMORY_RATIO,
          MALFORMED_QUANTITY,
          MISSING_PROBES_PATH,
          HEALTHCHECK_PATH,
          ROOT_USER,
          LITERAL_SECRET);

  private Workloads() {}

  /** A limit that is written stands for the request that is not. */
  private static void request(KontinuousComponent component, Facts facts, String resource) {
    Setting<Quantity> request = component.request(resource);
    Setting<Quantity> limit = component.limit(resource);
    Setting<Quantity> oblik = component.oblik("min-request-" + resource);
    Setting<Boolean> operator = component.asksForOblik();
    if (resource.equals(MEMORY)
        && request.isAbsent()
        && !limit.isSet()
        && (oblik.isSet() || operator.isTrue())) {
      // Oblik sizes it in the cluster: that request and limit are equal shows in no file.
      facts.undecided();
    } else if (request.isSet() || request.isAbsent() && (limit.isSet() || oblik.isSet())) {
      facts.kept(request.isSet() ? request : limit.isSet() ? limit : oblik);
    } else if (request.isAbsent() && operator.isTrue()) {
      facts.kept(operator);
    } else if (isLeftOpen(component, request) && !limit.isUnknown()) {
      facts.found(request, "request", component.name());
    }
  }

  private static void memory(KontinuousComponent component, Facts facts) {
    Setting<Quantity> limit = component.limit(MEMORY);
    if (isSizedInProduction(component)) {
      facts.undecided();
    }
    if (limit.isSet()) {
      facts.kept(limit);
    } else if (isLeftOpen(component, limit)) {
      if (component.request(MEMORY).isAbsent()) {
        facts.found(limit, "both", component.name());
      } else {
        facts.found(limit, "limit", component.name());
      }
      return;
    }
    request(component, facts, MEMORY);
  }

  /**
   * Whether nothing sets an amount: outside production Oblik, which the toolchain adds, sizes what
   * does not refuse it; in production it sizes what asks for it.
   */
  private static boolean isLeftOpen(KontinuousComponent component, Setting<Quantity> amount) {
    return component.isWorkload()
        && amount.isAbsent()
        && (component.environment() == Environment.PROD
            ? !component.asksForOblik().isTrue()
            : component.refusesOblik());
  }

  /** Whether Oblik changes in production what is written. */
  private static boolean isSizedInProduction(KontinuousComponent component) {
    return component.environment() == Environment.PROD && component.asksForOblik().isTrue();
  }

  private static void ratio(KontinuousComponent component, Facts facts) {
    if (isSizedInProduction(component)) {
      facts.undecided();
      return;
    }
    Setting<Quantity> limit = component.limit(MEMORY);
    Setting<Quantity> asked = component.request(MEMORY);
    Quantity most = limit.value();
    Quantity request = asked.value();
    Quantity raised = component.oblik("min-request-memory").value();
    if (raised != null && request != null && raised.compareTo(request) > 0) {
      request = raised;
    }
    // What nobody wrote is the toolchain's affair, what is reversed a matter of its own.
    if (most == null
        || request == null
        || request.isZero()
        || most.compareTo(request) < 0
        || !limit.isSet() && !asked.isSet()) {
      return;
    }
    Setting<Quantity> at = limit.isSet() ? limit : asked;
    BigDecimal most2 = request.value().multiply(new BigDecimal(facts.context().parameter("ratio")));
    if (component.environment() == Environment.PROD) {
      if (most.sameAs(request)) {
        facts.kept(at);
      } else {
        facts.found(at, "unequal", component.name(), most, request);
      }
    } else if (most.value().compareTo(most2) > 0) {
      BigDecimal times = most.value().divide(request.value(), 1, RoundingMode.HALF_UP);
      facts.found(
          at, "ratio", component.name(), most, times.stripTrailingZeros().toPlainString(), request);
    } else {
      facts.kept(at);
    }
  }

  private static void malformed(KontinuousComponent component, Facts facts) {
    for (String resource : List.of(CPU, MEMORY)) {
      for (Setting<Quantity> amount :
          List.of(component.request(resource), component.limit(resource))) {
        if (amount.isUnknown()
            && amount.at() instanceof YamlPlace place
            && !place.isUnknown()
            && place.text() != null) {
          facts.found(place, "malformed", component.name(), place.text(""));
        }
      }
    }
  }

  private static void probes(KontinuousComponent component, Facts facts) {
    YamlPlace liveness = component.at("livenessProbe");
    YamlPlace readiness = component.at("readinessProbe");
    YamlPlace path = component.at("probesPath");
    YamlPlace port = component.at("probesPort");
    Located site =
        path.isPresent() || liveness.isPresent()
            ? null
            : StaticSite.of(component, facts.context().project());
    switch (component.chart()) {
      case "app" -> {
        if (path.isPresent() || port.isPresent()) {
          facts.kept(path.isPresent() ? path : port);
        } else if (liveness.isPresent() && readiness.isPresent()) {
          facts.kept(liveness);
        } else if (site != null) {
          // The page that the probes call by default is what it serves.
          facts.kept(site);
        } else {
          facts.found(path, "missing", component.name(), "/index.html");
        }
      }
      case "daemon" -> {
        if (liveness.isPresent()) {
          facts.kept(liveness);
        } else {
          facts.found(liveness, "none", component.name());
        }
      }
      default -> {}
    }
  }

  private static void healthcheck(KontinuousComponent component, Facts facts) {
    if (!component.isExposed()) {
      return;
    }
    List<Setting<String>> paths = component.probedPaths();
    Setting<String> written = null;
    for (Setting<String> path : paths) {
      if (path.isUnknown()) {
        return;
      }
      if (path.is(text -> HEALTH.matcher(text).matches())) {
        // The route that hasura's chart probes stands in no file.
        if (path.isSet()) {
          facts.kept(path);
        }
        return;
      }
      written = path.isSet() ? path : written;
    }
    if (written != null) {
      facts.found(written, "unusual", component.name(), String.valueOf(written.value()));
    } else if (paths.isEmpty()) {
      YamlPlace liveness = component.at("livenessProbe");
      facts.found(
          liveness.isPresent() ? liveness : component.at("probesPort"), "none", component.name());
    }
    // What is left to the default path is told by missing-probes-path.
  }

  private static void root(KontinuousComponent component, Facts facts) {
    if (!component.chart().equals("app")) {
      return;
    }
    List<YamlPlace> contexts = new ArrayList<>();
    YamlPlace own = component.at("containerSecurityContext");
    contexts.add(own.key("runAsUser").isPresent() ? own : component.at("securityContext"));
    List<YamlPlace> containers = component.containers();
    for (YamlPlace container : containers.subList(1, containers.size())) {
      contexts.add(container.key("securityContext"));
    }
    for (YamlPlace context : contexts) {
      Setting<Long> user = context.key("runAsUser").integer();
      if (user.is(id -> id == 0)) {
        facts.found(user, "root", component.name());
      } else if (user.isSet()) {
        facts.kept(user);
      }
    }
  }

  private static void secrets(KontinuousComponent component, Facts facts) {
    for (YamlPlace container : component.containers()) {
      for (YamlPlace from : container.key("envFrom").items()) {
        if (from.at("secretRef.name").isPresent()) {
          facts.kept(from.at("secretRef.name"));
        }
      }
    }
    for (KontinuousVariable variable : component.variables()) {
      String value = variable.value().value();
      if (value != null && Secrets.of(variable.name(), value) != null) {
        facts.found(variable.value(), "literal", component.name(), variable.name());
      }
    }
  }
}
