package fr.gouv.social.fabrique.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fr.gouv.social.fabrique.source.SourceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** BuildKit's own test data. */
class BuildKitSuitesTest {
  private static final SourceFile NOWHERE = SourceFile.of("Dockerfile", "");

  @Test
  void trees() {
    agrees(
        "dockerfile-ast",
        test -> {
          Dockerfile dockerfile = read(test.get("dockerfile").asString());
          return test.has("result")
              ? dockerfile.isParsed() && dump(dockerfile).equals(test.get("result").asString())
              : !dockerfile.isParsed();
        });
  }

  @Test
  void words() {
    agrees(
        "dockerfile-words",
        test -> {
          Map<String, String> variables = new HashMap<>();
          test.get("env")
              .propertyStream()
              .forEach(each -> variables.put(each.getKey(), each.getValue().asString()));
          Scope scope =
              Scope.of(variables, NOWHERE.all(), test.get("platform").asString().equals("W"));
          Expansion expansion = Expansion.of(test.get("source").asString(), '\\', scope);
          String text = expansion.failure() != null ? "error" : expansion.text();
          return test.get("expected").asString().equals(text);
        });
  }

  @Test
  void wordLists() {
    agrees(
        "dockerfile-wordlists",
        test -> {
          Map<String, String> variables = new HashMap<>();
          for (JsonNode variable : test.get("env")) {
            String[] parts = variable.asString().split("=", 2);
            variables.put(parts[0], parts.length > 1 ? parts[1] : "");
          }
          List<String> words =
              Expansion.split(
                  test.get("source").asString(), '\\', Scope.of(variables, NOWHERE.all()));
          return test.get("expected")
              .asString()
              .equals(words == null ? "error" : String.join(",", words));
        });
  }

  private static void agrees(String suite, Predicate<JsonNode> test) {
    Path file = Path.of(System.getProperty("suites", "suites"), suite + ".json");
    assumeTrue(Files.exists(file), () -> "no suite at " + file);
    JsonNode cases = JsonMapper.shared().readTree(file.toFile());
    List<String> wrong = new ArrayList<>();
    for (JsonNode each : cases) {
      if (!test.test(each)) {
        wrong.add(each.path("name").asString(each.path("source").asString()));
      }
    }
    System.out.println(
        "suite " + suite + ": " + (cases.size() - wrong.size()) + "/" + cases.size());
    assertThat(wrong).isEmpty();
  }

  private static Dockerfile read(String text) {
    return DockerfileReader.read(SourceFile.of("Dockerfile", text));
  }

  private static String dump(Dockerfile dockerfile) {
    StringBuilder dump = new StringBuilder();
    for (Instruction instruction : dockerfile.instructions()) {
      dump.append('(').append(dump(instruction)).append(")\n");
    }
    return dump.toString();
  }

  private static String dump(Instruction instruction) {
    StringBuilder dump = new StringBuilder(instruction.name().toLowerCase(Locale.ROOT));
    if (!instruction.flags().isEmpty()) {
      List<String> flags =
          instruction.flags().stream()
              .map(
                  flag ->
                      quote("--" + flag.name() + (flag.value() == null ? "" : "=" + flag.value())))
              .toList();
      dump.append(" [").append(String.join(" ", flags)).append(']');
    }
    for (String argument : arguments(instruction)) {
      dump.append(' ').append(quote(argument));
    }
    if (instruction instanceof Instruction.OnBuild onBuild && onBuild.trigger() != null) {
      dump.append(" (").append(dump(onBuild.trigger())).append(')');
    }
    return dump.toString().strip();
  }

  private static List<String> arguments(Instruction instruction) {
    List<String> arguments = new ArrayList<>();
    if (instruction instanceof Instruction.Run run) {
      add(arguments, run.command());
    } else if (instruction instanceof Instruction.Cmd cmd) {
      add(arguments, cmd.command());
    } else if (instruction instanceof Instruction.Entrypoint entrypoint) {
      add(arguments, entrypoint.command());
    } else if (instruction instanceof Instruction.Shell shell) {
      add(arguments, shell.command());
    } else if (instruction instanceof Instruction.HealthCheck check) {
      if (check.type() != null) {
        arguments.add(check.type().toString());
      }
      if (check.command() != null) {
        add(arguments, check.command());
      }
    } else if (instruction instanceof Instruction.Transfer transfer) {
      transfer.sources().forEach(source -> arguments.add(source.toString()));
      if (transfer.destination() != null) {
        arguments.add(transfer.destination().toString());
      }
    } else if (instruction instanceof Instruction.Env env) {
      add(arguments, env.assignments(), env.legacy());
    } else if (instruction instanceof Instruction.Label label) {
      add(arguments, label.assignments(), label.legacy());
    } else if (instruction instanceof Instruction.Arg arg) {
      for (Assignment assignment : arg.assignments()) {
        arguments.add(
            assignment.name() + (assignment.value() == null ? "" : "=" + assignment.value()));
      }
    } else if (instruction instanceof Instruction.Volume volume) {
      volume.paths().forEach(path -> arguments.add(path.toString()));
    } else if (instruction instanceof Instruction.Expose
        || instruction instanceof Instruction.From) {
      if (instruction.arguments().isEmpty()) {
        return arguments;
      }
      for (String word : instruction.arguments().text().split("[\\t\\x0B\\f\\r ]+")) {
        arguments.add(word);
      }
    } else if (instruction instanceof Instruction.Unknown) {
      arguments.add("");
    } else if (!(instruction instanceof Instruction.OnBuild)
        && !instruction.arguments().isEmpty()) {
      arguments.add(instruction.arguments().text());
    }
    return arguments;
  }

  private static void add(List<String> arguments, CommandLine command) {
    if (command.isExec()) {
      arguments.addAll(command.strings());
    } else if (!command.isEmpty()) {
      arguments.add(command.text().text());
    }
  }

  private static void add(List<String> arguments, List<Assignment> assignments, boolean legacy) {
    for (Assignment assignment : assignments) {
      arguments.add(assignment.name());
      arguments.add(String.valueOf(assignment.value()));
      arguments.add(legacy ? "" : "=");
    }
  }

  /** As Go's strconv.Quote. */
  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            character -> {
              switch (character) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case 0x0B -> quoted.append("\\v");
                case 0xA0 -> quoted.append("\\u00a0");
                case '\t' -> quoted.append("\\t");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                default -> {
                  if (character < ' ') {
                    quoted.append(String.format("\\x%02x", character));
                  } else {
                    quoted.appendCodePoint(character);
                  }
                }
              }
            });
    return quoted.append('"').toString();
  }
}
