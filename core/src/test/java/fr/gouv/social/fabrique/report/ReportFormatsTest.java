package fr.gouv.social.fabrique.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.source.Language;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.CustomNode;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportFormatsTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static String write(String format, Report report) throws IOException {
    return write(ReportFormats.find(format), report);
  }

  private static String write(ReportFormat format, Report report) throws IOException {
    StringBuilder out = new StringBuilder();
    format.write(report, Language.EN, out);
    return out.toString();
  }

  private static Document xml(String text) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<?> problems(String schema, SpecificationVersion version, String json) {
    Schema compiled = SchemaRegistry.withDefaultDialect(version).getSchema(schema);
    return compiled.validate(json, InputFormat.JSON);
  }

  @Test
  void everyNameIsThatOfAFormat() {
    assertThat(ReportFormats.names())
        .allSatisfy(name -> assertThat(ReportFormats.find(name).name()).isEqualTo(name));
    assertThat(ReportFormats.find("xml")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text",
        "json",
        "sarif",
        "junit",
        "checkstyle",
        "gitlab",
        "sonarqube",
        "github",
        "csv",
        "markdown"
      })
  void nothingThatATerminalObeysIsWritten(String format) throws IOException {
    for (Report report : List.of(Reports.empty(), Reports.full(), Reports.many(30))) {
      String text = write(format, report);
      assertThat(text).doesNotContain("\u001b");
      assertThat(text.isEmpty() || text.endsWith("\n")).isTrue();
      assertThat(write(format, report)).isEqualTo(text);
    }
  }

  @Test
  void jsonKeepsItsSchema() throws IOException {
    String schema = Files.readString(Path.of("..", "docs", "report.schema.json"));
    for (Report report : List.of(Reports.empty(), Reports.full(), Reports.many(30))) {
      assertThat(problems(schema, SpecificationVersion.DRAFT_2020_12, write("json", report)))
          .isEmpty();
    }
    JsonNode json = JSON.readTree(write("json", Reports.full()));
    assertThat(json.at("/summary").toString())
        .isEqualTo(
            "{\"error\":2,\"warning\":1,\"info\":2,\"suppressed\":1,\"baseline\":1,"
                + "\"checked\":2,\"notChecked\":2}");
    assertThat(json.at("/issues/3/start").toString())
        .isEqualTo("{\"line\":4,\"column\":1,\"offset\":38}");
    assertThat(json.at("/issues/3/message").asString()).isEqualTo("Problem " + Reports.HOSTILE);
    assertThat(json.at("/issues/3/fix/edits/1/replacement").asString()).isEqualTo(Reports.HOSTILE);
    assertThat(json.at("/conformity/0/findings/0").asString()).isEqualTo("0000000000000003");
    assertThat(json.at("/tool/version").asString()).matches("\\d+\\.\\d+.*");
  }

  @Test
  void sarifKeepsItsSchema() throws IOException {
    String schema;
    try (InputStream in = getClass().getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
      schema = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (Report report : List.of(Reports.empty(), Reports.full(), Reports.many(30))) {
      assertThat(problems(schema, SpecificationVersion.DRAFT_7, write("sarif", report))).isEmpty();
    }
    assertThat(problems(schema, SpecificationVersion.DRAFT_7, "{\"version\":\"2.1.0\"}"))
        .isNotEmpty();
    JsonNode run = JSON.readTree(write("sarif", Reports.full())).at("/runs/0");
    assertThat(run.at("/results").size()).isEqualTo(7);
    JsonNode result = run.at("/results/3");
    int index = result.at("/ruleIndex").asInt();
    assertThat(run.at("/tool/driver/rules/" + index + "/id")).isEqualTo(result.at("/ruleId"));
    assertThat(result.at("/locations/0/physicalLocation/region").toString())
        .isEqualTo(
            "{\"startLine\":4,\"startColumn\":1,\"endLine\":4,\"endColumn\":10,\"charOffset\":38,"
                + "\"charLength\":9,\"snippet\":{\"text\":\"USER root\"}}");
    assertThat(run.at("/results/0/locations/0/physicalLocation/artifactLocation/uri").asString())
        .isEqualTo("./a:b/c%20d,%C3%A9%25.yaml");
    assertThat(run.at("/results/5/suppressions/0/kind").asString()).isEqualTo("inSource");
    assertThat(run.at("/results/3/suppressions").size()).isZero();
    assertThat(run.at("/results/6/baselineState").asString()).isEqualTo("unchanged");
    JsonNode rule = run.at("/tool/driver/rules/" + index);
    assertThat(rule.at("/helpUri").asString())
        .startsWith("https://github.com/SocialGouv/fabrique/")
        .endsWith("/rules/" + result.at("/ruleId").asString() + ".md");
    assertThat(rule.at("/help/markdown").asString()).contains("**Wrong**\n\n~~~~\n");
  }

  @Test
  void junitHasACaseForEachRuleInAFileAndOneForACleanFile() throws Exception {
    Document document = xml(write("junit", Reports.full()));
    Element root = document.getDocumentElement();
    assertThat(root.getAttribute("tests")).isEqualTo("5");
    assertThat(document.getElementsByTagName("testcase").getLength()).isEqualTo(5);
    assertThat(document.getElementsByTagName("failure").getLength()).isEqualTo(2);
    assertThat(root.getAttribute("failures")).isEqualTo("2");
  }

  @Test
  void checkstyle() throws Exception {
    Document document = xml(write("checkstyle", Reports.full()));
    assertThat(document.getElementsByTagName("error").getLength()).isEqualTo(5);
    Element error = (Element) document.getElementsByTagName("error").item(3);
    assertThat(error.getAttribute("source")).isEqualTo("fabrique.secret.literal");
    assertThat(error.getAttribute("severity")).isEqualTo("error");
    assertThat(error.getAttribute("message"))
        .isEqualTo("Problem " + Reports.HOSTILE.replace('\u001b', '\uFFFD'));
  }

  @Test
  void gitlab() throws IOException {
    JsonNode json = JSON.readTree(write("gitlab", Reports.full()));
    assertThat(json.size()).isEqualTo(5);
    Set<String> fingerprints = new HashSet<>();
    for (JsonNode issue : json) {
      assertThat(fingerprints.add(issue.at("/fingerprint").asString())).isTrue();
      assertThat(issue.at("/severity").asString())
          .isIn("info", "minor", "major", "critical", "blocker");
      assertThat(issue.at("/location/path").asString()).isNotEmpty();
      assertThat(issue.at("/location/lines/begin").asInt()).isPositive();
      assertThat(issue.at("/categories").isArray()).isTrue();
    }
    assertThat(json.at("/3/description").asString()).startsWith("secret/literal: Problem ");
  }

  @Test
  void sonarqubeTakesItsRulesAndRanges() throws IOException {
    JsonNode json = JSON.readTree(write("sonarqube", Reports.full()));
    Set<String> rules = new HashSet<>();
    for (JsonNode rule : json.at("/rules")) {
      assertThat(rules.add(rule.at("/id").asString())).isTrue();
      assertThat(rule.at("/impacts").size()).isPositive();
      assertThat(rule.has("severity")).isFalse();
      assertThat(rule.has("type")).isFalse();
    }
    assertThat(json.at("/issues").size()).isEqualTo(5);
    for (JsonNode issue : json.at("/issues")) {
      assertThat(rules).contains(issue.at("/ruleId").asString());
      assertThat(issue.has("type")).isFalse();
      assertThat(issue.has("severity")).isFalse();
      JsonNode range = issue.at("/primaryLocation/textRange");
      if (range.has("startColumn") && range.at("/startLine").equals(range.at("/endLine"))) {
        assertThat(range.at("/endColumn").asInt()).isGreaterThan(range.at("/startColumn").asInt());
      }
      for (JsonNode second : issue.path("secondaryLocations")) {
        assertThat(second.at("/textRange/startLine").asInt()).isPositive();
      }
    }
  }

  @Test
  void githubWritesTenOfEachSeverity() throws IOException {
    assertThat(write("github", Reports.full()).lines())
        .contains(
            "::error title=secret/literal,file=app/Dockerfile,line=4,endLine=4,col=1,endColumn=10"
                + "::Problem =<b>|`a`,\"b\"%0A::error::␛[31m%25 漢 �]]></script>")
        .anyMatch(
            line ->
                line.startsWith(
                    "::warning title=docker/root-user,file=app/Dockerfile,line=2,endLine=3::"))
        .anyMatch(line -> line.contains("file=a%3Ab/c d%2Cé%25.yaml,line=1"));
    List<String> lines = write("github", Reports.many(30)).lines().toList();
    assertThat(lines).hasSize(21);
    assertThat(lines.get(0)).startsWith("::error ");
    assertThat(lines.get(20)).isEqualTo("10 findings more, not annotated");
  }

  @Test
  void csvComesBack() throws IOException {
    String text = write("csv", Reports.full());
    List<CSVRecord> records = CSVFormat.RFC4180.parse(new StringReader(text)).getRecords();
    assertThat(records).hasSize(6).allMatch(record -> record.size() == 12);
    assertThat(records.get(4).get(7)).contains(",\"b\"\n::error::");
    assertThat(text.lines().findFirst()).get().asString().startsWith("path,line,column");
  }

  @Test
  void markdownIsATableWithoutMarkup() throws IOException {
    String text = write("markdown", Reports.full());
    int[] rows = {0, 0};
    Parser.builder()
        .extensions(List.of(TablesExtension.create()))
        .build()
        .parse(text)
        .accept(
            new AbstractVisitor() {
              @Override
              public void visit(CustomNode node) {
                rows[0] += node instanceof TableRow ? 1 : 0;
                visitChildren(node);
              }

              @Override
              public void visit(HtmlInline node) {
                rows[1]++;
              }

              @Override
              public void visit(HtmlBlock node) {
                rows[1]++;
              }
            });
    assertThat(rows).containsExactly(6, 0);
    // What a message sets as code is code, an odd backtick is itself.
    assertThat(text).contains("\\|`a`,").doesNotContain("\\`a");
  }

  @Test
  void textInFull() throws IOException {
    assertThat(write("text", Reports.full()))
        .isEqualTo(
            """
            a:b/c d,é%.yaml
              1:1  info  Problem =<b>|`a`,"b"␊::error::␛[31m% 漢 �]]></script>  yaml/style
             1 │ a: 1
               │ ^

              1:5  info  Problem =<b>|`a`,"b"␊::error::␛[31m% 漢 �]]></script>  yaml/style
             1 │ a: 1
               │     ^

            app/Dockerfile
              2:2  warning  Problem =<b>|`a`,"b"␊::error::␛[31m% 漢 �]]></script>  docker/root-user
             1 │ FROM node:20
             2 │   RUN é漢 && \\
               │   ^^^^^^^^^^^^
             3 │     exit
               │     ^^^^
               = stage 0
               → app/Dockerfile:4:1
             3 │     exit
             4 │ USER root
               │ ^^^^^^^^^
               → a:b/c d,é%.yaml:1:1
             1 │ a: 1
               │ ^^^^

              4:1  error  Problem =<b>|`a`,"b"␊::error::␛[31m% 漢 �]]></script>  secret/literal
             3 │     exit
             4 │ USER root
               │ ^^^^^^^^^
               = Deployment/web › containers[api]
               fix: Mend it

            lost.yaml
              1:1  error  Problem =<b>|`a`,"b"␊::error::␛[31m% 漢 �]]></script>  docker/root-user

            ✖ 5 findings (2 errors, 1 warning, 2 infos); 2 files checked.
              1 exception.
              1 finding known before.
              2 things not checked (-v lists them).
              Standards: 1 not kept.
              1 fix at hand.
              defect of fabrique: rule x on y
              To understand: fabrique explain secret/literal
            """);
    assertThat(write("text", Reports.empty())).isEqualTo("✔ No finding: 2 files checked.\n");
  }

  @Test
  void textInOneLineEach() throws IOException {
    TextFormat format =
        new TextFormat(
            new TextFormat.Options(
                TextFormat.Detail.CONCISE, true, true, "target/report.html", "./fabrique explain"));
    StringBuilder out = new StringBuilder();
    format.write(Reports.full(), Language.FR, out);
    assertThat(out.toString().lines())
        .contains(
            "app/Dockerfile:4:1: \u001b[1;31merreur\u001b[0m secret/literal Problème"
                + " =<b>|`a`,\"b\"␊::error::␛[31m% 漢 �]]></script>",
            "  Standards : 1 non respecté.",
            "  Rapport : target/report.html",
            "   \u001b[1;34m-\u001b[0m t.yaml:3 : un modèle",
            "  Pour comprendre : \u001b[1m./fabrique explain secret/literal\u001b[0m");
  }
}
