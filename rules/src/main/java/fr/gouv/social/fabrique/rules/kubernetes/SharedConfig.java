package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** ConfigMaps of which several programs take all variables. */
final class SharedConfig {
  static final Rule<Project> SHARED_CONFIGMAP =
      rule("kubernetes/shared-configmap", Project.class, SharedConfig::shared);

  static final List<Rule<?>> ALL = List.of(SHARED_CONFIGMAP);

  private SharedConfig() {}

  /** Who reads a ConfigMap, and where that is said. */
  private record Reader(String name, YamlPlace at) {}

  private static void shared(Project project, RuleContext context) {
    // By environment, namespace and name: the first reader with each image.
    Map<List<String>, Map<String, Reader>> all = new LinkedHashMap<>();
    for (Workload workload : project.subjects(Workload.class)) {
      String environment = context.environment(workload).name();
      String namespace = workload.object().namespace().value();
      for (Container container : workload.pod().containers()) {
        String image = withoutTag(container.image().value());
        if (container.isLongRunning() && image != null) {
          add(
              all,
              List.of(environment, namespace == null ? "" : namespace),
              image,
              workload.object().name(),
              container.at("envFrom"));
        }
      }
    }
    for (KontinuousComponent component : project.subjects(KontinuousComponent.class)) {
      List<YamlPlace> containers = component.containers();
      if (component.isWorkload() && !containers.isEmpty()) {
        add(
            all,
            List.of(component.environment().name(), component.project().folder()),
            component.at("imagePackage").text(component.name()),
            component.name(),
            containers.get(0).key("envFrom"));
      }
    }
    Set<Span> told = new HashSet<>();
    all.forEach(
        (key, readers) -> {
          List<Reader> of = List.copyOf(readers.values());
          if (of.size() > 1 && told.add(of.get(1).at.span())) {
            context
                .report(
                    of.get(1).at,
                    "shared",
                    key.get(2),
                    String.join(", ", of.stream().map(Reader::name).toList()))
                .related(of.get(0).at);
          }
        });
  }

  private static void add(
      Map<List<String>, Map<String, Reader>> all,
      List<String> where,
      String image,
      String reader,
      YamlPlace envFrom) {
    for (YamlPlace from : envFrom.items()) {
      YamlPlace name = from.at("configMapRef.name");
      String text = name.text("");
      if (!text.isEmpty() && !name.isUnknown() && !text.contains("{{") && !text.contains("$")) {
        all.computeIfAbsent(List.of(where.get(0), where.get(1), text), key -> new LinkedHashMap<>())
            .putIfAbsent(image, new Reader(reader, name));
      }
    }
  }

  private static @Nullable String withoutTag(@Nullable String image) {
    ImageReference reference = image == null ? null : ImageReference.orNull(image);
    return reference == null ? null : reference.familiarName();
  }
}
