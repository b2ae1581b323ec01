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
 */
public record YamlScalar(
    Span span,
    String value,
    Style style,
    @Nullable String tag,
    @Nullable String anchor,
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

  /**
   * Where the characters of {@link #value} stand: one offset in the file for each of them, and
   * after them the end. Computed on each call, since few scalars are ever asked.
   */
  public int[] offsets() {
    return ScalarOffsets.of(this);
  }

  /** The place of a part of {@link #value}, given by its offsets in the value. */
  public Span place(int from, int to) {
    int[] offsets = offsets();
    int start = offsets[Math.min(from, value.length())];
    int end = to > from ? offsets[Math.min(to, value.length()) - 1] + 1 : start;
    return new Span(span.file(), start, Math.max(start, Math.min(end, span.end())));
  }

  @Override
  public YamlScalar by(Step step) {
    List<Step> steps = new ArrayList<>(way);
    steps.add(step);
    return new YamlScalar(span, value, style, tag, anchor, steps);
  }

  @Override
  public String toString() {
    return value;
  }
}
