package fr.gouv.social.fabrique.report;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.source.Language;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The HTML report as people meet it: in a browser. */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HtmlBrowserTest {
  private static final Path FOLDER = Path.of("target", "html-report").toAbsolutePath();

  private Browser browser;

  @BeforeAll
  void start() throws IOException {
    Path program = Browser.find();
    if (program == null && System.getenv("CI") == null) {
      Assumptions.abort("no Chromium here: set CHROMIUM to its path to see the report in it");
    }
    browser =
        new Browser(
            Objects.requireNonNull(program, "no Chromium"),
            Files.createTempDirectory(Files.createDirectories(FOLDER), "profile"));
  }

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  private void open(String name, Report report, Language language, String hash) throws IOException {
    Path file = Files.createDirectories(FOLDER).resolve(name + ".html");
    Files.writeString(file, HtmlFormatTest.html(report, language));
    browser.open(file, hash);
  }

  @ParameterizedTest
  @CsvSource({
    "320,light",
    "320,dark",
    "768,light",
    "768,dark",
    "1280,light",
    "1280,dark",
  })
  void isAccessible(int width, String theme) throws IOException {
    browser.size(width, 9000);
    browser.theme(theme);
    for (Language language : Language.values()) {
      open("product", SampleReports.product(), language, "");
      screenshot("product-" + language + "-" + width + "-" + theme);
      try (InputStream axe =
          Objects.requireNonNull(HtmlBrowserTest.class.getResourceAsStream("/axe.min.js"))) {
        browser.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8) + ";0");
      }
      browser.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)");
      JsonNode result =
          browser.evaluate(
              "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
                  + " 'best-practice', 'RGAAv4']}).then(r => ({passes: r.passes.length, violations:"
                  + " r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.html + ' ' +"
                  + " n.failureSummary).join(' | '))}))");
      assertThat(result.path("passes").asInt()).isGreaterThan(20);
      assertThat(strings(result.path("violations"))).isEmpty();
      assertThat(browser.evaluate("document.documentElement.scrollWidth <= " + width).asBoolean())
          .as("nothing sticks out at %s px", width)
          .isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void runsNothingThatARepositoryHolds(Language language) throws IOException {
    browser.size(1280, 2000);
    open("hostile", SampleReports.hostile(), language, "");
    assertThat(browser.evaluate("document.images.length").asInt()).isZero();
    assertThat(browser.evaluate("document.scripts.length").asInt()).isEqualTo(1);
    assertThat(browser.evaluate("document.querySelector('#filters').hidden").asBoolean()).isFalse();
    assertThat(
            browser.events(
                "Page.javascriptDialogOpening",
                "Runtime.exceptionThrown",
                "Log.entryAdded",
                "Audits.issueAdded"))
        .isEmpty();
  }

  @Test
  void asksNothingOfTheNetwork() throws IOException {
    open("product", SampleReports.product(), Language.FR, "");
    assertThat(browser.events("Network.requestWillBeSent"))
        .allMatch(request -> request.contains("file:///") || request.contains("about:blank"));
  }

  @Test
  void filtersAndKeepsTheFilterInItsAddress() throws IOException {
    browser.size(1280, 2000);
    open("product", SampleReports.product(), Language.FR, "");
    assertThat(result()).isEqualTo("7 constats");
    browser.evaluate("document.querySelector('[name=severity][value=error]').click()");
    assertThat(soon("result.textContent", "5 sur 7 constats")).isTrue();
    assertThat(browser.evaluate("location.hash").asString()).isEqualTo("#?severity=error");
    browser.evaluate(
        "(() => { const q = document.getElementById('q'); q.value = 'PRIVILEGIE api';"
            + " q.dispatchEvent(new Event('input', {bubbles: true})); })()");
    assertThat(soon("result.textContent", "1 sur 7 constats")).isTrue();
    assertThat(visible("article")).isEqualTo(1);
    assertThat(visible(".file")).isEqualTo(1);
    String hash = browser.evaluate("location.hash").asString();
    open("product", SampleReports.product(), Language.FR, hash);
    assertThat(result()).isEqualTo("1 sur 7 constats");
    browser.evaluate("document.querySelector('[type=reset]').click()");
    assertThat(soon("result.textContent", "7 constats")).isTrue();
    browser.evaluate("document.querySelector('[data-rule-only=\"docker/root-user\"]').click()");
    assertThat(soon("result.textContent", "1 sur 7 constats")).isTrue();
  }

  @Test
  void leadsToOneFinding() throws IOException {
    browser.size(1280, 800);
    open("large", SampleReports.large(1000), Language.EN, "#f-0000000000000321");
    assertThat(
            soon(
                "String(Math.abs(document.getElementById('f-0000000000000321')"
                    + ".getBoundingClientRect().top) < 700)",
                "true"))
        .isTrue();
    assertThat(
            browser
                .evaluate(
                    "document.getElementById('f-0000000000000321').querySelector('details').open")
                .asBoolean())
        .isTrue();
  }

  @Test
  void staysFastWithFiveThousandFindings() throws IOException {
    browser.size(1280, 900);
    open("large", SampleReports.large(5000), Language.FR, "");
    JsonNode times =
        browser.evaluate(
            """
            (async () => {
              const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
              const measure = async (change) => {
                const start = performance.now();
                change();
                await frame();
                await frame();
                return Math.round(performance.now() - start);
              };
              const box = document.querySelector('[name=severity][value=error]');
              const q = document.getElementById('q');
              const load = performance.getEntriesByType('navigation')[0];
              const type = (text) => () => { q.value = text; q.dispatchEvent(new Event('input', {bubbles: true})); };
              const filter = await measure(() => box.click());
              const unfilter = await measure(() => box.click());
              type('(4321)')();
              await new Promise(done => setTimeout(done, 600));
              const found = document.getElementById('result').textContent;
              const paint = Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
              return {paint, load: Math.round(load.loadEventEnd), filter, unfilter, found};
            })()
            """);
    System.out.println("html report, 5000 findings, milliseconds: " + times);
    assertThat(times.path("found").asString()).isEqualTo("1 sur 5000 constats");
    // Generous: a bound on the shape of the work, on the slowest machine.
    assertThat(times.path("filter").asInt()).isLessThan(2000);
  }

  @Test
  void printsEverything() throws IOException {
    open("product", SampleReports.product(), Language.FR, "");
    String pdf =
        browser
            .call("Page.printToPDF", Map.of("preferCSSPageSize", true, "printBackground", true))
            .path("data")
            .asString();
    byte[] bytes = Base64.getDecoder().decode(pdf);
    Files.write(FOLDER.resolve("product.pdf"), bytes);
    assertThat(new String(bytes, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
    browser.call("Emulation.setEmulatedMedia", Map.of("media", "print"));
    browser.size(800, 9000);
    assertThat(visible("form, nav")).isZero();
    screenshot("product-print");
    browser.call("Emulation.setEmulatedMedia", Map.of("media", ""));
  }

  private String result() {
    return browser.evaluate("document.getElementById('result').textContent").asString();
  }

  private boolean soon(String expression, String value) {
    return browser
        .evaluate(
            "new Promise(done => { let left = 100; const look = () => { if (("
                + expression
                + ") === '"
                + value
                + "') done(true); else if (left-- > 0) setTimeout(look, 20); else done(false); };"
                + " look(); })")
        .asBoolean();
  }

  private int visible(String selector) {
    return browser
        .evaluate(
            "[...document.querySelectorAll('"
                + selector
                + "')].filter(each => each.checkVisibility()).length")
        .asInt();
  }

  private void screenshot(String name) throws IOException {
    String data =
        browser.call("Page.captureScreenshot", Map.of("format", "png")).path("data").asString();
    Files.write(FOLDER.resolve(name + ".png"), Base64.getDecoder().decode(data));
  }

  private static List<String> strings(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asString()));
    return texts;
  }
}
