package fr.gouv.social.fabrique.kontinuous;

import fr.gouv.social.fabrique.yaml.Templates;
import fr.gouv.social.fabrique.yaml.YamlDocument;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlMapping.Entry;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Files of values made one tree, each value still where it is written. Semantics: {@code
 * merge-yaml-file-values.js}, {@code expand-dot-notation.js}, {@code yaml-extends.js} and {@code
 * deepmerge.js} of kontinuous: mappings are merged, anything else is replaced.
 */
final class ValuesMerge {
  private static final String EXTENDS = "~extends";

  private final Function<String, @Nullable YamlFile> files;
  private final Map<YamlNode, YamlNode> prepared = new IdentityHashMap<>();

  /**
   * @param files the file of a path, or null
   */
  ValuesMerge(Function<String, @Nullable YamlFile> files) {
    this.files = files;
  }

  /** The values of a file with those it extends, or null where there is no mapping. */
  @Nullable YamlMapping load(YamlFile file) {
    return load(file, new HashSet<>());
  }

  private @Nullable YamlMapping load(YamlFile file, Set<String> within) {
    String path = file.file().path();
    YamlMapping values = null;
    for (YamlDocument document : file.documents()) {
      if (values == null && document.root() instanceof YamlMapping root) {
        values = prepare(root);
      }
    }
    if (values == null || !within.add(path)) {
      return null;
    }
    for (String name : YamlPlace.of(values).key(EXTENDS).texts()) {
      YamlFile other = files.apply(resolve(file.file().folder(), name));
      YamlMapping extended = other == null ? null : load(other, within);
      // What is extended wins, as the toolchain has it.
      values = extended == null ? values : merge(values, extended);
    }
    within.remove(path);
    return values;
  }

  private static String resolve(String folder, String name) {
    List<String> parts = new ArrayList<>();
    for (String part : (folder + "/" + name).split("/")) {
      if (part.equals("..") && !parts.isEmpty()) {
        parts.remove(parts.size() - 1);
      } else if (!part.isEmpty() && !part.equals(".") && !part.equals("..")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  /** The node with its placeholders unknown and its dotted keys unfolded. */
  private YamlNode prepare(YamlNode node) {
    YamlNode known = prepared.get(node);
    if (known != null) {
      return known;
    }
    YamlNode ready;
    if (node instanceof YamlMapping mapping) {
      ready = prepare(mapping);
    } else if (node instanceof YamlSequence sequence) {
      ready =
          new YamlSequence(
              sequence.span(),
              sequence.items().stream().map(this::prepare).toList(),
              sequence.tag(),
              sequence.anchor(),
              sequence.way());
    } else {
      ready = Templates.withUnknowns((YamlScalar) node);
    }
    prepared.put(node, ready);
    return ready;
  }

  private YamlMapping prepare(YamlMapping mapping) {
    List<Entry> plain = new ArrayList<>();
    List<Entry> dotted = new ArrayList<>();
    for (Entry entry : mapping.entries()) {
      boolean isDotted = entry.name().startsWith(".") && entry.name().length() > 1;
      (isDotted ? dotted : plain).add(new Entry(entry.key(), prepare(entry.value())));
    }
    YamlMapping result = like(mapping, plain);
    for (Entry entry : dotted) {
      result = set(result, entry, List.of(entry.name().substring(1).split("\\.")));
    }
    return result;
  }

  private static YamlMapping like(YamlMapping mapping, List<Entry> entries) {
    return new YamlMapping(
        mapping.span(), entries, entries, mapping.tag(), mapping.anchor(), mapping.way());
  }

  /** The mapping with what stands at a path replaced. */
  private static YamlMapping set(YamlMapping mapping, Entry value, List<String> path) {
    if (path.isEmpty()) {
      return mapping;
    }
    String name = path.get(0);
    Entry old = mapping.entry(name);
    YamlNode under = value.value();
    if (path.size() > 1) {
      YamlMapping inner =
          old != null && old.value() instanceof YamlMapping there
              ? there
              : YamlMapping.of(value.span(), List.of());
      under = set(inner, value, path.subList(1, path.size()));
    }
    YamlNode key =
        old != null && path.size() > 1
            ? old.key()
            : new YamlScalar(
                value.key().span(), name, YamlScalar.Style.PLAIN, null, null, value.key().way());
    return like(mapping, replaced(mapping, new Entry(key, under)));
  }

  private static List<Entry> replaced(YamlMapping mapping, Entry entry) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    mapping.entries().forEach(each -> entries.put(each.name(), each));
    entries.put(entry.name(), entry);
    return List.copyOf(entries.values());
  }

  /** Both mappings as one, the second one winning; keys stay where the first one has them. */
  static YamlMapping merge(YamlMapping base, YamlMapping over) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    base.entries().forEach(each -> entries.put(each.name(), each));
    for (Entry entry : over.entries()) {
      Entry old = entries.get(entry.name());
      entries.put(
          entry.name(),
          old != null
                  && old.value() instanceof YamlMapping below
                  && entry.value() instanceof YamlMapping above
              ? new Entry(old.key(), merge(below, above))
              : entry);
    }
    return like(base, List.copyOf(entries.values()));
  }
}
