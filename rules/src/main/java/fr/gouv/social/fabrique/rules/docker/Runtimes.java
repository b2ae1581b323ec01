package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.project.Version;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.facts.EndOfLife;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Cycle;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Product;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.State;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Status;
import fr.gouv.social.fabrique.shell.Argument;
import fr.gouv.social.fabrique.shell.Command;
import fr.gouv.social.fabrique.shell.PackageCommand;
import fr.gouv.social.fabrique.source.Located;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Node.js that a build fetches itself, and no image brings. */
final class Runtimes {
  /** The addresses of its archives and of NodeSource's packages. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "nodejs\\.org/(?:dist|download/release)/(?:latest-)?v(\\d{1,2})\\."
              + "|nodesource\\.com/(?:.*/)?(?:setup|node|pub)_(\\d{1,2})\\.x");

  private static final Pattern VERSION =
      Pattern.compile("(?:node@)?v?(\\d{1,2})(?:\\.(?:\\d+|x|\\*)){0,2}(?!\\d)");

  static final Rule<Dockerfile> END_OF_LIFE =
      rule("docker/end-of-life-node", Dockerfile.class, Runtimes::endOfLife);

  /** All rules of the theme. */
  static final List<Rule<?>> ALL = List.of(END_OF_LIFE);

  private Runtimes() {}

  private static void endOfLife(Dockerfile dockerfile, RuleContext context) {
    Product node = EndOfLife.product("nodejs");
    Set<Cycle> seen = new HashSet<>();
    for (StageScript script : Scripts.of(context, dockerfile.stages())) {
      if (script.run() == null || node == null) {
        continue;
      }
      for (Command command : script.commands()) {
        Fetched fetched = fetched(command);
        Cycle cycle = fetched == null ? null : node.cycle(Version.of(fetched.version));
        if (fetched == null || cycle == null || !seen.add(cycle)) {
          continue;
        }
        Status status = cycle.status(context.asOf());
        LocalDate until = status.until();
        if (status.state() != State.ENDED) {
          context.keep(fetched.at);
        } else if (until == null) {
          context.report(fetched.at, "ended-undated", cycle);
        } else {
          context.report(fetched.at, "ended", cycle, until);
        }
      }
    }
  }

  /** A major version, and the word that says it. */
  private record Fetched(String version, Located at) {}

  private static @Nullable Fetched fetched(Command command) {
    if (command.is("curl", "wget", "echo", "printf", "add-apt-repository")) {
      for (Argument argument : command.arguments()) {
        Matcher address = ADDRESS.matcher(argument.shape());
        if (address.find()) {
          String version = address.group(1);
          return new Fetched(version == null ? address.group(2) : version, argument);
        }
      }
      return null;
    }
    List<Argument> operands = command.options().operands();
    if (command.is("nvm", "fnm", "n", "volta", "nodenv") && !operands.isEmpty()) {
      boolean installs = operands.get(0).is("install", "i");
      Argument wanted = installs && operands.size() > 1 ? operands.get(1) : operands.get(0);
      return installs || command.is("n") ? versioned(wanted, wanted.shape()) : null;
    }
    PackageCommand packages = PackageCommand.of(command);
    if (packages != null && packages.action() == PackageCommand.Action.INSTALL) {
      for (PackageCommand.Package each : packages.packages()) {
        boolean system =
            switch (packages.manager()) {
              case APK, APT, APT_GET, APTITUDE, YUM, DNF, MICRODNF, ZYPPER ->
                  each.name().equals("nodejs");
              default -> false;
            };
        if (system && !each.constraint().startsWith(">") && !each.constraint().startsWith("<")) {
          return versioned(each.argument(), each.version());
        }
      }
    }
    return null;
  }

  private static @Nullable Fetched versioned(Argument at, String version) {
    Matcher matcher = VERSION.matcher(version);
    return matcher.lookingAt() ? new Fetched(matcher.group(1), at) : null;
  }
}
