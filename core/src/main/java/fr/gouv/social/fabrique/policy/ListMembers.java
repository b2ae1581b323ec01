package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.policy.Frame.Closure;
import fr.gouv.social.fabrique.policy.Type.Kind;
import fr.gouv.social.fabrique.policy.Type.Lambda;
import fr.gouv.social.fabrique.policy.Type.Member;
import fr.gouv.social.fabrique.policy.Type.Parameter;
import fr.gouv.social.fabrique.source.Text;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What lists have. {@code list.stream()} gives the same under the names and with the results that
 * Jakarta EL has for streams: what ends them is optional there.
 */
final class ListMembers {
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Type self;
  private final Type element;

  private ListMembers(Type self) {
    this.self = self;
    this.element = self.element();
  }

  static Map<String, Member> of(Type type) {
    ListMembers made = new ListMembers(type);
    if (type.is(Kind.OPTIONAL)) {
      made.optional();
    } else {
      made.all();
    }
    return made.members;
  }

  /** What a method of a list does; the list is free of nothing: nulls and unknowns are in it. */
  private interface Method {
    @Nullable Object of(List<?> self, @Nullable Object[] arguments, Frame frame);
  }

  private void add(
      String name,
      List<Parameter> parameters,
      int required,
      Function<List<Type>, Type> result,
      String fr,
      String en,
      Method method) {
    members.put(
        name,
        new Member(
            name,
            parameters,
            required,
            result,
            new Text(fr, en),
            true,
            (value, arguments, frame) -> {
              if (!(value instanceof List<?> list)) {
                return Unknown.VALUE;
              }
              frame.spend(list.size());
              Object made = method.of(list, arguments, frame);
              if (made instanceof List<?> other) {
                frame.roomInList(other.size());
              }
              return made;
            }));
  }

  private void add(
      String name, List<Parameter> parameters, Type result, String fr, String en, Method method) {
    add(name, parameters, parameters.size(), types -> result, fr, en, method);
  }

  /** The same kind of thing over other elements. */
  private Type over(Type other) {
    return self.is(Kind.STREAM) ? Type.stream(other) : Type.list(other);
  }

  /** What ends a stream is optional. */
  private Type ending(Type type) {
    return self.is(Kind.STREAM) ? Type.optional(type) : type;
  }

  private static Parameter lambda(String name, boolean condition, Type... inputs) {
    return new Parameter(name, Type.ANY, new Lambda(List.of(inputs), condition));
  }

  private void all() {
    List<Parameter> condition = List.of(lambda("condition", true, element));
    boolean numeric =
        element.is(Kind.NUMBER) || element.is(Kind.ANY) || element.equals(Model.QUANTITY);
    boolean ordered = numeric || element.isOrdered();
    add(
        "anyMatch",
        condition,
        Type.BOOLEAN,
        "si la condition vaut pour un élément au moins",
        "whether the condition holds for one element at least",
        (list, arguments, frame) -> any(list, closure(arguments[0])));
    add(
        "allMatch",
        condition,
        Type.BOOLEAN,
        "si la condition vaut pour chaque élément ; vrai pour une liste vide",
        "whether the condition holds for each element; true for an empty list",
        (list, arguments, frame) -> all(list, closure(arguments[0])));
    add(
        "noneMatch",
        condition,
        Type.BOOLEAN,
        "si la condition ne vaut pour aucun élément ; vrai pour une liste vide",
        "whether the condition holds for no element; true for an empty list",
        (list, arguments, frame) -> Operations.not(any(list, closure(arguments[0]))));
    add(
        "filter",
        condition,
        self,
        "les éléments pour lesquels la condition vaut",
        "the elements for which the condition holds",
        (list, arguments, frame) -> filter(list, closure(arguments[0])));
    add(
        "map",
        List.of(lambda("function", false, element)),
        1,
        types -> over(types.get(0)),
        "ce que la fonction fait de chaque élément",
        "what the function makes of each element",
        (list, arguments, frame) -> {
          List<@Nullable Object> made = new ArrayList<>(list.size());
          for (Object each : list) {
            made.add(each == Unknown.MORE ? each : closure(arguments[0]).apply(each));
          }
          return made;
        });
    add(
        "flatMap",
        List.of(lambda("function", false, element)),
        1,
        types -> over(types.get(0).element()),
        "les éléments des listes que la fonction fait de chaque élément",
        "the elements of the lists that the function makes of each element",
        (list, arguments, frame) -> flatMap(list, closure(arguments[0]), frame));
    add(
        "contains",
        List.of(Parameter.of("value", element)),
        Type.BOOLEAN,
        "si la valeur est dans la liste",
        "whether the value is in the list",
        (list, arguments, frame) -> contains(list, arguments[0], frame));
    add(
        "containsAll",
        List.of(Parameter.of("values", Type.list(element))),
        Type.BOOLEAN,
        "si chacune des valeurs est dans la liste",
        "whether each of the values is in the list",
        (list, arguments, frame) -> {
          if (!(arguments[0] instanceof List<?> wanted)) {
            return Unknown.VALUE;
          }
          frame.spend((long) wanted.size() * list.size());
          Object all = Boolean.TRUE;
          for (Object each : wanted) {
            all = and(all, contains(list, each, frame));
          }
          return all;
        });
    add(
        "size",
        List.of(),
        Type.NUMBER,
        "combien d'éléments",
        "how many elements",
        (list, arguments, frame) -> size(list));
    add(
        "count",
        List.of(),
        Type.NUMBER,
        "combien d'éléments",
        "how many elements",
        (list, arguments, frame) -> size(list));
    add(
        "isEmpty",
        List.of(),
        Type.BOOLEAN,
        "s'il n'y a pas d'élément",
        "whether there is no element",
        (list, arguments, frame) -> Operations.empty(list));
    add(
        "get",
        List.of(Parameter.of("index", Type.NUMBER)),
        element,
        "l'élément à cette place, à partir de 0, comme `list[0]` ; rien au-delà de la fin",
        "the element at that place, from 0, like `list[0]`; nothing beyond the end",
        (list, arguments, frame) -> get(list, arguments[0]));
    add(
        "findFirst",
        List.of(),
        ending(element),
        "le premier élément, ou rien",
        "the first element, or nothing",
        (list, arguments, frame) -> get(list, BigDecimal.ZERO));
    add(
        "distinct",
        List.of(),
        self,
        "sans les doubles",
        "without duplicates",
        (list, arguments, frame) -> distinct(list, frame));
    add(
        "limit",
        List.of(Parameter.of("size", Type.NUMBER)),
        self,
        "les premiers éléments",
        "the first elements",
        (list, arguments, frame) -> part(list, BigDecimal.ZERO, arguments[0]));
    add(
        "substream",
        List.of(Parameter.of("from", Type.NUMBER), Parameter.of("to", Type.NUMBER)),
        1,
        types -> self,
        "les éléments de `from` (à partir de 0) à `to` exclu, ou à la fin",
        "the elements from `from` (from 0) up to `to`, or to the end",
        (list, arguments, frame) ->
            part(
                list,
                arguments[0],
                arguments.length > 1 ? arguments[1] : BigDecimal.valueOf(list.size())));
    add(
        "reduce",
        List.of(Parameter.of("start", Type.ANY), lambda("function", false, Type.ANY, element)),
        2,
        types -> types.get(0),
        "ce que la fonction fait de proche en proche, à partir de `start`",
        "what the function makes step by step, from `start` on",
        (list, arguments, frame) -> {
          Object made = arguments[0];
          for (Object each : list) {
            made = each == Unknown.MORE ? Unknown.VALUE : closure(arguments[1]).apply(made, each);
          }
          return made;
        });
    if (numeric) {
      add(
          "sum",
          List.of(),
          Type.NUMBER,
          "la somme (de nombres ou de quantités)",
          "the sum (of numbers or quantities)",
          (list, arguments, frame) -> sum(list));
      add(
          "average",
          List.of(),
          ending(Type.NUMBER),
          "la moyenne (de nombres ou de quantités) ; rien pour une liste vide",
          "the average (of numbers or quantities); nothing for an empty list",
          (list, arguments, frame) ->
              list.isEmpty() ? null : Operations.arithmetic('/', sum(list), size(list)));
    }
    if (ordered) {
      add(
          "min",
          List.of(),
          ending(element),
          "le plus petit élément (de ce qui a un ordre) ; rien pour une liste vide",
          "the least element (of what has an order); nothing for an empty list",
          (list, arguments, frame) -> extreme(list, -1));
      add(
          "max",
          List.of(),
          ending(element),
          "le plus grand élément (de ce qui a un ordre) ; rien pour une liste vide",
          "the greatest element (of what has an order); nothing for an empty list",
          (list, arguments, frame) -> extreme(list, 1));
    }
    if (ordered || element.is(Kind.TEXT)) {
      add(
          "sorted",
          List.of(),
          self,
          "en ordre croissant (de ce qui a un ordre, et de textes)",
          "in ascending order (of what has an order, and of texts)",
          (list, arguments, frame) -> sorted(list, frame));
    }
    if (element.is(Kind.TEXT) || element.is(Kind.ANY)) {
      add(
          "join",
          List.of(Parameter.of("separator", Type.TEXT)),
          Type.TEXT,
          "les textes bout à bout, avec un séparateur entre eux",
          "the texts end to end, with a separator between them",
          (list, arguments, frame) -> join(list, arguments[0], frame));
    }
    add(
        "stream",
        List.of(),
        Type.stream(element),
        "les mêmes éléments, avec les opérations et les résultats des flux de Jakarta EL",
        "the same elements, with the operations and results of the streams of Jakarta EL",
        (list, arguments, frame) -> list);
    add(
        "toList",
        List.of(),
        Type.list(element),
        "les éléments comme liste",
        "the elements as a list",
        (list, arguments, frame) -> list);
  }

  private void optional() {
    members.put(
        "get",
        new Member(
            "get",
            List.of(),
            0,
            types -> element,
            new Text("la valeur, ou rien", "the value, or nothing"),
            true,
            (value, arguments, frame) -> value));
    members.put(
        "orElse",
        new Member(
            "orElse",
            List.of(Parameter.of("value", element)),
            1,
            types -> element,
            new Text("la valeur, ou celle-ci à défaut", "the value, or this one in its place"),
            true,
            (value, arguments, frame) -> value == null ? arguments[0] : value));
    members.put(
        "isPresent",
        new Member(
            "isPresent",
            List.of(),
            0,
            types -> Type.BOOLEAN,
            new Text("s'il y a une valeur", "whether there is a value"),
            true,
            (value, arguments, frame) ->
                value instanceof Unknown ? value : (Object) (value != null)));
  }

  private static Closure closure(@Nullable Object argument) {
    if (argument instanceof Closure closure) {
      return closure;
    }
    throw new IllegalStateException("not a lambda");
  }

  private static Object any(List<?> list, Closure condition) {
    Object found = Boolean.FALSE;
    for (Object each : list) {
      Object truth = each == Unknown.MORE ? Unknown.VALUE : Operations.truth(condition.apply(each));
      if (truth == Boolean.TRUE) {
        return truth;
      }
      found = truth instanceof Boolean ? found : truth;
    }
    return found;
  }

  private static Object all(List<?> list, Closure condition) {
    Object all = Boolean.TRUE;
    for (Object each : list) {
      Object truth = each == Unknown.MORE ? Unknown.VALUE : Operations.truth(condition.apply(each));
      if (truth == Boolean.FALSE) {
        return truth;
      }
      all = truth instanceof Boolean ? all : truth;
    }
    return all;
  }

  private static Object and(Object one, Object other) {
    return one == Boolean.FALSE || other == Boolean.FALSE
        ? false
        : one instanceof Boolean ? other : one;
  }

  private static Object filter(List<?> list, Closure condition) {
    List<@Nullable Object> kept = new ArrayList<>();
    for (Object each : list) {
      Object truth = each == Unknown.MORE ? Unknown.VALUE : Operations.truth(condition.apply(each));
      if (truth == Boolean.TRUE) {
        kept.add(each);
      } else if (truth instanceof Unknown) {
        kept.add(Unknown.MORE);
      }
    }
    return kept;
  }

  private static Object flatMap(List<?> list, Closure function, Frame frame) {
    List<@Nullable Object> made = new ArrayList<>();
    for (Object each : list) {
      Object inner = each == Unknown.MORE ? each : function.apply(each);
      if (inner instanceof List<?> elements) {
        frame.spend(elements.size());
        frame.roomInList(made.size() + elements.size());
        made.addAll(elements);
      } else if (inner != null) {
        made.add(Unknown.MORE);
      }
    }
    return made;
  }

  private static Object contains(List<?> list, @Nullable Object wanted, Frame frame) {
    Object found = Boolean.FALSE;
    for (Object each : list) {
      Object same = Operations.equal(each, wanted, frame);
      if (same == Boolean.TRUE) {
        return same;
      }
      found = same instanceof Boolean ? found : same;
    }
    return found;
  }

  private static Object size(List<?> list) {
    return list.contains(Unknown.MORE) ? Unknown.VALUE : (Object) BigDecimal.valueOf(list.size());
  }

  static @Nullable Object get(List<?> list, @Nullable Object index) {
    if (index instanceof Unknown) {
      return index;
    }
    int at = TextMembers.index(index);
    if (at < 0) {
      return null;
    }
    int more = list.indexOf(Unknown.MORE);
    if (more >= 0 && more <= at) {
      return Unknown.VALUE;
    }
    return at < list.size() ? list.get(at) : null;
  }

  private static Object part(List<?> list, @Nullable Object from, @Nullable Object to) {
    if (from instanceof Unknown || to instanceof Unknown) {
      return Unknown.VALUE;
    }
    int start = Math.max(0, Math.min(list.size(), TextMembers.index(from)));
    int end = Math.max(start, Math.min(list.size(), TextMembers.index(to)));
    return new ArrayList<>(list.subList(start, end));
  }

  private static Object distinct(List<?> list, Frame frame) {
    List<@Nullable Object> made = new ArrayList<>();
    boolean more = false;
    for (Object each : list) {
      if (each instanceof Unknown) {
        more = true;
        continue;
      }
      frame.spend(made.size());
      if (contains(made, each, frame) == Boolean.FALSE) {
        made.add(each);
      }
    }
    if (more) {
      made.add(Unknown.MORE);
    }
    return made;
  }

  private static @Nullable Object sum(List<?> list) {
    Object sum = BigDecimal.ZERO;
    for (Object each : list) {
      sum = each == null ? sum : Operations.arithmetic('+', sum, each);
    }
    return sum;
  }

  private static @Nullable Object extreme(List<?> list, int sign) {
    Object found = null;
    for (Object each : list) {
      if (found == null) {
        found = each instanceof Unknown ? Unknown.VALUE : each;
        continue;
      }
      Object order = Operations.compare(each, found);
      if (order instanceof Unknown) {
        return order;
      }
      found = order instanceof Integer known && Integer.signum(known) == sign ? each : found;
    }
    return found;
  }

  private static Object sorted(List<?> list, Frame frame) {
    List<Object> sorted = new ArrayList<>();
    for (Object each : list) {
      if (each instanceof Unknown) {
        return Unknown.VALUE;
      }
      if (each != null) {
        sorted.add(each);
      }
    }
    frame.spend(sorted.size() * 16L);
    if (sorted.stream().allMatch(String.class::isInstance)) {
      sorted.sort(Comparator.comparing(Object::toString));
      return sorted;
    }
    // Values of several kinds have no order among them.
    for (Object each : sorted) {
      if (!(Operations.compare(sorted.get(0), each) instanceof Integer) || each instanceof String) {
        return Unknown.VALUE;
      }
    }
    sorted.sort(
        (one, other) -> Operations.compare(one, other) instanceof Integer order ? order : 0);
    return sorted;
  }

  private static Object join(List<?> list, @Nullable Object separator, Frame frame) {
    if (separator instanceof Unknown) {
      return separator;
    }
    String between = Operations.show(separator);
    StringBuilder out = new StringBuilder();
    for (Object each : list) {
      if (each instanceof Unknown) {
        return Unknown.VALUE;
      }
      String text = Operations.show(each);
      frame.room((long) out.length() + between.length() + text.length());
      out.append(out.isEmpty() ? "" : between).append(text);
    }
    return frame.made(out.toString());
  }
}
