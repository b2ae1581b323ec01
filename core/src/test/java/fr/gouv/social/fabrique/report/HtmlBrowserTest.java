package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.source.Language;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HtmlBrowserTest {
  @Test
  void write() throws Exception {
    Path folder = Files.createDirectories(Path.of("target/html-report"));
    for (var entry :
        Map.of(
                "product", SampleReports.product(),
                "clean", SampleReports.clean(),
                "hostile", SampleReports.hostile(),
                "large", SampleReports.large(5000))
            .entrySet()) {
      for (Language language : Language.values()) {
        Files.writeString(
            folder.resolve(
                entry.getKey()
                    + "-"
                    + language.name().toLowerCase(java.util.Locale.ROOT)
                    + ".html"),
            HtmlFormatTest.html(entry.getValue(), language));
      }
    }
  }
}
