package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@code --mount} of a {@code RUN} (instructions/commands_runmount.go).
 *
 * @param text its value, quotes of the flag removed
 * @param fields what stands between its commas
 */
public record RunMount(MappedText text, List<Field> fields) implements Located {

  private static final Map<String, String> ALIASES =
      Map.of(
          "src",
          "source",
          "dst",
          "target",
          "destination",
          "target",
          "ro",
          "readonly",
          "rw",
          "readwrite");

  /**
   * One field.
   *
   * @param key in lower case, the short names replaced by the long ones ({@code source}, {@code
   *     target}, {@code readonly}, {@code readwrite})
   * @param value before expansion; null when there is no {@code =}
   * @param span the whole field
   */
  public record Field(String key, @Nullable Word value, Span span) implements Located {}

  public RunMount {
    fields = List.copyOf(fields);
  }

  /** Reads the value of a flag: one line of CSV. Null when it is none. */
  static @Nullable RunMount parse(MappedText text) {
    if (text.isEmpty()) {
      return null;
    }
    List<Field> fields = new ArrayList<>();
    String csv = text.text();
    int at = 0;
    while (true) {
      MappedText.Builder field = new MappedText.Builder(text.file());
      int start = at;
      if (csv.startsWith("\"", at)) {
        at++;
        while (true) {
          int quote = csv.indexOf('"', at);
          if (quote < 0) {
            return null;
          }
          field.add(text.sub(at, quote));
          at = quote + 1;
          if (!csv.startsWith("\"", at)) {
            break;
          }
          field.add('"', text.offsetAt(at));
          at++;
        }
        if (at < csv.length() && csv.charAt(at) != ',') {
          return null;
        }
      } else {
        int comma = csv.indexOf(',', at);
        int end = comma < 0 ? csv.length() : comma;
        if (csv.substring(at, end).indexOf('"') >= 0) {
          return null;
        }
        field.add(text.sub(at, end));
        at = end;
      }
      fields.add(field(field.build(text.offsetAt(start)), text.span(start, at)));
      if (at == csv.length()) {
        return new RunMount(text, fields);
      }
      at++;
    }
  }

  private static Field field(MappedText text, Span span) {
    int equals = text.text().indexOf('=');
    String key =
        text.text().substring(0, equals < 0 ? text.length() : equals).toLowerCase(Locale.ROOT);
    return new Field(
        ALIASES.getOrDefault(key, key), equals < 0 ? null : Word.of(text.sub(equals + 1)), span);
  }

  /** The last field of that (long) name, null when there is none. */
  public @Nullable Field field(String key) {
    Field found = null;
    for (Field field : fields) {
      found = field.key().equals(key) ? field : found;
    }
    return found;
  }

  /** The value of a field before expansion, null when it is absent or has none. */
  public @Nullable Word value(String key) {
    Field field = field(key);
    return field == null ? null : field.value();
  }

  /**
   * {@code bind}, {@code cache}, {@code tmpfs}, {@code secret}, {@code ssh} or an unknown word, in
   * lower case; null when a variable decides.
   */
  public @Nullable String type() {
    Word type = value("type");
    if (type == null) {
      return "bind";
    }
    return type.hasVariable() ? null : type.toString().toLowerCase(Locale.ROOT);
  }

  /** The stage or image that it mounts from, null for the build context. */
  public @Nullable Word from() {
    Word from = value("from");
    return from == null || from.text().isEmpty() ? null : from;
  }

  /** Where it is mounted, before expansion. */
  public @Nullable Word target() {
    return value("target");
  }

  /** What is mounted, before expansion. */
  public @Nullable Word source() {
    return value("source");
  }

  /** The {@code id}, before expansion. */
  public @Nullable Word id() {
    return value("id");
  }

  /** The {@code mode}, before expansion: octal digits. */
  public @Nullable Word mode() {
    return value("mode");
  }

  /** Whether the build fails without the secret or agent. */
  public boolean isRequired() {
    Field required = field("required");
    Word value = required == null ? null : required.value();
    return required != null && (value == null || isTrue(value.toString()));
  }

  /** Whether it is read only: as said, else all but {@code cache} and {@code tmpfs}. */
  public boolean isReadOnly() {
    for (int i = fields.size() - 1; i >= 0; i--) {
      Field field = fields.get(i);
      Word value = field.value();
      boolean on = value == null || isTrue(value.toString());
      if (field.key().equals("readonly")) {
        return on;
      }
      if (field.key().equals("readwrite")) {
        return !on;
      }
    }
    return !"cache".equals(type()) && !"tmpfs".equals(type());
  }

  static boolean isTrue(String value) {
    return List.of("1", "t", "T", "TRUE", "true", "True").contains(value);
  }

  @Override
  public Span span() {
    return text.span();
  }
}
