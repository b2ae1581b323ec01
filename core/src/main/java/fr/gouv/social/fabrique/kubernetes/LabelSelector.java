package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What chooses objects by their labels. Semantics: {@code
 * k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go}, LabelSelectorAsSelector: an empty selector
 * chooses all, an absent one none.
 *
 * @param at where it is written
 * @param exists whether it is written at all
 * @param requirements all of them must hold
 */
public record LabelSelector(YamlPlace at, boolean exists, List<Requirement> requirements) {

  /** How a requirement compares. */
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }

  /**
   * One condition.
   *
   * @param operator null where it cannot be known; it may then hold
   * @param values empty for {@code EXISTS} and {@code DOES_NOT_EXIST}
   */
  public record Requirement(String key, @Nullable Operator operator, List<String> values) {
    public Requirement {
      values = List.copyOf(values);
    }

    /** Whether it holds for an object with the given labels, or may. */
    public boolean mayMatch(Map<String, String> labels) {
      String label = labels.get(key);
      if (operator == null || Values.isUnresolved(key)) {
        return true;
      }
      return switch (operator) {
        case EXISTS -> label != null || labels.containsKey(Values.UNRESOLVED);
        case DOES_NOT_EXIST -> label == null;
        case IN ->
            label == null
                ? labels.containsKey(Values.UNRESOLVED)
                : Values.isUnresolved(label)
                    || values.contains(label)
                    || values.stream().anyMatch(Values::isUnresolved);
        case NOT_IN -> label == null || !values.contains(label);
      };
    }
  }

  public LabelSelector {
    requirements = List.copyOf(requirements);
  }

  /** The selector with {@code matchLabels} and {@code matchExpressions} that stands at a place. */
  public static LabelSelector of(YamlPlace at) {
    List<Requirement> requirements = new ArrayList<>(equal(at.key("matchLabels")));
    for (YamlPlace expression : at.key("matchExpressions").items()) {
      Operator operator =
          switch (expression.key("operator").text("")) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            default -> null;
          };
      requirements.add(
          new Requirement(
              expression.key("key").text(""), operator, expression.key("values").texts()));
    }
    return new LabelSelector(at, at.isPresent(), requirements);
  }

  /**
   * The selector that is a mapping of labels, as Services and ReplicationControllers have it: when
   * empty it chooses none.
   */
  public static LabelSelector ofLabels(YamlPlace at) {
    List<Requirement> requirements = equal(at);
    return new LabelSelector(at, !requirements.isEmpty(), requirements);
  }

  private static List<Requirement> equal(YamlPlace labels) {
    List<Requirement> requirements = new ArrayList<>();
    Values.map(labels)
        .forEach(
            (key, value) -> requirements.add(new Requirement(key, Operator.IN, List.of(value))));
    return requirements;
  }

  /** Whether it is written and chooses whatever there is. */
  public boolean choosesAll() {
    return exists && requirements.isEmpty();
  }

  /** Whether it asks for a label, so that what it chooses was meant: not all, or all but some. */
  boolean asksForLabels() {
    return requirements.stream()
        .anyMatch(
            each ->
                each.operator() != Operator.NOT_IN && each.operator() != Operator.DOES_NOT_EXIST);
  }

  /** Whether it chooses an object with the given labels; what cannot be known may match. */
  public boolean matches(Map<String, String> labels) {
    if (!exists) {
      return false;
    }
    for (Requirement requirement : requirements) {
      if (!requirement.mayMatch(labels)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether it surely chooses an object with the given labels; the same placeholder on both sides
   * is the same label.
   */
  public boolean surelyMatches(Map<String, String> labels) {
    for (Requirement requirement : requirements) {
      String label = labels.get(requirement.key);
      boolean sure =
          requirement.operator == Operator.IN
              ? label != null && requirement.values.contains(label)
              : requirement.operator == Operator.EXISTS
                  ? label != null
                  : requirement.operator != null && requirement.mayMatch(labels);
      if (!sure) {
        return false;
      }
    }
    return exists;
  }

  /** The labels that it asks for by equality, in order. */
  Map<String, String> equalities() {
    Map<String, String> equalities = new LinkedHashMap<>();
    for (Requirement requirement : requirements) {
      if (requirement.operator == Operator.IN && requirement.values.size() == 1) {
        equalities.put(requirement.key, requirement.values.get(0));
      }
    }
    return equalities;
  }
}
