package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.policy.Type.Member;
import fr.gouv.social.fabrique.policy.Type.Parameter;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.source.Text;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that expressions may call: there are no others. */
final class Functions {
  static final Map<String, Member> ALL = new LinkedHashMap<>();

  private Functions() {}

  /** What a function makes of a text. */
  private interface Function {
    @Nullable Object of(String text, @Nullable Object[] arguments, Frame frame);
  }

  private static void function(
      String name, Type type, String fr, String en, Function function, String... parameters) {
    List<Parameter> taken =
        java.util.Arrays.stream(parameters).map(each -> Parameter.of(each, Type.TEXT)).toList();
    ALL.put(
        name,
        new Member(
            name,
            taken,
            taken.size(),
            types -> type,
            new Text(fr, en),
            false,
            (self, arguments, frame) -> {
              String text = Operations.text(arguments[0]);
              if (text == null) {
                return Unknown.VALUE;
              }
              frame.read(text);
              return function.of(text, arguments, frame);
            }));
  }

  /** What reads a text as a value of a type; one that is none gives nothing. */
  private static void reader(Type type, String fr, String en) {
    function(type.name(), type, fr, en, (text, arguments, frame) -> type.parse(text), "text");
  }

  static {
    function(
        "glob",
        Type.BOOLEAN,
        "si le texte a cette forme : `*` vaut des caractères sauf `/`, `**` n'importe lesquels, `?` un"
            + " seul, `{a,b}` l'un des deux",
        "whether the text has this form: `*` stands for characters except `/`, `**` for any, `?` for"
            + " one, `{a,b}` for one of both",
        (text, arguments, frame) -> Patterns.glob(Operations.show(arguments[1]), text, frame),
        "text",
        "pattern");
    function(
        "matches",
        Type.BOOLEAN,
        "si l'expression rationnelle (syntaxe RE2) décrit tout le texte",
        "whether the regular expression (RE2 syntax) describes all of the text",
        (text, arguments, frame) -> Patterns.matches(Operations.show(arguments[1]), text, frame),
        "text",
        "regex");
    reader(
        Model.SEMVER,
        "la version que le texte écrit (`1.4.2-rc.1`), ou rien",
        "the version that the text writes (`1.4.2-rc.1`), or nothing");
    reader(
        Model.QUANTITY,
        "la quantité que le texte écrit (`512Mi`, `250m`), ou rien",
        "the quantity that the text writes (`512Mi`, `250m`), or nothing");
    reader(
        Model.DURATION,
        "la durée que le texte écrit (`1h30m`, `7d`), ou rien",
        "the duration that the text writes (`1h30m`, `7d`), or nothing");
    reader(
        Model.DATE,
        "la date que le texte écrit (`2027-03-31`), ou rien",
        "the date that the text writes (`2027-03-31`), or nothing");
    function(
        "cron",
        Model.CRON,
        "quand un CronJob tourne (`0 3 * * *`), ou rien",
        "when a CronJob runs (`0 3 * * *`), or nothing",
        (text, arguments, frame) -> ValueMembers.schedule(text),
        "text");
    function(
        "number",
        Type.NUMBER,
        "le nombre que le texte écrit, ou rien",
        "the number that the text writes, or nothing",
        (text, arguments, frame) -> Values.number(text.strip()),
        "text");
    function(
        "image",
        Model.IMAGE,
        "l'image que le texte nomme, ou rien",
        "the image that the text names, or nothing",
        (text, arguments, frame) -> ImageReference.orNull(text),
        "text");
    function(
        "base64",
        Type.TEXT,
        "le texte (UTF-8) que le base64 contient, ou rien",
        "the text (UTF-8) that the base64 holds, or nothing",
        (text, arguments, frame) -> base64(text, frame),
        "text");
  }

  private static @Nullable Object base64(String text, Frame frame) {
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(text);
      return frame.made(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException none) {
      return null;
    }
  }
}
