package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last of the items of a list that define the same thing, at the place of the first
 * (compose-go, override/uncity.go).
 */
final class Unicity {
  private enum Key {
    /** What stands before {@code =}. */
    NAME,
    MOUNT_TARGET,
    DEVICE_TARGET,
    CONFIG_TARGET,
    SECRET_TARGET,
    PORT,
    PATH,
    VALUE
  }

  private static final Map<String, Key> KEYS = keys();

  private Unicity() {}

  static YamlNode of(YamlNode node, String shape, Problems problems) {
    if (node instanceof YamlMapping mapping) {
      return Trees.mapValues(
          mapping, (name, value) -> of(value, Shapes.key(shape, name), problems));
    }
    Key key = node instanceof YamlSequence ? KEYS.get(shape) : null;
    if (key == null || !(node instanceof YamlSequence sequence)) {
      return node;
    }
    Map<Object, YamlNode> kept = new LinkedHashMap<>();
    for (YamlNode item : sequence.items()) {
      String name = name(item, key);
      YamlNode before = kept.put(name == null ? item.span() + "#" + kept.size() : name, item);
      if (before != null && name != null) {
        note(before, item, name, key, problems);
      }
    }
    return kept.size() == sequence.items().size()
        ? node
        : Trees.sequence(sequence, List.copyOf(kept.values()));
  }

  /** Notes what one list says twice and not alike; another file may well say it anew. */
  private static void note(
      YamlNode before, YamlNode after, String name, Key key, Problems problems) {
    boolean sameList =
        before.span().file() == after.span().file()
            && before.way().equals(after.way())
            && before.span().start() < after.span().start();
    if (sameList
        && key != Key.PORT
        && before instanceof YamlScalar one
        && after instanceof YamlScalar other
        && one.isKnown()
        && other.isKnown()
        && !one.value().equals(other.value())) {
      problems.add(
          new ComposeProblem(
              ComposeProblem.Kind.REPLACED_ITEM,
              one.span(),
              name,
              List.of(one.value(), other.value(), name),
              problems.way(one.way()),
              List.of(other.span()),
              null));
    }
  }

  /** What an item defines, or null where that cannot be told. */
  private static @Nullable String name(YamlNode item, Key key) {
    if (item instanceof YamlScalar scalar) {
      String value = scalar.value();
      switch (key) {
        case NAME:
          int equals = value.indexOf('=');
          return scalar.kind() != YamlScalar.Kind.STRING
              ? null
              : equals < 0 ? value : value.substring(0, equals);
        case MOUNT_TARGET:
          VolumeMount volume = VolumeMount.of(item);
          return volume == null ? null : mountTarget(volume.target());
        case DEVICE_TARGET:
          String[] parts = value.split(":", -1);
          return parts.length == 1 ? parts[0] : parts[1];
        case CONFIG_TARGET:
          return "/" + value;
        case SECRET_TARGET:
          return "/run/secrets/" + value;
        case PORT:
          return PortMapping.key(item);
        default:
          return value;
      }
    }
    if (item instanceof YamlMapping mapping) {
      return switch (key) {
        case MOUNT_TARGET -> mountTarget(mapping.get("target"));
        case DEVICE_TARGET -> text(mapping.get("target"));
        case CONFIG_TARGET -> target(mapping, "/");
        case SECRET_TARGET -> target(mapping, "/run/secrets/");
        case PORT -> PortMapping.key(item);
        case PATH -> text(mapping.get("path"));
        default -> null;
      };
    }
    return null;
  }

  /** Compose compares targets once more when they are clean (loader.go). */
  private static @Nullable String mountTarget(@Nullable YamlNode node) {
    String target = text(node);
    return target == null ? null : ModelCheck.clean(target);
  }

  private static @Nullable String target(YamlMapping mapping, String folder) {
    String target = text(mapping.get("target"));
    return target != null ? target : folder + text(mapping.get("source"));
  }

  private static @Nullable String text(@Nullable YamlNode node) {
    return node instanceof YamlScalar scalar && !scalar.isNull() ? scalar.value() : null;
  }

  private static Map<String, Key> keys() {
    Map<String, Key> keys = new LinkedHashMap<>();
    for (String each :
        List.of(
            "annotations",
            "build.args",
            "build.additional_contexts",
            "build.tags",
            "build.labels",
            "cap_add",
            "cap_drop",
            "deploy.labels",
            "dns",
            "dns_opt",
            "dns_search",
            "environment",
            "labels",
            "links",
            "networks.*.aliases",
            "networks.*.link_local_ips",
            "profiles",
            "sysctls",
            "tmpfs")) {
      keys.put("services.*." + each, Key.NAME);
    }
    keys.put("networks.*.labels", Key.NAME);
    keys.put("networks.*.ipam.options", Key.NAME);
    keys.put("services.*.volumes", Key.MOUNT_TARGET);
    keys.put("services.*.devices", Key.DEVICE_TARGET);
    keys.put("services.*.configs", Key.CONFIG_TARGET);
    keys.put("services.*.secrets", Key.SECRET_TARGET);
    keys.put("services.*.ports", Key.PORT);
    keys.put("services.*.env_file", Key.PATH);
    keys.put("services.*.expose", Key.VALUE);
    return keys;
  }
}
