package fr.gouv.social.fabrique.rules.compose;

import fr.gouv.social.fabrique.compose.PortMapping;
import fr.gouv.social.fabrique.compose.VolumeMount;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.RuleContext.Reported;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import org.jspecify.annotations.Nullable;

/**
 * Findings on values of a merged project. A value that came by an anchor, a merge key, {@code
 * extends}, {@code include} or an override is reported where it is written; the steps of its way
 * are places that matter too.
 */
public final class Ways {
  private Ways() {}

  /** Reports a finding with the way that its value came. */
  public static Reported report(
      RuleContext context, Located at, String message, Object... arguments) {
    Reported reported = context.report(at, message, arguments);
    YamlNode node = node(at);
    if (node != null) {
      node.way().forEach(step -> reported.related(step.at()));
    }
    return reported;
  }

  private static @Nullable YamlNode node(Located at) {
    if (at instanceof Setting<?> setting) {
      return node(setting.at());
    }
    if (at instanceof YamlPlace place) {
      return place.node();
    }
    if (at instanceof VolumeMount mount) {
      return mount.node();
    }
    if (at instanceof PortMapping port) {
      return port.node();
    }
    return at instanceof YamlNode node ? node : null;
  }
}
