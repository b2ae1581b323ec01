package fr.gouv.social.fabrique.rules.kubernetes;

import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.PodSpec;
import fr.gouv.social.fabrique.kubernetes.Quantity;
import fr.gouv.social.fabrique.kubernetes.Volume;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values that are of the type that the schema wants and that the API server refuses all the same.
 * Semantics: the packages {@code pkg/apis/*}{@code /validation} of Kubernetes.
 */
final class RefusedValues {
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]+(?:\\.[0-9]+){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Set<String> FINALIZERS =
      Set.of("kubernetes", "orphan", "foregroundDeletion");

  /** What a quota counts piece by piece, beside all that starts with {@code count/}. */
  private static final Set<String> COUNTED =
      Set.of(
          "configmaps",
          "persistentvolumeclaims",
          "pods",
          "replicationcontrollers",
          "resourcequotas",
          "secrets",
          "services",
          "services.loadbalancers",
          "services.nodeports");

  /** The default of {@code terminationGracePeriodSeconds}. */
  private static final long GRACE_SECONDS = 30;

  private RefusedValues() {}

  static void inObject(KubernetesObject object, RuleContext context) {
    for (YamlPlace each : object.items("metadata.finalizers")) {
      String name = each.text("");
      if (References.isPlain(name) && name.indexOf('/') < 0 && !FINALIZERS.contains(name)) {
        context.report(each, "value", name, "finalizers");
      }
    }
    switch (object.kind()) {
      case "NetworkPolicy" -> exceptions(object, context);
      case "PersistentVolume" -> {
        Setting<String> policy = object.string("spec.persistentVolumeReclaimPolicy");
        if (policy.is("Recycle"::equals) && object.string("spec.hostPath.path").is("/"::equals)) {
          context.report(policy, "excluded", "Recycle", "hostPath: /");
        }
      }
      case "ResourceQuota" -> {
        for (YamlPlace each : object.at("spec.hard").values()) {
          String resource = each.label().substring("spec.hard.".length());
          if (COUNTED.contains(resource) || resource.startsWith("count/")) {
            whole(each, resource, context);
          }
        }
      }
      case "RoleBinding", "ClusterRoleBinding" -> {
        for (YamlPlace subject : object.items("subjects")) {
          YamlPlace name = subject.key("name");
          if (subject.key("kind").text("").equals("ServiceAccount") && isNoSubdomain(name)) {
            context.report(name, "value", name.text(""), "kind: ServiceAccount");
          }
        }
      }
      case "Secret" -> {
        if (object.string("type").is("kubernetes.io/dockerconfigjson"::equals)) {
          dockerConfig(object, context);
        }
      }
      case "Service" -> service(object, context);
      case "StatefulSet" -> {
        for (YamlPlace claim : object.items("spec.volumeClaimTemplates")) {
          YamlPlace name = claim.at("metadata.name");
          if (isNoSubdomain(name) || name.text("").indexOf('.') >= 0 && !name.isUnknown()) {
            context.report(name, "value", name.text(""), "volumeClaimTemplates");
          }
        }
      }
      default -> {}
    }
  }

  private static boolean isNoSubdomain(YamlPlace name) {
    String text = name.text("");
    return !text.isEmpty()
        && !name.isUnknown()
        && References.isPlain(text)
        && !SUBDOMAIN.matcher(text).matches();
  }

  private static void whole(YamlPlace amount, String resource, RuleContext context) {
    Quantity quantity = Quantity.parse(amount.text(""));
    if (quantity != null && quantity.value().stripTrailingZeros().scale() > 0) {
      context.report(amount, "value", amount.text(""), resource);
    }
  }

  private static void exceptions(KubernetesObject policy, RuleContext context) {
    for (String direction : List.of("ingress", "egress")) {
      for (YamlPlace rule : policy.items("spec." + direction)) {
        for (YamlPlace peer : rule.key(direction.equals("ingress") ? "from" : "to").items()) {
          Range range = Range.of(peer.at("ipBlock.cidr").text(""));
          for (YamlPlace each : peer.at("ipBlock.except").items()) {
            Range except = Range.of(each.text(""));
            if (range != null && except != null && !range.holdsMoreThan(except)) {
              context
                  .report(each, "value", each.text(""), "cidr: " + peer.at("ipBlock.cidr").text(""))
                  .related(peer.at("ipBlock.cidr"));
            }
          }
        }
      }
    }
  }

  private static void dockerConfig(KubernetesObject secret, RuleContext context) {
    YamlPlace written = secret.at("stringData").key(".dockerconfigjson");
    YamlPlace encoded = secret.at("data").key(".dockerconfigjson");
    String text = written.text();
    if (text == null && encoded.text() != null) {
      try {
        byte[] bytes = Base64.getMimeDecoder().decode(encoded.text(""));
        text = new String(bytes, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException notEncoded) {
        return;
      }
    }
    YamlPlace place = written.isPresent() ? written : encoded;
    if (text == null || !References.isPlain(text) || !References.isPlain(place.text(""))) {
      return;
    }
    YamlFile read = YamlReader.read(SourceFile.of(secret.file().path(), text));
    if (!text.strip().startsWith("{") || !read.problems().isEmpty()) {
      context.report(place, "value", ".dockerconfigjson", "JSON");
    }
  }

  private static void service(KubernetesObject service, RuleContext context) {
    Setting<String> type = service.string("spec.type");
    Setting<String> name = service.string("spec.externalName");
    String alias = name.value();
    if (type.is("ExternalName"::equals)
        && alias != null
        && !alias.isEmpty()
        && !SUBDOMAIN
            .matcher(alias.endsWith(".") ? alias.substring(0, alias.length() - 1) : alias)
            .matches()) {
      context.report(name, "value", alias, "externalName");
    }
    for (YamlPlace each : service.items("spec.externalIPs")) {
      InetAddress address = address(each.text(""));
      if (address != null
          && (address.isLoopbackAddress()
              || address.isAnyLocalAddress()
              || address.isLinkLocalAddress()
              || address.isMCLinkLocal())) {
        context.report(each, "value", each.text(""), "externalIPs");
      }
    }
    YamlPlace health = service.at("spec.healthCheckNodePort");
    if (health.isPresent()
        && !health.text("").equals("0")
        && !type.isUnknown()
        && !service.isPartial()
        && !(type.is("LoadBalancer"::equals)
            && service.string("spec.externalTrafficPolicy").is("Local"::equals))
        && !service.string("spec.externalTrafficPolicy").isUnknown()) {
      context.report(
          health,
          "needs",
          "type: LoadBalancer, externalTrafficPolicy: Local",
          "healthCheckNodePort");
    }
  }

  static void inPod(PodSpec pod, RuleContext context) {
    Set<String> claims = new HashSet<>();
    pod.items("resourceClaims").forEach(each -> claims.add(each.key("name").text("")));
    for (Container container : pod.containers()) {
      for (YamlPlace each : container.items("resources.claims")) {
        String name = each.key("name").text("");
        if (!name.isEmpty()
            && References.isPlain(name)
            && !claims.contains(name)
            && !pod.object().isPartial()) {
          context.report(each.key("name"), "needs", "resourceClaims: " + name, "claims");
        }
      }
      for (String side : List.of("requests", "limits")) {
        for (YamlPlace each : container.at("resources." + side).values()) {
          String resource = each.label().substring(each.label().indexOf(side) + side.length() + 1);
          if (isExtended(resource)) {
            whole(each, resource, context);
          }
        }
      }
      hugePages(container, context);
      sleep(pod, container, context);
      YamlPlace proc = container.at("securityContext.procMount");
      if (proc.text("").equals("Unmasked")
          && !pod.object().isPartial()
          && !pod.bool("hostUsers").isUnknown()
          && !pod.bool("hostUsers").is(hostUsers -> !hostUsers)) {
        context.report(pod.at("hostUsers"), "needs", "hostUsers: false", "procMount: Unmasked");
      }
    }
    pod.volumes().forEach(each -> projected(each, context));
    shared(pod, context);
  }

  /** What the containers of a pod share bounds what each of them has. */
  private static void shared(PodSpec pod, RuleContext context) {
    for (YamlPlace each : pod.at("resources.limits").values()) {
      String resource = each.label().substring(each.label().lastIndexOf('.') + 1);
      Quantity most = Quantity.parse(each.text(""));
      if (most == null) {
        continue;
      }
      YamlPlace request = pod.at("resources.requests").key(resource);
      Quantity asked = Quantity.parse(request.text(""));
      if (asked != null && asked.compareTo(most) > 0) {
        context
            .report(request, "order", "requests." + resource, asked, "limits." + resource, most)
            .related(each);
      }
      for (Container container : pod.containers()) {
        YamlPlace limit = container.at("resources.limits").key(resource);
        Quantity own = Quantity.parse(limit.text(""));
        if (own != null && own.compareTo(most) > 0) {
          context
              .report(limit, "order", container.name(), own, "limits." + resource, most)
              .related(each);
        }
      }
    }
  }

  /** Whether a resource is one that a device or another extension brings. */
  private static boolean isExtended(String resource) {
    int slash = resource.indexOf('/');
    return slash > 0
        && References.isPlain(resource)
        && !resource.substring(0, slash).endsWith("kubernetes.io")
        && !resource.startsWith("requests.");
  }

  private static void hugePages(Container container, RuleContext context) {
    YamlPlace pages = null;
    boolean known = container.object().isPartial();
    for (String side : List.of("requests", "limits")) {
      YamlPlace resources = container.at("resources." + side);
      known |= resources.isUnknown();
      for (YamlPlace each : resources.values()) {
        String resource = each.label().substring(each.label().indexOf(side) + side.length() + 1);
        known |= Set.of("cpu", "memory").contains(resource) || !References.isPlain(resource);
        pages = resource.startsWith("hugepages-") ? each : pages;
      }
    }
    if (pages != null && !known) {
      context.report(pages, "needs", "cpu, memory", "hugepages");
    }
  }

  private static void sleep(PodSpec pod, Container container, RuleContext context) {
    Setting<Long> grace = pod.integer("terminationGracePeriodSeconds");
    Long given = grace.value();
    long most = given == null ? GRACE_SECONDS : given;
    for (String hook : List.of("postStart", "preStop")) {
      Setting<Long> seconds = container.integer("lifecycle." + hook + ".sleep.seconds");
      Long wanted = seconds.value();
      if (wanted != null
          && !grace.isUnknown()
          && (given != null || !pod.object().isPartial())
          && (wanted > most || wanted < 0)) {
        context.report(seconds, "order", "sleep", wanted, "terminationGracePeriodSeconds", most);
      }
    }
  }

  /** Two sources of one volume cannot write one file. */
  private static void projected(Volume volume, RuleContext context) {
    Map<String, YamlPlace> paths = new HashMap<>();
    for (YamlPlace source : volume.items("projected.sources")) {
      for (String kind : List.of("configMap", "secret", "downwardAPI")) {
        source
            .key(kind)
            .key("items")
            .items()
            .forEach(each -> path(each.key("path"), paths, context));
      }
      for (String kind : List.of("serviceAccountToken", "clusterTrustBundle")) {
        path(source.key(kind).key("path"), paths, context);
      }
    }
  }

  private static void path(YamlPlace path, Map<String, YamlPlace> paths, RuleContext context) {
    String text = path.text("");
    if (text.isEmpty() || !References.isPlain(text)) {
      return;
    }
    YamlPlace earlier = paths.putIfAbsent(text, path);
    if (earlier != null) {
      context.report(path, "taken", text).related(earlier);
    }
  }

  private static @Nullable InetAddress address(String text) {
    try {
      // Only what is an address is given to it: names would be asked for over the network.
      return ADDRESS.matcher(text).matches() ? InetAddress.getByName(text) : null;
    } catch (UnknownHostException noAddress) {
      return null;
    }
  }

  /** The addresses that share their first bits. */
  private record Range(byte[] address, int bits) {
    static @Nullable Range of(String text) {
      int slash = text.indexOf('/');
      InetAddress address = RefusedValues.address(text.substring(0, Math.max(0, slash)));
      String bits = text.substring(slash + 1);
      return address != null && bits.matches("[0-9]{1,3}")
          ? new Range(address.getAddress(), Integer.parseInt(bits))
          : null;
    }

    boolean holdsMoreThan(Range other) {
      if (address.length != other.address.length || bits >= other.bits) {
        return false;
      }
      for (int i = 0; i < Math.min(bits, address.length * 8); i++) {
        int mask = 0x80 >> i % 8;
        if ((address[i / 8] & mask) != (other.address[i / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
