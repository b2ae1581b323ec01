package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in a YAML tree, whether something stands there or not. What is absent has a place too:
 * the key of the mapping that should hold it.
 */
public final class YamlPlace implements Located {
  private final @Nullable YamlNode node;
  private final Span span;
  private final Span key;
  private final String label;
  private final List<Step> way;

  private YamlPlace(@Nullable YamlNode node, Span span, Span key, String label, List<Step> way) {
    this.node = node;
    this.span = span;
    this.key = key;
    this.label = label;
    this.way = way;
  }

  /** The place of a node that is there; its label is empty. */
  public static YamlPlace of(YamlNode node) {
    return new YamlPlace(node, head(node), head(node), "", node.way());
  }

  /** The same place with a label to start from. */
  public YamlPlace labelled(String label) {
    return new YamlPlace(node, span, key, label, way);
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
    return span;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Step> way() {
    return way;
  }

  /** The place under one key, which may hold dots; under what is unknown all is unknown. */
  public YamlPlace key(String name) {
    String path = label.isEmpty() ? name : label + "." + name;
    if (isUnknown()) {
      return new YamlPlace(node, span, key, path, way);
    }
    if (node instanceof YamlMapping mapping) {
      YamlMapping.Entry entry = mapping.entry(name);
      if (entry != null) {
        return of(entry, path);
      }
    }
    return new YamlPlace(null, this.key, this.key, path, way);
  }

  private static YamlPlace of(YamlMapping.Entry entry, String path) {
    YamlNode value = entry.value();
    return new YamlPlace(value, entry.span(), entry.key().span(), path, value.way());
  }

  /** The place under a path of keys separated by dots. */
  public YamlPlace at(String path) {
    YamlPlace place = this;
    for (String key : path.split("\\.")) {
      place = place.key(key);
    }
    return place;
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
      places.add(new YamlPlace(item, head(item), head(item), label + "[" + name + "]", item.way()));
      index++;
    }
    return places;
  }

  /** The places of the values of a mapping, empty for anything else. */
  public List<YamlPlace> values() {
    List<YamlPlace> places = new ArrayList<>();
    if (node instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        places.add(of(entry, label.isEmpty() ? entry.name() : label + "." + entry.name()));
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
