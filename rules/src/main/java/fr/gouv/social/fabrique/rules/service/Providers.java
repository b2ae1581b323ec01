package fr.gouv.social.fabrique.rules.service;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.project.ServiceUse;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue.Need;
import fr.gouv.social.fabrique.source.Environment;
import java.util.List;

/** Who provides the services that a product uses. */
final class Providers {
  static final List<Rule<?>> ALL =
      List.of(
          provider("service/other-search", Need.SEARCH),
          provider("service/other-storage", Need.STORAGE),
          provider("service/other-analytics", Need.ANALYTICS),
          provider("service/other-exception-tracker", Need.EXCEPTIONS),
          provider("service/other-mail", Need.MAIL),
          provider("service/self-hosted-monitoring", Need.MONITORING),
          provider("service/other-file-sharing", Need.FILES),
          provider("service/other-password-store", Need.PASSWORDS),
          provider("service/other-antivirus", Need.ANTIVIRUS),
          provider("service/third-party-saas", Need.SAAS),
          address("service/mail-sender", Need.SENDER),
          address("image/other-registry", Need.REGISTRY),
          address("service/other-domain", Need.DOMAIN));

  private Providers() {}

  private static Rule<ServiceUse> provider(String id, Need need) {
    return rule(
        id,
        ServiceUse.class,
        (use, context) -> {
          if (need.is(use)) {
            check(use, context);
          }
        });
  }

  private static void check(ServiceUse use, RuleContext context) {
    boolean production = use.environment() == Environment.PROD;
    switch (use.standing()) {
      case PLATFORM, ALLOWED -> context.keep(use);
      case NAMED -> context.concerns();
      case STAND_IN -> {
        if (production) {
          context.report(use, "catcher", use.provider());
        } else {
          // What stands in for a service here is another one in production.
          context.concerns();
        }
      }
      case ALTERNATIVE -> {
        if (!use.hosted()) {
          context.report(use, "other", use.shown());
        } else if (production) {
          context.report(use, "self-hosted", use.provider());
        }
      }
    }
  }

  /** Where the product, its mail or its images come from; trials are nobody's affair. */
  private static Rule<ServiceUse> address(String id, Need need) {
    return rule(
        id,
        ServiceUse.class,
        (use, context) -> {
          boolean production = use.environment() == Environment.PROD;
          if (!need.is(use)) {
            return;
          }
          switch (use.standing()) {
            case PLATFORM, ALLOWED -> {
              if (need != Need.DOMAIN || production) {
                context.keep(use);
              }
            }
            case ALTERNATIVE -> {
              if (need == Need.SENDER || production) {
                context.report(use, "other", use.shown());
              }
            }
            case NAMED -> context.concerns();
            case STAND_IN -> {}
          }
        });
  }
}
