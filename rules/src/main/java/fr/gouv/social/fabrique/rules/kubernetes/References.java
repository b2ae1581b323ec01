package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.EnvVar;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex.Resolution;
import fr.gouv.social.fabrique.kubernetes.PodSpec;
import fr.gouv.social.fabrique.kubernetes.Reference;
import fr.gouv.social.fabrique.kubernetes.ScheduledBackup;
import fr.gouv.social.fabrique.kubernetes.Volume;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What pods need by name: variables, ConfigMaps, Secrets, claims, accounts, volumes. */
final class References {
  static final Rule<Container> DUPLICATE_VARIABLE =
      rule(
          "kubernetes/duplicate-variable",
          Container.class,
          (container, context) -> {
            Map<String, EnvVar> first = new HashMap<>();
            for (EnvVar each : container.env()) {
              EnvVar earlier = each.name().isEmpty() ? null : first.putIfAbsent(each.name(), each);
              if (earlier != null && !container.object().isInBranch(each.span())) {
                context
                    .report(each.at("name"), "duplicate", each.name(), container.name())
                    .related(earlier.at("name"));
              }
            }
          });

  static final Rule<Container> SECRET_IN_VARIABLE =
      rule(
          "kubernetes/secret-in-variable",
          Container.class,
          (container, context) -> {
            for (Reference each : container.references()) {
              if (each.kind() == Reference.Kind.SECRET) {
                context.report(each.at(), "secret", each.name(), container.name());
              }
            }
          });

  static final Rule<KubernetesObject> TOKEN_SECRET =
      rule(
          "kubernetes/service-account-token-secret",
          KubernetesObject.class,
          (object, context) -> {
            YamlPlace type = object.at("type");
            if (object.is("Secret", "")
                && type.text("").equals("kubernetes.io/service-account-token")) {
              context.report(type, "token", object.name());
            }
          });

  static final Rule<Project> CONFIG_MAP =
      dangling("kubernetes/dangling-configmap", Reference.Kind.CONFIG_MAP);

  static final Rule<Project> SECRET = dangling("kubernetes/dangling-secret", Reference.Kind.SECRET);

  static final Rule<Project> CLAIM =
      dangling("kubernetes/dangling-claim", Reference.Kind.PERSISTENT_VOLUME_CLAIM);

  static final Rule<Project> SERVICE_ACCOUNT =
      dangling("kubernetes/dangling-service-account", Reference.Kind.SERVICE_ACCOUNT);

  static final Rule<PodSpec> MISSING_KEY =
      rule(
          "kubernetes/missing-key",
          PodSpec.class,
          (pod, context) ->
              forEach(
                  pod,
                  each -> {
                    Reference reference = each.reference;
                    String key = reference.key();
                    if (key != null
                        && !reference.optional()
                        && context.project().objects().resolve(pod.object(), reference)
                            == Resolution.KEY_MISSING
                        && !Elsewhere.isDeclared(
                            context, pod.object(), reference.kind().toString(), reference.name())) {
                      context.report(
                          reference.keyAt().labelled(each.label()),
                          "key",
                          reference.kind(),
                          reference.name(),
                          key);
                    }
                  }));

  static final Rule<ScheduledBackup> BACKUP_WITHOUT_CLUSTER =
      rule(
          "kubernetes/dangling-backup",
          ScheduledBackup.class,
          (backup, context) -> {
            String cluster = backup.clusterName().value();
            if (cluster != null
                && !cluster.isEmpty()
                && Elsewhere.hasAny(context, backup.object(), "Cluster")
                && !Elsewhere.has(context, backup.object(), "Cluster", cluster)) {
              context.report(backup.at("spec.cluster.name"), "cluster", cluster);
            }
          });

  static final Rule<Container> UNKNOWN_VOLUME =
      rule(
          "kubernetes/unknown-volume",
          Container.class,
          (container, context) -> {
            if (container.object().isPartial()) {
              return;
            }
            Set<String> known = volumes(container.pod());
            for (String field : List.of("volumeMounts", "volumeDevices")) {
              for (YamlPlace mount : container.items(field)) {
                String name = mount.key("name").text("");
                if (!name.isEmpty() && isPlain(name) && !known.contains(name)) {
                  context.report(mount.key("name"), "unknown", name, container.name());
                }
              }
            }
          });

  static final Rule<PodSpec> UNUSED_VOLUME =
      rule(
          "kubernetes/unused-volume",
          PodSpec.class,
          (pod, context) -> {
            Set<String> used = new HashSet<>();
            for (Container container : pod.containers()) {
              for (String field : List.of("volumeMounts", "volumeDevices")) {
                container.items(field).forEach(each -> used.add(each.key("name").text("")));
              }
            }
            if (pod.object().isPartial() || used.stream().anyMatch(each -> !isPlain(each))) {
              return;
            }
            for (Volume volume : pod.volumes()) {
              if (!volume.name().isEmpty() && !used.contains(volume.name())) {
                context.report(volume.at("name"), "unused", volume.name());
              }
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          DUPLICATE_VARIABLE,
          SECRET_IN_VARIABLE,
          TOKEN_SECRET,
          CONFIG_MAP,
          SECRET,
          CLAIM,
          SERVICE_ACCOUNT,
          MISSING_KEY,
          BACKUP_WITHOUT_CLUSTER,
          UNKNOWN_VOLUME,
          UNUSED_VOLUME);

  private References() {}

  /** Whether a text holds no placeholder. */
  static boolean isPlain(String text) {
    return text.indexOf('$') < 0 && !text.contains("{{");
  }

  private static Set<String> volumes(PodSpec pod) {
    Set<String> names = new HashSet<>();
    pod.volumes().forEach(each -> names.add(each.name()));
    pod.object()
        .items("spec.volumeClaimTemplates")
        .forEach(each -> names.add(each.at("metadata.name").text("")));
    return names;
  }

  /** A need with the label of the pod or container that has it. */
  private record Need(KubernetesObject object, String label, Reference reference) {}

  private static void forEach(PodSpec pod, Consumer<Need> into) {
    for (Reference each : pod.ownReferences()) {
      into.accept(new Need(pod.object(), label(pod, each), each));
    }
    for (Container container : pod.containers()) {
      for (Reference each : container.references()) {
        into.accept(new Need(pod.object(), label(container, each), each));
      }
    }
  }

  private static String label(Located owner, Reference reference) {
    return owner.label() + " › " + reference.label();
  }

  /**
   * A rule for one kind of need. What is needed often comes from elsewhere, so a missing one counts
   * only where at least as many of its kind are found for the same namespace and environment.
   */
  private static Rule<Project> dangling(String id, Reference.Kind kind) {
    return rule(
        id,
        Project.class,
        (project, context) -> {
          Map<String, Set<String>> found = new HashMap<>();
          Map<String, Map<String, List<Need>>> missing = new LinkedHashMap<>();
          ObjectIndex objects = project.objects();
          for (PodSpec pod : objects.all(PodSpec.class)) {
            String where =
                objects.environment(pod.object()) + " " + pod.object().namespace().value();
            forEach(
                pod,
                each -> {
                  Reference reference = each.reference;
                  if (reference.kind() != kind
                      || reference.optional()
                      || reference.label().startsWith("imagePullSecrets")
                      || isOfTemplate(pod, reference)) {
                    return;
                  }
                  if (isMissing(context, each)) {
                    missing
                        .computeIfAbsent(where, key -> new LinkedHashMap<>())
                        .computeIfAbsent(reference.name(), key -> new ArrayList<>())
                        .add(each);
                  } else {
                    found.computeIfAbsent(where, key -> new HashSet<>()).add(reference.name());
                    if (objects.resolve(pod.object(), reference) == Resolution.FOUND) {
                      context.keep(reference.at().labelled(each.label()));
                    }
                  }
                });
          }
          boolean strict = context.parameter("strict").equals("true");
          missing.forEach(
              (where, names) -> {
                if (strict || found.getOrDefault(where, Set.of()).size() >= names.size()) {
                  names.values().forEach(needs -> needs.forEach(each -> report(context, each)));
                } else {
                  context.concerns();
                }
              });
        });
  }

  /** Whether a StatefulSet puts a claim of its own in the place of a volume. */
  private static boolean isOfTemplate(PodSpec pod, Reference reference) {
    return reference.kind() == Reference.Kind.PERSISTENT_VOLUME_CLAIM
        && pod.object().items("spec.volumeClaimTemplates").stream()
            .map(each -> each.at("metadata.name").text(""))
            .anyMatch(
                name -> !name.isEmpty() && reference.label().startsWith("volumes[" + name + "]"));
  }

  private static boolean isMissing(RuleContext context, Need need) {
    Reference reference = need.reference;
    return context.project().objects().resolve(need.object, reference) == Resolution.MISSING
        && !Elsewhere.mayHave(context, need.object, reference.kind().toString(), reference.name());
  }

  private static void report(RuleContext context, Need need) {
    context.report(need.reference.at().labelled(need.label), "missing", need.reference.name());
  }
}
