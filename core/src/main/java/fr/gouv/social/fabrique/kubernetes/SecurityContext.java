package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What is in force for one container. {@code runAsUser}, {@code runAsGroup}, {@code runAsNonRoot},
 * {@code seLinuxOptions}, {@code seccompProfile}, {@code appArmorProfile} and {@code
 * windowsOptions} come from the pod where the container does not say them; all the rest is the
 * container's alone. Semantics: {@code k8s.io/kubernetes/pkg/securitycontext/util.go},
 * DetermineEffectiveSecurityContext.
 */
public record SecurityContext(Container container) {
  private static final String OWN = "securityContext";
  private static final String APP_ARMOR_ANNOTATION =
      "container.apparmor.security.beta.kubernetes.io/";

  /** What the container itself says, present or not. */
  public YamlPlace place() {
    return container.at(OWN);
  }

  /** What the pod says, present or not. */
  public YamlPlace podPlace() {
    return container.pod().at(OWN);
  }

  public Setting<Long> runAsUser() {
    return inherited("runAsUser", Values::integer);
  }

  public Setting<Long> runAsGroup() {
    return inherited("runAsGroup", Values::integer);
  }

  public Setting<Boolean> runAsNonRoot() {
    return inherited("runAsNonRoot", Values::bool);
  }

  /**
   * The type of the seccomp profile: {@code RuntimeDefault}, {@code Localhost}, {@code Unconfined}.
   */
  public Setting<String> seccomp() {
    return within("seccompProfile", "type");
  }

  /**
   * The type of the AppArmor profile: {@code RuntimeDefault}, {@code Localhost}, {@code
   * Unconfined}; the annotation of older versions counts where the field is absent.
   */
  public Setting<String> appArmor() {
    Setting<String> field = within("appArmorProfile", "type");
    if (!field.isAbsent()) {
      return field;
    }
    YamlPlace annotation =
        container
            .workload()
            .template()
            .at("metadata.annotations")
            .key(APP_ARMOR_ANNOTATION + container.name());
    String profile = annotation.text();
    if (profile == null) {
      return field;
    }
    if (Values.isUnresolved(profile)) {
      return Setting.unknown(annotation);
    }
    return Setting.explicit(
        profile.equals("runtime/default")
            ? "RuntimeDefault"
            : profile.startsWith("localhost/")
                ? "Localhost"
                : profile.equals("unconfined") ? "Unconfined" : profile,
        annotation);
  }

  /** One of the {@code seLinuxOptions}: type, user, role, level. The options come as a whole. */
  public Setting<String> seLinux(String option) {
    return within("seLinuxOptions", option);
  }

  /** The {@code seLinuxOptions} in force, present or not. */
  public YamlPlace seLinux() {
    YamlPlace own = container.at(OWN).key("seLinuxOptions");
    return own.isPresent() ? own : container.pod().at(OWN).key("seLinuxOptions");
  }

  /**
   * Whether the process runs on the Windows host itself. Windows options are inherited one by one.
   */
  public Setting<Boolean> hostProcess() {
    return inherited("windowsOptions.hostProcess", Values::bool);
  }

  /** False by default. */
  public Setting<Boolean> privileged() {
    return own("privileged", false);
  }

  /** True by default. */
  public Setting<Boolean> allowPrivilegeEscalation() {
    return own("allowPrivilegeEscalation", true);
  }

  /** False by default. */
  public Setting<Boolean> readOnlyRootFilesystem() {
    return own("readOnlyRootFilesystem", false);
  }

  /** {@code Default} by default. */
  public Setting<String> procMount() {
    Setting<String> mount = container.string(OWN + ".procMount");
    return mount.isAbsent() ? Setting.byDefault("Default", mount.at()) : mount;
  }

  /** The capabilities added, each at its place. */
  public List<YamlPlace> addedCapabilities() {
    return container.items(OWN + ".capabilities.add");
  }

  /** The capabilities dropped, each at its place. */
  public List<YamlPlace> droppedCapabilities() {
    return container.items(OWN + ".capabilities.drop");
  }

  /**
   * Whether a capability, or {@code ALL}, is added, in upper or lower case, with or without {@code
   * CAP_}.
   */
  public boolean adds(String capability) {
    return has(addedCapabilities(), capability);
  }

  /** Whether a capability is dropped by its own name. */
  public boolean drops(String capability) {
    return has(droppedCapabilities(), capability);
  }

  /** A capability's name in upper case without {@code CAP_}. */
  public static String capability(YamlPlace at) {
    String name = at.text("").toUpperCase(Locale.ROOT);
    return name.startsWith("CAP_") ? name.substring("CAP_".length()) : name;
  }

  private static boolean has(List<YamlPlace> capabilities, String wanted) {
    return capabilities.stream().anyMatch(each -> capability(each).equals(wanted));
  }

  private Setting<Boolean> own(String field, boolean byDefault) {
    Setting<Boolean> setting = container.bool(OWN + "." + field);
    return setting.isAbsent() ? Setting.byDefault(byDefault, setting.at()) : setting;
  }

  /** A field of a structure that the container takes from the pod as a whole. */
  private Setting<String> within(String structure, String field) {
    YamlPlace own = container.at(OWN).key(structure);
    return own.isPresent()
        ? Values.string(own.key(field))
        : inherited(structure + "." + field, Values::string);
  }

  private <T> Setting<T> inherited(String field, Function<YamlPlace, Setting<T>> read) {
    Setting<T> own = read.apply(container.at(OWN + "." + field));
    if (!own.isAbsent()) {
      return own;
    }
    Setting<T> pods = read.apply(container.pod().at(OWN + "." + field));
    if (!pods.isAbsent()) {
      return pods.inherited();
    }
    return container.object().isPartial() ? Setting.unknown(own.at()) : own;
  }
}
