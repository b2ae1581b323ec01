package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlMapping.Entry;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Trees made from trees. */
final class Trees {
  private Trees() {}

  static boolean isNull(@Nullable YamlNode node) {
    return node == null || (node instanceof YamlScalar scalar && scalar.isNull());
  }

  static YamlMapping mapping(YamlMapping like, List<Entry> entries) {
    return new YamlMapping(like.span(), entries, entries, like.tag(), like.anchor(), like.way());
  }

  static YamlSequence sequence(YamlSequence like, List<YamlNode> items) {
    return new YamlSequence(like.span(), items, like.tag(), like.anchor(), like.way());
  }

  /** A scalar that stands for something written at a place. */
  static YamlScalar scalar(Span span, String value, List<Step> way) {
    return new YamlScalar(span, value, YamlScalar.Style.PLAIN, "tag:yaml.org,2002:str", null, way);
  }

  /** What a tree says, wherever it is written: equal for trees that say the same. */
  static Object plain(YamlNode node) {
    if (node instanceof YamlMapping mapping) {
      Map<String, Object> values = new HashMap<>();
      mapping.entries().forEach(entry -> values.put(entry.name(), plain(entry.value())));
      return values;
    }
    if (node instanceof YamlSequence sequence) {
      return sequence.items().stream().map(Trees::plain).toList();
    }
    YamlScalar scalar = (YamlScalar) node;
    return List.of(scalar.kind(), scalar.value());
  }

  /** The ways of all that did not come straight, by where it is written. */
  static Map<Span, List<Step>> ways(YamlNode root) {
    Map<Span, List<Step>> ways = new HashMap<>();
    Deque<YamlNode> left = new ArrayDeque<>(List.of(root));
    while (!left.isEmpty()) {
      YamlNode node = left.pop();
      if (!node.way().isEmpty()) {
        ways.putIfAbsent(node.span(), node.way());
      }
      if (node instanceof YamlMapping mapping) {
        for (Entry entry : mapping.entries()) {
          left.push(entry.value());
          left.push(entry.key());
        }
      } else if (node instanceof YamlSequence sequence) {
        sequence.items().forEach(left::push);
      }
    }
    return ways;
  }

  static YamlMapping without(YamlMapping mapping, String key) {
    if (!mapping.has(key)) {
      return mapping;
    }
    return mapping(mapping, mapping.entries().stream().filter(e -> !e.name().equals(key)).toList());
  }

  /** The mapping with other values; a null value takes its key away. */
  static YamlMapping mapValues(
      YamlMapping mapping, BiFunction<String, YamlNode, @Nullable YamlNode> change) {
    List<Entry> entries = new ArrayList<>(mapping.entries().size());
    boolean changed = false;
    for (Entry entry : mapping.entries()) {
      YamlNode value = change.apply(entry.name(), entry.value());
      changed |= value != entry.value();
      if (value != null) {
        entries.add(value == entry.value() ? entry : new Entry(entry.key(), value));
      }
    }
    return changed ? mapping(mapping, entries) : mapping;
  }

  /** The tree as it is seen by way of one more step: every node in it knows the step. */
  static YamlNode through(YamlNode node, Step step, Budget budget) {
    return new Through(step, budget).node(node);
  }

  private static final class Through {
    private final Step step;
    private final Budget budget;
    private final Map<List<Step>, List<Step>> ways = new IdentityHashMap<>();

    Through(Step step, Budget budget) {
      this.step = step;
      this.budget = budget;
    }

    YamlNode node(YamlNode node) {
      budget.spend(1, node.span());
      List<Step> way = ways.get(node.way());
      if (way == null) {
        // Long chains of services make long ways, and many of them.
        budget.spend(node.way().size(), node.span());
        way = longer(node.way());
        ways.put(node.way(), way);
      }
      if (node instanceof YamlMapping mapping) {
        List<Entry> entries = new ArrayList<>(mapping.entries().size());
        for (Entry entry : mapping.entries()) {
          entries.add(new Entry(node(entry.key()), node(entry.value())));
        }
        return new YamlMapping(
            mapping.span(), entries, entries, mapping.tag(), mapping.anchor(), way);
      }
      if (node instanceof YamlSequence sequence) {
        List<YamlNode> items = sequence.items().stream().map(this::node).toList();
        return new YamlSequence(sequence.span(), items, sequence.tag(), sequence.anchor(), way);
      }
      YamlScalar scalar = (YamlScalar) node;
      return new YamlScalar(
          scalar.span(),
          scalar.value(),
          scalar.style(),
          scalar.tag(),
          scalar.anchor(),
          way,
          scalar.interpolation());
    }

    private List<Step> longer(List<Step> way) {
      List<Step> longer = new ArrayList<>(way);
      longer.add(step);
      return List.copyOf(longer);
    }
  }
}
