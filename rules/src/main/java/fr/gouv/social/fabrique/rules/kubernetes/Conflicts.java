package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.KubernetesPart;
import fr.gouv.social.fabrique.kubernetes.PodSpec;
import fr.gouv.social.fabrique.kubernetes.Quantity;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fields that are well formed each and that the API server refuses together. Semantics: the
 * packages {@code pkg/apis/*}{@code /validation} of Kubernetes.
 */
final class Conflicts {
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_ANNOTATION_BYTES = 1 << 18;
  private static final long HIGHEST_PRIORITY = 1_000_000_000;

  /** Large kinds whose own texts are no selectors. */
  private static final Set<String> WITHOUT_SELECTORS =
      Set.of("ConfigMap", "CustomResourceDefinition", "Secret");

  /** Scopes of quotas that exclude each other. */
  private static final List<List<String>> OPPOSITE_SCOPES =
      List.of(List.of("BestEffort", "NotBestEffort"), List.of("Terminating", "NotTerminating"));

  private static final Set<String> SELECTOR_OWNERS =
      Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController");

  /** The keys that a Secret of a type must have: all of one of the lists. */
  private static final Map<String, List<String>> SECRET_KEYS =
      Map.of(
          "kubernetes.io/tls", List.of("tls.crt", "tls.key"),
          "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"),
          "kubernetes.io/dockercfg", List.of(".dockercfg"),
          "kubernetes.io/ssh-auth", List.of("ssh-privatekey"));

  static final Rule<KubernetesObject> OBJECT =
      rule("kubernetes/conflicting-fields", KubernetesObject.class, Conflicts::object);

  static final Rule<PodSpec> POD =
      rule("kubernetes/conflicting-pod-fields", PodSpec.class, Conflicts::pod);

  static final List<Rule<?>> ALL = List.of(OBJECT, POD);

  private Conflicts() {}

  private static void object(KubernetesObject object, RuleContext context) {
    if (!Metadata.isOfKubernetes(object)) {
      return;
    }
    annotations(object, context);
    RefusedValues.inObject(object, context);
    if (!WITHOUT_SELECTORS.contains(object.kind())) {
      selectors(object.place(), object.isPartial(), context);
    }
    switch (object.kind()) {
      case "Deployment" -> deployment(object, context);
      case "DaemonSet" -> bothZero(object, "spec.updateStrategy.rollingUpdate", context);
      case "StatefulSet" -> {
        String type = "spec.updateStrategy.type";
        if (object.string(type).is("OnDelete"::equals)) {
          excluded(object, "spec.updateStrategy.rollingUpdate", type, context);
        }
      }
      case "Job" -> job(object, "spec", context);
      case "CronJob" -> {
        timeZone(object, context);
        job(object, "spec.jobTemplate.spec", context);
      }
      case "Service" -> service(object, context);
      case "ConfigMap" -> configMap(object, context);
      case "Secret" -> secret(object, context);
      case "Ingress" -> ingress(object, context);
      case "NetworkPolicy" -> networkPolicy(object, context);
      case "HorizontalPodAutoscaler" -> autoscaler(object, context);
      case "Role", "ClusterRole" -> role(object, context);
      case "RoleBinding", "ClusterRoleBinding" -> binding(object, context);
      case "PersistentVolume" -> {
        if (object.has("spec.local") && object.lacks("spec.nodeAffinity")) {
          context.report(object.at("spec.local"), "needs", "spec.nodeAffinity", "spec.local");
        }
      }
      case "PersistentVolumeClaim" -> {
        YamlPlace modes = object.at("spec.accessModes");
        if (modes.texts().contains("ReadWriteOncePod") && modes.texts().size() > 1) {
          context.report(modes, "excluded", "accessModes", "ReadWriteOncePod");
        }
      }
      case "PriorityClass" -> priority(object, context);
      case "LimitRange" -> object.items("spec.limits").forEach(each -> limits(each, context));
      case "ResourceQuota" -> quota(object, context);
      case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration" ->
          object.items("webhooks").forEach(each -> webhook(each, context));
      default -> {}
    }
    if (object.kind().equals("ReplicationController")
        && object.lacks("spec.selector")
        && object.at("spec.template.metadata.labels").values().isEmpty()
        && object.has("spec.template")
        && !object.isPartial()) {
      context.report(object.at("spec.selector"), "needs", "selector", object.kind());
    }
    if (SELECTOR_OWNERS.contains(object.kind())) {
      YamlPlace deadline = object.at("spec.template.spec.activeDeadlineSeconds");
      if (deadline.isPresent()) {
        context.report(deadline, "excluded", "activeDeadlineSeconds", object.kind());
      }
    }
  }

  /** Looks at the expressions of all selectors, of labels, nodes and fields. */
  private static void selectors(YamlPlace place, boolean partial, RuleContext context) {
    for (YamlPlace each : place.values()) {
      if (each.name().equals("matchExpressions") || each.name().equals("matchFields")) {
        each.items().forEach(item -> expression(item, partial, context));
      } else {
        selectors(each, partial, context);
      }
    }
    place.items().forEach(each -> selectors(each, partial, context));
  }

  private static void expression(YamlPlace expression, boolean partial, RuleContext context) {
    YamlPlace operator = expression.key("operator");
    YamlPlace values = expression.key("values");
    String written = operator.text("");
    if (values.isUnknown() || partial) {
      return;
    }
    int count = values.node() instanceof YamlSequence sequence ? sequence.items().size() : 0;
    switch (written) {
      case "In", "NotIn" -> {
        if (count == 0) {
          context.report(operator, "needs", "values", "operator: " + written);
        }
      }
      case "Gt", "Lt" -> {
        if (count != 1) {
          context.report(operator, "needs", "values: [n]", "operator: " + written);
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (count > 0) {
          context.report(values, "excluded", "values", "operator: " + written);
        }
      }
      default -> {}
    }
  }

  private static void quota(KubernetesObject object, RuleContext context) {
    YamlPlace scopes = object.at("spec.scopes");
    for (List<String> each : OPPOSITE_SCOPES) {
      if (scopes.texts().containsAll(each)) {
        context.report(scopes, "excluded", each.get(0), each.get(1));
      }
    }
  }

  private static void webhook(YamlPlace webhook, RuleContext context) {
    YamlPlace versions = webhook.key("admissionReviewVersions");
    List<String> known = versions.texts();
    if (!known.isEmpty()
        && known.stream().allMatch(References::isPlain)
        && !known.contains("v1")
        && !known.contains("v1beta1")) {
      context.report(versions, "needs", "v1", "admissionReviewVersions");
    }
    for (YamlPlace rule : webhook.key("rules").items()) {
      for (String field : List.of("operations", "apiGroups", "apiVersions")) {
        List<String> texts = rule.key(field).texts();
        if (texts.contains("*") && texts.size() > 1) {
          context.report(rule.key(field), "excluded", texts.get(texts.size() - 1), "*");
        }
      }
    }
  }

  private static void annotations(KubernetesObject object, RuleContext context) {
    long bytes = 0;
    for (Map.Entry<String, String> each : object.annotations().entrySet()) {
      bytes += length(each.getKey()) + length(each.getValue());
    }
    if (bytes > MOST_ANNOTATION_BYTES) {
      context.report(
          object.at("metadata.annotations"), "size", "annotations", bytes, MOST_ANNOTATION_BYTES);
    }
  }

  private static long length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void deployment(KubernetesObject object, RuleContext context) {
    String type = "spec.strategy.type";
    if (object.string(type).is("Recreate"::equals)) {
      excluded(object, "spec.strategy.rollingUpdate", type, context);
    }
    bothZero(object, "spec.strategy.rollingUpdate", context);
    Setting<Long> deadline = object.integer("spec.progressDeadlineSeconds");
    Setting<Long> ready = object.integer("spec.minReadySeconds");
    Long least = ready.value();
    Long most = deadline.value();
    if (most != null && least != null && least >= most) {
      context.report(ready, "order", "minReadySeconds", least, "progressDeadlineSeconds", most);
    }
  }

  private static void bothZero(KubernetesObject object, String path, RuleContext context) {
    YamlPlace unavailable = object.at(path + ".maxUnavailable");
    YamlPlace surge = object.at(path + ".maxSurge");
    boolean surgeIsZero = isZero(surge) || object.kind().equals("DaemonSet") && !surge.isPresent();
    if (isZero(unavailable) && surgeIsZero && !object.isPartial()) {
      context.report(unavailable, "both-zero", "maxUnavailable", "maxSurge");
    }
  }

  private static boolean isZero(YamlPlace place) {
    String text = place.text("");
    return text.equals("0") || text.equals("0%");
  }

  private static void job(KubernetesObject object, String path, RuleContext context) {
    if (object.has(path + ".selector")
        && !object.has("metadata.uid")
        && !object.bool(path + ".manualSelector").isTrue()
        && !object.isPartial()) {
      context.report(object.at(path + ".selector"), "needs", "manualSelector: true", "selector");
    }
    if (object.has(path + ".podFailurePolicy")
        && object.string(path + ".template.spec.restartPolicy").is("OnFailure"::equals)) {
      context.report(
          object.at(path + ".podFailurePolicy"),
          "needs",
          "restartPolicy: Never",
          "podFailurePolicy");
    }
    for (String field : List.of("backoffLimitPerIndex", "successPolicy", "maxFailedIndexes")) {
      if (object.has(path + "." + field)
          && !object.string(path + ".completionMode").isUnknown()
          && !object.string(path + ".completionMode").is("Indexed"::equals)) {
        context.report(object.at(path + "." + field), "needs", "completionMode: Indexed", field);
      }
    }
  }

  private static void timeZone(KubernetesObject object, RuleContext context) {
    YamlPlace zone = object.at("spec.timeZone");
    String name = object.string("spec.timeZone").value();
    if (name != null && (name.equals("Local") || !isZone(name))) {
      context.report(zone, "value", name, "timeZone");
    }
    Setting<String> schedule = object.string("spec.schedule");
    if (schedule.is(text -> text.contains("TZ="))) {
      context.report(schedule, "excluded", "TZ=", "schedule");
    }
  }

  private static boolean isZone(String name) {
    return ZoneId.getAvailableZoneIds().contains(name) && !name.startsWith("SystemV/");
  }

  private static void service(KubernetesObject object, RuleContext context) {
    Setting<String> type = object.string("spec.type");
    Setting<String> clusterIp = object.string("spec.clusterIP");
    if (type.isUnknown() || clusterIp.isUnknown()) {
      return;
    }
    boolean plain = type.isAbsent() || type.is("ClusterIP"::equals) || type.is(String::isEmpty);
    boolean external = type.is("ExternalName"::equals);
    boolean headless = clusterIp.is("None"::equals);
    if (external) {
      if (object.lacks("spec.externalName") || object.at("spec.externalName").text("a").isEmpty()) {
        context.report(object.at("spec.externalName"), "needs", "externalName", "ExternalName");
      }
      if (clusterIp.is(text -> !text.isEmpty())) {
        context.report(clusterIp, "excluded", "clusterIP", "type: ExternalName");
      }
    } else if (!headless && object.lacks("spec.ports") && object.has("spec")
        || object.at("spec.ports").node() != null
            && object.at("spec.ports").isPresent()
            && object.at("spec.ports").span().text().endsWith("[]")
            && !headless) {
      if (!object.isPartial()) {
        context.report(object.at("spec.ports"), "needs", "ports", "Service");
      }
    }
    if (headless && type.is(value -> value.equals("LoadBalancer") || value.equals("NodePort"))) {
      context.report(clusterIp, "excluded", "clusterIP: None", "type: " + type.value());
    }
    Map<String, YamlPlace> nodePorts = new HashMap<>();
    for (YamlPlace port : object.items("spec.ports")) {
      YamlPlace node = port.key("nodePort");
      String number = node.text("");
      if (number.isEmpty() || number.equals("0") || !References.isPlain(number)) {
        continue;
      }
      if (plain && !object.isPartial()) {
        context.report(node, "excluded", "nodePort", "type: ClusterIP");
      }
      YamlPlace earlier = nodePorts.putIfAbsent(number + port.key("protocol").text("TCP"), node);
      if (earlier != null) {
        context.report(node, "taken", number).related(earlier);
      }
    }
    if (plain && !object.isPartial()) {
      for (String field : List.of("loadBalancerClass", "loadBalancerSourceRanges")) {
        if (object.has("spec." + field)) {
          context.report(object.at("spec." + field), "needs", "type: LoadBalancer", field);
        }
      }
      if (object.has("spec.externalTrafficPolicy") && object.items("spec.externalIPs").isEmpty()) {
        context.report(
            object.at("spec.externalTrafficPolicy"),
            "excluded",
            "externalTrafficPolicy",
            "type: ClusterIP");
      }
    }
  }

  private static void configMap(KubernetesObject object, RuleContext context) {
    YamlPlace binary = object.at("binaryData");
    for (YamlPlace each : binary.values()) {
      String key = each.name();
      if (object.at("data").key(key).node() != null) {
        context.report(each, "taken", key);
      }
    }
    long size = size(object.at("data"), 1, 1) + size(binary, 3, 4);
    if (size > MOST_BYTES) {
      context.report(object.at("data"), "size", "data", size, MOST_BYTES);
    }
  }

  /** The bytes of the values of a mapping, so many for so many characters. */
  private static long size(YamlPlace place, int bytes, int characters) {
    long size = 0;
    if (place.node() instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        if (entry.value() instanceof YamlScalar value) {
          size += length(value.value()) * bytes / characters;
        }
      }
    }
    return size;
  }

  private static void secret(KubernetesObject object, RuleContext context) {
    long size = size(object.at("data"), 3, 4) + size(object.at("stringData"), 1, 1);
    if (size > MOST_BYTES) {
      context.report(object.at("data"), "size", "data", size, MOST_BYTES);
    }
    Setting<String> type = object.string("type");
    String name = type.value();
    if (name == null || object.isPartial()) {
      return;
    }
    for (String key : SECRET_KEYS.getOrDefault(name, List.of())) {
      if (!holds(object, key)) {
        context.report(type, "needs", key, name);
      }
    }
    if (name.equals("kubernetes.io/basic-auth")
        && !holds(object, "username")
        && !holds(object, "password")) {
      context.report(type, "needs", "username", name);
    }
    if (name.equals("kubernetes.io/service-account-token")
        && !object.annotations().containsKey("kubernetes.io/service-account.name")) {
      context.report(type, "needs", "kubernetes.io/service-account.name", name);
    }
  }

  /** Whether a Secret has a key, or may. */
  private static boolean holds(KubernetesObject secret, String key) {
    for (String field : List.of("data", "stringData")) {
      YamlPlace place = secret.at(field);
      if (place.key(key).node() != null
          || place.isPresent() && !(place.node() instanceof YamlMapping)
          || place.values().stream().anyMatch(each -> !References.isPlain(each.label()))) {
        return true;
      }
    }
    return false;
  }

  private static void ingress(KubernetesObject object, RuleContext context) {
    String annotation = "kubernetes.io/ingress.class";
    if (object.annotations().containsKey(annotation) && object.has("spec.ingressClassName")) {
      context.report(
          object.at("metadata.annotations").key(annotation),
          "excluded",
          annotation,
          "ingressClassName");
    }
    if (!object.apiVersion().equals("networking.k8s.io/v1")) {
      return;
    }
    for (YamlPlace rule : object.items("spec.rules")) {
      for (YamlPlace path : rule.at("http.paths").items()) {
        String type = path.key("pathType").text("");
        String text = path.key("path").text("");
        if ((type.equals("Exact") || type.equals("Prefix"))
            && References.isPlain(text)
            && !path.key("path").isUnknown()
            && (!text.startsWith("/") || text.contains("//") || text.contains("/../"))) {
          context.report(path.key("path"), "value", text, "pathType: " + type);
        }
      }
    }
  }

  private static void networkPolicy(KubernetesObject object, RuleContext context) {
    for (String direction : List.of("ingress", "egress")) {
      for (YamlPlace rule : object.items("spec." + direction)) {
        for (YamlPlace port : rule.key("ports").items()) {
          endPort(port, context);
        }
        for (YamlPlace peer : rule.key(direction.equals("ingress") ? "from" : "to").items()) {
          if (peer.key("ipBlock").isPresent()) {
            for (String field : List.of("podSelector", "namespaceSelector")) {
              if (peer.key(field).isPresent()) {
                context.report(peer.key(field), "excluded", field, "ipBlock");
              }
            }
          }
        }
      }
    }
  }

  private static void endPort(YamlPlace port, RuleContext context) {
    YamlPlace end = port.key("endPort");
    if (!end.isPresent()) {
      return;
    }
    YamlPlace start = port.key("port");
    Long last = end.integer().value();
    Long first = start.integer().value();
    if (!start.isPresent()
        || first == null && !start.isUnknown() && References.isPlain(start.text("$"))) {
      context.report(end, "needs", "port: 1–65535", "endPort");
    } else if (first != null && last != null && last < first) {
      context.report(end, "order", "port", first, "endPort", last);
    }
  }

  private static final Map<String, String> METRIC_FIELDS =
      Map.of(
          "ContainerResource", "containerResource",
          "External", "external",
          "Object", "object",
          "Pods", "pods",
          "Resource", "resource");

  private static void autoscaler(KubernetesObject object, RuleContext context) {
    Setting<Long> least = object.integer("spec.minReplicas");
    Long min = least.value();
    Long max = object.integer("spec.maxReplicas").value();
    if (min != null && max != null && min > max) {
      context.report(least, "order", "minReplicas", min, "maxReplicas", max);
    }
    if (min != null
        && min == 0
        && object.items("spec.metrics").stream()
            .allMatch(
                each -> !Set.of("Object", "External").contains(each.key("type").text("Object")))) {
      context.report(least, "needs", "type: External", "minReplicas: 0");
    }
    for (YamlPlace metric : object.items("spec.metrics")) {
      String type = metric.key("type").text("");
      String field = METRIC_FIELDS.get(type);
      if (field == null || object.isPartial()) {
        continue;
      }
      if (!metric.key(field).isPresent()) {
        context.report(metric.key("type"), "needs", field, "type: " + type);
      }
      target(metric.key(field).key("target"), context);
    }
  }

  private static void target(YamlPlace target, RuleContext context) {
    String type = target.key("type").text("");
    String field =
        switch (type) {
          case "Utilization" -> "averageUtilization";
          case "AverageValue" -> "averageValue";
          default -> "";
        };
    if (!field.isEmpty() && !target.key(field).isPresent()) {
      context.report(target.key("type"), "needs", field, "type: " + type);
    }
    if (target.key("averageUtilization").isPresent() && target.key("averageValue").isPresent()) {
      context.report(target.key("averageValue"), "excluded", "averageValue", "averageUtilization");
    }
  }

  private static void role(KubernetesObject object, RuleContext context) {
    for (YamlPlace rule : object.items("rules")) {
      YamlPlace paths = rule.key("nonResourceURLs");
      boolean any = !rule.key("nonResourceURLs").texts().isEmpty();
      boolean resources = rule.key("resources").isPresent();
      boolean groups = rule.key("apiGroups").isPresent();
      if (any && object.kind().equals("Role")) {
        context.report(paths, "excluded", "nonResourceURLs", "Role");
      } else if (any && (resources || groups)) {
        context.report(paths, "excluded", "nonResourceURLs", resources ? "resources" : "apiGroups");
      } else if (!any && !object.isPartial() && rule.node() instanceof YamlMapping) {
        if (!groups) {
          context.report(rule.key("apiGroups"), "needs", "apiGroups", "rules");
        } else if (!resources) {
          context.report(rule.key("resources"), "needs", "resources", "rules");
        }
      }
    }
  }

  private static void binding(KubernetesObject object, RuleContext context) {
    boolean cluster = object.kind().equals("ClusterRoleBinding");
    Setting<String> kind = object.string("roleRef.kind");
    if (cluster && kind.is("Role"::equals)) {
      context.report(kind, "excluded", "kind: Role", "ClusterRoleBinding");
    }
    for (YamlPlace subject : object.items("subjects")) {
      boolean account = subject.key("kind").text("").equals("ServiceAccount");
      YamlPlace group = subject.key("apiGroup");
      if (account && cluster && !subject.key("namespace").isPresent() && !object.isPartial()) {
        context.report(subject.key("namespace"), "needs", "namespace", "kind: ServiceAccount");
      }
      String allowed = account ? "" : "rbac.authorization.k8s.io";
      String written = group.text(allowed);
      if (References.isPlain(written) && !written.isEmpty() && !written.equals(allowed)) {
        context.report(group, "value", written, "kind: " + subject.key("kind").text(""));
      }
    }
  }

  private static void priority(KubernetesObject object, RuleContext context) {
    Setting<Long> value = object.integer("value");
    if (object.name().startsWith("system-")) {
      if (!Set.of("system-cluster-critical", "system-node-critical").contains(object.name())) {
        context.report(object.at("metadata.name"), "value", object.name(), "PriorityClass");
      }
    } else if (value.is(number -> number > HIGHEST_PRIORITY)) {
      context.report(
          value, "order", "value", String.valueOf(value.value()), "system-…", HIGHEST_PRIORITY);
    }
  }

  /** {@code min ≤ defaultRequest ≤ default ≤ max}, resource by resource. */
  private static void limits(YamlPlace item, RuleContext context) {
    List<String> order = List.of("min", "defaultRequest", "default", "max");
    for (int low = 0; low < order.size(); low++) {
      for (YamlPlace each : item.key(order.get(low)).values()) {
        String resource = each.name();
        Quantity less = Quantity.parse(each.text(""));
        for (int high = low + 1; high < order.size() && less != null; high++) {
          YamlPlace other = item.key(order.get(high)).key(resource);
          Quantity more = Quantity.parse(other.text(""));
          if (more != null && less.compareTo(more) > 0) {
            context
                .report(each, "order", order.get(low), less, order.get(high), more)
                .related(other);
            high = order.size();
          }
        }
      }
    }
    if (item.key("type").text("").equals("PersistentVolumeClaim")
        && !item.key("min").isPresent()
        && !item.key("max").isPresent()) {
      context.report(item.key("type"), "needs", "max", "type: PersistentVolumeClaim");
    }
    if (item.key("type").text("").equals("Pod")) {
      for (String field : List.of("default", "defaultRequest")) {
        if (item.key(field).isPresent()) {
          context.report(item.key(field), "excluded", field, "type: Pod");
        }
      }
    }
  }

  private static void excluded(
      KubernetesObject object, String field, String because, RuleContext context) {
    if (object.has(field)) {
      YamlPlace place = object.at(field);
      String name = field.substring(field.lastIndexOf('.') + 1);
      context
          .report(place, "excluded", name, "type: " + object.at(because).text(""))
          .related(object.at(because));
    }
  }

  private static void pod(PodSpec pod, RuleContext context) {
    if (pod.string("dnsPolicy").is("None"::equals)
        && pod.items("dnsConfig.nameservers").isEmpty()
        && !pod.object().isPartial()) {
      context.report(pod.at("dnsPolicy"), "needs", "dnsConfig.nameservers", "dnsPolicy: None");
    }
    if (pod.hostPid().isTrue() && pod.bool("shareProcessNamespace").isTrue()) {
      context.report(
          pod.at("shareProcessNamespace"), "excluded", "shareProcessNamespace", "hostPID");
    }
    pod.items("tolerations").forEach(each -> toleration(each, context));
    profiles(pod, context);
    RefusedValues.inPod(pod, context);
    Map<String, YamlPlace> hostPorts = new HashMap<>();
    for (Container container : pod.containers()) {
      profiles(container, context);
      escalation(container, context);
      extended(container, context);
      container.volumeMounts().forEach(each -> mount(container, each, context));
      YamlPlace grace = container.at("readinessProbe.terminationGracePeriodSeconds");
      if (grace.isPresent()) {
        context.report(grace, "excluded", "terminationGracePeriodSeconds", "readinessProbe");
      }
      for (YamlPlace port : container.items("ports")) {
        YamlPlace host = port.key("hostPort");
        Long number = host.integer().value();
        if (number == null || number == 0) {
          continue;
        }
        Long own = port.key("containerPort").integer().value();
        if (pod.hostNetwork().isTrue() && own != null && !own.equals(number)) {
          context.report(host, "host-port", String.valueOf(number), String.valueOf(own));
        }
        String identity =
            number + "/" + port.key("protocol").text("TCP") + "/" + port.key("hostIP").text("");
        YamlPlace earlier = hostPorts.putIfAbsent(identity, host);
        if (earlier != null && container.isLongRunning()) {
          context.report(host, "taken", String.valueOf(number)).related(earlier);
        }
      }
    }
  }

  private static void mount(Container container, YamlPlace mount, RuleContext context) {
    if (container.object().isPartial()) {
      return;
    }
    YamlPlace propagation = mount.key("mountPropagation");
    if (propagation.text("").equals("Bidirectional")) {
      Setting<Boolean> privileged = container.securityContext().privileged();
      if (!privileged.isTrue() && !privileged.isUnknown()) {
        context.report(propagation, "needs", "privileged: true", "mountPropagation: Bidirectional");
      }
    }
    YamlPlace recursive = mount.key("recursiveReadOnly");
    if (Set.of("Enabled", "IfPossible").contains(recursive.text(""))
        && !mount.key("readOnly").bool().isTrue()
        && !mount.key("readOnly").isUnknown()) {
      context.report(recursive, "needs", "readOnly: true", "recursiveReadOnly");
    }
  }

  private static void toleration(YamlPlace toleration, RuleContext context) {
    String operator = toleration.key("operator").text("Equal");
    String key = toleration.key("key").text("");
    YamlPlace value = toleration.key("value");
    if (operator.equals("Exists") && !value.text("").isEmpty()) {
      context.report(value, "excluded", "value", "operator: Exists");
    }
    if (key.isEmpty()
        && operator.equals("Equal")
        && !toleration.key("key").isUnknown()
        && toleration.node() instanceof YamlMapping) {
      context.report(toleration, "needs", "operator: Exists", "tolerations");
    }
    if (toleration.key("tolerationSeconds").isPresent()
        && References.isPlain(toleration.key("effect").text("$"))
        && !toleration.key("effect").text("").equals("NoExecute")) {
      context.report(
          toleration.key("tolerationSeconds"), "needs", "effect: NoExecute", "tolerationSeconds");
    }
  }

  private static void profiles(KubernetesPart part, RuleContext context) {
    for (String field : List.of("seccompProfile", "appArmorProfile")) {
      YamlPlace profile = part.at("securityContext").key(field);
      String type = profile.key("type").text("");
      YamlPlace local = profile.key("localhostProfile");
      if (type.equals("Localhost") && !local.isPresent() && !part.object().isPartial()) {
        context.report(profile.key("type"), "needs", "localhostProfile", "type: Localhost");
      } else if (local.isPresent() && Set.of("RuntimeDefault", "Unconfined").contains(type)) {
        context.report(local, "excluded", "localhostProfile", "type: " + type);
      }
    }
  }

  private static void escalation(Container container, RuleContext context) {
    YamlPlace security = container.at("securityContext");
    YamlPlace escalation = security.key("allowPrivilegeEscalation");
    if (escalation.text("").equals("false")) {
      if (security.key("privileged").text("").equals("true")) {
        context.report(
            escalation, "excluded", "allowPrivilegeEscalation: false", "privileged: true");
      } else if (security.at("capabilities.add").texts().contains("CAP_SYS_ADMIN")) {
        context.report(escalation, "excluded", "allowPrivilegeEscalation: false", "CAP_SYS_ADMIN");
      }
    }
  }

  /** What cannot be shared is asked for and bound to the same amount. */
  private static void extended(Container container, RuleContext context) {
    for (YamlPlace each : container.at("resources.requests").values()) {
      String resource = each.name();
      boolean counted =
          resource.startsWith("hugepages-")
              || resource.indexOf('/') > 0
                  && !resource.substring(0, resource.indexOf('/')).endsWith("kubernetes.io");
      if (!counted || !References.isPlain(resource)) {
        continue;
      }
      YamlPlace limit = container.at("resources.limits").key(resource);
      Quantity request = Quantity.parse(each.text(""));
      Quantity most = Quantity.parse(limit.text(""));
      if (!limit.isPresent() && !container.object().isPartial()) {
        context.report(each, "needs", "limits: " + resource, "requests: " + resource);
      } else if (request != null && most != null && request.compareTo(most) != 0) {
        context.report(each, "unequal", resource, request, most).related(limit);
      }
    }
  }
}
