package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.yaml.Interpolation;
import fr.gouv.social.fabrique.yaml.YamlMapping.Entry;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The two sides of {@code KEY=value}, each with its place and what is known of it. */
final class KeyValue {
  private KeyValue() {}

  /** Stands for each character that is not known while a specification is taken apart. */
  static final char HIDDEN = '\uffff';

  /** The characters of a value, those that are not known hidden. */
  static char[] masked(YamlScalar scalar) {
    char[] visible = scalar.value().toCharArray();
    Interpolation interpolation = scalar.interpolation();
    if (interpolation != null) {
      for (Interpolation.Variable each : interpolation.variables()) {
        if (each.source() == Interpolation.Source.UNKNOWN) {
          Arrays.fill(visible, each.from(), each.to(), HIDDEN);
        }
      }
    }
    return visible;
  }

  /** Without {@code =} the value is null. */
  static Entry of(YamlScalar scalar) {
    String text = scalar.value();
    int equals = text.indexOf('=');
    if (equals < 0) {
      return new Entry(
          scalar,
          new YamlScalar(
              scalar.span(),
              "",
              YamlScalar.Style.PLAIN,
              "tag:yaml.org,2002:null",
              null,
              scalar.way()));
    }
    return new Entry(part(scalar, 0, equals), part(scalar, equals + 1, text.length()));
  }

  /** A part of a scalar as a scalar of its own, whose place is that part. */
  static YamlScalar part(YamlScalar scalar, int from, int to) {
    Interpolation whole = scalar.interpolation();
    Interpolation interpolation = null;
    if (whole != null) {
      List<Interpolation.Variable> variables = new ArrayList<>();
      for (Interpolation.Variable each : whole.variables()) {
        if (each.from() < to && from < each.to()
            || (each.from() == each.to() && each.from() >= from && each.to() <= to)) {
          variables.add(
              new Interpolation.Variable(
                  each.name(),
                  each.source(),
                  Math.max(each.from(), from) - from,
                  Math.min(each.to(), to) - from,
                  each.at()));
        }
      }
      int base = from < whole.starts().length ? whole.starts()[from] : whole.written().length();
      int end = to > from ? whole.ends()[to - 1] : base;
      int[] starts = Arrays.copyOfRange(whole.starts(), from, to);
      int[] ends = Arrays.copyOfRange(whole.ends(), from, to);
      for (int i = 0; i < starts.length; i++) {
        starts[i] -= base;
        ends[i] -= base;
      }
      interpolation =
          variables.isEmpty()
              ? null
              : new Interpolation(whole.written().substring(base, end), variables, starts, ends);
    }
    return new YamlScalar(
        scalar.place(from, to),
        scalar.value().substring(from, to),
        YamlScalar.Style.PLAIN,
        "tag:yaml.org,2002:str",
        null,
        scalar.way(),
        interpolation);
  }
}
