package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scalar.
 *
 * @param value the text after unquoting, unescaping and folding
 * @param style how it is written
 * @param content the places of {@code value}'s characters, for a block or multi-line scalar too:
 *     {@code content[i]} is the offset in the file of character {@code i}; empty when they follow
 *     one another from {@code span().start()}, plus one when quoted
 */
public record YamlScalar(
    Span span,
    String value,
    Style style,
    @Nullable String tag,
    @Nullable String anchor,
    int[] content,
    List<Step> way)
    implements YamlNode {

  /** How a scalar is written. */
  public enum Style {
    PLAIN,
    SINGLE_QUOTED,
    DOUBLE_QUOTED,
    LITERAL,
    FOLDED
  }

  public YamlScalar {
    way = List.copyOf(way);
  }

  /** What a scalar means, decided as the readers of Compose and Kubernetes decide it (go-yaml). */
  public enum Kind {
    NULL,
    BOOLEAN,
    INTEGER,
    FLOAT,
    STRING
  }

  /**
   * The kind by go-yaml v3's resolution (resolve.go): YAML 1.1 {@code yes}, {@code on} and the like
   * are strings.
   */
  public Kind kind() {
    return ScalarKinds.of(this);
  }

  public boolean isNull() {
    return kind() == Kind.NULL;
  }

  /** The place of a part of {@link #value}, given by its offsets in the value. */
  public Span place(int from, int to) {
    int[] offsets = content;
    if (offsets.length == 0) {
      int base = span.start() + (style == Style.PLAIN ? 0 : 1);
      return new Span(
          span.file(), Math.min(base + from, span.end()), Math.min(base + to, span.end()));
    }
    int start = from < offsets.length ? offsets[from] : span.end();
    int end = to > from ? offsets[Math.min(to, offsets.length) - 1] + 1 : start;
    return new Span(span.file(), start, Math.max(start, end));
  }

  @Override
  public YamlScalar by(Step step) {
    List<Step> steps = new ArrayList<>(way);
    steps.add(step);
    return new YamlScalar(span, value, style, tag, anchor, content, steps);
  }

  @Override
  public String toString() {
    return value;
  }
}
