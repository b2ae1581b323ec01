package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.Role;
import fr.gouv.social.fabrique.kubernetes.RoleBinding;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What roles allow, and to whom. */
final class AccessControl {
  private static final List<String> READ = List.of("get", "list", "watch");
  private static final List<String> WRITE =
      List.of("create", "update", "patch", "delete", "deletecollection");
  private static final List<String> CHANGE = List.of("create", "update", "patch");

  static final Rule<Role> WILDCARD =
      rule(
          "kubernetes/wildcard-permission",
          Role.class,
          (role, context) -> {
            if (isBuiltIn(role.object())) {
              return;
            }
            for (Role.Rule each : role.rules()) {
              if (isOfOperator(each)) {
                continue;
              }
              YamlPlace verbs = wildcard(each.at("verbs"));
              YamlPlace resources = wildcard(each.at("resources"));
              if (isEverything(each)) {
                context.report(each, "all", role.object().name());
              } else if (resources != null) {
                context.report(resources, "resources", role.object().name());
              } else if (verbs != null && isNamed(each)) {
                context.report(
                    verbs, "verbs", role.object().name(), String.join(", ", each.resources()));
              }
            }
          });

  static final Rule<Role> SECRETS =
      permission("kubernetes/secrets-access", List.of(""), List.of("secrets"), READ);

  static final Rule<Role> POD_CREATION =
      permission(
          "kubernetes/pod-creation",
          List.of("", "apps", "batch"),
          List.of(
              "pods",
              "replicationcontrollers",
              "deployments",
              "statefulsets",
              "daemonsets",
              "replicasets",
              "jobs",
              "cronjobs"),
          CHANGE);

  static final Rule<Role> POD_EXEC =
      permission(
          "kubernetes/pod-exec",
          List.of(""),
          List.of("pods/exec", "pods/attach"),
          List.of("get", "create"));

  static final Rule<Role> POD_LOGS =
      permission(
          "kubernetes/log-deletion",
          List.of(""),
          List.of("pods/log"),
          List.of("delete", "deletecollection"));

  static final Rule<Role> CONFIG_MAPS =
      permission("kubernetes/configmap-change", List.of(""), List.of("configmaps"), WRITE);

  static final Rule<Role> ESCALATION =
      permission(
          "kubernetes/role-escalation",
          List.of("rbac.authorization.k8s.io"),
          List.of("roles", "clusterroles", "rolebindings", "clusterrolebindings"),
          List.of("create", "update", "patch", "bind", "escalate"));

  static final Rule<Role> IMPERSONATION =
      permission(
          "kubernetes/impersonation",
          List.of("", "authentication.k8s.io"),
          List.of("users", "groups", "serviceaccounts", "uids"),
          List.of("impersonate"));

  static final Rule<Role> NODES_PROXY =
      permission(
          "kubernetes/nodes-proxy", List.of(""), List.of("nodes/proxy"), List.of("get", "create"));

  static final Rule<Role> WEBHOOKS =
      permission(
          "kubernetes/webhook-control",
          List.of("admissionregistration.k8s.io"),
          List.of("mutatingwebhookconfigurations", "validatingwebhookconfigurations"),
          CHANGE);

  static final Rule<Role> CERTIFICATES =
      permission(
          "kubernetes/certificate-approval",
          List.of("certificates.k8s.io"),
          List.of("certificatesigningrequests/approval", "signers"),
          List.of("update", "patch", "approve"));

  static final Rule<Role> NETWORK =
      permission(
          "kubernetes/network-control",
          List.of("", "networking.k8s.io"),
          List.of("services", "endpoints", "ingresses", "networkpolicies"),
          WRITE);

  static final Rule<Role> SERVICE_STATUS =
      permission(
          "kubernetes/service-status-change",
          List.of(""),
          List.of("services/status"),
          List.of("update", "patch"));

  static final Rule<Role> AWS_AUTH =
      rule(
          "kubernetes/aws-auth-change",
          Role.class,
          (role, context) -> {
            for (Role.Rule each : role.rules()) {
              if (each.at("resourceNames").texts().contains("aws-auth")
                  && WRITE.stream().anyMatch(verb -> each.allows("", "configmaps", verb))) {
                context.report(each.at("resourceNames"), "aws-auth", role.object().name());
              }
            }
          });

  private static final Set<String> EVERYONE =
      Set.of(
          "system:anonymous",
          "system:unauthenticated",
          "system:authenticated",
          "system:serviceaccounts");

  private static final Set<String> PUBLIC_ROLES =
      Set.of(
          "system:public-info-viewer",
          "system:discovery",
          "system:basic-user",
          "system:service-account-issuer-discovery",
          "kubeadm:bootstrap-signer-clusterinfo");

  static final Rule<RoleBinding> CLUSTER_ADMIN =
      rule(
          "kubernetes/cluster-admin-binding",
          RoleBinding.class,
          (binding, context) -> {
            if (isAdministrator(binding, context)
                && binding.subjects().stream().noneMatch(AccessControl::isAnybody)) {
              context.report(binding.at("roleRef.name"), "admin", role(binding));
            }
          });

  static final Rule<RoleBinding> CLUSTER_ADMIN_FOR_ALL =
      rule(
          "kubernetes/cluster-admin-for-anybody",
          RoleBinding.class,
          (binding, context) -> {
            if (isAdministrator(binding, context)) {
              for (YamlPlace each : binding.subjects()) {
                if (isAnybody(each)) {
                  context
                      .report(
                          each.key("name"),
                          "admin",
                          role(binding),
                          each.key("kind").text("") + "/" + each.key("name").text(""))
                      .related(binding.at("roleRef"));
                }
              }
            }
          });

  static final Rule<RoleBinding> ANONYMOUS =
      rule(
          "kubernetes/anonymous-binding",
          RoleBinding.class,
          (binding, context) -> {
            if (!isBuiltIn(binding.object())
                && binding.roleName().is(name -> !PUBLIC_ROLES.contains(name))
                && !isAdministrator(binding, context)) {
              for (YamlPlace each : binding.subjects()) {
                String name = each.key("name").text("");
                if (EVERYONE.contains(name)
                    && !each.key("kind").text("").equals("ServiceAccount")) {
                  context.report(each.key("name"), "anybody", name, role(binding));
                }
              }
            }
          });

  static final Rule<RoleBinding> MASTERS =
      rule(
          "kubernetes/masters-binding",
          RoleBinding.class,
          (binding, context) -> {
            for (YamlPlace each : binding.subjects()) {
              if (each.key("name").text("").equals("system:masters")
                  && !binding.object().name().equals("cluster-admin")) {
                context.report(each.key("name"), "masters", binding.object().name());
              }
            }
          });

  static final Rule<RoleBinding> DEFAULT_ACCOUNT =
      rule(
          "kubernetes/default-account-binding",
          RoleBinding.class,
          (binding, context) -> {
            if (!isAdministrator(binding, context)) {
              for (YamlPlace each : binding.subjects()) {
                if (isDefaultAccount(each)) {
                  context.report(each.key("name"), "default", role(binding));
                }
              }
            }
          });

  /** The roles of every cluster that let enter pods and read secrets. */
  private static final Set<String> EDITORS = Set.of("admin", "edit");

  static final Rule<RoleBinding> DANGLING_ROLE =
      rule(
          "kubernetes/dangling-role",
          RoleBinding.class,
          (binding, context) -> {
            String name = binding.roleName().value();
            String kind = binding.roleKind();
            KubernetesObject object = binding.object();
            if (name == null || object.isPartial() || isGiven(name)) {
              return;
            }
            boolean evident =
                kind.equals("Role")
                    ? Elsewhere.hasAny(context, object, "Role")
                    : kind.equals("ClusterRole")
                        && Elsewhere.hasAny(context, object, "ClusterRole");
            if (evident && !Elsewhere.has(context, object, kind, name)) {
              context.report(binding.at("roleRef.name"), "missing", kind, name);
            }
          });

  static final Rule<RoleBinding> UNSEEN_ROLE =
      rule(
          "kubernetes/unseen-role",
          RoleBinding.class,
          (binding, context) -> {
            String name = binding.roleName().value();
            if (name != null
                && !name.isEmpty()
                && !binding.object().isPartial()
                && !isBuiltIn(binding.object())
                && !isGiven(name)
                && context.project().objects().roleOf(binding) == null) {
              context.report(binding.at("roleRef.name"), "unseen", binding.roleKind(), name);
            }
          });

  static final Rule<RoleBinding> EDITOR =
      rule(
          "kubernetes/editor-binding",
          RoleBinding.class,
          (binding, context) -> {
            String name = binding.roleName().value();
            if (name != null
                && EDITORS.contains(name)
                && binding.roleKind().equals("ClusterRole")
                && !isBuiltIn(binding.object())) {
              context.report(binding.at("roleRef.name"), "editor", name);
            }
          });

  static final Rule<KubernetesObject> PRIVILEGED_SCC =
      rule(
          "kubernetes/privileged-scc",
          KubernetesObject.class,
          (object, context) -> {
            YamlPlace allowed = object.at("allowPrivilegedContainer");
            if (object.kind().equals("SecurityContextConstraints") && allowed.bool().isTrue()) {
              context.report(allowed, "privileged", object.name());
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          WILDCARD,
          SECRETS,
          POD_CREATION,
          POD_EXEC,
          POD_LOGS,
          CONFIG_MAPS,
          ESCALATION,
          IMPERSONATION,
          NODES_PROXY,
          WEBHOOKS,
          CERTIFICATES,
          NETWORK,
          SERVICE_STATUS,
          AWS_AUTH,
          CLUSTER_ADMIN,
          CLUSTER_ADMIN_FOR_ALL,
          ANONYMOUS,
          MASTERS,
          DEFAULT_ACCOUNT,
          DANGLING_ROLE,
          UNSEEN_ROLE,
          EDITOR,
          PRIVILEGED_SCC);

  private AccessControl() {}

  /**
   * A rule for what a role allows on resources that it names; {@code *} is for {@link #WILDCARD} to
   * say, and single objects picked by {@code resourceNames} are no wide permission.
   */
  private static Rule<Role> permission(
      String id, List<String> groups, List<String> resources, List<String> verbs) {
    return rule(
        id,
        Role.class,
        (role, context) -> {
          if (isBuiltIn(role.object())) {
            return;
          }
          for (Role.Rule each : role.rules()) {
            List<String> allowed = allowed(each, verbs);
            if (allowed.isEmpty()
                || !each.at("resourceNames").texts().isEmpty()
                || groups.stream()
                    .noneMatch(group -> each.groups().contains(group) || isAny(each.groups()))) {
              continue;
            }
            List<YamlPlace> named = new ArrayList<>();
            for (YamlPlace resource : each.at("resources").items()) {
              String text = resource.text("");
              int slash = text.indexOf('/');
              if (resources.contains(text)
                  || slash == 1
                      && text.startsWith("*")
                      && resources.stream().anyMatch(known -> known.endsWith(text.substring(1)))) {
                named.add(resource);
              }
            }
            if (!named.isEmpty()) {
              context.report(
                  named.get(0),
                  "allowed",
                  role.object().name(),
                  String.join(", ", allowed),
                  String.join(", ", named.stream().map(place -> place.text("")).toList()));
            }
          }
        });
  }

  private static List<String> allowed(Role.Rule rule, List<String> verbs) {
    if (isAny(rule.verbs())) {
      return List.of("*");
    }
    return rule.verbs().stream().filter(verbs::contains).toList();
  }

  private static boolean isAny(List<String> values) {
    return values.contains("*");
  }

  private static boolean isNamed(Role.Rule rule) {
    return rule.at("resourceNames").texts().isEmpty() && !rule.resources().isEmpty();
  }

  private static @Nullable YamlPlace wildcard(YamlPlace list) {
    return list.items().stream().filter(each -> "*".equals(each.text())).findFirst().orElse(null);
  }

  /** Whether a rule is only about custom resources: an operator rules over its own. */
  private static boolean isOfOperator(Role.Rule rule) {
    return !rule.groups().isEmpty()
        && rule.groups().stream()
            .allMatch(
                each ->
                    each.endsWith("metrics.k8s.io")
                        || each.indexOf('.') > 0 && !each.endsWith(".k8s.io"));
  }

  /** The roles and bindings of the control plane itself. */
  private static boolean isBuiltIn(KubernetesObject object) {
    return object.name().startsWith("system:")
        || object.name().startsWith("gce:podsecuritypolicy:")
        || object.name().equals("cluster-admin");
  }

  private static boolean isGiven(String role) {
    return role.startsWith("system:")
        || role.startsWith("kubeadm:")
        || role.equals("extension-apiserver-authentication-reader")
        || Set.of("cluster-admin", "admin", "edit", "view").contains(role);
  }

  private static boolean isEverything(Role.Rule rule) {
    return isAny(rule.groups())
        && isAny(rule.resources())
        && (isAny(rule.verbs()) || rule.verbs().containsAll(List.of("get", "create", "delete")));
  }

  private static boolean isAdministrator(RoleBinding binding, RuleContext context) {
    if (isBuiltIn(binding.object())) {
      return false;
    }
    if (binding.roleName().is("cluster-admin"::equals)) {
      return true;
    }
    Role role = context.project().objects().roleOf(binding);
    return role != null
        && context.project().objects().rulesOf(role).stream().anyMatch(AccessControl::isEverything);
  }

  private static String role(RoleBinding binding) {
    return binding.at("roleRef.name").text("");
  }

  private static boolean isDefaultAccount(YamlPlace subject) {
    return subject.key("kind").text("").equals("ServiceAccount")
        && subject.key("name").text("").equals("default");
  }

  private static boolean isAnybody(YamlPlace subject) {
    String name = subject.key("name").text("");
    return isDefaultAccount(subject)
        || !subject.key("kind").text("").equals("ServiceAccount")
            && (EVERYONE.contains(name) || name.startsWith("system:serviceaccounts:"));
  }
}
