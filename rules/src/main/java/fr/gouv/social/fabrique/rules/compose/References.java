package fr.gouv.social.fabrique.rules.compose;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.compose.ComposeProblem;
import fr.gouv.social.fabrique.compose.ComposeProblem.Kind;
import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.rule.Rule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names that lead nowhere, and settings that contradict each other. */
final class References {
  static final Rule<ComposeProblem> NETWORK =
      undefined("compose/undefined-network", Map.of(Kind.UNDEFINED_NETWORK, "undefined"));

  static final Rule<ComposeProblem> VOLUME =
      undefined("compose/undefined-volume", Map.of(Kind.UNDEFINED_VOLUME, "undefined"));

  static final Rule<ComposeProblem> SECRET =
      undefined(
          "compose/undefined-secret",
          Map.of(Kind.UNDEFINED_SECRET, "undefined", Kind.UNDEFINED_BUILD_SECRET, "build"));

  static final Rule<ComposeProblem> CONFIG =
      undefined("compose/undefined-config", Map.of(Kind.UNDEFINED_CONFIG, "undefined"));

  static final Rule<ComposeProblem> MODEL =
      undefined("compose/undefined-model", Map.of(Kind.UNDEFINED_MODEL, "undefined"));

  static final Rule<ComposeProblem> DEPENDENCY =
      rule(
          "compose/undefined-dependency",
          ComposeProblem.class,
          (problem, context) -> {
            if (problem.kind() == Kind.UNDEFINED_DEPENDENCY) {
              String near = Loading.argument(problem, 3);
              Loading.report(problem, context, near.isEmpty() ? "undefined" : "undefined-near");
            } else if (problem.kind() == Kind.DISABLED_DEPENDENCY) {
              Loading.report(problem, context, "disabled");
            }
          });

  static final Rule<ComposeProblem> CYCLE =
      Loading.of("compose/dependency-cycle", Map.of(Kind.DEPENDENCY_CYCLE, "cycle"));

  static final Rule<ComposeProblem> NOTHING_TO_RUN =
      Loading.of("compose/no-image-or-build", Map.of(Kind.NO_IMAGE_OR_BUILD, "nothing"));

  static final Rule<ComposeProblem> INLINE =
      Loading.of("compose/dockerfile-and-inline", Map.of(Kind.DOCKERFILE_AND_INLINE, "both"));

  static final Rule<ComposeProblem> CONTEXT =
      rule(
          "compose/invalid-additional-context",
          ComposeProblem.class,
          (problem, context) -> {
            if (problem.kind() == Kind.ADDITIONAL_CONTEXT_SERVICE) {
              Loading.report(problem, context, Loading.argument(problem, 3));
            }
          });

  static final Rule<ComposeProblem> PLATFORM =
      Loading.of("compose/platform-not-built", Map.of(Kind.PLATFORM_NOT_BUILT, "platform"));

  static final Rule<ComposeProblem> NETWORK_MODE =
      Loading.of(
          "compose/network-mode-and-networks", Map.of(Kind.NETWORK_MODE_AND_NETWORKS, "both"));

  static final Rule<ComposeProblem> HEALTHCHECK =
      Loading.of("compose/invalid-healthcheck-test", Map.of(Kind.HEALTHCHECK_TEST_FORM, "form"));

  static final Rule<ComposeProblem> CONTRADICTION =
      Loading.of("compose/contradictory-limits", Map.of(Kind.DISTINCT_VALUES, "distinct"));

  static final Rule<ComposeProblem> NEGATIVE_SCALE =
      Loading.of("compose/negative-scale", Map.of(Kind.NEGATIVE_SCALE, "negative"));

  static final Rule<ComposeProblem> SCALED =
      Loading.of("compose/scaled-container-name", Map.of(Kind.CONTAINER_NAME_SCALED, "scaled"));

  static final Rule<ComposeProblem> CONTAINER_NAME =
      Loading.of(
          "compose/invalid-container-name",
          Map.of(Kind.INVALID_CONTAINER_NAME, "name", Kind.REFUSED_CONTAINER_NAME, "name"));

  static final Rule<ComposeProject> DUPLICATE_CONTAINER_NAME =
      rule(
          "compose/duplicate-container-name",
          ComposeProject.class,
          (project, context) -> {
            for (ComposeProblem problem : project.problems()) {
              if (problem.kind() == Kind.DUPLICATE_CONTAINER_NAME
                  && mayRunTogether(
                      project.service(Loading.argument(problem, 1)),
                      project.service(Loading.argument(problem, 2)))) {
                Loading.report(problem, context, "duplicate");
              }
            }
          });

  static final Rule<ComposeProblem> MOUNT_TARGET =
      Loading.of("compose/duplicate-mount-target", Map.of(Kind.MOUNT_TARGET_CLASH, "clash"));

  static final List<Rule<?>> ALL =
      List.of(
          NETWORK,
          VOLUME,
          SECRET,
          CONFIG,
          MODEL,
          DEPENDENCY,
          CYCLE,
          NOTHING_TO_RUN,
          INLINE,
          CONTEXT,
          PLATFORM,
          NETWORK_MODE,
          HEALTHCHECK,
          CONTRADICTION,
          NEGATIVE_SCALE,
          SCALED,
          CONTAINER_NAME,
          DUPLICATE_CONTAINER_NAME,
          MOUNT_TARGET);

  private References() {}

  /** Services whose profiles have nothing in common are alternatives: gpu or cpu, old or new. */
  static boolean mayRunTogether(@Nullable ComposeService one, @Nullable ComposeService other) {
    return one == null
        || other == null
        || one.profiles().isEmpty()
        || other.profiles().isEmpty()
        || !Collections.disjoint(one.profiles(), other.profiles());
  }

  private static Rule<ComposeProblem> undefined(String id, Map<Kind, String> messages) {
    return rule(
        id,
        ComposeProblem.class,
        (problem, context) -> {
          String message = messages.get(problem.kind());
          if (message != null) {
            boolean near = !Loading.argument(problem, 2).isEmpty();
            Loading.report(problem, context, near ? message + "-near" : message);
          }
        });
  }
}
