package fr.gouv.social.fabrique.report;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.source.Language;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlFormatTest {
  static String html(Report report, Language language) throws IOException {
    StringBuilder out = new StringBuilder();
    new HtmlFormat().write(report, language, out);
    return out.toString();
  }

  @Test
  void opensOnTheVerdict() throws IOException {
    assertThat(html(SampleReports.product(), Language.FR))
        .contains("<title>annuaire-aides — 2 obligations respectées sur 6</title>")
        .contains("class=\"headline\">2 obligations respectées sur 6</h2>")
        .contains("La vérification échoue (seuil\u00a0: erreur)")
        .contains("22 novembre 2026");
    assertThat(html(SampleReports.product(), Language.EN))
        .contains("<html lang=\"en\">")
        .contains("class=\"headline\">2 of 6 obligations kept</h2>")
        .contains("The check fails (threshold: error)")
        .contains("22 November 2026");
  }

  @Test
  void marksTheExactPlaceWithTwoLinesAround() throws IOException {
    assertThat(html(SampleReports.product(), Language.FR))
        .contains("<ol class=\"lines\" start=\"6\">")
        .contains("<li><code>USER <mark>root</mark></code></li>")
        .contains("<li><code>CMD [\"npm\", \"start\"]</code></li>\n</ol>");
  }

  @Test
  void doesNotRepeatSecrets() throws IOException {
    assertThat(html(SampleReports.product(), Language.FR))
        .doesNotContain("9vK2mQx7Lr4TzB8nWc1Yh6Ud")
        .contains("ENV <mark>SESSION_SECRET=••••••••••••••••••••••••</mark>");
  }

  @Test
  void linksVerdictsFindingsAndRules() throws IOException {
    String html = html(SampleReports.product(), Language.FR);
    Matcher links = Pattern.compile("href=\"#([^\"]+)\"").matcher(html);
    while (links.find()) {
      assertThat(html).contains("id=\"" + links.group(1) + "\"");
    }
    assertThat(html).contains("id=\"f-0000000000000001\"", "id=\"r-docker-root-user\"");
  }

  @Test
  void saysWhatWasExceptedAndWhatWasNotChecked() throws IOException {
    assertThat(html(SampleReports.product(), Language.FR))
        .contains("Raison\u00a0: le lockfile arrive avec la version 3")
        .contains("1er mars 2027")
        .contains("Attesté par <strong>equipe-api</strong>")
        .contains("<code>charts/web/templates/deployment.yaml:12</code> gabarit Helm");
  }

  @Test
  void allowsNothingButItsOwnStyleAndScript() throws Exception {
    String html = html(SampleReports.product(), Language.FR);
    for (String element : new String[] {"style", "script"}) {
      String text =
          html.substring(
              html.indexOf("<" + element + ">") + element.length() + 2,
              html.indexOf("</" + element + ">"));
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      assertThat(html)
          .contains(
              element + "-src &#39;sha256-" + Base64.getEncoder().encodeToString(digest) + "&#39;");
    }
    assertThat(html)
        .contains("default-src &#39;none&#39;")
        .doesNotContain(" style=", "@import", "url(");
  }

  @Test
  void escapesWhatARepositoryHolds() throws IOException {
    for (Language language : Language.values()) {
      String html = html(SampleReports.hostile(), language);
      assertThat(html).doesNotContain("<img", "<!--").contains("&lt;img");
      assertThat(html.split("</script>", -1)).hasSize(2);
    }
  }

  @Test
  void saysSoWhenThereIsNothingToReport() throws IOException {
    assertThat(html(SampleReports.clean(), Language.FR))
        .contains("Rien à signaler dans ce qui a été vérifié.")
        .contains("Aucune obligation n'a pu être jugée")
        .doesNotContain("<form");
  }

  @Test
  void writesTheSameBytesTwice() throws IOException {
    assertThat(html(SampleReports.product(), Language.FR))
        .isEqualTo(html(SampleReports.product(), Language.FR));
  }
}
