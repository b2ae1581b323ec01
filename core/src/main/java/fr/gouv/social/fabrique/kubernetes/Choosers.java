package fr.gouv.social.fabrique.kubernetes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/** Parts that choose pods by a selector, found by one of the labels they ask for. */
final class Choosers<T extends KubernetesPart> {
  private record Chooser<T>(int order, T part, LabelSelector selector) {}

  private final List<Chooser<T>> all = new ArrayList<>();
  private final List<Chooser<T>> withoutLabel = new ArrayList<>();
  private final Map<Map.Entry<String, String>, List<Chooser<T>>> byLabel = new HashMap<>();

  void add(T part, LabelSelector selector) {
    Chooser<T> chooser = new Chooser<>(all.size(), part, selector);
    all.add(chooser);
    selector.equalities().entrySet().stream()
        .filter(each -> !Values.isUnresolved(each.getKey() + each.getValue()))
        .findFirst()
        .map(
            each ->
                byLabel.computeIfAbsent(
                    Map.entry(each.getKey(), each.getValue()), key -> new ArrayList<>()))
        .orElse(withoutLabel)
        .add(chooser);
  }

  /** Those that choose the pods of a workload, or may, and meet the condition, in order. */
  List<T> choosing(Workload workload, BiPredicate<KubernetesObject, LabelSelector> where) {
    Map<String, String> labels = workload.podLabels();
    List<Chooser<T>> candidates;
    if (labels.values().stream().anyMatch(Values::isUnresolved)) {
      candidates = all;
    } else {
      candidates = new ArrayList<>(withoutLabel);
      labels.forEach(
          (key, value) ->
              candidates.addAll(byLabel.getOrDefault(Map.entry(key, value), List.of())));
    }
    return candidates.stream()
        .filter(
            each -> each.selector.matches(labels) && where.test(each.part.object(), each.selector))
        .filter(
            each ->
                each.part.object().sharesTemplatesWith(workload.object())
                    || each.selector.surelyMatches(labels))
        .sorted(Comparator.comparingInt(Chooser::order))
        .map(Chooser::part)
        .toList();
  }
}
