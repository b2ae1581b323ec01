package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scalar.
 *
 * @param value the text after unquoting, unescaping and folding
 * @param style how it is written
 * @param tag as written, or what a reader found the value to be once variables were in it
 * @param interpolation how variables went into the value; null for a value that is as written
 */
public record YamlScalar(
    Span span,
    String value,
    Style style,
    @Nullable String tag,
    @Nullable String anchor,
    List<Step> way,
    @Nullable Interpolation interpolation)
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

  /** A scalar whose value is as written. */
  public YamlScalar(
      Span span,
      String value,
      Style style,
      @Nullable String tag,
      @Nullable String anchor,
      List<Step> way) {
    this(span, value, style, tag, anchor, way, null);
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
    if (tag == null) {
      // The usual case, without looking whether it is a number.
      return style == Style.PLAIN && ScalarKinds.isNull(value);
    }
    return kind() == Kind.NULL;
  }

  /** Whether the whole value can be known from files. */
  public boolean isKnown() {
    return isKnown(0, value.length());
  }

  /** Whether a part of the value, given by its offsets, can be known from files. */
  public boolean isKnown(int from, int to) {
    return interpolation == null || interpolation.isKnown(from, to);
  }

  /**
   * Where the characters of {@link #value} stand: one offset in the file for each of them, and
   * after them the end. Computed on each call, since few scalars are ever asked.
   */
  public int[] offsets() {
    if (interpolation == null) {
      return ScalarOffsets.of(this);
    }
    int[] written = asWritten(interpolation).offsets();
    int[] offsets = new int[value.length() + 1];
    for (int i = 0; i < value.length(); i++) {
      offsets[i] = written[interpolation.starts()[i]];
    }
    offsets[value.length()] = written[written.length - 1];
    return offsets;
  }

  /** The place of a part of {@link #value}, given by its offsets in the value. */
  public Span place(int from, int to) {
    if (interpolation != null) {
      YamlScalar written = asWritten(interpolation);
      int[] starts = interpolation.starts();
      int end = interpolation.written().length();
      int first = from < starts.length ? starts[from] : end;
      int last = to > from ? interpolation.ends()[Math.min(to, starts.length) - 1] : first;
      return written.place(first, last);
    }
    return place(from, to, offsets());
  }

  /**
   * The place of a part of {@link #value} into which no variable went, for who asks for many.
   *
   * @param offsets those of {@link #offsets()}
   */
  public Span place(int from, int to, int[] offsets) {
    int start = offsets[Math.min(from, value.length())];
    int end = to > from ? offsets[Math.min(to, value.length()) - 1] + 1 : start;
    return new Span(span.file(), start, Math.max(start, Math.min(end, span.end())));
  }

  private YamlScalar asWritten(Interpolation from) {
    return new YamlScalar(span, from.written(), style, null, null, List.of());
  }

  @Override
  public YamlScalar by(Step step) {
    List<Step> steps = new ArrayList<>(way);
    steps.add(step);
    return new YamlScalar(span, value, style, tag, anchor, steps, interpolation);
  }

  @Override
  public String toString() {
    return value;
  }
}
