package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a template says one thing or another: the blocks of its actions that have an {@code else}.
 * Of what stands in them, only one branch is rendered.
 */
final class Branches {
  private static final Pattern ACTION =
      Pattern.compile("\\{\\{-?\\s*(if|with|range|define|block|else|end)\\b");

  private record Block(int start, boolean isExclusive) {}

  private final List<int[]> blocks = new ArrayList<>();

  Branches(String text) {
    Deque<Block> open = new ArrayDeque<>();
    Matcher action = ACTION.matcher(text);
    while (action.find()) {
      switch (action.group(1)) {
        case "else" -> {
          if (!open.isEmpty()) {
            open.push(new Block(open.pop().start, true));
          }
        }
        case "end" -> {
          Block block = open.poll();
          if (block != null && block.isExclusive) {
            blocks.add(new int[] {block.start, action.end()});
          }
        }
        default -> open.push(new Block(action.start(), false));
      }
    }
  }

  /** Whether a place stands in such a block. */
  boolean hold(Span place) {
    return blocks.stream().anyMatch(each -> each[0] <= place.start() && place.end() <= each[1]);
  }
}
