package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;

/**
 * A part of a Kubernetes object that rules look at: a view over the place where it is written. The
 * labels of the places in it are relative to it.
 *
 * <p>What a kustomize patch does not say is unknown, not absent: see {@link
 * KubernetesObject#isPartial()}.
 */
public interface KubernetesPart extends Located {
  /** The object it belongs to. */
  KubernetesObject object();

  /** Where it is written; its own label is empty. */
  YamlPlace place();

  @Override
  default Span span() {
    return place().span();
  }

  /** The object's label, with the container's where it belongs to one. */
  @Override
  default String label() {
    return object().label();
  }

  /** The place under a path of keys separated by dots. */
  default YamlPlace at(String path) {
    return place().at(path);
  }

  /** Whether something other than null is written under a path. */
  default boolean has(String path) {
    return at(path).isPresent();
  }

  /** Whether nothing is written under a path and nothing elsewhere can add it. */
  default boolean lacks(String path) {
    return !has(path) && !object().isPartial();
  }

  /** The items of the sequence under a path; empty where there is none. */
  default List<YamlPlace> items(String path) {
    return at(path).items();
  }

  /** A text; unknown where it holds what another tool replaces ({@code ${TAG}}). */
  default Setting<String> string(String path) {
    return known(Values.string(at(path)));
  }

  /** A boolean, as the API reads it. */
  default Setting<Boolean> bool(String path) {
    return known(Values.bool(at(path)));
  }

  /** A whole number. */
  default Setting<Long> integer(String path) {
    return known(Values.integer(at(path)));
  }

  /** An amount; unknown where it is malformed, which the schema reports. */
  default Setting<Quantity> quantity(String path) {
    return known(Values.quantity(at(path)));
  }

  /** A number or a text that stands for one. */
  default Setting<IntOrString> intOrString(String path) {
    return known(Values.intOrString(at(path)));
  }

  /** The selector under a path. */
  default LabelSelector selector(String path) {
    return LabelSelector.of(at(path));
  }

  private <T> Setting<T> known(Setting<T> setting) {
    return object().isPartial() && setting.isAbsent() ? Setting.unknown(setting.at()) : setting;
  }
}
