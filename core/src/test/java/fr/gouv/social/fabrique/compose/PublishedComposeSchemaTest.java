package fr.gouv.social.fabrique.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import fr.gouv.social.fabrique.schema.Schema;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Our schema against the published one, which is not part of the project: {@code
 * published-schema.txt} holds what it says of each value of {@link #PROBES} at each of its places.
 * With {@code -Dcompose.schema=compose-spec.json} the same is asked of that file, and the table
 * that it gives is left in {@code target}.
 */
class PublishedComposeSchemaTest {
  private static final Schema SCHEMA = Schema.load(ComposeLoader.class, "compose.schema");

  private static final List<String> PROBES =
      List.of(
          "\"text\"",
          "\"\"",
          "5",
          "-5",
          "5000",
          "0.5",
          "true",
          "null",
          "[]",
          "[\"a\"]",
          "[\"a\", \"a\"]",
          "[5]",
          "[true]",
          "[null]",
          "[{}]",
          "[{\"x-k\": 1}]",
          "[[]]",
          "{}",
          "{\"k\": \"a\"}",
          "{\"k\": 5}",
          "{\"k\": true}",
          "{\"k\": null}",
          "{\"k\": [\"a\"]}",
          "{\"k\": {}}",
          "{\"k k\": \"a\"}",
          "{\"x-k\": \"a\"}",
          "\"all\"",
          "\"host\"",
          "\"bind\"",
          "\"enabled\"",
          "\"z\"",
          "\"always\"",
          "\"every_2d\"",
          "\"rebuild\"",
          "\"start-first\"",
          "\"service_healthy\"");

  @Test
  void agreesWithThePublishedSchema() throws IOException {
    Map<String, String> table = table(resource("published-schema.txt"));
    List<String> differences = differences(table);
    System.out.println(
        "published Compose schema: "
            + (table.size() * PROBES.size() - differences.size())
            + "/"
            + table.size() * PROBES.size()
            + " values at "
            + table.size()
            + " places");
    List<String> known =
        resource("published-schema-exceptions.txt")
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();
    assertThat(differences).containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  @EnabledIfSystemProperty(named = "compose.schema", matches = ".+")
  void agreesWithTheGivenSchema() throws IOException {
    JsonNode schema =
        JsonMapper.shared()
            .readTree(Files.readString(Path.of(System.getProperty("compose.schema"))));
    Map<String, String> table = tableOf(schema);
    StringBuilder text = new StringBuilder();
    table.forEach(
        (place, verdicts) -> text.append(place).append(' ').append(verdicts).append('\n'));
    Files.writeString(Path.of("target", "published-schema.txt"), text);
    assertThat(differences(table)).isEmpty();
  }

  private static String resource(String name) throws IOException {
    try (var in = PublishedComposeSchemaTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Map<String, String> table(String text) {
    return text.lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" (?=[-+]+$)"))
        .collect(
            Collectors.toMap(
                parts -> parts[0], parts -> parts[1], (a, b) -> a, LinkedHashMap::new));
  }

  /** What we say otherwise: {@code accepted} or {@code refused}, the place with the value. */
  private static List<String> differences(Map<String, String> table) {
    List<String> differences = new ArrayList<>();
    table.forEach(
        (place, verdicts) -> {
          for (int i = 0; i < PROBES.size(); i++) {
            String document = place.replace("@", PROBES.get(i));
            boolean valid =
                SCHEMA
                    .check(
                        YamlReader.read(SourceFile.of("compose.yaml", document))
                            .documents()
                            .get(0)
                            .root(),
                        "Project")
                    .isEmpty();
            if (valid != (verdicts.charAt(i) == '+')) {
              differences.add((valid ? "accepted " : "refused ") + document);
            }
          }
        });
    return differences;
  }

  // The table of a schema.

  private static Map<String, String> tableOf(JsonNode schema) {
    Set<String> places = new LinkedHashSet<>();
    walk(schema, schema, "@", places, 0);
    var validator =
        SchemaRegistry.withDefaultDialect(
                schema.has("$defs")
                    ? SpecificationVersion.DRAFT_2020_12
                    : SpecificationVersion.DRAFT_7)
            .getSchema(without(schema));
    Map<String, String> table = new LinkedHashMap<>();
    for (String place : places) {
      StringBuilder verdicts = new StringBuilder();
      for (String probe : PROBES) {
        JsonNode document = JsonMapper.shared().readTree(place.replace("@", probe));
        verdicts.append(validator.validate(document).isEmpty() ? '+' : '-');
      }
      table.put(place, verdicts.toString());
    }
    return table;
  }

  /** The schema without its name and dialect, which it writes as nobody else does. */
  private static JsonNode without(JsonNode schema) {
    var copy = (tools.jackson.databind.node.ObjectNode) schema.deepCopy();
    copy.remove(List.of("$schema", "$id", "id"));
    return copy;
  }

  private static JsonNode resolve(JsonNode root, JsonNode node) {
    JsonNode at = node;
    while (at.has("$ref")) {
      at = root.at(at.get("$ref").asString().substring(1));
    }
    return at;
  }

  private static void walk(
      JsonNode root, JsonNode unresolved, String place, Set<String> places, int depth) {
    JsonNode node = resolve(root, unresolved);
    if (depth > 12 || !node.isObject()) {
      return;
    }
    places.add(place);
    JsonNode properties = node.path("properties");
    StringBuilder required = new StringBuilder();
    for (JsonNode each : node.path("required")) {
      required.append(quoted(each.asString())).append(": ");
      required.append(least(root, properties.path(each.asString()))).append(", ");
    }
    properties
        .properties()
        .forEach(
            each -> {
              String others = required.toString();
              int own = others.indexOf(quoted(each.getKey()) + ": ");
              if (own >= 0) {
                others = others.substring(0, own) + others.substring(others.indexOf(", ", own) + 2);
              }
              String within = "{" + others + quoted(each.getKey()) + ": @}";
              walk(root, each.getValue(), place.replace("@", within), places, depth + 1);
            });
    node.path("patternProperties")
        .properties()
        .forEach(
            each -> {
              if (!each.getKey().equals("^x-")) {
                String within = "{\"a\": @}";
                walk(root, each.getValue(), place.replace("@", within), places, depth + 1);
              }
            });
    walk(
        root,
        node.path("additionalProperties"),
        place.replace("@", "{\"a\": @}"),
        places,
        depth + 1);
    walk(root, node.path("items"), place.replace("@", "[@]"), places, depth + 1);
    for (String several : List.of("oneOf", "anyOf", "allOf")) {
      for (JsonNode each : node.path(several)) {
        walk(root, each, place, places, depth + 1);
      }
    }
  }

  /** A value that a type allows. */
  private static String least(JsonNode root, JsonNode unresolved) {
    JsonNode node = resolve(root, unresolved);
    if (node.has("enum")) {
      return node.get("enum").get(0).toString();
    }
    JsonNode type = node.has("oneOf") ? resolve(root, node.get("oneOf").get(0)) : node;
    String name = type.path("type").toString();
    return name.contains("array")
        ? "[]"
        : name.contains("object") ? "{\"manual\": true}" : name.contains("integer") ? "1" : "\"a\"";
  }

  private static String quoted(String key) {
    return "\"" + key + "\"";
  }
}
