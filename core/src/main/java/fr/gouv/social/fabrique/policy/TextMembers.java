package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.policy.Type.Member;
import fr.gouv.social.fabrique.policy.Type.Parameter;
import fr.gouv.social.fabrique.source.Text;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What texts have. */
final class TextMembers {
  static final Map<String, Member> ALL = new LinkedHashMap<>();

  private TextMembers() {}

  /** What a method of a text does. */
  private interface Method {
    @Nullable Object of(String self, @Nullable Object[] arguments, Frame frame);
  }

  private static void method(
      String name,
      List<Parameter> parameters,
      int required,
      Type type,
      String fr,
      String en,
      Method method) {
    ALL.put(
        name,
        new Member(
            name,
            parameters,
            required,
            types -> type,
            new Text(fr, en),
            false,
            (self, arguments, frame) -> {
              String text = Operations.text(self);
              if (text == null) {
                return Unknown.VALUE;
              }
              frame.read(text);
              return method.of(text, arguments, frame);
            }));
  }

  private static String text(@Nullable Object argument) {
    String text = Operations.text(argument);
    return text == null ? Operations.show(argument) : text;
  }

  static int index(@Nullable Object argument) {
    BigDecimal number = argument == null ? null : Operations.number(argument);
    return number == null
        ? 0
        : number
            .max(BigDecimal.valueOf(Integer.MIN_VALUE))
            .min(BigDecimal.valueOf(Integer.MAX_VALUE))
            .intValue();
  }

  static {
    Parameter other = Parameter.of("text", Type.TEXT);
    List<Parameter> one = List.of(other);
    method(
        "length",
        List.of(),
        0,
        Type.NUMBER,
        "le nombre de caractères",
        "the number of characters",
        (self, arguments, frame) -> BigDecimal.valueOf(self.length()));
    method(
        "isEmpty",
        List.of(),
        0,
        Type.BOOLEAN,
        "s'il n'a pas de caractère",
        "whether it has no character",
        (self, arguments, frame) -> self.isEmpty());
    method(
        "contains",
        one,
        1,
        Type.BOOLEAN,
        "si l'autre texte s'y trouve",
        "whether the other text is in it",
        (self, arguments, frame) -> self.contains(text(arguments[0])));
    method(
        "startsWith",
        one,
        1,
        Type.BOOLEAN,
        "s'il commence ainsi",
        "whether it starts so",
        (self, arguments, frame) -> self.startsWith(text(arguments[0])));
    method(
        "endsWith",
        one,
        1,
        Type.BOOLEAN,
        "s'il finit ainsi",
        "whether it ends so",
        (self, arguments, frame) -> self.endsWith(text(arguments[0])));
    method(
        "matches",
        List.of(Parameter.of("regex", Type.TEXT)),
        1,
        Type.BOOLEAN,
        "si l'expression rationnelle (syntaxe RE2) le décrit en entier",
        "whether the regular expression (RE2 syntax) describes all of it",
        (self, arguments, frame) -> Patterns.matches(text(arguments[0]), self, frame));
    method(
        "indexOf",
        one,
        1,
        Type.NUMBER,
        "où l'autre texte commence, à partir de 0 ; -1 s'il n'y est pas",
        "where the other text starts, from 0; -1 if it is not there",
        (self, arguments, frame) -> BigDecimal.valueOf(self.indexOf(text(arguments[0]))));
    method(
        "substring",
        List.of(Parameter.of("from", Type.NUMBER), Parameter.of("to", Type.NUMBER)),
        1,
        Type.TEXT,
        "les caractères de `from` (à partir de 0) à `to` exclu, ou à la fin",
        "the characters from `from` (from 0) up to `to`, or to the end",
        (self, arguments, frame) -> {
          int from = Math.max(0, Math.min(self.length(), index(arguments[0])));
          int to = arguments.length > 1 ? index(arguments[1]) : self.length();
          return frame.made(self.substring(from, Math.max(from, Math.min(self.length(), to))));
        });
    method(
        "split",
        List.of(Parameter.of("separator", Type.TEXT)),
        1,
        Type.list(Type.TEXT),
        "les parties entre les séparateurs",
        "the parts between the separators",
        (self, arguments, frame) -> split(self, text(arguments[0]), frame));
    method(
        "replace",
        List.of(Parameter.of("text", Type.TEXT), Parameter.of("by", Type.TEXT)),
        2,
        Type.TEXT,
        "le texte où l'un est remplacé par l'autre",
        "the text in which one is replaced by the other",
        (self, arguments, frame) -> {
          String by = text(arguments[1]);
          String from = text(arguments[0]);
          long most =
              from.isEmpty()
                  ? (long) (self.length() + 1) * by.length()
                  : (long) (self.length() / from.length()) * by.length();
          frame.room(Math.min(most, Integer.MAX_VALUE));
          return frame.made(self.replace(from, by));
        });
    method(
        "toLowerCase",
        List.of(),
        0,
        Type.TEXT,
        "en minuscules",
        "in lower case",
        (self, arguments, frame) -> frame.made(self.toLowerCase(Locale.ROOT)));
    method(
        "toUpperCase",
        List.of(),
        0,
        Type.TEXT,
        "en majuscules",
        "in upper case",
        (self, arguments, frame) -> frame.made(self.toUpperCase(Locale.ROOT)));
    method(
        "trim",
        List.of(),
        0,
        Type.TEXT,
        "sans les blancs des bords",
        "without the blanks around it",
        (self, arguments, frame) -> self.strip());
  }

  private static Object split(String self, String separator, Frame frame) {
    if (separator.isEmpty()) {
      return List.of(self);
    }
    List<Object> parts = new java.util.ArrayList<>();
    int from = 0;
    for (int at = self.indexOf(separator); at >= 0; at = self.indexOf(separator, from)) {
      frame.spend(1);
      parts.add(self.substring(from, at));
      from = at + separator.length();
    }
    parts.add(self.substring(from));
    return parts;
  }
}
