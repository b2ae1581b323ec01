package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.policy.Type.Parameter;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The members of one type: the class of its values is known here and nowhere else. */
record Table<S>(Type type, Class<S> values) {
  /** What following a link costs. */
  private static final int LINK = 50;

  Table<S> property(String name, Type of, String fr, String en, Function<S, @Nullable Object> get) {
    type.property(name, of, fr, en, (self, arguments, frame) -> get.apply(values.cast(self)));
    return this;
  }

  Table<S> linked(
      String name, Type of, String fr, String en, BiFunction<S, Facts, @Nullable Object> get) {
    type.property(
        name,
        of,
        fr,
        en,
        (self, arguments, frame) -> {
          // The links of a large repository are not free to follow.
          frame.spend(LINK);
          return get.apply(values.cast(self), frame.facts());
        });
    return this;
  }

  Table<S> method(
      String name,
      String parameter,
      Type of,
      String fr,
      String en,
      BiFunction<S, String, @Nullable Object> get) {
    type.method(
        name,
        List.of(Parameter.of(parameter, Type.TEXT)),
        of,
        fr,
        en,
        (self, arguments, frame) -> get.apply(values.cast(self), Operations.show(arguments[0])));
    return this;
  }
}
