package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Ingress;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.NetworkPolicy;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.kubernetes.Service;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What is reached from where: Services, Ingresses, network policies. */
final class Networking {
  private static final String NGINX = "nginx.ingress.kubernetes.io/";

  static final Rule<Service> EXTERNAL_IPS =
      rule(
          "kubernetes/external-ips",
          Service.class,
          (service, context) -> {
            YamlPlace addresses = service.at("spec.externalIPs");
            if (!addresses.items().isEmpty()
                && addresses.texts().stream().allMatch(References::isPlain)) {
              context.report(
                  addresses,
                  "external",
                  service.object().name(),
                  String.join(", ", addresses.texts()));
            }
          });

  private static final Pattern LOCALHOST =
      Pattern.compile("(?i)localhost(\\..*)?|127\\.\\d+\\.\\d+\\.\\d+|::1|0\\.0\\.0\\.0");

  static final Rule<Service> EXTERNAL_NAME =
      rule(
          "kubernetes/external-name-localhost",
          Service.class,
          (service, context) -> {
            Setting<String> name = service.string("spec.externalName");
            if (name.is(value -> LOCALHOST.matcher(value).matches())) {
              context.report(
                  name, "localhost", service.object().name(), String.valueOf(name.value()));
            }
          });

  static final Rule<Service> NODE_PORT_RANGE =
      rule(
          "kubernetes/node-port-range",
          Service.class,
          (service, context) -> {
            int first = context.number("first");
            int last = context.number("last");
            for (Service.Port port : service.ports()) {
              Setting<Long> number = port.integer("nodePort");
              if (number.is(value -> value != 0 && (value < first || value > last))) {
                context.report(number, "outside", String.valueOf(number.value()), first, last);
              }
            }
          });

  static final Rule<Ingress> NO_HOST =
      rule(
          "kubernetes/ingress-without-host",
          Ingress.class,
          (ingress, context) -> {
            for (YamlPlace each : ingress.rules()) {
              YamlPlace host = each.key("host");
              if (!host.isPresent() && !ingress.object().isPartial() || "".equals(host.text())) {
                context.report(host, "no-host", ingress.object().name());
              } else if (host.isPresent()) {
                context.keep(host);
              }
            }
          });

  static final Rule<Ingress> WILDCARD_HOST =
      rule(
          "kubernetes/wildcard-ingress-host",
          Ingress.class,
          (ingress, context) -> {
            for (YamlPlace each : ingress.rules()) {
              String host = each.key("host").text("");
              if (host.indexOf('*') >= 0 && References.isPlain(host)) {
                context.report(each.key("host"), "wildcard", host);
              }
            }
          });

  static final Rule<Ingress> DEFAULT_BACKEND =
      rule(
          "kubernetes/ingress-default-backend",
          Ingress.class,
          (ingress, context) -> {
            for (String key : List.of("spec.defaultBackend", "spec.backend")) {
              // An Ingress without rules has nothing else.
              if (ingress.has(key) && !ingress.rules().isEmpty()) {
                context.report(ingress.at(key), "default", ingress.object().name());
              }
            }
          });

  static final Rule<Ingress> SHARED_PATH =
      rule(
          "kubernetes/ingress-path-conflict",
          Ingress.class,
          (ingress, context) -> {
            if (isCanary(ingress)) {
              return;
            }
            ObjectIndex objects = context.project().objects();
            Map<String, YamlPlace> taken = new HashMap<>();
            for (Ingress each : objects.all(Ingress.class)) {
              if (each.object() == ingress.object()) {
                break;
              }
              if (!isCanary(each)
                  && areTogether(objects, each.object(), ingress.object())
                  && ingressClass(each).equals(ingressClass(ingress))) {
                taken.putAll(paths(each));
              }
            }
            paths(ingress)
                .forEach(
                    (path, place) -> {
                      YamlPlace other = taken.get(path);
                      if (other != null) {
                        context.report(place, "conflict", path).related(other);
                      }
                    });
          });

  static final Rule<Ingress> SNIPPET =
      rule(
          "kubernetes/ingress-snippet",
          Ingress.class,
          (ingress, context) -> {
            for (YamlPlace each : annotations(ingress.object())) {
              String name = each.name();
              if (name.startsWith(NGINX) && name.endsWith("-snippet") && !each.text("").isEmpty()) {
                context.report(each, "snippet", name.substring(NGINX.length()));
              }
            }
          });

  private static final Pattern PATH_INJECTION =
      Pattern.compile("(?i).*(\\balias\\b.*|\\broot\\b\\s.*|etc/|var/run/secrets|[{};\\r\\n]).*");
  private static final Pattern INJECTION = Pattern.compile("(?s).*[;{}\\n\\r#\"`].*");
  private static final List<String> INJECTABLE =
      List.of(
          "auth-url",
          "auth-signin",
          "auth-tls-match-cn",
          "auth-proxy-set-headers",
          "mirror-target",
          "mirror-host",
          "permanent-redirect",
          "temporal-redirect",
          "proxy-redirect-from",
          "proxy-redirect-to",
          "upstream-vhost",
          "x-forwarded-prefix");

  static final Rule<Ingress> INJECTION_RULE =
      rule(
          "kubernetes/ingress-injection",
          Ingress.class,
          (ingress, context) -> {
            for (YamlPlace each : ingress.rules()) {
              for (YamlPlace path : each.at("http.paths").items()) {
                String text = path.key("path").text("");
                boolean regex = path.key("pathType").text("").equals("ImplementationSpecific");
                if (References.isPlain(text)
                    && PATH_INJECTION.matcher(text).matches()
                    && (text.indexOf(';') >= 0 || !regex)) {
                  context.report(path.key("path"), "path", text.strip());
                }
              }
            }
            for (YamlPlace each : annotations(ingress.object())) {
              String name = each.name();
              String value = each.text("");
              if (name.startsWith(NGINX)
                  && INJECTABLE.contains(name.substring(NGINX.length()))
                  && value.indexOf("{{") < 0
                  && value.indexOf("${") < 0
                  && INJECTION.matcher(value.strip()).matches()) {
                context.report(each, "annotation", name.substring(NGINX.length()));
              }
            }
          });

  static final Rule<NetworkPolicy> OPEN_POLICY =
      rule(
          "kubernetes/open-network-policy",
          NetworkPolicy.class,
          (policy, context) -> {
            // To let everything out is the usual choice of those who only guard what comes in.
            for (YamlPlace each : policy.items("spec.ingress")) {
              if (each.node() instanceof YamlMapping
                  && each.key("from").items().isEmpty()
                  && each.key("ports").items().isEmpty()) {
                context.report(each, "ingress", policy.object().name());
              }
            }
          });

  static final Rule<Workload> NOT_ISOLATED =
      rule(
          "kubernetes/pod-without-network-policy",
          Workload.class,
          (workload, context) -> {
            if (workload.object().isPartial() || workload.kind().equals("PodTemplate")) {
              return;
            }
            YamlPlace name = workload.at("metadata.name");
            List<NetworkPolicy> policies = context.project().objects().policiesOf(workload);
            if (policies.isEmpty()) {
              context.report(name, "none", workload.label());
            } else if (policies.stream().noneMatch(NetworkPolicy::coversIngress)) {
              context.report(name, "ingress", workload.label()).related(policies.get(0));
            } else if (policies.stream().noneMatch(NetworkPolicy::coversEgress)) {
              context.report(name, "egress", workload.label()).related(policies.get(0));
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          EXTERNAL_IPS,
          EXTERNAL_NAME,
          NODE_PORT_RANGE,
          NO_HOST,
          WILDCARD_HOST,
          DEFAULT_BACKEND,
          SHARED_PATH,
          SNIPPET,
          INJECTION_RULE,
          OPEN_POLICY,
          NOT_ISOLATED);

  private Networking() {}

  private static List<YamlPlace> annotations(KubernetesObject object) {
    return object.at("metadata.annotations").values();
  }

  private static boolean isCanary(Ingress ingress) {
    return "true".equals(ingress.object().annotations().get(NGINX + "canary"))
        || ingress.object().isPartial();
  }

  private static String ingressClass(Ingress ingress) {
    String old = ingress.object().annotations().getOrDefault("kubernetes.io/ingress.class", "");
    return ingress.at("spec.ingressClassName").text(old);
  }

  /** Files side by side may be alternatives; one file or one known environment are not. */
  private static boolean areTogether(
      ObjectIndex objects, KubernetesObject one, KubernetesObject other) {
    Environment environment = objects.environment(one);
    return one.file().path().equals(other.file().path())
        || environment != Environment.UNKNOWN
            && environment == objects.environment(other)
            && one.sharesNamespaceWith(other);
  }

  /** What an Ingress serves, as host and path; what serves any host is left out. */
  private static Map<String, YamlPlace> paths(Ingress ingress) {
    Map<String, YamlPlace> paths = new HashMap<>();
    for (YamlPlace each : ingress.rules()) {
      String host = each.key("host").text("");
      if (!host.isEmpty() && References.isPlain(host)) {
        for (YamlPlace path : each.at("http.paths").items()) {
          String text = path.key("path").text("/");
          if (References.isPlain(text)) {
            paths.putIfAbsent(host + text, path.key("path"));
          }
        }
      }
    }
    return paths;
  }
}
