package fr.gouv.social.fabrique.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import fr.gouv.social.fabrique.schema.SchemaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The schema for editors says what the reader of the configuration holds to. */
class PublishedSchemaTest {
  private static final Path PUBLISHED = Path.of("../docs/fabrique.schema.json");
  private static final fr.gouv.social.fabrique.schema.Schema OURS =
      fr.gouv.social.fabrique.schema.Schema.load(ConfigReader.class, "fabrique.schema");
  private static final Set<String> FOR_READERS = Set.of("description", "title", "$id", "$schema");

  @Test
  void itSaysTheSame() throws IOException {
    Object published =
        withoutProse(new JsonMapper().readValue(Files.readString(PUBLISHED), Object.class), false);
    assertThat(published).isEqualTo(Map.of("$ref", "#/$defs/Config", "$defs", definitions()));
  }

  @Test
  void anEditorFindsTheSameMistakes() throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(PUBLISHED));
    String good =
        """
        {"language": "fr", "x-team": 1, "rules": {"docker/*": "off", "a/b": {"severity": "info", "min": 2}},
         "ignore": [{"rules": ["*"], "reason": "r", "where": {"path": "a/**"}, "until": "2027-03-01"}],
         "reports": {"html": "a.html"}}
        """;
    assertThat(schema.validate(good, InputFormat.JSON)).isEmpty();
    for (String bad :
        List.of(
            "{\"fail-onn\": \"error\"}",
            "{\"language\": \"de\"}",
            "{\"ignore\": [{\"rules\": [\"*\"]}]}",
            "{\"as-of\": \"soon\"}",
            "{\"reports\": {\"htlm\": \"a.html\"}}",
            "{\"rules\": {\"a/b\": \"eror\"}}",
            "{\"environments\": {\"test\": []}}")) {
      assertThat(schema.validate(bad, InputFormat.JSON)).as(bad).isNotEmpty();
    }
  }

  private static Map<String, Object> definitions() {
    Map<String, Object> definitions = new LinkedHashMap<>();
    Deque<String> waiting = new ArrayDeque<>(List.of("Config"));
    while (!waiting.isEmpty()) {
      String name = waiting.pop();
      SchemaType type = OURS.definition(name);
      if (type != null && !definitions.containsKey(name)) {
        definitions.put(name, json(type, waiting));
      }
    }
    return definitions;
  }

  private static Map<String, Object> json(SchemaType type, Deque<String> named) {
    if (type instanceof SchemaType.Named reference) {
      named.add(reference.name());
      return Map.of("$ref", "#/$defs/" + reference.name());
    }
    if (type instanceof SchemaType.OneOf choice) {
      return Map.of("enum", choice.values());
    }
    if (type instanceof SchemaType.Matching matching) {
      return Map.of("type", "string", "pattern", matching.pattern().pattern());
    }
    if (type instanceof SchemaType.ListOf list) {
      return Map.of("type", "array", "items", json(list.items(), named));
    }
    if (type instanceof SchemaType.MapOf map) {
      return Map.of("type", "object", "additionalProperties", json(map.values(), named));
    }
    if (type instanceof SchemaType.AnyOf any) {
      return Map.of("anyOf", any.types().stream().map(each -> json(each, named)).toList());
    }
    if (type instanceof SchemaType.ObjectOf object) {
      return json(object, named);
    }
    return type == SchemaType.Scalar.STRING ? Map.of("type", "string") : Map.of();
  }

  private static Map<String, Object> json(SchemaType.ObjectOf object, Deque<String> named) {
    Map<String, Object> json = new LinkedHashMap<>();
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    object
        .keys()
        .forEach(
            (name, key) -> {
              properties.put(name, json(key.type(), named));
              if (key.required()) {
                required.add(name);
              }
            });
    json.put("type", "object");
    json.put("properties", properties);
    if (!required.isEmpty()) {
      json.put("required", required);
    }
    if (object.extensible()) {
      json.put("patternProperties", Map.of("^x-", Map.of()));
    }
    if (!object.open()) {
      json.put("additionalProperties", false);
    }
    return json;
  }

  /** Without what only people read; a key of a configuration may have such a name. */
  private static Object withoutProse(Object json, boolean names) {
    if (json instanceof Map<?, ?> map) {
      Map<String, Object> kept = new LinkedHashMap<>();
      map.forEach(
          (key, value) -> {
            if (names || !FOR_READERS.contains((String) key)) {
              boolean next = Set.of("properties", "$defs", "patternProperties").contains(key);
              kept.put((String) key, withoutProse(value, next && !names));
            }
          });
      return kept;
    }
    return json instanceof List<?> list
        ? list.stream().map(each -> withoutProse(each, false)).toList()
        : json;
  }
}
