package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of a YAML document. Immutable. An alias is the very node it stands for, so a document is a
 * graph without cycles.
 */
public sealed interface YamlNode extends Located permits YamlMapping, YamlSequence, YamlScalar {

  /** From its first to after its last character, without its tag and anchor. */
  @Override
  Span span();

  /** The tag as written ({@code !reset}, {@code tag:yaml.org,2002:str}), or null where none is. */
  @Nullable String tag();

  /** The name of its anchor without {@code &}, or null. */
  @Nullable String anchor();

  /**
   * The way the value came to where it is used, nearest step first; empty when it is written in
   * place.
   */
  @Override
  List<Step> way();

  /** The same node, used by way of one more step. */
  YamlNode by(Step step);
}
