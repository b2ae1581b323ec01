package fr.gouv.social.fabrique.source;

import java.util.concurrent.atomic.AtomicInteger;

/** How far a check is, for people who wait: many threads count, one looks. */
public final class Progress {
  /** What a check spends its time on, in order. */
  public enum Phase {
    /** Files are read and parsed. */
    READING,
    /** Rules look at what was read. */
    CHECKING
  }

  /**
   * A moment of a check.
   *
   * @param done how many files or rules are behind; never more than {@code total}
   * @param total how many there are in this phase
   */
  public record State(Phase phase, int done, int total) {}

  private record Part(Phase phase, AtomicInteger done, int total) {}

  private volatile Part part = new Part(Phase.READING, new AtomicInteger(), 0);

  /** Starts a phase with so many things to do. */
  public void begin(Phase phase, int total) {
    part = new Part(phase, new AtomicInteger(), total);
  }

  /** One more thing of the phase is done. */
  public void step() {
    part.done().incrementAndGet();
  }

  /** How far it is now. */
  public State state() {
    Part now = part;
    return new State(now.phase(), Math.min(now.done().get(), now.total()), now.total());
  }
}
