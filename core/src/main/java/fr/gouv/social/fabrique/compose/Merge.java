package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.compose.ComposeProblem.Kind;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlMapping.Entry;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts an override on a base (compose-go 2.16, override/merge.go). Mappings merge, sequences append
 * what they do not hold yet, scalars replace, null keeps the base; some paths have rules of their
 * own. What Compose turns into a list of {@code K=V} becomes a mapping here, so that key and value
 * keep their places.
 */
final class Merge {
  private enum Special {
    REPLACE,
    /** A list or mapping of names and values: the last value of a name counts. */
    KEY_VALUES,
    /** One text or a list of them: they add up. */
    APPEND,
    EXTRA_HOSTS,
    BUILD,
    /** A list of names, or a mapping with settings for each. */
    NAMES,
    DEPENDENCIES,
    LOGGING,
    IPAM_CONFIG
  }

  private static final Map<String, Special> SPECIALS = specials();

  private final Problems problems;

  Merge(Problems problems) {
    this.problems = problems;
  }

  YamlNode merge(YamlNode base, YamlNode over, String shape, String path) {
    Special special = SPECIALS.get(shape);
    if (special == Special.REPLACE) {
      return over;
    }
    if (special == Special.LOGGING && (Trees.isNull(over) || Trees.isNull(base))) {
      problems.add(Kind.CANNOT_OVERRIDE, over, path, path);
    }
    if (Trees.isNull(over)) {
      return base;
    }
    if (Trees.isNull(base)) {
      return over;
    }
    if (special != null) {
      YamlNode merged = special(special, base, over, shape, path);
      if (merged != null) {
        return merged;
      }
    }
    if (base instanceof YamlMapping mapping && over instanceof YamlMapping other) {
      return mappings(mapping, other, shape, path);
    }
    if (base instanceof YamlSequence sequence && over instanceof YamlSequence other) {
      return append(sequence, other.items());
    }
    if (!(base instanceof YamlScalar)) {
      problems.add(Kind.CANNOT_OVERRIDE, over, path, path);
    }
    return over;
  }

  YamlMapping mappings(YamlMapping base, YamlMapping over, String shape, String path) {
    Map<String, Entry> merged = new LinkedHashMap<>();
    base.entries().forEach(entry -> merged.put(entry.name(), entry));
    for (Entry entry : over.entries()) {
      Entry other = merged.get(entry.name());
      if (other == null) {
        merged.put(entry.name(), entry);
      } else {
        YamlNode value =
            merge(
                other.value(),
                entry.value(),
                Shapes.key(shape, entry.name()),
                path.isEmpty() ? entry.name() : path + "." + entry.name());
        if (value != other.value()) {
          // The key goes with its value, so that the place of the pair is that of the winner.
          boolean replaced = value == entry.value();
          merged.put(entry.name(), new Entry(replaced ? entry.key() : other.key(), value));
        }
      }
    }
    return Trees.mapping(base, List.copyOf(merged.values()));
  }

  private static YamlSequence append(YamlSequence base, List<YamlNode> more) {
    List<YamlNode> items = new ArrayList<>(base.items());
    Set<Object> known = new HashSet<>();
    items.forEach(item -> known.add(Trees.plain(item)));
    for (YamlNode item : more) {
      if (known.add(Trees.plain(item))) {
        items.add(item);
      }
    }
    return Trees.sequence(base, items);
  }

  private @Nullable YamlNode special(
      Special special, YamlNode base, YamlNode over, String shape, String path) {
    switch (special) {
      case KEY_VALUES:
        {
          YamlMapping left = keyValues(base);
          YamlMapping right = keyValues(over);
          if (left == null || right == null) {
            return appended(base, over);
          }
          Map<String, Entry> merged = new LinkedHashMap<>();
          left.entries().forEach(entry -> merged.put(entry.name(), entry));
          right.entries().forEach(entry -> merged.put(entry.name(), entry));
          return Trees.mapping(left, List.copyOf(merged.values()));
        }
      case APPEND:
        return appended(base, over);
      case EXTRA_HOSTS:
        return hosts(base, over);
      case BUILD:
        {
          YamlMapping left = build(base);
          YamlMapping right = build(over);
          return left == null || right == null ? null : mappings(left, right, shape, path);
        }
      case NAMES, DEPENDENCIES:
        {
          YamlMapping left = names(base, special == Special.DEPENDENCIES);
          YamlMapping right = names(over, special == Special.DEPENDENCIES);
          return left == null || right == null ? null : mappings(left, right, shape, path);
        }
      case LOGGING:
        return base instanceof YamlMapping left
                && over instanceof YamlMapping right
                && !sameDriver(left, right)
            ? over
            : null;
      case IPAM_CONFIG:
        return base instanceof YamlSequence left && over instanceof YamlSequence right
            ? ipam(left, right, shape, path)
            : null;
      default:
        return null;
    }
  }

  private static boolean sameDriver(YamlMapping base, YamlMapping over) {
    YamlNode left = base.get("driver");
    YamlNode right = over.get("driver");
    return left == null || right == null || text(left).equals(text(right));
  }

  private static String text(YamlNode node) {
    return node instanceof YamlScalar scalar && !scalar.isNull() ? scalar.value() : "";
  }

  /** A list of {@code K=V} or {@code K} as a mapping; null for what is no such list or mapping. */
  static @Nullable YamlMapping keyValues(YamlNode node) {
    if (node instanceof YamlMapping mapping) {
      return mapping;
    }
    if (!(node instanceof YamlSequence sequence)) {
      return null;
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (YamlNode item : sequence.items()) {
      if (!(item instanceof YamlScalar scalar) || scalar.kind() != YamlScalar.Kind.STRING) {
        return null;
      }
      Entry entry = KeyValue.of(scalar);
      entries.put(entry.name(), entry);
    }
    List<Entry> all = List.copyOf(entries.values());
    return new YamlMapping(
        sequence.span(), all, all, sequence.tag(), sequence.anchor(), sequence.way());
  }

  private static @Nullable YamlNode appended(YamlNode base, YamlNode over) {
    YamlSequence left = list(base);
    YamlSequence right = list(over);
    return left == null || right == null ? null : append(left, right.items());
  }

  /** One text as a list of one. */
  private static @Nullable YamlSequence list(YamlNode node) {
    if (node instanceof YamlSequence sequence) {
      return sequence;
    }
    return node instanceof YamlScalar
        ? new YamlSequence(node.span(), List.of(node), null, null, node.way())
        : null;
  }

  private static @Nullable YamlNode hosts(YamlNode base, YamlNode over) {
    YamlSequence left = hostList(base);
    YamlSequence right = hostList(over);
    return left == null || right == null ? null : append(left, right.items());
  }

  /** A mapping of hosts to addresses as a list of {@code host=address}. */
  private static @Nullable YamlSequence hostList(YamlNode node) {
    if (!(node instanceof YamlMapping mapping)) {
      return node instanceof YamlSequence sequence ? sequence : null;
    }
    List<YamlNode> items = new ArrayList<>();
    for (Entry entry : mapping.entries()) {
      List<YamlNode> addresses =
          entry.value() instanceof YamlSequence several ? several.items() : List.of(entry.value());
      for (YamlNode address : addresses) {
        items.add(
            Trees.scalar(address.span(), entry.name() + "=" + text(address), entry.value().way()));
      }
    }
    items.sort(Comparator.comparing(Merge::text));
    return new YamlSequence(mapping.span(), items, mapping.tag(), mapping.anchor(), mapping.way());
  }

  /** A build in its long form; null for what is none. */
  private static @Nullable YamlMapping build(YamlNode node) {
    if (node instanceof YamlScalar) {
      YamlScalar key = Trees.scalar(node.span(), "context", node.way());
      return new YamlMapping(
          node.span(),
          List.of(new Entry(key, node)),
          List.of(new Entry(key, node)),
          null,
          null,
          node.way());
    }
    return node instanceof YamlMapping mapping ? mapping : null;
  }

  /** A list of names as a mapping; null for what is neither. */
  static @Nullable YamlMapping names(YamlNode node, boolean dependencies) {
    if (node instanceof YamlMapping mapping) {
      return mapping;
    }
    if (!(node instanceof YamlSequence sequence)) {
      return null;
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (YamlNode item : sequence.items()) {
      if (!(item instanceof YamlScalar name)) {
        return null;
      }
      entries.put(name.value(), new Entry(name, dependencies ? started(name) : nothing(name)));
    }
    List<Entry> all = List.copyOf(entries.values());
    return new YamlMapping(
        sequence.span(), all, all, sequence.tag(), sequence.anchor(), sequence.way());
  }

  private static YamlNode nothing(YamlScalar name) {
    return new YamlScalar(
        name.span(), "", YamlScalar.Style.PLAIN, "tag:yaml.org,2002:null", null, name.way());
  }

  /** What a dependency in a list means. */
  private static YamlNode started(YamlScalar name) {
    YamlScalar required =
        new YamlScalar(
            name.span(),
            "true",
            YamlScalar.Style.PLAIN,
            "tag:yaml.org,2002:bool",
            null,
            name.way());
    List<Entry> entries =
        List.of(
            new Entry(
                Trees.scalar(name.span(), "condition", name.way()),
                Trees.scalar(name.span(), "service_started", name.way())),
            new Entry(Trees.scalar(name.span(), "required", name.way()), required));
    return new YamlMapping(name.span(), entries, entries, null, null, name.way());
  }

  /** Configurations with the same subnet merge. */
  private YamlNode ipam(YamlSequence base, YamlSequence over, String shape, String path) {
    Map<String, YamlNode> merged = new LinkedHashMap<>();
    for (YamlSequence side : List.of(base, over)) {
      int index = 0;
      for (YamlNode item : side.items()) {
        YamlNode subnet = item instanceof YamlMapping mapping ? mapping.get("subnet") : null;
        String key = subnet == null ? side.span() + "#" + index : text(subnet);
        YamlNode other = merged.get(key);
        merged.put(
            key,
            other instanceof YamlMapping left && item instanceof YamlMapping right
                ? mappings(left, right, Shapes.item(shape), path)
                : item);
        index++;
      }
    }
    return Trees.sequence(base, List.copyOf(merged.values()));
  }

  private static Map<String, Special> specials() {
    Map<String, Special> specials = new HashMap<>();
    for (String each : List.of("command", "entrypoint", "healthcheck.test", "ulimits.*")) {
      specials.put("services.*." + each, Special.REPLACE);
    }
    for (String each :
        List.of(
            "annotations",
            "build.args",
            "build.additional_contexts",
            "build.labels",
            "deploy.labels",
            "environment",
            "labels",
            "sysctls")) {
      specials.put("services.*." + each, Special.KEY_VALUES);
    }
    for (String each : List.of("networks", "volumes", "secrets", "configs")) {
      specials.put(each + ".*.labels", Special.KEY_VALUES);
    }
    for (String each : List.of("dns", "dns_opt", "dns_search", "env_file", "label_file", "tmpfs")) {
      specials.put("services.*." + each, Special.APPEND);
    }
    specials.put("services.*.extra_hosts", Special.EXTRA_HOSTS);
    specials.put("services.*.build.extra_hosts", Special.EXTRA_HOSTS);
    specials.put("services.*.build", Special.BUILD);
    specials.put("services.*.depends_on", Special.DEPENDENCIES);
    specials.put("services.*.networks", Special.NAMES);
    specials.put("services.*.models", Special.NAMES);
    specials.put("services.*.logging", Special.LOGGING);
    specials.put("networks.*.ipam.config", Special.IPAM_CONFIG);
    return specials;
  }
}
