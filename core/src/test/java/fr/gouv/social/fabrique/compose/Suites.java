package fr.gouv.social.fabrique.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The acceptance suites, which are not part of the project. */
final class Suites {
  private Suites() {}

  static List<JsonNode> cases(String name) throws IOException {
    String folder = System.getProperty("suites", "");
    Path file = Path.of(folder, name + ".json");
    Assumptions.assumeTrue(
        !folder.isEmpty() && Files.exists(file), "the suite " + name + " is not at hand");
    JsonNode cases = JsonMapper.shared().readTree(Files.readString(file));
    return cases.valueStream().toList();
  }

  static List<String> exceptions(String name) throws IOException {
    try (var in = Suites.class.getResourceAsStream(name + "-exceptions.txt")) {
      if (in == null) {
        return List.of();
      }
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" ", 2)[0])
          .toList();
    }
  }
}
