package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sequence of nodes. */
public record YamlSequence(
    Span span, List<YamlNode> items, @Nullable String tag, @Nullable String anchor, List<Step> way)
    implements YamlNode {

  public YamlSequence {
    items = List.copyOf(items);
    way = List.copyOf(way);
  }

  @Override
  public YamlSequence by(Step step) {
    List<Step> steps = new ArrayList<>(way);
    steps.add(step);
    return new YamlSequence(span, items, tag, anchor, steps);
  }
}
