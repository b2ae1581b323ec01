package fr.gouv.social.fabrique.schema;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that a schema does not allow.
 *
 * @param span the key for {@code UNKNOWN_KEY}; the key of the mapping for {@code MISSING_KEY}; else
 *     the value
 * @param label the path from the root of the tree, such as {@code services.web.ports[0].target}; a
 *     name that an item has stands for its index
 * @param found the key or the value as text, or the form that was found ({@code mapping}, {@code
 *     sequence}, {@code string}, …) for {@code WRONG_TYPE}
 * @param expected the forms, values or bounds that are allowed, as people read them
 * @param suggestion the key or value that was probably meant, or null
 */
public record SchemaProblem(
    Kind kind,
    Span span,
    String label,
    String found,
    List<String> expected,
    @Nullable String suggestion)
    implements Located {
  public SchemaProblem {
    expected = List.copyOf(expected);
  }

  /** What is wrong. */
  public enum Kind {
    UNKNOWN_KEY,
    MISSING_KEY,
    WRONG_TYPE,
    NOT_ALLOWED_VALUE,
    PATTERN_MISMATCH,
    OUT_OF_RANGE,
    DUPLICATE_ITEM,
    /** Too few or too many characters, items or keys: {@code found} is how many there are. */
    WRONG_SIZE,
    /** None of several forms, which {@code expected} names, fits. */
    NO_ALTERNATIVE,
    /** More than one of several forms fits. */
    SEVERAL_ALTERNATIVES,
    /** What the schema says must not be. */
    EXCLUDED
  }

  /** The names from the root to what is wrong, or missing, an item's in brackets. */
  public List<String> names() {
    return Arrays.stream(label.split("\\.|(?=\\[)")).filter(each -> !each.isEmpty()).toList();
  }

  /** What is wrong in a file of ours, as its author reads it. */
  public Text text() {
    String expects = String.join(", ", expected);
    return switch (kind) {
      case UNKNOWN_KEY ->
          Spelling.suggesting(
              new Text("clé inconnue « " + found + " »", "unknown key “" + found + "”"),
              suggestion);
      case MISSING_KEY ->
          new Text("la clé « " + found + " » manque", "the key “" + found + "” is missing");
      case WRONG_TYPE,
          OUT_OF_RANGE,
          PATTERN_MISMATCH,
          NOT_ALLOWED_VALUE,
          WRONG_SIZE,
          NO_ALTERNATIVE,
          SEVERAL_ALTERNATIVES,
          EXCLUDED ->
          Spelling.suggesting(
              new Text(
                  "« " + found + " » n'est pas admis ici (attendu : " + expects + ")",
                  "“" + found + "” is not allowed here (expected: " + expects + ")"),
              suggestion);
      case DUPLICATE_ITEM ->
          new Text("« " + found + " » est répété", "“" + found + "” is repeated");
    };
  }
}
