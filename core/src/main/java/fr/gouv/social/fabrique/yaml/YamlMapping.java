package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping. Merge keys ({@code <<}) are resolved: {@link #entries()} holds what the mapping says
 * itself and then what it takes over, in the order of the YAML 1.1 merge key specification, earlier
 * sources winning.
 */
public final class YamlMapping implements YamlNode {
  private static final int FEW = 10;

  private final Span span;
  private final List<Entry> written;
  private final List<Entry> entries;

  /** Null where there are few: to compare their keys is faster then than to hash one. */
  private final @Nullable Map<String, Entry> byKey;

  private final @Nullable String tag;
  private final @Nullable String anchor;
  private final List<Step> way;

  /**
   * One key and its value.
   *
   * @param value a null scalar where the file has nothing
   */
  public record Entry(YamlNode key, YamlNode value) implements Located {
    /** The key as text; empty for a key that is not a scalar. */
    public String name() {
      return key instanceof YamlScalar scalar ? scalar.value() : "";
    }

    /** From the key to the end of the value; only the value when it is written elsewhere. */
    @Override
    public Span span() {
      Span from = key.span();
      Span to = value.span();
      return from.file() == to.file()
              && from.start() <= to.start()
              && carried(value) == carried(key)
          ? from.to(to)
          : to;
    }

    /** A variable changes what stands at a place, not the place. */
    private static int carried(YamlNode node) {
      int carried = 0;
      for (Step step : node.way()) {
        carried += step.kind() == Step.Kind.VARIABLE ? 0 : 1;
      }
      return carried;
    }

    @Override
    public List<Step> way() {
      return value.way();
    }
  }

  /**
   * A mapping.
   *
   * @param written the entries as written, merge keys and duplicate keys included
   * @param entries the entries in force
   */
  public YamlMapping(
      Span span,
      List<Entry> written,
      List<Entry> entries,
      @Nullable String tag,
      @Nullable String anchor,
      List<Step> way) {
    this.span = span;
    this.written = List.copyOf(written);
    this.entries = List.copyOf(entries);
    this.tag = tag;
    this.anchor = anchor;
    this.way = List.copyOf(way);
    this.byKey = this.entries.size() <= FEW ? null : new HashMap<>();
    if (byKey != null) {
      for (Entry entry : this.entries) {
        byKey.putIfAbsent(entry.name(), entry);
      }
    }
  }

  private YamlMapping(YamlMapping same, List<Step> way) {
    this.span = same.span;
    this.written = same.written;
    this.entries = same.entries;
    this.byKey = same.byKey;
    this.tag = same.tag;
    this.anchor = same.anchor;
    this.way = List.copyOf(way);
  }

  /** A mapping without merge keys, tag and anchor. */
  public static YamlMapping of(Span span, List<Entry> entries) {
    return new YamlMapping(span, entries, entries, null, null, List.of());
  }

  @Override
  public Span span() {
    return span;
  }

  /** The entries in force, merge keys resolved, the first of duplicate keys only. */
  public List<Entry> entries() {
    return entries;
  }

  /** The entries as written: merge keys unresolved, duplicates kept. */
  public List<Entry> written() {
    return written;
  }

  /** The entry with the given key, or null. */
  public @Nullable Entry entry(String key) {
    if (byKey != null) {
      return byKey.get(key);
    }
    for (Entry entry : entries) {
      if (entry.name().equals(key)) {
        return entry;
      }
    }
    return null;
  }

  /** The value with the given key, or null where the key is absent. */
  public @Nullable YamlNode get(String key) {
    Entry entry = entry(key);
    return entry == null ? null : entry.value();
  }

  /** Whether the key is there, whatever its value. */
  public boolean has(String key) {
    return entry(key) != null;
  }

  @Override
  public @Nullable String tag() {
    return tag;
  }

  @Override
  public @Nullable String anchor() {
    return anchor;
  }

  @Override
  public List<Step> way() {
    return way;
  }

  @Override
  public YamlMapping by(Step step) {
    List<Step> steps = new ArrayList<>(way);
    steps.add(step);
    return new YamlMapping(this, steps);
  }
}
