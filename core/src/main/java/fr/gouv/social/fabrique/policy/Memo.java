package fr.gouv.social.fabrique.policy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What was made of the same texts before: a repository names few images many times. */
final class Memo<T> {
  private static final int MOST = 16_384;

  private final Map<String, T> known = new ConcurrentHashMap<>();

  /** What a function makes of a text; nothing is remembered of what it makes nothing of. */
  @Nullable T of(String text, Function<String, @Nullable T> make) {
    T found = known.get(text);
    if (found == null) {
      found = make.apply(text);
      if (found != null) {
        if (known.size() >= MOST) {
          known.clear();
        }
        known.put(text, found);
      }
    }
    return found;
  }
}
