package fr.gouv.social.fabrique.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The same work on many things at once. A parallel stream gives each processor a row of neighbours,
 * and large files and costly rules are neighbours: here each processor takes the next thing.
 */
public final class Parallel {
  private Parallel() {}

  /** What the work makes of each thing, in their order. What it throws is thrown. */
  public static <T, R> List<R> map(
      List<? extends T> things, Function<? super T, ? extends R> work) {
    return map(things, thing -> 0, work);
  }

  /** The same, begun with the largest, so that none is left alone at the end. */
  public static <T, R> List<R> map(
      List<? extends T> things,
      ToLongFunction<? super T> size,
      Function<? super T, ? extends R> work) {
    List<Task<R>> tasks = new ArrayList<>(things.size());
    for (T thing : things) {
      Callable<R> call = () -> work.apply(thing);
      tasks.add(new Task<>(size.applyAsLong(thing), ForkJoinTask.adapt(call)));
    }
    // The calling thread takes them from the first on, the others from the last.
    ForkJoinTask.invokeAll(
        tasks.stream()
            .sorted(Comparator.comparing(Task::size, Comparator.reverseOrder()))
            .map(Task::task)
            .toList());
    List<R> results = new ArrayList<>(tasks.size());
    for (Task<R> each : tasks) {
      results.add(each.task().join());
    }
    return results;
  }

  private record Task<R>(long size, ForkJoinTask<R> task) {}
}
