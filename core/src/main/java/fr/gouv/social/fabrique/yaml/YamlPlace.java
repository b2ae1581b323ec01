package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in a YAML tree, whether something stands there or not. What is absent has a place too:
 * the key of the mapping that should hold it.
 */
public final class YamlPlace implements Located {
  private final @Nullable YamlNode node;

  /** The entry whose value stands here; null for items, roots and what is absent. */
  private final YamlMapping.@Nullable Entry entry;

  /** Where it was asked for; null for a root, where a node stands. */
  private final @Nullable YamlPlace above;

  private final String name;

  // Most places are passed through on the way to another: their label is made when asked for.
  private @Nullable String label;

  private YamlPlace(
      @Nullable YamlNode node,
      YamlMapping.@Nullable Entry entry,
      @Nullable YamlPlace above,
      String name) {
    this.node = node;
    this.entry = entry;
    this.above = above;
    this.name = name;
  }

  /** The place of a node that is there; its label is empty. */
  public static YamlPlace of(YamlNode node) {
    return new YamlPlace(node, null, null, "");
  }

  /** The same place with a label to start from. */
  public YamlPlace labelled(String label) {
    YamlPlace same = new YamlPlace(node, entry, above, name);
    same.label = label;
    return same;
  }

  /** What stands here, or null. A key without a value holds a null scalar and is present. */
  public @Nullable YamlNode node() {
    return node;
  }

  /** Whether something other than null stands here. */
  public boolean isPresent() {
    return node != null && !(node instanceof YamlScalar scalar && scalar.isNull());
  }

  /**
   * Where to point: at key and value when present, at the key of the nearest mapping that is there
   * when not.
   */
  @Override
  public Span span() {
    return entry == null ? key() : entry.span();
  }

  /** Where to point at when something under it is absent. */
  private Span key() {
    if (entry != null) {
      return entry.key().span();
    }
    return node != null ? head(node) : Objects.requireNonNull(above).key();
  }

  @Override
  public String label() {
    String made = label;
    if (made == null) {
      String start = above == null ? "" : above.label();
      made = start.isEmpty() || name.startsWith("[") ? start + name : start + "." + name;
      label = made;
    }
    return made;
  }

  @Override
  public List<Step> way() {
    return node != null ? node.way() : Objects.requireNonNull(above).way();
  }

  /** The key under which it was asked for, {@code [name]} of an item, empty for a root. */
  public String name() {
    return name;
  }

  /** The names from the root to it, its own included; empty for a root. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (YamlPlace each = this; each.above != null; each = each.above) {
      names.add(0, each.name);
    }
    return names;
  }

  /** The place under one key, which may hold dots; under what is unknown all is unknown. */
  public YamlPlace key(String key) {
    if (isUnknown()) {
      return new YamlPlace(node, entry, this, key);
    }
    YamlMapping.Entry found = node instanceof YamlMapping mapping ? mapping.entry(key) : null;
    return found == null
        ? new YamlPlace(null, null, this, key)
        : new YamlPlace(found.value(), found, this, key);
  }

  /** The place under a path of keys separated by dots. */
  public YamlPlace at(String path) {
    YamlPlace place = this;
    int start = 0;
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', start)) {
      place = place.key(path.substring(start, dot));
      start = dot + 1;
    }
    return place.key(path.substring(start));
  }

  /**
   * The places of the items of a sequence, empty for anything else; a mapping with a {@code name}
   * lends it to the label.
   */
  public List<YamlPlace> items() {
    if (!(node instanceof YamlSequence sequence)) {
      return List.of();
    }
    List<YamlPlace> places = new ArrayList<>();
    int index = 0;
    for (YamlNode item : sequence.items()) {
      String name =
          item instanceof YamlMapping mapping
                  && mapping.get("name") instanceof YamlScalar scalar
                  && !scalar.value().isEmpty()
              ? scalar.value()
              : String.valueOf(index);
      places.add(new YamlPlace(item, null, this, "[" + name + "]"));
      index++;
    }
    return places;
  }

  /** The places of the values of a mapping, empty for anything else. */
  public List<YamlPlace> values() {
    List<YamlPlace> places = new ArrayList<>();
    if (node instanceof YamlMapping mapping) {
      for (YamlMapping.Entry each : mapping.entries()) {
        places.add(new YamlPlace(each.value(), each, this, each.name()));
      }
    }
    return places;
  }

  /** The text of a scalar that is not null, or null. */
  public @Nullable String text() {
    return node instanceof YamlScalar scalar && !scalar.isNull() ? scalar.value() : null;
  }

  /** The text, or a fallback where there is no scalar or only null. */
  public String text(String fallback) {
    String text = text();
    return text == null ? fallback : text;
  }

  /** The texts of a sequence of scalars, or of the one scalar that stands here. */
  public List<String> texts() {
    String text = text();
    if (text != null) {
      return List.of(text);
    }
    List<String> texts = new ArrayList<>();
    for (YamlPlace item : items()) {
      String each = item.text();
      if (each != null) {
        texts.add(each);
      }
    }
    return texts;
  }

  /** Whether what stands here cannot be known from files. */
  public boolean isUnknown() {
    return node instanceof YamlScalar scalar && !scalar.isKnown();
  }

  /** The text as a setting: explicit, absent, or unknown where a variable has no value. */
  public Setting<String> string() {
    String text = text();
    if (isUnknown()) {
      return Setting.unknown(this);
    }
    return text == null ? Setting.absent(this) : Setting.explicit(text, this);
  }

  /** A boolean as a setting; what is neither true nor false is unknown. */
  public Setting<Boolean> bool() {
    String text = text();
    if (isUnknown()) {
      return Setting.unknown(this);
    }
    if (text == null) {
      return Setting.absent(this);
    }
    return switch (text) {
      case "true", "True", "TRUE" -> Setting.explicit(true, this);
      case "false", "False", "FALSE" -> Setting.explicit(false, this);
      default -> Setting.unknown(this);
    };
  }

  /** A whole number as a setting; what is none is unknown. */
  public Setting<Long> integer() {
    String text = text();
    if (isUnknown()) {
      return Setting.unknown(this);
    }
    if (text == null) {
      return Setting.absent(this);
    }
    try {
      return Setting.explicit(Long.parseLong(text), this);
    } catch (NumberFormatException e) {
      return Setting.unknown(this);
    }
  }

  /**
   * What names a node: the entry {@code name}, or {@code metadata.name}, or the first key; the node
   * itself if no mapping.
   */
  private static Span head(YamlNode node) {
    if (!(node instanceof YamlMapping mapping) || mapping.entries().isEmpty()) {
      return node.span();
    }
    YamlMapping.Entry named = mapping.entry("name");
    if (named == null && mapping.get("metadata") instanceof YamlMapping metadata) {
      named = metadata.entry("name");
    }
    return named != null && named.value() instanceof YamlScalar
        ? named.span()
        : mapping.entries().get(0).key().span();
  }
}
