package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.project.BuildContext;
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
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** What an image carries: locked dependencies, no tools and libraries of development. */
final class Dependencies {
  static final Rule<StageScript> DEV_TOOL =
      rule("docker/dev-tool-in-image", StageScript.class, Dependencies::devTools);

  static final Rule<StageScript> WITHOUT_LOCKFILE =
      rule("docker/install-without-lockfile", StageScript.class, Dependencies::lockfile);

  static final Rule<StageScript> DEV_DEPENDENCIES =
      rule("docker/dev-dependencies-in-image", StageScript.class, Dependencies::devDependencies);

  /** All rules of the theme. */
  static final List<Rule<?>> ALL = List.of(DEV_TOOL, WITHOUT_LOCKFILE, DEV_DEPENDENCIES);

  private Dependencies() {}

  // ---- tools ----

  private static void devTools(StageScript script, RuleContext context) {
    if (!Scripts.isInImage(script) || isForDevelopment(script.dockerfile().file().path())) {
      return;
    }
    List<String> tools = context.list("tools");
    List<PackageCommand> all = script.packageCommands();
    boolean found = false;
    boolean installs = false;
    for (PackageCommand packages : all) {
      if (packages.action() != Action.INSTALL || isLocalLibrary(packages)) {
        continue;
      }
      installs = true;
      for (Package each : packages.packages()) {
        if (each.kind() != Package.Kind.FILE
            && each.argument().isKnown()
            && isTool(each.name(), tools)
            && !isRemoved(each, packages, all, script)) {
          context.report(each, "tool", each.name());
          found = true;
        }
      }
    }
    if (installs && !found) {
      context.keep(script.instruction());
    }
  }

  private static boolean isLocalLibrary(PackageCommand packages) {
    return switch (packages.manager()) {
      case NPM, PNPM -> !packages.options().has("-g", "--global");
      case YARN -> packages.command().arguments().stream().noneMatch(word -> word.is("global"));
      case PIP, PIPX, UV, GEM, GO, COMPOSER, NPX -> true;
      default -> false;
    };
  }

  /** What may stand behind the name of a package: {@code vim-9}, {@code gcc13}. */
  private static final Pattern VERSION = Pattern.compile("(-?[0-9.]+)?");

  private static boolean isTool(String name, List<String> tools) {
    String plain = name.replaceFirst(":[a-z0-9]+$", "");
    for (String tool : tools) {
      if (tool.endsWith("*")
          ? plain.startsWith(tool.substring(0, tool.length() - 1))
          : plain.startsWith(tool)
              && VERSION.matcher(plain).region(tool.length(), plain.length()).matches()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the same script takes it away again, or may. */
  private static boolean isRemoved(
      Package tool, PackageCommand install, List<PackageCommand> all, StageScript script) {
    String virtual = install.options().value("-t", "--virtual");
    boolean marked =
        script.commands().stream()
            .anyMatch(
                command ->
                    command.is("apt-mark")
                        && command.arguments().stream().anyMatch(word -> word.is("auto")));
    for (PackageCommand later : all) {
      if (later.command().position() <= install.command().position()
          || later.action() != Action.REMOVE) {
        continue;
      }
      boolean sweeps =
          later.options().has("--auto-remove", "--autoremove")
              || later.subcommand().shape().startsWith("auto");
      if (marked && sweeps) {
        return true;
      }
      for (Package removed : later.packages()) {
        if (removed.kind() == Package.Kind.UNKNOWN
            || removed.name().equals(tool.name())
            || removed.name().equals(virtual)
            || removed.name().endsWith("*")
                && tool.name().startsWith(removed.name().replace("*", ""))) {
          return true;
        }
      }
    }
    return false;
  }

  private static final Pattern DEVELOPMENT =
      Pattern.compile(
          "(.*/)?\\.?KIND/.*|(.*/)?([^/]*[._-])?KIND([._-][^/]*)?"
              .replace("KIND", "(dev|devcontainer|development|local|test|tests|ci|e2e)"));

  /** A Dockerfile whose name says that it is for development is no product's image. */
  static boolean isForDevelopment(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    // A folder such as dev-portal may be a product.
    return DEVELOPMENT.matcher(lower).matches();
  }

  // ---- lockfiles ----

  private static final List<String> NPM_LOCKS = List.of("package-lock.json", "npm-shrinkwrap.json");

  private static void lockfile(StageScript script, RuleContext context) {
    if (script.run() == null) {
      return;
    }
    for (Command command : script.commands()) {
      PackageCommand packages = PackageCommand.of(command);
      Locking locking = locking(script, command, packages, context);
      if (locking == null) {
        continue;
      }
      Argument verb = locking.verb;
      Located at = Scripts.upTo(command, verb);
      Brought brought = brought(script, locking.files, locking.manifest, context);
      if (brought == Brought.NO_PROJECT) {
        continue;
      }
      if (!locking.locked) {
        if (locking.repeats && isLockedBefore(script, command, context)) {
          continue;
        }
        String written = command.name() + (verb == command.head() ? "" : " " + verb);
        RuleContext.Reported reported =
            context.report(at, locking.key, written, locking.advice, locking.files.get(0));
        if (locking.fix != null && Scripts.isWritten(verb)) {
          reported.unsafeFix(
              locking.fix.startsWith(" ")
                  ? Scripts.after(verb, locking.fix)
                  : new TextEdit(verb.span(), locking.fix));
        }
      } else if (brought == Brought.MISSING) {
        context.report(at, "missing", locking.files.get(0));
      } else if (brought == Brought.NOT_COPIED) {
        context.report(at, "not-copied", locking.files.get(0));
      } else {
        context.keep(at);
      }
    }
  }

  /**
   * How a command installs the dependencies of a project.
   *
   * @param locked whether the lockfile alone decides
   * @param files the names of the lockfile
   * @param manifest the file that lists the dependencies
   * @param repeats whether it may only trim what was installed before
   */
  private record Locking(
      boolean locked,
      Argument verb,
      String key,
      String advice,
      @Nullable String fix,
      List<String> files,
      String manifest,
      boolean repeats) {}

  private static @Nullable Locking locking(
      StageScript script, Command command, @Nullable PackageCommand packages, RuleContext context) {
    if (packages == null) {
      return otherLocking(script, command);
    }
    Command.Options options = packages.options();
    Argument verb = packages.subcommand();
    boolean all = packages.packages().isEmpty();
    boolean upgrades = packages.action() == Action.UPGRADE;
    boolean production =
        options.has("--production", "--prod", "--omit", "-P", "--only")
            || isProduction(script, command);
    if (!(packages.action() == Action.INSTALL || upgrades)
        || options.has("-g", "--global", "--location", "--dry-run", "--package-lock-only")
        || options.all().stream().anyMatch(each -> each.name().indexOf(Argument.UNKNOWN) >= 0)
        || command.arguments().stream().anyMatch(word -> word.is("global"))) {
      return null;
    }
    switch (packages.manager()) {
      case NPM -> {
        boolean ci = verb.is("ci", "clean-install");
        return !all && !ci
            ? null
            : new Locking(
                ci,
                verb,
                upgrades ? "updates" : "npm",
                "npm ci",
                upgrades ? null : "ci",
                NPM_LOCKS,
                "package.json",
                production);
      }
      case YARN -> {
        boolean berry = isBerry(script, context);
        // What is focused on is trimmed; without its plugin, fetch is a script of the project.
        if (!all
            || verb.is("add", "focus")
            || verb.is("fetch")
                && (!berry || command.arguments().stream().anyMatch(word -> word.is("focus")))) {
          return null;
        }
        boolean locked =
            options.has("--frozen-lockfile", "--immutable", "--immutable-cache")
                || berry && Scripts.isOn(script, command, "CI") && !options.has("--no-immutable")
                || Scripts.isOn(script, command, "YARN_ENABLE_IMMUTABLE_INSTALLS")
                || isWrittenIn(script, context, ".yarnrc", "--install.frozen-lockfile true");
        String flag = berry ? "--immutable" : "--frozen-lockfile";
        String fix = verb == command.head() ? " install " + flag : " " + flag;
        return new Locking(
            locked && !upgrades,
            verb,
            upgrades ? "updates" : "flag",
            flag,
            upgrades ? null : fix,
            List.of("yarn.lock"),
            "package.json",
            production);
      }
      case PNPM -> {
        if (!all || verb.is("add", "dlx")) {
          return null;
        }
        boolean locked =
            !options.has("--no-frozen-lockfile")
                && (options.has("--frozen-lockfile", "--offline", "--ci")
                    || Scripts.isOn(script, command, "CI"));
        return new Locking(
            locked && !upgrades,
            verb,
            upgrades ? "updates" : "flag",
            "--frozen-lockfile",
            upgrades || options.has("--no-frozen-lockfile") ? null : " --frozen-lockfile",
            List.of("pnpm-lock.yaml"),
            "package.json",
            production);
      }
      case COMPOSER -> {
        return verb.is("require", "r") || !all
            ? null
            : new Locking(
                !upgrades,
                verb,
                "updates",
                "composer install",
                null,
                List.of("composer.lock"),
                "composer.json",
                options.has("--no-dev"));
      }
      case UV -> {
        return !verb.is("sync")
            ? null
            : new Locking(
                options.has("--frozen", "--locked")
                    || Scripts.isOn(script, command, "UV_FROZEN")
                    || Scripts.isOn(script, command, "UV_LOCKED"),
                verb,
                "flag",
                "--locked",
                " --locked",
                List.of("uv.lock"),
                "pyproject.toml",
                false);
      }
      default -> {
        return null;
      }
    }
  }

  private static @Nullable Locking otherLocking(StageScript script, Command command) {
    Command.Options options =
        command.options(
            "--jobs",
            "-j",
            "--without",
            "--with",
            "--path",
            "-C",
            "--gemfile",
            "--retry",
            "-r",
            "--only",
            "--cwd",
            "--directory");
    List<Argument> operands = options.operands();
    Argument verb = operands.isEmpty() ? command.head() : operands.get(0);
    boolean bare = operands.isEmpty();
    if (options.has("--version", "--help", "-v", "-h", "-g", "--global") && !command.is("bundle")) {
      return null;
    }
    if (command.is("bundle", "bundler")
        && (bare && !options.has("--version", "-v") || verb.is("install"))) {
      boolean configured =
          Scripts.isOn(script, command, "BUNDLE_FROZEN")
              || Scripts.isOn(script, command, "BUNDLE_DEPLOYMENT")
              || dockerfileText(script)
                  .matches("(?s).*bundler?\\s+config\\s+.*(frozen|deployment).*");
      return new Locking(
          options.has("--frozen", "--deployment") || configured,
          verb,
          "setting",
          "BUNDLE_FROZEN=true",
          null,
          List.of("Gemfile.lock"),
          "Gemfile",
          false);
    }
    if (command.is("bun") && verb.is("install", "i", "ci") && operands.size() == 1) {
      return new Locking(
          verb.is("ci") || options.has("--frozen-lockfile"),
          verb,
          "flag",
          "--frozen-lockfile",
          " --frozen-lockfile",
          List.of("bun.lock", "bun.lockb"),
          "package.json",
          options.has("--production", "-p"));
    }
    if (command.is("poetry") && verb.is("install", "sync", "update")) {
      return new Locking(
          !verb.is("update"),
          verb,
          "updates",
          "poetry install",
          null,
          List.of("poetry.lock"),
          "pyproject.toml",
          false);
    }
    if (command.is("pipenv") && verb.is("install", "sync", "update") && operands.size() == 1) {
      return new Locking(
          verb.is("sync") || options.has("--deploy", "--ignore-pipfile"),
          verb,
          verb.is("update") ? "updates" : "flag",
          "--deploy",
          verb.is("update") ? null : " --deploy",
          List.of("Pipfile.lock"),
          "Pipfile",
          false);
    }
    return null;
  }

  private static String dockerfileText(StageScript script) {
    return script.stage().span().text();
  }

  private static boolean isProduction(StageScript script, Command command) {
    if (command.hasVariable("NODE_ENV")) {
      return "production".equals(command.variable("NODE_ENV"));
    }
    Setting<String> setting = script.stage().scopeBefore(script.instruction()).get("NODE_ENV");
    return setting != null && setting.is("production"::equals);
  }

  private static @Nullable BuildContext contextOf(StageScript script, RuleContext context) {
    for (BuildContext each : context.project().subjects(BuildContext.class)) {
      if (each.dockerfile() == script.dockerfile()) {
        return each;
      }
    }
    return null;
  }

  /** Whether the project uses a yarn of version 2 or later. */
  private static boolean isBerry(StageScript script, RuleContext context) {
    BuildContext build = contextOf(script, context);
    if (build == null) {
      return false;
    }
    if (build.tree().entry(build.inRepository(".yarnrc.yml")) != null) {
      return true;
    }
    SourceEntry manifest = build.tree().entry(build.inRepository("package.json"));
    return manifest != null
        && manifest.file().text().matches("(?s).*\"packageManager\"\\s*:\\s*\"yarn@[2-9].*");
  }

  private static boolean isWrittenIn(
      StageScript script, RuleContext context, String file, String text) {
    BuildContext build = contextOf(script, context);
    SourceEntry entry = build == null ? null : build.tree().entry(build.inRepository(file));
    return entry != null && entry.file().text().contains(text);
  }

  /** A production install after a locked one only takes away. */
  private static boolean isLockedBefore(StageScript script, Command command, RuleContext context) {
    for (StageScript each : Scripts.of(context, script.stage().lineage())) {
      boolean same = each.span().equals(script.span());
      if (each.span().start() > script.span().start()) {
        return false;
      }
      for (Command before : each.commands()) {
        if (same && before.position() >= command.position()) {
          return false;
        }
        Locking locking = locking(each, before, PackageCommand.of(before), context);
        if (locking != null && locking.locked) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a lockfile is there when an install runs. */
  private enum Brought {
    YES,
    /** There is none in the build context. */
    MISSING,
    /** All that was copied is known, and it is not among it. */
    NOT_COPIED,
    /** Nothing came from the build context: the project is from elsewhere. */
    NO_PROJECT
  }

  private static Brought brought(
      StageScript script, List<String> locks, String manifest, RuleContext context) {
    Instruction.Run run = script.run();
    if (run == null
        || run.mounts().stream().anyMatch(m -> "bind".equals(m.type()) || m.type() == null)) {
      return Brought.YES;
    }
    boolean any = false;
    boolean may = false;
    for (Stage stage : script.stage().lineage()) {
      for (Instruction instruction : stage.effective()) {
        if (!(instruction instanceof Instruction.Transfer transfer)
            || stage == script.stage()
                && instruction.span().start() > script.span().start()
                && !script.trigger()) {
          continue;
        }
        if (transfer.flag("from") != null) {
          any = true;
          may = true;
          continue;
        }
        for (Word source : transfer.paths()) {
          String path = stage.expand(source, instruction).text();
          any = true;
          may |= path == null || mayHold(path, locks, manifest);
        }
      }
    }
    if (!any) {
      return script.trigger() ? Brought.YES : Brought.NO_PROJECT;
    }
    if (!may) {
      return Brought.NOT_COPIED;
    }
    BuildContext build = contextOf(script, context);
    boolean missing =
        build != null
            && hasFile(build, manifest)
            && locks.stream().noneMatch(lock -> hasFile(build, lock));
    return missing ? Brought.MISSING : Brought.YES;
  }

  private static boolean hasFile(BuildContext build, String name) {
    return build.tree().paths().stream()
        .anyMatch(path -> path.equals(name) || path.endsWith("/" + name));
  }

  /** Whether a source may hold one of these files: its name, a pattern, or any folder. */
  private static boolean mayHold(String source, List<String> locks, String manifest) {
    String path = source.replaceFirst("/+$", "");
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (source.contains("://") || name.isEmpty() || name.equals(".") || source.endsWith("/")) {
      return true;
    }
    if (name.matches(".*[*?\\[].*")) {
      String pattern = name.replace(".", "\\.").replace("*", ".*").replace("?", ".");
      try {
        return locks.stream().anyMatch(lock -> lock.matches(pattern));
      } catch (PatternSyntaxException e) {
        return true;
      }
    }
    // A name without a dot may be a folder.
    return locks.contains(name) || !name.contains(".") && !name.equals(manifest);
  }

  // ---- dependencies of development ----

  private static void devDependencies(StageScript script, RuleContext context) {
    Stage last = script.dockerfile().finalStage();
    if (script.run() == null
        || last == null
        || isForDevelopment(script.dockerfile().file().path())) {
      return;
    }
    for (Command command : script.commands()) {
      PackageCommand packages = PackageCommand.of(command);
      Located deployed = packages == null ? null : deployed(script, packages, last);
      if (deployed != null) {
        context.keep(deployed);
      }
      if (packages == null || !installsModules(packages)) {
        continue;
      }
      boolean inImage = Scripts.isInImage(script);
      Located copy = inImage ? null : copyOf(script.stage(), last, packages.manager());
      Located at = Scripts.upTo(command, packages.subcommand());
      if (!isFullInstall(script, command, packages, context)) {
        if (packages.options().has("--production", "--prod", "-P", "--omit", "--no-dev")
            && (inImage || copy != null)) {
          context.keep(at);
        }
        continue;
      }
      if (!inImage && copy == null) {
        if (!copiesModules(last)) {
          Located result = resultOf(script.stage(), last);
          if (result == null) {
            context.concerns();
          } else {
            context.keep(result);
          }
        }
        continue;
      }
      if (isTrimmed(script, command, context, script.stage())
          || inImage && isTrimmed(script, command, context, last)
          || !declaresDevDependencies(script, context, packages.manager())) {
        continue;
      }
      RuleContext.Reported reported =
          context.report(copy == null ? at : copy, copy == null ? "installed" : "copied");
      if (copy != null) {
        reported.related(at);
      }
    }
  }

  /**
   * Where pnpm puts a package with its dependencies of production alone, when that comes into the
   * image; else null.
   */
  private static @Nullable Located deployed(
      StageScript script, PackageCommand packages, Stage last) {
    List<Argument> operands = packages.options().operands();
    if (packages.manager() != Manager.PNPM
        || !packages.subcommand().is("deploy")
        || !packages.options().has("--prod", "-P", "--production")
        || operands.isEmpty()) {
      return null;
    }
    String target = operands.get(operands.size() - 1).shape();
    for (Stage each : last.lineage()) {
      for (Stage.Source source : each.sources()) {
        if (source.stage() == script.stage()
            && source.instruction() instanceof Instruction.Copy copy) {
          for (Word path : copy.paths()) {
            String text = each.expand(path, copy).text();
            if (text != null && (text.equals(target) || text.startsWith(target + "/"))) {
              return Scripts.upTo(packages.command(), packages.subcommand());
            }
          }
        }
      }
    }
    return Scripts.isInImage(script)
        ? Scripts.upTo(packages.command(), packages.subcommand())
        : null;
  }

  /** Where the last stage takes what another one built, or null. */
  private static @Nullable Located resultOf(Stage stage, Stage last) {
    for (Stage each : last.lineage()) {
      for (Stage.Source source : each.sources()) {
        if (source.instruction() instanceof Instruction.Copy copy
            && source.stage() != null
            && source.stage().lineage().contains(stage)) {
          return copy;
        }
      }
    }
    return null;
  }

  /** Whether the modules of any stage come along, and not only what was built with them. */
  private static boolean copiesModules(Stage last) {
    for (Stage each : last.lineage()) {
      for (Instruction.Copy copy : each.instructions(Instruction.Copy.class)) {
        for (Word path : copy.paths()) {
          String text = each.expand(path, copy).text();
          if (copy.from() != null && (text == null || text.contains("node_modules"))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean installsModules(PackageCommand packages) {
    return packages.action() == Action.INSTALL
        && packages.packages().isEmpty()
        && switch (packages.manager()) {
          case NPM, PNPM, YARN, COMPOSER -> true;
          default -> false;
        };
  }

  private static boolean isFullInstall(
      StageScript script, Command command, PackageCommand packages, RuleContext context) {
    Command.Options options = packages.options();
    if (packages.action() != Action.INSTALL
        || !packages.packages().isEmpty()
        || options.has("-g", "--global")
        || options.all().stream().anyMatch(each -> each.name().indexOf(Argument.UNKNOWN) >= 0)) {
      return false;
    }
    return switch (packages.manager()) {
      case NPM, PNPM, YARN ->
          !options.has("--production", "--prod", "-P", "--omit", "--only", "--focus")
              && !(isProduction(script, command)
                  && !options.has("--include")
                  && !(packages.manager() == Manager.YARN && isBerry(script, context)))
              && !Scripts.isOn(script, command, "NPM_CONFIG_PRODUCTION")
              && !command.hasVariable("NPM_CONFIG_OMIT")
              && script.stage().scopeBefore(script.instruction()).get("NPM_CONFIG_OMIT") == null
              && !unknownEnvironment(script);
      case COMPOSER ->
          packages.subcommand().is("install", "i")
              && !options.has("--no-dev")
              && !Scripts.isOn(script, command, "COMPOSER_NO_DEV");
      default -> false;
    };
  }

  private static boolean unknownEnvironment(StageScript script) {
    Setting<String> setting = script.stage().scopeBefore(script.instruction()).get("NODE_ENV");
    return setting != null && setting.value() == null;
  }

  /** Where the last stage copies the installed modules of another one, or null. */
  private static @Nullable Located copyOf(Stage stage, Stage last, Manager manager) {
    Set<String> folders = manager == Manager.COMPOSER ? Set.of("vendor") : Set.of("node_modules");
    for (Stage each : last.lineage()) {
      for (Stage.Source source : each.sources()) {
        if (source.stage() != stage || !(source.instruction() instanceof Instruction.Copy copy)) {
          continue;
        }
        for (Word path : copy.paths()) {
          String text = each.expand(path, copy).text();
          String folder = text == null ? "" : text.replaceFirst("/+$", "");
          String workdir = stage.effectiveWorkdir().value();
          boolean whole = workdir != null && folder.equals(workdir.replaceFirst("/+$", ""));
          if (folders.contains(folder.substring(folder.lastIndexOf('/') + 1))
              || whole && !folder.isEmpty()) {
            return path;
          }
        }
      }
    }
    return null;
  }

  private static boolean isTrimmed(
      StageScript script, Command install, RuleContext context, Stage stage) {
    List<Stage> stages = new ArrayList<>(stage.lineage());
    for (StageScript each : Scripts.of(context, stages)) {
      if (each.span().start() < script.span().start()) {
        continue;
      }
      boolean same = each.span().equals(script.span());
      for (Command command : each.commands()) {
        if (same && command.position() <= install.position() || each.run() == null) {
          continue;
        }
        if (command.is("npm", "pnpm", "yarn", "yarnpkg", "composer")
                && command.arguments().stream()
                    .anyMatch(
                        word ->
                            word.is(
                                    "prune",
                                    "--production",
                                    "--prod",
                                    "-P",
                                    "deploy",
                                    "focus",
                                    "--no-dev")
                                || word.shape().startsWith("--omit")
                                || word.shape().startsWith("--production")
                                || word.shape().startsWith("--only=prod"))
            || isProduction(each, command) && installs(command)
            || command.is("node-prune", "modclean")
            || command.is("rm")
                && command.arguments().stream()
                    .anyMatch(word -> word.shape().contains("node_modules"))
            || command.is("turbo", "nx", "lerna")
            || command.is("mv", "cp")
                && command.arguments().stream()
                    .anyMatch(word -> word.shape().contains("node_modules"))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean installs(Command command) {
    PackageCommand packages = PackageCommand.of(command);
    return packages != null
        && packages.isOf(Manager.NPM, Manager.YARN, Manager.PNPM)
        && packages.action() == Action.INSTALL;
  }

  /** Whether the project has such dependencies at all; true too when there is no telling. */
  private static boolean declaresDevDependencies(
      StageScript script, RuleContext context, Manager manager) {
    BuildContext build = contextOf(script, context);
    String name = manager == Manager.COMPOSER ? "composer.json" : "package.json";
    String key = manager == Manager.COMPOSER ? "\"require-dev\"" : "\"devDependencies\"";
    if (build == null) {
      return true;
    }
    boolean any = false;
    for (String path : build.tree().paths()) {
      if (path.equals(build.inRepository(name)) || path.endsWith("/" + name)) {
        any = true;
        SourceEntry entry = build.tree().entry(path);
        if (entry != null && entry.file().text().contains(key)) {
          return true;
        }
      }
    }
    return !any;
  }
}
