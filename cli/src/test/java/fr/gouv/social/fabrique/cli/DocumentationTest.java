package fr.gouv.social.fabrique.cli;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation shows is understood. */
class DocumentationTest {
  private static final Path DOCS = Path.of("../docs");
  private static final Pattern COMMAND =
      Pattern.compile("(?<=^|[`/ ])fabrique ((?:check|baseline|init|explain|policy)\\b[^`\\n]*)");

  private static final Pattern ALIASES = Pattern.compile("(\\d+) of ([A-Za-z-]+)");

  @TempDir Path root;

  @Test
  void theCommands() throws IOException {
    List<String> commands = new ArrayList<>();
    try (Stream<Path> pages = Files.list(DOCS)) {
      for (Path page : pages.filter(each -> each.toString().endsWith(".md")).sorted().toList()) {
        for (String line : Files.readString(page).lines().toList()) {
          Matcher command = COMMAND.matcher(line);
          if (command.find()) {
            commands.add(command.group(1).replaceFirst(" {2,}.*|[)(].*", "").strip());
          }
        }
      }
    }
    assertThat(commands).hasSizeGreaterThan(8);
    for (String command : commands) {
      String[] words = command.replace("\"", "").split(" +");
      Commands.line(new Terminal(System.out, System.err, Map.of())).parseArgs(words);
    }
  }

  @Test
  void theConfiguration() throws IOException {
    String page = Files.readString(DOCS.resolve("configuration.md"));
    int start = page.indexOf("ruleset: \"");
    Files.writeString(
        root.resolve("fabrique.yaml"), page.substring(start, page.indexOf("```", start)));
    Files.writeString(root.resolve("Dockerfile"), "FROM scratch\n");
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream toErr = new PrintStream(err, true, StandardCharsets.UTF_8);
    PrintStream toOut = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Main.run(new String[] {"check", root.toString()}, toOut, toErr, Map.of());
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(root.resolve("target/fabrique/report.sarif")).isNotEmptyFile();
  }

  /** Rules come and go: what the README says of their number is said of those that are there. */
  @Test
  void theNumbersOfRules() throws IOException {
    String readme = Files.readString(Path.of("../README.md")).replaceAll("\\s+", " ");
    Collection<RulePage> pages = BuiltInRules.load().pages().all();
    assertThat(readme)
        .contains(
            "There are %d rules, %d of them on by default"
                .formatted(pages.size(), pages.stream().filter(RulePage::enabled).count()));
    Matcher aliases = ALIASES.matcher(readme.substring(readme.indexOf("Checks of other tools")));
    List<String> tools = new ArrayList<>();
    while (aliases.find()) {
      String tool = aliases.group(2).toLowerCase(Locale.ROOT);
      tools.add(tool);
      assertThat(tool + " " + aliases.group(1))
          .isEqualTo(
              tool
                  + " "
                  + pages.stream()
                      .flatMap(page -> page.aliases().stream())
                      .filter(alias -> alias.startsWith(tool + ":"))
                      .distinct()
                      .count());
    }
    assertThat(tools).contains("hadolint", "buildkit", "trivy", "dclint");
  }
}
