package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.shell.Argument;
import fr.gouv.social.fabrique.shell.Command;
import fr.gouv.social.fabrique.shell.PackageCommand;
import fr.gouv.social.fabrique.shell.PackageCommand.Action;
import fr.gouv.social.fabrique.shell.PackageCommand.Manager;
import fr.gouv.social.fabrique.shell.PackageCommand.Package;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How package managers are called, and what they leave behind. */
final class PackageManagers {
  private static final Set<String> APT_GET_COMMANDS =
      Set.of(
          "install",
          "reinstall",
          "build-dep",
          "update",
          "upgrade",
          "dist-upgrade",
          "full-upgrade",
          "remove",
          "purge",
          "autoremove",
          "autopurge",
          "clean",
          "autoclean",
          "source",
          "download");

  /** Commands after an update of the index that cannot install anything. */
  private static final Set<String> IDLE =
      Set.of(
          "rm",
          "echo",
          "printf",
          "set",
          "mkdir",
          "true",
          ":",
          "cd",
          "export",
          "cat",
          "cp",
          "mv",
          "chmod",
          "chown",
          "ln",
          "touch",
          "ls",
          "sleep",
          "apt-get",
          "apt",
          "apk",
          "zypper",
          "sed",
          "useradd",
          "groupadd",
          "adduser",
          "addgroup",
          "usermod",
          "locale-gen",
          "test",
          "[",
          "sudo",
          "env",
          "exit");

  // In a file of apt.conf.d; on a command line "=" follows.
  private static final Pattern ASSUME_YES =
      Pattern.compile("(?i)Assume-Yes[\\s\"']|assumeyes\\s*=");
  private static final Pattern NO_RECOMMENDS =
      Pattern.compile("(?i)Install-Recommends[\\s\"']+\\\\?[\"']?(0|false|no)");
  private static final Pattern PIP_REPOSITORY =
      Pattern.compile("(?:git|hg|svn|bzr)\\+[a-z+]+://[^/]*/([^#]*)");
  private static final Pattern NPM_REPOSITORY =
      Pattern.compile(
          "(?:git(?:\\+[a-z]+)?://|git@|github:|gitlab:|bitbucket:)[^#]+|[\\w.-]+/[\\w.-]+"
              + "|https?://(?:github|gitlab|bitbucket)\\.[^/]+/[^/#]+/[^/#]+?(?:\\.git)?");
  private static final Pattern BRANCH_ARCHIVE =
      Pattern.compile(
          "/(?:archive|zipball|tarball)/(?:refs/heads/)?"
              + "(master|main|develop|trunk|HEAD)(?:\\.zip|\\.tar\\.gz)?$");
  private static final Pattern MOVING_TAG =
      Pattern.compile("@(latest|next|canary|beta|alpha|rc|nightly|stable|\\*|x)?");

  static final Rule<StageScript> APT_IN_SCRIPT =
      rule(
          "docker/apt-in-script",
          StageScript.class,
          each(
              (packages, run) -> {
                if (packages.manager() != Manager.APT) {
                  return;
                }
                Argument head = packages.command().head();
                RuleContext.Reported reported = run.context.report(head, "apt");
                if (APT_GET_COMMANDS.contains(packages.subcommand().shape())
                    && head.span().text().equals("apt")) {
                  reported.fix(new TextEdit(head.span(), "apt-get"));
                }
              }));

  static final Rule<Dockerfile> INTERACTIVE =
      rule(
          "docker/interactive-install",
          Dockerfile.class,
          unlessConfigured(ASSUME_YES, PackageManagers::interactive));

  static final Rule<Dockerfile> RECOMMENDS =
      rule(
          "docker/recommended-packages",
          Dockerfile.class,
          unlessConfigured(NO_RECOMMENDS, PackageManagers::recommends));

  static final Rule<StageScript> DIST_UPGRADE =
      rule(
          "docker/distribution-upgrade",
          StageScript.class,
          each(
              (packages, run) -> {
                if (packages.action() == Action.DIST_UPGRADE) {
                  run.context.report(
                      Scripts.upTo(packages.command(), packages.subcommand()),
                      "upgrade",
                      packages.command().name(),
                      packages.subcommand());
                }
              }));

  static final Rule<StageScript> UPDATE_ALONE =
      rule("docker/update-without-install", StageScript.class, each(PackageManagers::updateAlone));

  static final Rule<StageScript> APT_LISTS =
      rule("docker/apt-lists-kept", StageScript.class, PackageManagers::aptLists);

  static final Rule<StageScript> APK_CACHE =
      rule("docker/apk-cache-kept", StageScript.class, each(PackageManagers::apkCache));

  static final Rule<StageScript> RPM_CACHE =
      rule("docker/rpm-cache-kept", StageScript.class, PackageManagers::rpmCache);

  static final Rule<StageScript> PIP_CACHE =
      rule("docker/pip-cache-kept", StageScript.class, each(PackageManagers::pipCache));

  static final Rule<StageScript> YARN_CACHE =
      rule("docker/yarn-cache-kept", StageScript.class, PackageManagers::yarnCache);

  static final Rule<StageScript> UNPINNED_PACKAGE =
      rule("docker/unpinned-package", StageScript.class, each(PackageManagers::unpinnedPackage));

  static final Rule<StageScript> UNPINNED_DEPENDENCY =
      rule("docker/unpinned-dependency", StageScript.class, each(PackageManagers::unpinnedLibrary));

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          APT_IN_SCRIPT,
          INTERACTIVE,
          RECOMMENDS,
          DIST_UPGRADE,
          UPDATE_ALONE,
          APT_LISTS,
          APK_CACHE,
          RPM_CACHE,
          PIP_CACHE,
          YARN_CACHE,
          UNPINNED_PACKAGE,
          UNPINNED_DEPENDENCY);

  private PackageManagers() {}

  /** A script of a {@code RUN} under examination. */
  private record Run(StageScript script, RuleContext context) {}

  private static BiConsumer<StageScript, RuleContext> each(BiConsumer<PackageCommand, Run> check) {
    return (script, context) -> {
      if (script.run() != null) {
        Run run = new Run(script, context);
        script.packageCommands().forEach(packages -> check.accept(packages, run));
      }
    };
  }

  /** Checks the stages in which no file of configuration that they write holds a setting. */
  private static BiConsumer<Dockerfile, RuleContext> unlessConfigured(
      Pattern setting, BiConsumer<PackageCommand, Run> check) {
    return (dockerfile, context) -> {
      Set<Stage> configured = new HashSet<>();
      for (Stage stage : dockerfile.stages()) {
        if (stage.base() != null && configured.contains(stage.base())
            || stage.instructions().stream()
                .anyMatch(each -> setting.matcher(each.span().text()).find())) {
          configured.add(stage);
        } else {
          context.project().scripts(stage).forEach(each -> each(check).accept(each, context));
        }
      }
    };
  }

  private static void interactive(PackageCommand packages, Run run) {
    if (!asks(packages) || isAnswered(packages)) {
      return;
    }
    Argument subcommand = packages.subcommand();
    RuleContext.Reported reported =
        run.context.report(
            Scripts.upTo(packages.command(), subcommand),
            "asks",
            packages.command().name(),
            subcommand);
    if (Scripts.isWritten(subcommand)) {
      reported.fix(Scripts.after(subcommand, " -y"));
    }
  }

  private static boolean asks(PackageCommand packages) {
    boolean changes =
        switch (packages.action()) {
          case INSTALL, UPGRADE, DIST_UPGRADE, REMOVE -> true;
          default -> false;
        };
    // microdnf takes every answer for yes.
    return changes
        && (packages.manager().isDebian()
            || packages.isOf(Manager.YUM, Manager.DNF, Manager.ZYPPER));
  }

  private static boolean isAnswered(PackageCommand packages) {
    Command.Options options = packages.options();
    if (options.all().stream().anyMatch(option -> option.name().indexOf(Argument.UNKNOWN) >= 0)
        || packages.packages().stream()
            .anyMatch(
                p ->
                    p.kind() == Package.Kind.UNKNOWN
                        && p.argument().span().start() < packages.subcommand().span().start())) {
      return true;
    }
    if (packages.manager() == Manager.ZYPPER) {
      return options.has("-n", "--non-interactive", "-y", "--no-confirm", "--dry-run");
    }
    long quiet = options.all().stream().filter(option -> option.name().equals("-q")).count();
    boolean fed = packages.command().pipeline() != null && packages.command().pipelineIndex() > 0;
    return options.has(
            "-y",
            "--yes",
            "--assume-yes",
            "--assumeyes",
            "--assumeno",
            "-qq",
            "-s",
            "--simulate",
            "--just-print",
            "--dry-run",
            "--print-uris",
            "--force-yes")
        || quiet > 1
        || "2".equals(options.value("-q", "--quiet"))
        || options.all().stream().anyMatch(option -> isSetting(option, "assume-yes", "assumeyes"))
        || fed;
  }

  private static boolean isSetting(Command.Option option, String... names) {
    String value = option.value() == null ? "" : option.value().toLowerCase(Locale.ROOT);
    for (String name : names) {
      if (value.contains(name)) {
        return true;
      }
    }
    return false;
  }

  private static void recommends(PackageCommand packages, Run run) {
    Command.Options options = packages.options();
    Argument subcommand = packages.subcommand();
    if (!packages.manager().isDebian()
        || !subcommand.is("install")
        || packages.packages().isEmpty() && !options.has("-f", "--fix-broken")
        || !Scripts.isInImage(run.script)
        || options.has("--no-install-recommends", "--without-recommends", "-R")
        || options.has("--install-recommends", "-s", "--simulate", "--download-only", "-d")
        || options.all().stream().anyMatch(option -> isSetting(option, "install-recommends"))) {
      return;
    }
    RuleContext.Reported reported =
        run.context.report(Scripts.upTo(packages.command(), subcommand), "recommends");
    if (Scripts.isWritten(subcommand)) {
      reported.unsafeFix(Scripts.after(subcommand, " --no-install-recommends"));
    }
  }

  private static void updateAlone(PackageCommand packages, Run run) {
    boolean refreshes =
        packages.action() == Action.UPDATE
            && (packages.manager().isDebian() || packages.isOf(Manager.APK, Manager.ZYPPER));
    if (!refreshes || packages.command().isIn(Command.Context.FUNCTION)) {
      return;
    }
    List<Command> commands = run.script.commands();
    for (Command command : commands.subList(packages.command().position() + 1, commands.size())) {
      PackageCommand later = PackageCommand.of(command);
      boolean uses =
          later == null
              ? !IDLE.contains(command.name())
              : later.action() != Action.UPDATE
                  && later.action() != Action.CLEAN
                  && later.action() != Action.REMOVE;
      if (uses) {
        return;
      }
    }
    run.context.report(
        Scripts.upTo(packages.command(), packages.subcommand()),
        "alone",
        packages.command().name(),
        packages.subcommand());
  }

  private static void aptLists(StageScript script, RuleContext context) {
    PackageCommand last = null;
    for (PackageCommand packages : script.packageCommands()) {
      boolean refreshes = packages.manager().isDebian() && packages.action() == Action.UPDATE;
      boolean cleans =
          packages.manager().isDebian() && packages.subcommand().is("distclean", "dist-clean");
      last = refreshes ? packages : cleans ? null : last;
    }
    if (last == null
        || !Scripts.isInImage(script)
        || Scripts.isMounted(script, "/var/lib/apt/lists")
        || Scripts.isRemovedAfter(script, last.command().position(), "/var/lib/apt/lists")) {
      return;
    }
    report(
        script,
        context.report(Scripts.upTo(last.command(), last.subcommand()), "kept"),
        " && rm -rf /var/lib/apt/lists/*");
  }

  private static void report(StageScript script, RuleContext.Reported reported, String command) {
    TextEdit edit = Scripts.append(script, command);
    if (edit != null) {
      reported.unsafeFix(edit);
    }
  }

  private static void apkCache(PackageCommand packages, Run run) {
    if (packages.manager() != Manager.APK
        || packages.action() != Action.INSTALL && packages.action() != Action.UPGRADE
        || packages
            .options()
            .has("--no-cache", "--no-network", "--cache-dir", "--root", "-p", "--simulate", "-s")
        || !Scripts.isInImage(run.script)
        || Scripts.isMounted(run.script, "/var/cache/apk", "/etc/apk/cache")
        || Scripts.isRemovedAfter(
            run.script, packages.command().position(), "/var/cache/apk", "/etc/apk/cache")) {
      return;
    }
    Argument subcommand = packages.subcommand();
    RuleContext.Reported reported =
        run.context.report(
            Scripts.upTo(packages.command(), subcommand), "kept", subcommand.shape());
    if (Scripts.isWritten(subcommand)) {
      reported.fix(Scripts.after(subcommand, " --no-cache"));
    }
  }

  private static void rpmCache(StageScript script, RuleContext context) {
    PackageCommand last = null;
    for (PackageCommand packages : script.packageCommands()) {
      boolean rpm = packages.manager().isRedHat() || packages.manager() == Manager.ZYPPER;
      if (rpm && packages.action() == Action.CLEAN) {
        last = null;
      } else if (rpm && fills(packages) && !packages.options().has("--installroot", "--root")) {
        last = packages;
      }
    }
    if (last == null
        || !Scripts.isInImage(script)
        || Scripts.isMounted(
            script, "/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/zypp")
        || Scripts.isRemovedAfter(
            script,
            last.command().position(),
            "/var/cache/yum",
            "/var/cache/dnf",
            "/var/cache/libdnf5",
            "/var/cache/zypp")) {
      return;
    }
    String name = last.command().name();
    report(
        script,
        context.report(
            Scripts.upTo(last.command(), last.subcommand()), "kept", name, last.subcommand()),
        last.manager() == Manager.ZYPPER ? " && zypper clean --all" : " && " + name + " clean all");
  }

  private static boolean fills(PackageCommand packages) {
    return switch (packages.action()) {
      case INSTALL, UPGRADE, DIST_UPGRADE, UPDATE -> true;
      default -> false;
    };
  }

  private static void pipCache(PackageCommand packages, Run run) {
    if (packages.manager() != Manager.PIP
        || !packages.subcommand().is("install")
        || packages.options().has("--no-cache-dir", "--cache-dir", "--no-cache", "--dry-run")
        || Scripts.isOn(run.script, packages.command(), "PIP_NO_CACHE_DIR")
        || !Scripts.isInImage(run.script)
        || Scripts.isMounted(run.script, "~/.cache/pip", "~/.cache")
        || Scripts.isRemovedAfter(
            run.script, packages.command().position(), "~/.cache/pip", "~/.cache")
        || isFollowedBy(run.script, packages, Manager.PIP, Action.CLEAN)) {
      return;
    }
    Argument subcommand = packages.subcommand();
    RuleContext.Reported reported =
        run.context.report(Scripts.upTo(packages.command(), subcommand), "kept");
    if (Scripts.isWritten(subcommand)) {
      reported.fix(Scripts.after(subcommand, " --no-cache-dir"));
    }
  }

  private static boolean isFollowedBy(
      StageScript script, PackageCommand packages, Manager manager, Action action) {
    for (PackageCommand later : script.packageCommands()) {
      if (later.command().position() > packages.command().position()
          && later.manager() == manager
          && later.action() == action) {
        return true;
      }
    }
    return false;
  }

  private static void yarnCache(StageScript script, RuleContext context) {
    PackageCommand last = null;
    for (PackageCommand packages : script.packageCommands()) {
      if (packages.manager() == Manager.YARN && packages.action() == Action.INSTALL) {
        last = packages;
      }
    }
    if (last == null
        || !Scripts.isInImage(script)
        || last.options().has("--cache-folder")
        || last.command().hasVariable("YARN_CACHE_FOLDER")
        || isFollowedBy(script, last, Manager.YARN, Action.CLEAN)
        || Scripts.isMounted(
            script, "~/.cache/yarn", "~/.yarn/berry/cache", "/usr/local/share/.cache/yarn")
        || Scripts.isRemovedAfter(
            script,
            last.command().position(),
            "~/.cache",
            "~/.cache/yarn",
            "~/.yarn",
            "/usr/local/share/.cache")) {
      return;
    }
    report(
        script,
        context.report(Scripts.upTo(last.command(), last.subcommand()), "kept"),
        " && yarn cache clean");
  }

  private static void unpinnedPackage(PackageCommand packages, Run run) {
    boolean system =
        packages.manager().isDebian()
            || packages.manager().isRedHat()
            || packages.isOf(Manager.APK, Manager.ZYPPER);
    if (!system || packages.action() != Action.INSTALL || packages.subcommand().is("build-dep")) {
      return;
    }
    for (Package each : packages.packages()) {
      if (each.kind() == Package.Kind.NAME
          && each.constraint().isEmpty()
          && each.argument().isKnown()
          && !each.name().startsWith("!")) {
        run.context.report(each, "unpinned", each.name());
      }
    }
  }

  private static void unpinnedLibrary(PackageCommand packages, Run run) {
    boolean adds = packages.action() == Action.INSTALL;
    if (!adds || isBound(packages, run.script)) {
      return;
    }
    for (Package each : packages.packages()) {
      if (!each.argument().isKnown()) {
        continue;
      }
      if (each.kind() == Package.Kind.URL) {
        unpinnedSource(each, packages.manager(), run.context);
        continue;
      }
      if (each.kind() != Package.Kind.NAME) {
        continue;
      }
      if (each.constraint().isEmpty()) {
        run.context.report(each, "unpinned", each.name());
      } else if (packages.isOf(Manager.NPM, Manager.YARN, Manager.PNPM, Manager.GO)
          && MOVING_TAG.matcher(each.constraint()).matches()) {
        run.context.report(each, "moving", each.name(), each.version());
      }
    }
  }

  /** A repository without a revision, or the archive of a branch, is another one every day. */
  private static void unpinnedSource(Package source, Manager manager, RuleContext context) {
    String address = source.argument().shape();
    Matcher branch = BRANCH_ARCHIVE.matcher(address);
    if (branch.find()) {
      context.report(source, "branch", address, branch.group(1));
    } else if (manager == Manager.PIP || manager == Manager.PIPX || manager == Manager.UV) {
      Matcher repository = PIP_REPOSITORY.matcher(address);
      if (repository.find() && repository.group(1).indexOf('@') < 0) {
        context.report(source, "unpinned", source.constraint().isEmpty() ? address : source.name());
      }
    } else if (NPM_REPOSITORY.matcher(address).matches()) {
      context.report(source, "unpinned", address);
    }
  }

  /** Whether something else than the operands decides versions, or may. */
  private static boolean isBound(PackageCommand packages, StageScript script) {
    Command.Options options = packages.options();
    return switch (packages.manager()) {
      case PIP ->
          !packages.subcommand().is("install", "download", "wheel")
              || options.has("-c", "--constraint", "--require-hashes", "--no-index")
              || Scripts.isOn(script, packages.command(), "PIP_CONSTRAINT");
      case PIPX -> options.has("--spec");
      case UV ->
          packages.subcommand().is("sync")
              || options.has("-c", "--constraint", "--constraints", "--require-hashes");
      case NPM, YARN, PNPM -> false;
      case GEM -> options.has("-v", "--version", "--local", "-g", "--file");
      case GO -> mayHave(script, packages.command(), "go.mod");
      case COMPOSER -> false;
      default -> true;
    };
  }

  /** Whether a file of this name may be there already: copied, mounted, or from a repository. */
  private static boolean mayHave(StageScript script, Command command, String file) {
    for (Stage stage : script.stage().lineage()) {
      for (Instruction instruction : stage.effective()) {
        boolean before =
            stage != script.stage() || instruction.span().start() < script.span().start();
        if (before
            && instruction instanceof Instruction.Transfer transfer
            && transfer.flag("from") == null) {
          for (Word source : transfer.paths()) {
            String path = source.toString();
            if (path.endsWith(file) || !path.contains(".") || path.matches("[./]*|.*[*$?\\[/].*")) {
              return true;
            }
          }
        }
      }
    }
    return script.commands().subList(0, command.position()).stream()
            .anyMatch(earlier -> earlier.is("git", "cd"))
        || script.run() != null && !script.run().mounts().isEmpty();
  }
}
