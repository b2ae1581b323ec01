package fr.gouv.social.fabrique.rules.service;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Ingress;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.Service;
import fr.gouv.social.fabrique.project.EnvironmentVariable;
import fr.gouv.social.fabrique.project.EnvironmentVariable.Where;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the world reaches a product. */
final class Exposure {
  private static final String FABRIQUE = ".fabrique.social.gouv.fr";
  private static final Pattern NOT_PRODUCTION =
      Pattern.compile("(?:.*\\.)?(?:dev\\d*|ovh)\\.fabrique\\.social\\.gouv\\.fr");

  /** Names that only ever lead to the machine in front of oneself. */
  private static final Pattern LOCAL =
      Pattern.compile(
          "localhost|.*\\.(?:localhost|local|localdomain|test|internal|nip\\.io|sslip\\.io|xip\\.io|minikube)");

  /** Annotations by which certificates come from elsewhere. */
  private static final Set<String> OTHER_CERTIFICATES =
      Set.of(
          "alb.ingress.kubernetes.io/certificate-arn",
          "service.beta.kubernetes.io/aws-load-balancer-ssl-cert",
          "networking.gke.io/managed-certificates",
          "ingress.gcp.kubernetes.io/pre-shared-cert",
          "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
          "traefik.ingress.kubernetes.io/router.tls",
          "route.openshift.io/termination",
          "nginx.ingress.kubernetes.io/ssl-passthrough");

  /** What stands before the Ingresses is itself exposed. */
  private static final Pattern CONTROLLER =
      Pattern.compile(
          "(?:.*[-_.])?(?:ingress|traefik|gateway|contour|envoy|haproxy-ingress|kong)(?:[-_.].*)?");

  private static final Pattern CLEAR_URL =
      Pattern.compile(
          "(?i)(?<scheme>http|ftp)://(?:[^/@\\s]{1,200}@)?(?<host>[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63}){1,10})(?:[:/?#].*)?",
          Pattern.DOTALL);

  /** Names and addresses that do not leave a cluster, a private network or a page. */
  private static final Pattern INSIDE =
      Pattern.compile(
          "(?i).*\\.(?:svc|cluster\\.local|local|localhost|internal|intra|lan|localdomain|test|invalid|example)"
              + "|(?:.*\\.)?example\\.(?:com|org|net|fr)|.*\\.svc\\..*|.*\\.docker\\.internal"
              + "|(?:127|10)\\..*|192\\.168\\..*|172\\.(?:1[6-9]|2[0-9]|3[01])\\..*|169\\.254\\..*|0\\.0\\.0\\.0"
              + "|(?:www\\.w3\\.org|schemas\\..*|xmlns\\..*|.*\\.[0-9a-z-]*[0-9])");

  static final Rule<Ingress> WITHOUT_TLS =
      rule("service/ingress-without-tls", Ingress.class, Exposure::withoutTls);

  static final Rule<KubernetesObject> HOST_ENVIRONMENT =
      rule("service/ingress-host-environment", KubernetesObject.class, Exposure::hostEnvironment);

  static final Rule<Service> WITHOUT_INGRESS =
      rule("service/exposed-without-ingress", Service.class, Exposure::withoutIngress);

  static final Rule<EnvironmentVariable> CLEAR_TEXT =
      rule("service/clear-text-url", EnvironmentVariable.class, Exposure::clearText);

  static final List<Rule<?>> ALL =
      List.of(WITHOUT_TLS, HOST_ENVIRONMENT, WITHOUT_INGRESS, CLEAR_TEXT);

  private Exposure() {}

  private static void clearText(EnvironmentVariable variable, RuleContext context) {
    String value = variable.value().value();
    Matcher url = value == null ? null : CLEAR_URL.matcher(value.strip());
    // What stands in a build argument or a proxy's name is not where data goes.
    if (url == null
        || variable.where() == Where.DOCKERFILE_ARG
        || variable.where() == Where.COMPOSE_BUILD
        || variable.name().toLowerCase(Locale.ROOT).endsWith("proxy")
        || !url.matches()
        || INSIDE.matcher(url.group("host")).matches()) {
      return;
    }
    String scheme = url.group("scheme").toLowerCase(Locale.ROOT);
    context.report(variable, "clear", variable.name(), url.group("host"), scheme);
  }

  private static void withoutTls(Ingress ingress, RuleContext context) {
    KubernetesObject object = ingress.object();
    if (object.isPartial()
        || object.annotations().keySet().stream().anyMatch(OTHER_CERTIFICATES::contains)) {
      return;
    }
    List<YamlPlace> exposed = new ArrayList<>();
    for (YamlPlace rule : ingress.rules()) {
      if (!LOCAL.matcher(rule.key("host").text("")).matches()) {
        exposed.add(rule);
      }
    }
    YamlPlace tls = ingress.at("spec.tls");
    if (exposed.isEmpty() && !ingress.rules().isEmpty()) {
      return;
    }
    if (!tls.isPresent() || tls.node() != null && tls.items().isEmpty() && tls.text() == null) {
      context.report(tls, "missing", object.name());
      return;
    }
    // A certificate that names no host is for all of them.
    boolean all = tls.items().isEmpty();
    for (YamlPlace each : tls.items()) {
      List<String> hosts = each.key("hosts").texts();
      all |= hosts.isEmpty() || hosts.stream().anyMatch(ServiceInventory::isUnresolved);
    }
    boolean covered = true;
    for (YamlPlace rule : exposed) {
      Setting<String> host = rule.key("host").string();
      String name = host.value();
      if (!all
          && name != null
          && !ServiceInventory.isUnresolved(name)
          && !isCovered(name, ingress.tlsHosts())) {
        covered = false;
        context.report(host, "uncovered", name).related(tls);
      }
    }
    if (covered) {
      context.keep(tls);
    }
  }

  private static boolean isCovered(String host, Set<String> certified) {
    String parent = host.indexOf('.') < 0 ? host : "*" + host.substring(host.indexOf('.'));
    return certified.contains(host) || certified.contains(parent);
  }

  private static void hostEnvironment(KubernetesObject object, RuleContext context) {
    Environment environment = context.environment(object);
    for (YamlPlace at : ServiceInventory.hosts(object)) {
      String host = at.text("").toLowerCase(Locale.ROOT);
      if (environment == Environment.PROD
          && host.endsWith(".gouv.fr")
          && !host.endsWith(FABRIQUE)
          && !ServiceInventory.isUnresolved(host)) {
        context.keep(at);
        continue;
      }
      if (environment == Environment.UNKNOWN
          || !host.endsWith(FABRIQUE)
          || ServiceInventory.isUnresolved(host)) {
        context.concerns();
        continue;
      }
      boolean production = !NOT_PRODUCTION.matcher(host).matches();
      if (production == (environment == Environment.PROD)) {
        context.keep(at);
      } else {
        context.report(at, production ? "production-host" : "development-host", host);
      }
    }
  }

  private static void withoutIngress(Service service, RuleContext context) {
    KubernetesObject object = service.object();
    Setting<String> type = service.type();
    boolean exposed = type.is(each -> each.equals("NodePort") || each.equals("LoadBalancer"));
    if (!exposed) {
      if (type.is("ClusterIP"::equals) && !object.isPartial()) {
        context.keep(service);
      }
      return;
    }
    String namespace = object.namespace().value();
    boolean controller =
        CONTROLLER.matcher(object.name()).matches()
            || namespace != null && CONTROLLER.matcher(namespace).matches()
            || CONTROLLER
                .matcher(object.labels().getOrDefault("app.kubernetes.io/name", ""))
                .matches();
    if (!controller && context.environment(service) != Environment.DEV) {
      context.report(type, "exposed", object.name(), String.valueOf(type.value()));
    }
  }
}
