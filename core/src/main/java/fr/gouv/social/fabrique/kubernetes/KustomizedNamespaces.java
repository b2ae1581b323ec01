package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces that kustomizations give to the files they take in: the outermost one wins; what
 * several give differently is unknown.
 */
final class KustomizedNamespaces {
  private final Map<String, Kustomization> byFolder = new HashMap<>();
  private final Map<String, Setting<String>> byFile = new HashMap<>();

  KustomizedNamespaces(List<Kustomization> kustomizations) {
    Set<String> used = new HashSet<>();
    for (Kustomization each : kustomizations) {
      byFolder.put(each.file().folder(), each);
      used.addAll(each.resources());
    }
    for (Kustomization each : kustomizations) {
      if (!used.contains(each.file().folder())) {
        visit(each, null, new HashSet<>());
      }
    }
  }

  private void visit(
      Kustomization kustomization, @Nullable Setting<String> outer, Set<Kustomization> visited) {
    if (!visited.add(kustomization)) {
      return;
    }
    Setting<String> own = kustomization.namespace();
    Setting<String> given = outer != null ? outer : own.isAbsent() ? null : own;
    for (String path : kustomization.resources()) {
      Kustomization inner = byFolder.get(path);
      if (inner != null) {
        visit(inner, given, visited);
      } else if (given != null) {
        byFile.merge(path, given, (a, b) -> same(a, b) ? a : Setting.unknown(a.at()));
      }
    }
  }

  private static boolean same(Setting<String> one, Setting<String> other) {
    String value = one.value();
    return value != null && value.equals(other.value());
  }

  Map<String, Setting<String>> byFile() {
    return byFile;
  }
}
