package fr.gouv.social.fabrique.rules.kubernetes;

import fr.gouv.social.fabrique.rule.RuleContext.Reported;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.List;

/** Changes to manifests that fixes are made of. */
final class Edits {
  private Edits() {}

  /**
   * Sets a scalar: its text gives way to another where it is written, else the keys that are
   * missing on the way to it are added. Nothing is offered for what comes through an anchor, which
   * may serve other places too.
   */
  static void set(Reported reported, YamlPlace from, String path, String value) {
    YamlPlace at = from.at(path);
    YamlNode node = at.node();
    if (node instanceof YamlScalar scalar && scalar.way().isEmpty() && at.isPresent()) {
      reported.unsafeFix(new TextEdit(scalar.span(), value));
    } else if (node == null) {
      add(reported, from, path, value);
    }
  }

  /** The same for a setting that is written. */
  static void set(Reported reported, Setting<?> setting, String value) {
    Located at = setting.at();
    if (at instanceof YamlPlace place
        && place.node() instanceof YamlScalar scalar
        && scalar.way().isEmpty()) {
      reported.unsafeFix(new TextEdit(scalar.span(), value));
    }
  }

  private static void add(Reported reported, YamlPlace from, String path, String value) {
    List<String> keys = List.of(path.split("\\."));
    YamlPlace place = from;
    int depth = 0;
    while (depth < keys.size() && place.key(keys.get(depth)).node() instanceof YamlMapping) {
      place = place.key(keys.get(depth));
      depth++;
    }
    if (!(place.node() instanceof YamlMapping mapping)
        || !mapping.way().isEmpty()
        || mapping.written().isEmpty()
        || place.key(keys.get(depth)).node() != null) {
      return;
    }
    List<String> missing = keys.subList(depth, keys.size());
    Span first = mapping.written().get(0).key().span();
    SourceFile file = first.file();
    if (file.text().charAt(mapping.span().start()) == '{') {
      StringBuilder flow = new StringBuilder(value);
      for (int i = missing.size() - 1; i >= 0; i--) {
        flow.insert(0, missing.get(i) + ": ");
        if (i > 0) {
          flow.insert(0, "{ ").append(" }");
        }
      }
      reported.unsafeFix(insertion(file, first.start(), flow + ", "));
      return;
    }
    String indent = " ".repeat(first.column() - 1);
    StringBuilder block = new StringBuilder();
    for (int i = 0; i < missing.size(); i++) {
      block.append('\n').append(indent).append("  ".repeat(i)).append(missing.get(i)).append(':');
    }
    block.append(' ').append(value);
    for (YamlMapping.Entry entry : mapping.written()) {
      if (entry.value() instanceof YamlScalar scalar
          && scalar.style() != YamlScalar.Style.LITERAL
          && scalar.style() != YamlScalar.Style.FOLDED
          && entry.span().line() == entry.span().endLine()) {
        reported.unsafeFix(insertion(file, file.lineEnd(entry.span().line()), block.toString()));
        return;
      }
    }
    String before = block.substring(1 + indent.length()) + "\n" + indent;
    reported.unsafeFix(insertion(file, first.start(), before));
  }

  private static TextEdit insertion(SourceFile file, int offset, String text) {
    return new TextEdit(new Span(file, offset, offset), text);
  }
}
