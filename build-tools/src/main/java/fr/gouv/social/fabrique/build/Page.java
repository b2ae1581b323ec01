package fr.gouv.social.fabrique.build;

import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RuleText;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jspecify.annotations.Nullable;

/**
 * The page of a rule as written in Markdown: YAML front matter, {@code ## Pourquoi}, {@code ##
 * Why}, {@code ## Examples}.
 *
 * @param examples in the order of the page
 */
public record Page(RulePage front, RuleText text, List<PageExample> examples) {
  private static final Parser MARKDOWN = Parser.builder().build();
  private static final HtmlRenderer HTML = HtmlRenderer.builder().escapeHtml(true).build();
  private static final Set<String> KEYS =
      Set.of(
          "id",
          "severity",
          "enabled",
          "requirement",
          "since",
          "aliases",
          "title",
          "message",
          "fix",
          "parameters");

  /**
   * Reads a page.
   *
   * @throws IllegalArgumentException if it is not of the form; the message names the file and what
   *     is wrong
   */
  public static Page read(Path file) throws IOException {
    String text = Files.readString(file).replace("\r\n", "\n");
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file.getFileName() + ": " + e.getMessage(), e);
    }
  }

  static Page parse(String text) {
    if (!text.startsWith("---\n")) {
      throw new IllegalArgumentException("no front matter");
    }
    int end = text.indexOf("\n---\n", 4);
    if (end < 0) {
      throw new IllegalArgumentException("the front matter does not end");
    }
    YamlFile yaml = YamlReader.read(SourceFile.of("front matter", text.substring(4, end + 1)));
    if (!yaml.problems().isEmpty()) {
      throw new IllegalArgumentException(
          yaml.problems().get(0).span()
              + ": "
              + yaml.problems().get(0).kind()
              + " "
              + yaml.problems().get(0).detail());
    }
    String body = text.substring(end + 5);
    Map<String, String> sections = sections(body);
    String pourquoi = section(sections, "Pourquoi");
    String why = section(sections, "Why");
    List<PageExample> examples = examples(section(sections, "Examples"));
    RulePage front = front(YamlPlace.of(yaml.documents().get(0).root()));
    RuleText prose =
        new RuleText(
            new Text(pourquoi, why),
            new Text(html(pourquoi), html(why)),
            first(examples, true),
            first(examples, false));
    return new Page(front, prose, examples);
  }

  private static RulePage front(YamlPlace yaml) {
    yaml.values()
        .forEach(
            place -> {
              if (!KEYS.contains(place.label())) {
                throw new IllegalArgumentException("unknown key " + place.label());
              }
            });
    Map<String, Text> messages = new LinkedHashMap<>();
    for (YamlPlace message : yaml.at("message").values()) {
      messages.put(message.label().substring("message.".length()), text(message));
    }
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("no message");
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (YamlPlace parameter : yaml.at("parameters").values()) {
      parameters.put(
          parameter.label().substring("parameters.".length()), String.join(",", parameter.texts()));
    }
    return new RulePage(
        new RuleId(required(yaml, "id")),
        Severity.valueOf(required(yaml, "severity").toUpperCase(Locale.ROOT)),
        !yaml.at("enabled").bool().isFalse(),
        yaml.at("requirement").text(),
        required(yaml, "since"),
        yaml.at("aliases").texts(),
        text(yaml.at("title")),
        messages,
        yaml.at("fix").isPresent() ? text(yaml.at("fix")) : null,
        parameters);
  }

  private static Text text(YamlPlace place) {
    String fr = required(place, "fr");
    String en = required(place, "en");
    return new Text(fr, en);
  }

  private static String required(YamlPlace place, String key) {
    String text = place.key(key).text();
    if (text == null || text.isBlank()) {
      throw new IllegalArgumentException("no " + place.key(key).label());
    }
    return text;
  }

  private static Map<String, String> sections(String body) {
    Map<String, String> sections = new LinkedHashMap<>();
    String name = "";
    StringBuilder text = new StringBuilder();
    boolean fenced = false;
    for (String line : body.split("\n", -1)) {
      if (line.startsWith("```") || line.startsWith("~~~")) {
        fenced = !fenced;
      }
      if (!fenced && line.startsWith("## ")) {
        sections.put(name, text.toString().strip());
        name = line.substring(3).strip();
        text.setLength(0);
      } else {
        text.append(line).append('\n');
      }
    }
    sections.put(name, text.toString().strip());
    return sections;
  }

  private static String section(Map<String, String> sections, String name) {
    String section = sections.get(name);
    if (section == null || section.isEmpty()) {
      throw new IllegalArgumentException("no section " + name);
    }
    return section;
  }

  private static String html(String markdown) {
    return HTML.render(MARKDOWN.parse(markdown));
  }

  private static List<PageExample> examples(String section) {
    List<PageExample> examples = new ArrayList<>();
    MARKDOWN
        .parse(section)
        .accept(
            new AbstractVisitor() {
              @Override
              public void visit(FencedCodeBlock block) {
                PageExample example = PageExample.of(block.getInfo(), block.getLiteral(), examples);
                if (example != null) {
                  examples.add(example);
                }
              }
            });
    return examples;
  }

  private static String first(List<PageExample> examples, boolean bad) {
    @Nullable PageExample found = null;
    for (PageExample example : examples) {
      if (found == null && example.bad() == bad) {
        found = example;
      }
    }
    if (found == null) {
      throw new IllegalArgumentException(bad ? "no bad example" : "no good example");
    }
    if (found.files().size() == 1) {
      return found.files().values().iterator().next();
    }
    StringBuilder text = new StringBuilder();
    found.files().forEach((path, file) -> text.append("=== " + path + "\n" + file.strip() + "\n"));
    return text.toString();
  }
}
