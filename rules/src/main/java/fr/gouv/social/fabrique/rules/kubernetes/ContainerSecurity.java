package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.SecurityContext;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.rules.facts.RootImages;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a container's process may do, as it is in force once the pod's settings are counted in. */
final class ContainerSecurity {
  private static final String ALL_CAPABILITIES = "ALL";

  /** What the container runtimes give where nothing is said; see containerd's oci/spec.go. */
  private static final Set<String> GIVEN =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "NET_RAW",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  /** What the baseline of the Pod Security Standards lets add: all of the above but NET_RAW. */
  private static final Set<String> BASELINE =
      GIVEN.stream()
          .filter(each -> !each.equals("NET_RAW"))
          .collect(Collectors.toUnmodifiableSet());

  private static final Pattern CAPABILITY = Pattern.compile("[A-Z][A-Z_]*");
  private static final Set<String> CONFINED = Set.of("RuntimeDefault", "Localhost");

  static final Rule<Container> ROOT =
      rule("kubernetes/root-container", Container.class, ContainerSecurity::root);

  /** The kubelet looks at the user of the image where nothing else is said. */
  static final Rule<Container> REFUSED_IMAGE_USER =
      rule(
          "kubernetes/refused-image-user",
          Container.class,
          (container, context) -> {
            Setting<Boolean> nonRoot = container.securityContext().runAsNonRoot();
            Setting<String> user = imageUser(container, context);
            String name = user == null ? null : user.value();
            if (nonRoot.isTrue() && user != null && name != null && !isNumeric(name)) {
              context
                  .report(
                      nonRoot,
                      isRoot(name) ? "root" : "named",
                      container.name(),
                      user.span().file().path(),
                      name)
                  .related(user);
            }
          });

  /** In a user namespace, root of the container is an ordinary user of the node. */
  static final Rule<Container> NAMESPACED_ROOT =
      rule(
          "kubernetes/root-in-user-namespace",
          Container.class,
          (container, context) -> {
            Setting<Long> user = container.securityContext().runAsUser();
            if (hasOwnUsers(container) && user.is(uid -> uid == 0)) {
              context
                  .report(user, "root", container.name())
                  .related(container.pod().at("hostUsers"));
            }
          });

  static final Rule<Container> UNSTATED_USER =
      rule(
          "kubernetes/unstated-user",
          Container.class,
          (container, context) -> {
            Setting<Boolean> nonRoot = container.securityContext().runAsNonRoot();
            if (nonRoot.isAbsent()
                && container.securityContext().runAsUser().isAbsent()
                && !hasOwnUsers(container)
                && !isRootByImage(container, context)
                && !isRootByBase(container, context)) {
              Edits.set(
                  context.report(nonRoot, "unstated", container.name()),
                  container.place(),
                  "securityContext.runAsNonRoot",
                  "true");
            }
          });

  static final Rule<Container> UNMASKED_PROC = unmaskedProc("kubernetes/unmasked-proc", false);
  static final Rule<Container> NAMESPACED_UNMASKED_PROC =
      unmaskedProc("kubernetes/unmasked-proc-in-user-namespace", true);

  static final Rule<Container> CAPABILITY_NAME =
      rule(
          "kubernetes/capability-name",
          Container.class,
          (container, context) -> {
            SecurityContext security = container.securityContext();
            for (YamlPlace each :
                Stream.of(security.addedCapabilities(), security.droppedCapabilities())
                    .flatMap(List::stream)
                    .toList()) {
              String written = each.text("");
              String name = SecurityContext.capability(each);
              boolean prefixed = written.length() > name.length();
              // The Pod Security Standards compare what is added, and ALL, to the letter.
              boolean compared = name.equals("ALL") || each.label().contains("capabilities.add[");
              if (CAPABILITY.matcher(name).matches()
                  && !written.equals(name)
                  && (prefixed || compared)) {
                RuleContext.Reported reported =
                    context.report(
                        each, prefixed ? "prefix" : "case", container.name(), written, name);
                if (each.node() instanceof YamlScalar scalar && scalar.way().isEmpty()) {
                  reported.unsafeFix(new TextEdit(scalar.span(), name));
                }
              }
            }
          });

  static final Rule<Container> PRIVILEGED =
      rule(
          "kubernetes/privileged-container",
          Container.class,
          (container, context) -> {
            Setting<Boolean> privileged = container.securityContext().privileged();
            if (privileged.isTrue()) {
              Edits.set(
                  context.report(privileged, "privileged", container.name()), privileged, "false");
            } else if (privileged.isSet()) {
              context.keep(privileged);
            }
          });

  static final Rule<Container> DANGEROUS_CAPABILITY =
      capability(
          "kubernetes/dangerous-capability",
          "dangerous",
          name -> CAPABILITY.matcher(name).matches() && !BASELINE.contains(name));

  static final Rule<Container> ADDED_CAPABILITY =
      capability(
          "kubernetes/added-capability",
          "added",
          name -> BASELINE.contains(name) && !name.equals("NET_BIND_SERVICE"));

  static final Rule<Container> KEPT_CAPABILITIES =
      rule(
          "kubernetes/kept-capabilities",
          Container.class,
          (container, context) -> {
            SecurityContext security = container.securityContext();
            if (isWindows(container) || container.object().isPartial() || keepsNone(security)) {
              return;
            }
            YamlPlace drop = security.place().at("capabilities.drop");
            RuleContext.Reported reported =
                security.droppedCapabilities().isEmpty()
                    ? context.report(drop, "none", container.name())
                    : context.report(drop, "some", container.name());
            if (!drop.isPresent()) {
              Edits.set(reported, container.place(), "securityContext.capabilities.drop", "[ALL]");
            }
          });

  /** The restricted level of the Pod Security Standards compares to the letter. */
  static final Rule<Container> DROP_WITHOUT_ALL =
      rule(
          "kubernetes/drop-without-all",
          Container.class,
          (container, context) -> {
            SecurityContext security = container.securityContext();
            if (!isWindows(container)
                && keepsNone(security)
                && security.droppedCapabilities().stream()
                    .noneMatch(each -> each.text("").equals(ALL_CAPABILITIES))) {
              context.report(security.place().at("capabilities.drop"), "singly", container.name());
            }
          });

  static final Rule<Container> KEPT_NET_RAW =
      rule(
          "kubernetes/kept-net-raw",
          Container.class,
          (container, context) -> {
            SecurityContext security = container.securityContext();
            YamlPlace capabilities = security.place().key("capabilities");
            if (capabilities.isPresent()
                && !container.object().isPartial()
                && !security.drops("NET_RAW")
                && !security.drops(ALL_CAPABILITIES)) {
              context.report(capabilities.key("drop"), "kept", container.name());
            }
          });

  static final Rule<Container> ALLOWED_ESCALATION =
      rule(
          "kubernetes/allowed-privilege-escalation",
          Container.class,
          (container, context) -> {
            Setting<Boolean> allowed = container.securityContext().allowPrivilegeEscalation();
            if (allowed.isSet() && allowed.isTrue() && !isWindows(container)) {
              Edits.set(context.report(allowed, "allowed", container.name()), allowed, "false");
            }
          });

  static final Rule<Container> UNSTATED_ESCALATION =
      rule(
          "kubernetes/unstated-privilege-escalation",
          Container.class,
          (container, context) -> {
            Setting<Boolean> allowed = container.securityContext().allowPrivilegeEscalation();
            if (!allowed.isSet()
                && allowed.isTrue()
                && !isWindows(container)
                // The API refuses the opposite together with these.
                && !container.securityContext().privileged().isTrue()
                && !container.securityContext().adds("SYS_ADMIN")) {
              Edits.set(
                  context.report(allowed, "unstated", container.name()),
                  container.place(),
                  "securityContext.allowPrivilegeEscalation",
                  "false");
            }
          });

  static final Rule<Container> IMPLIED_ESCALATION =
      rule(
          "kubernetes/implied-privilege-escalation",
          Container.class,
          (container, context) -> {
            SecurityContext security = container.securityContext();
            if (security.privileged().isTrue()) {
              context.report(security.privileged(), "privileged", container.name());
            }
            for (YamlPlace each : security.addedCapabilities()) {
              if (SecurityContext.capability(each).equals("SYS_ADMIN")) {
                context.report(each, "sys-admin", container.name());
              }
            }
          });

  static final Rule<Container> WRITABLE_ROOT =
      rule(
          "kubernetes/writable-root-filesystem",
          Container.class,
          (container, context) -> {
            Setting<Boolean> readOnly = container.securityContext().readOnlyRootFilesystem();
            if (readOnly.isFalse() && !isWindows(container)) {
              Edits.set(
                  context.report(readOnly, "writable", container.name()),
                  container.place(),
                  "securityContext.readOnlyRootFilesystem",
                  "true");
            }
          });

  static final Rule<Container> MISSING_SECCOMP =
      rule(
          "kubernetes/missing-seccomp-profile",
          Container.class,
          (container, context) -> {
            Setting<String> type = container.securityContext().seccomp();
            if (type.isAbsent()
                && !isWindows(container)
                && !container.securityContext().privileged().isTrue()) {
              Edits.set(
                  context.report(type, "missing", container.name()),
                  container.place(),
                  "securityContext.seccompProfile.type",
                  "RuntimeDefault");
            }
          });

  static final Rule<Container> NO_CONFINEMENT =
      rule(
          "kubernetes/unhardened-container",
          Container.class,
          (container, context) -> {
            SecurityContext security = container.securityContext();
            boolean hardened =
                security.appArmor().isUnknown()
                    || security.seccomp().isUnknown()
                    || security.appArmor().is(CONFINED::contains)
                    || security.seccomp().is(CONFINED::contains)
                    || !security.seLinux().values().isEmpty()
                    || !security.droppedCapabilities().isEmpty()
                        && !security.adds(ALL_CAPABILITIES);
            if (!hardened && !container.object().isPartial() && !isWindows(container)) {
              context.report(security.place(), "unhardened", container.name());
            }
          });

  static final Rule<Container> MISSING_CONTEXT =
      rule(
          "kubernetes/missing-security-context",
          Container.class,
          (container, context) -> {
            SecurityContext security = container.securityContext();
            if (security.place().values().isEmpty()
                && security.podPlace().values().isEmpty()
                && !container.object().isPartial()) {
              context.report(security.place(), "missing", container.name());
            }
          });

  static final Rule<Container> LOW_UID =
      rule(
          "kubernetes/low-uid",
          Container.class,
          (container, context) -> low(container, container.securityContext().runAsUser(), context));

  static final Rule<Container> LOW_GID =
      rule(
          "kubernetes/low-gid",
          Container.class,
          (container, context) ->
              low(container, container.securityContext().runAsGroup(), context));

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          ROOT,
          REFUSED_IMAGE_USER,
          NAMESPACED_ROOT,
          UNSTATED_USER,
          PRIVILEGED,
          DANGEROUS_CAPABILITY,
          ADDED_CAPABILITY,
          CAPABILITY_NAME,
          KEPT_CAPABILITIES,
          DROP_WITHOUT_ALL,
          KEPT_NET_RAW,
          ALLOWED_ESCALATION,
          UNSTATED_ESCALATION,
          IMPLIED_ESCALATION,
          WRITABLE_ROOT,
          UNMASKED_PROC,
          NAMESPACED_UNMASKED_PROC,
          MISSING_SECCOMP,
          NO_CONFINEMENT,
          MISSING_CONTEXT,
          LOW_UID,
          LOW_GID);

  private ContainerSecurity() {}

  /** The kubelet refuses to start a container whose user is 0 where runAsNonRoot is set. */
  private static void root(Container container, RuleContext context) {
    Setting<Long> user = container.securityContext().runAsUser();
    Setting<Boolean> nonRoot = container.securityContext().runAsNonRoot();
    if (hasOwnUsers(container)) {
      return;
    }
    if (user.is(uid -> uid == 0)) {
      context
          .report(user, nonRoot.isTrue() ? "contradiction" : "root", container.name())
          .related(nonRoot);
    } else if (user.isSet()) {
      context.keep(user);
    } else if (nonRoot.isTrue()) {
      context.keep(nonRoot);
    } else if (nonRoot.isFalse() && !user.isUnknown()) {
      Edits.set(context.report(nonRoot, "allowed", container.name()), nonRoot, "true");
    } else if (isRootByImage(container, context)) {
      Setting<String> named = Objects.requireNonNull(imageUser(container, context));
      context
          .report(container.image(), "image", container.name(), named.span().file().path())
          .related(named);
    } else if (isRootByBase(container, context)) {
      // What an image sets is no part of the files: a warning.
      context
          .report(
              container.image(),
              "base",
              container.name(),
              String.valueOf(container.image().value()))
          .atMost(Severity.WARNING);
    } else {
      context.concerns();
    }
  }

  /** Whether nothing names a user for a public image that is known to start as root. */
  private static boolean isRootByBase(Container container, RuleContext context) {
    String text = container.image().value();
    ImageReference image = text == null ? null : ImageReference.orNull(text);
    String name = image == null ? null : image.familiarName();
    return image != null
        && name != null
        && container.securityContext().runAsNonRoot().isAbsent()
        && container.securityContext().runAsUser().isAbsent()
        && !isWindows(container)
        && RootImages.NAMES.contains(name)
        && context.project().builderOf(image) == null;
  }

  /** The last USER of the Dockerfile that builds the image, or null where it does not decide. */
  private static @Nullable Setting<String> imageUser(Container container, RuleContext context) {
    String text = container.image().value();
    ImageReference image = text == null ? null : ImageReference.orNull(text);
    Dockerfile dockerfile =
        image == null || !container.securityContext().runAsUser().isAbsent()
            ? null
            : context.project().builderOf(image);
    Stage last = dockerfile == null ? null : dockerfile.finalStage();
    Setting<String> user = last == null ? null : last.effectiveUser();
    return user == null || !user.isSet() ? null : user;
  }

  private static boolean isRootByImage(Container container, RuleContext context) {
    Setting<String> user = imageUser(container, context);
    return user != null && user.is(ContainerSecurity::isRoot);
  }

  private static boolean isRoot(String user) {
    return user.matches("(root|0+)(:.*)?");
  }

  private static boolean isNumeric(String user) {
    return user.matches("0*[1-9][0-9]*(:.*)?");
  }

  private static void low(Container container, Setting<Long> id, RuleContext context) {
    int least = context.number("minimum");
    if (id.isAbsent()) {
      context.report(id, "missing", container.name(), least);
    } else if (id.is(value -> value < least)) {
      context.report(id, "low", container.name(), String.valueOf(id.value()), least);
    }
  }

  private static boolean keepsNone(SecurityContext security) {
    return security.drops(ALL_CAPABILITIES) || GIVEN.stream().allMatch(security::drops);
  }

  /** A rule for capabilities that are added. */
  private static Rule<Container> capability(String id, String messageKey, Predicate<String> bad) {
    return rule(
        id,
        Container.class,
        (container, context) -> {
          boolean found = false;
          for (YamlPlace each : container.securityContext().addedCapabilities()) {
            String name = SecurityContext.capability(each);
            if (bad.test(name)) {
              found = true;
              context.report(each, messageKey, container.name(), name);
            }
          }
          if (!found) {
            // That nothing is added says nothing of the user.
            context.concerns();
          }
        });
  }

  private static Rule<Container> unmaskedProc(String id, boolean ownUsers) {
    return rule(
        id,
        Container.class,
        (container, context) -> {
          Setting<String> mount = container.securityContext().procMount();
          if (mount.is(value -> !value.equals("Default")) && hasOwnUsers(container) == ownUsers) {
            Edits.set(
                context.report(mount, "unmasked", container.name(), String.valueOf(mount.value())),
                mount,
                "Default");
          }
        });
  }

  /** Whether the pod is in a user namespace of its own. */
  private static boolean hasOwnUsers(Container container) {
    return container.pod().bool("hostUsers").isFalse();
  }

  private static boolean isWindows(Container container) {
    return container.pod().isWindows();
  }
}
