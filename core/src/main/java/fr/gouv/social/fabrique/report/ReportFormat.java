package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.source.Language;
import java.io.IOException;

/** One form in which a report is written. */
public interface ReportFormat {
  /** Its name on the command line and in the configuration. */
  String name();

  /**
   * Writes the whole report, without a byte order mark; lines end with {@code \n} unless the format
   * asks for more.
   */
  void write(Report report, Language language, Appendable out) throws IOException;
}
