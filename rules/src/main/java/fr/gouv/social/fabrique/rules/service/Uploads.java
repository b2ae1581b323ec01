package fr.gouv.social.fabrique.rules.service;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kubernetes.Ingress;
import fr.gouv.social.fabrique.project.EnvironmentVariable;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a product takes in: files, and the keys that it trusts. */
final class Uploads {
  private static final String BODY_SIZE = "nginx.ingress.kubernetes.io/proxy-body-size";
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([kKmMgG]?)");
  private static final long LARGEST = 1L << 30;

  static final Rule<Project> UNBOUNDED =
      rule(
          "service/unbounded-upload",
          Project.class,
          (project, context) -> {
            for (Ingress ingress : project.subjects(Ingress.class)) {
              // Whether what is behind it takes files does not show.
              context.concerns();
              check(ingress.at("metadata.annotations").key(BODY_SIZE), context);
            }
            for (KontinuousComponent component : project.subjects(KontinuousComponent.class)) {
              if (component.isExposed()) {
                context.concerns();
              }
              check(component.at("ingress.annotations").key(BODY_SIZE), context);
            }
          });

  static final Rule<EnvironmentVariable> HASURA_JWK_URL =
      rule(
          "service/hasura-jwk-url",
          EnvironmentVariable.class,
          (variable, context) -> {
            String value = variable.value().value();
            if (variable.name().startsWith("HASURA_GRAPHQL_")) {
              // How it checks tokens may stand in a sealed secret.
              context.concerns();
            }
            if (value != null && variable.name().matches("HASURA_GRAPHQL_JWT_SECRETS?")) {
              if (value.contains("jwk_url")) {
                context.report(variable, "url", variable.name());
              }
            }
          });

  static final List<Rule<?>> ALL = List.of(UNBOUNDED, HASURA_JWK_URL);

  private Uploads() {}

  private static void check(YamlPlace size, RuleContext context) {
    Matcher matcher = SIZE.matcher(size.text("").strip());
    if (size.isUnknown() || !matcher.matches()) {
      return;
    }
    long unit =
        switch (matcher.group(2)) {
          case "k", "K" -> 1L << 10;
          case "m", "M" -> 1L << 20;
          case "g", "G" -> 1L << 30;
          default -> 1;
        };
    long bytes = Long.parseLong(matcher.group(1)) * unit;
    if (bytes == 0) {
      context.report(size, "unbounded");
    } else if (bytes > LARGEST) {
      context.report(size, "large", matcher.group());
    } else {
      context.keep(size);
    }
  }
}
