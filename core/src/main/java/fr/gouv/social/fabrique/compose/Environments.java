package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables that {@code environment}, {@code args} and {@code env_file} set. */
final class Environments {
  private Environments() {}

  /** The variables of a list of {@code NAME=value} or of a mapping; the last of a name counts. */
  static List<ComposeVariable> variables(YamlPlace place, Variables outer) {
    Map<String, ComposeVariable> variables = new LinkedHashMap<>();
    YamlNode node = place.node();
    if (node instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        variables.put(entry.name(), variable(entry, entry, place.label(), outer));
      }
    } else if (node instanceof YamlSequence sequence) {
      for (YamlNode item : sequence.items()) {
        if (item instanceof YamlScalar scalar) {
          YamlMapping.Entry entry = KeyValue.of(scalar);
          variables.put(entry.name(), variable(entry, scalar, place.label(), outer));
        }
      }
    }
    return List.copyOf(variables.values());
  }

  private static ComposeVariable variable(
      YamlMapping.Entry entry, Located where, String path, Variables outer) {
    String label = path + "." + entry.name();
    Part at = new Part(where.span(), label, where.way());
    Setting<String> value;
    if (Trees.isNull(entry.value())) {
      Variables.Value inherited = outer.get(entry.name());
      value =
          inherited != null && inherited.known()
              ? Setting.explicit(inherited.text(), at).inherited()
              : Setting.unknown(at);
    } else if (entry.value() instanceof YamlScalar scalar && scalar.isKnown()) {
      value = Setting.explicit(scalar.value(), new Part(scalar.span(), label, scalar.way()));
    } else {
      value = Setting.unknown(new Part(entry.value().span(), label, entry.way()));
    }
    return new ComposeVariable(entry.name(), value, where.span(), label, where.way());
  }

  /** One file that a service names. */
  record FileReference(YamlScalar path, boolean required, boolean raw) {}

  static List<FileReference> fileReferences(@Nullable YamlNode node) {
    List<FileReference> references = new ArrayList<>();
    List<YamlNode> items = new ArrayList<>();
    if (node instanceof YamlSequence sequence) {
      items.addAll(sequence.items());
    } else if (node != null) {
      items.add(node);
    }
    for (YamlNode item : items) {
      YamlNode path = item instanceof YamlMapping mapping ? mapping.get("path") : item;
      if (path instanceof YamlScalar scalar && !scalar.isNull()) {
        boolean required = true;
        boolean raw = false;
        if (item instanceof YamlMapping mapping) {
          YamlPlace place = YamlPlace.of(mapping);
          Setting<Boolean> flag = place.key("required").bool();
          required = !flag.isFalse() && !flag.isUnknown();
          raw = place.key("format").text("").equals("raw");
        }
        references.add(new FileReference(scalar, required, raw));
      }
    }
    return references;
  }

  /** The variables of a file as those of a service. */
  static List<ComposeVariable> variables(SourceFile file, Variables outer, boolean raw) {
    List<ComposeVariable> variables = new ArrayList<>();
    for (DotEnv.Entry entry : DotEnv.read(file, outer, raw).entries().values()) {
      Part at = new Part(entry.span(), entry.name(), List.of());
      variables.add(
          new ComposeVariable(
              entry.name(),
              entry.value().known()
                  ? Setting.explicit(entry.value().text(), at).inherited()
                  : Setting.unknown(at),
              entry.span(),
              entry.name(),
              List.of()));
    }
    return variables;
  }
}
