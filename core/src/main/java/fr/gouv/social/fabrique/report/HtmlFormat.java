package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.source.Language;
import gg.jte.TemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The report for people: one HTML file that asks nothing of the network, says everything without
 * scripts, and prints.
 */
public final class HtmlFormat implements ReportFormat {
  @Override
  public String name() {
    return "html";
  }

  @Override
  public void write(Report report, Language language, Appendable out) throws IOException {
    try {
      render(new OwaspHtmlTemplateOutput(new Output(out)), new HtmlPage(report, language));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @SuppressWarnings(
      "NullAway") // A template that nothing intercepts takes null: it is not annotated.
  private static void render(OwaspHtmlTemplateOutput out, HtmlPage page) {
    JtereportGenerated.render(out, null, page);
  }

  /** Hands what the templates write on to wherever the report goes. */
  private record Output(Appendable out) implements TemplateOutput {
    @Override
    public void writeContent(String text) {
      append(text, 0, text.length());
    }

    @Override
    public void writeContent(String text, int start, int end) {
      append(text, start, end);
    }

    private void append(String text, int start, int end) {
      try {
        out.append(text, start, end);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
