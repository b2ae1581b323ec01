package fr.gouv.social.fabrique.rules.service;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.project.EnvironmentVariable;
import fr.gouv.social.fabrique.project.EnvironmentVariable.Where;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue.Need;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue.Standing;
import fr.gouv.social.fabrique.rules.service.ServiceInventory.Use;
import fr.gouv.social.fabrique.source.Environment;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who provides the services that a product uses. */
final class Providers {
  private static final Pattern SENDER =
      Pattern.compile(
          "(?i)(?:.*_)?(?:(?:E?MAIL|SMTP|MAILER|TIPIMAIL|NOTIFICATION)S?_(?:DEFAULT_)?(?:FROM|SENDER)|SENDER_E?MAIL|FROM_E?MAIL|DEFAULT_FROM_EMAIL)(?:_E?MAIL|_ADDRESS)?");
  private static final Pattern ADDRESS = Pattern.compile("[\\w.+-]+@([\\w-]+(?:\\.[\\w-]+)+)");
  private static final Pattern NO_DOMAIN =
      Pattern.compile(
          "(?:.*\\.)?(?:example\\.(?:com|org|net|fr)|test|local|localhost|invalid|localdomain)");

  static final List<Rule<?>> ALL =
      List.of(
          provider("service/other-search", Need.SEARCH),
          provider("service/other-storage", Need.STORAGE),
          provider("service/other-analytics", Need.ANALYTICS),
          provider("service/other-exception-tracker", Need.EXCEPTIONS),
          provider("service/other-mail", Need.MAIL),
          provider("service/self-hosted-monitoring", Need.MONITORING),
          provider("service/other-file-sharing", Need.FILES),
          provider("service/third-party-saas", Need.SAAS),
          rule("service/mail-sender", EnvironmentVariable.class, Providers::sender));

  private Providers() {}

  private static Rule<Project> provider(String id, Need need) {
    return rule(
        id,
        Project.class,
        (project, context) -> {
          for (Use use : ServiceInventory.of(project).uses()) {
            if (use.need() == need) {
              check(use, context);
            }
          }
        });
  }

  private static void check(Use use, RuleContext context) {
    boolean production = context.environment(use.at()) == Environment.PROD;
    if (use.standing() == Standing.ACCEPTED || isAllowed(use, context)) {
      context.keep(use.at());
    } else if (use.standing() == Standing.CATCHER) {
      if (production) {
        context.report(use.at(), "catcher", use.provider());
      }
    } else if (!use.hosted()) {
      context.report(use.at(), "other", use.shown());
    } else if (production) {
      context.report(use.at(), "self-hosted", use.provider());
    }
  }

  private static boolean isAllowed(Use use, RuleContext context) {
    return context.list("services." + use.need().key()).stream()
        .anyMatch(pattern -> ServiceCatalogue.matches(pattern, use.shown()));
  }

  private static void sender(EnvironmentVariable variable, RuleContext context) {
    String value = variable.value().value();
    boolean local =
        variable.where() == Where.COMPOSE_SERVICE || variable.where() == Where.COMPOSE_BUILD;
    if (value == null
        || !SENDER.matcher(variable.name()).matches()
        || local && context.environment(variable) != Environment.PROD) {
      return;
    }
    Matcher matcher = ADDRESS.matcher(value);
    if (!matcher.find()) {
      return;
    }
    String domain = matcher.group(1).toLowerCase(Locale.ROOT);
    if (domain.equals("gouv.fr") || domain.endsWith(".gouv.fr")) {
      context.keep(variable);
    } else if (!NO_DOMAIN.matcher(domain).matches()) {
      context.report(variable, "other", domain);
    }
  }
}
