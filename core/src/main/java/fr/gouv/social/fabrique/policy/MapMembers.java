package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.policy.Type.Member;
import fr.gouv.social.fabrique.policy.Type.Parameter;
import fr.gouv.social.fabrique.source.Text;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What maps have, beside the values of their keys: {@code map['key']}. */
final class MapMembers {
  private MapMembers() {}

  static Map<String, Member> of(Type map) {
    Map<String, Member> members = new LinkedHashMap<>();
    List<Parameter> key = List.of(Parameter.of("key", Type.TEXT));
    add(
        members,
        "containsKey",
        key,
        Type.BOOLEAN,
        "si la clé y est",
        "whether the key is there",
        (self, arguments, frame) -> {
          String name = Operations.show(arguments[0]);
          List<Object> names = names(self, frame);
          return names.contains(name)
              ? (Object) true
              : names.contains(Unknown.MORE) ? Unknown.VALUE : false;
        });
    add(
        members,
        "get",
        key,
        map.element(),
        "la valeur de la clé, comme `map['key']`",
        "the value of the key, like `map['key']`",
        (self, arguments, frame) ->
            self instanceof Entries entries ? entries.get(Operations.show(arguments[0])) : null);
    add(
        members,
        "keys",
        List.of(),
        Type.list(Type.TEXT),
        "les clés",
        "the keys",
        (self, arguments, frame) -> names(self, frame));
    add(
        members,
        "values",
        List.of(),
        Type.list(map.element()),
        "les valeurs",
        "the values",
        (self, arguments, frame) ->
            Values.list(
                names(self, frame).stream()
                    .map(
                        name ->
                            name instanceof String text && self instanceof Entries entries
                                ? entries.get(text)
                                : name)));
    add(
        members,
        "size",
        List.of(),
        Type.NUMBER,
        "combien de clés",
        "how many keys",
        (self, arguments, frame) -> {
          List<Object> names = names(self, frame);
          return names.contains(Unknown.MORE)
              ? Unknown.VALUE
              : (Object) BigDecimal.valueOf(names.size());
        });
    add(
        members,
        "isEmpty",
        List.of(),
        Type.BOOLEAN,
        "s'il n'y a pas de clé",
        "whether there is no key",
        (self, arguments, frame) -> Operations.empty(self));
    return members;
  }

  private static List<Object> names(@Nullable Object self, Frame frame) {
    List<Object> names = self instanceof Entries entries ? entries.names() : List.of();
    frame.spend(names.size());
    return names;
  }

  private static void add(
      Map<String, Member> members,
      String name,
      List<Parameter> parameters,
      Type type,
      String fr,
      String en,
      Type.Call call) {
    members.put(
        name,
        new Member(
            name, parameters, parameters.size(), types -> type, new Text(fr, en), false, call));
  }
}
