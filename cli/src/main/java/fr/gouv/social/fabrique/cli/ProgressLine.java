package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Progress;
import java.io.PrintStream;

/**
 * One line that says how far a long check is, rewritten in place and gone at the end. Short checks
 * never show it.
 */
final class ProgressLine implements AutoCloseable {
  private static final int PATIENCE = 1_000;
  private static final int PERIOD = 150;
  private static final String CLEAR = "\r\u001b[K";

  private final Progress progress = new Progress();
  private final PrintStream err;
  private final Language language;
  private final Thread thread;

  /** Guarded by this. */
  private boolean closed;

  private ProgressLine(PrintStream err, Language language) {
    this.err = err;
    this.language = language;
    thread = new Thread(this::show, "progress");
    thread.setDaemon(true);
  }

  /**
   * Starts to show how far it is.
   *
   * @param shown whether anyone looks; without, it only counts
   */
  static ProgressLine start(PrintStream err, Language language, boolean shown) {
    ProgressLine line = new ProgressLine(err, language);
    if (shown) {
      line.thread.start();
    }
    return line;
  }

  /** What counts. */
  Progress progress() {
    return progress;
  }

  private synchronized void show() {
    try {
      wait(PATIENCE);
      boolean shown = false;
      while (!closed) {
        err.print(CLEAR + text(progress.state(), language));
        err.flush();
        shown = true;
        wait(PERIOD);
      }
      if (shown) {
        err.print(CLEAR);
        err.flush();
      }
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    }
  }

  /** A moment as people read it. */
  static String text(Progress.State state, Language language) {
    boolean french = language == Language.FR;
    boolean reading = state.phase() == Progress.Phase.READING;
    return "fabrique: "
        + (reading ? french ? "lecture" : "reading" : french ? "vérification" : "checking")
        + (state.total() == 0 ? "" : text(state, reading, french));
  }

  private static String text(Progress.State state, boolean reading, boolean french) {
    return " "
        + state.done()
        + "/"
        + state.total()
        + (reading ? french ? " fichiers" : " files" : french ? " règles" : " rules");
  }

  /** Takes the line away; results may be written after it. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    }
  }
}
