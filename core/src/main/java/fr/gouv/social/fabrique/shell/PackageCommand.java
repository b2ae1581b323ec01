package fr.gouv.social.fabrique.shell;

import static java.util.Map.entry;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A command of a package manager, understood: {@code apt-get -qy install curl=8.14.1-2} installs
 * {@code curl} in the version {@code 8.14.1-2}.
 *
 * @param command what was run
 * @param manager the program, whatever it was started through ({@code python -m pip} is {@code
 *     PIP})
 * @param action what it does, in the words of no particular manager
 * @param subcommand the word that says so; the command's name where none does, as for {@code npx}
 * @param packages what it acts on; with unknown ones for variables that cannot be resolved
 * @param options all options, before and after the subcommand
 */
public record PackageCommand(
    Command command,
    Manager manager,
    Action action,
    Argument subcommand,
    List<Package> packages,
    Command.Options options)
    implements Located {

  /** What a package manager is asked to do. */
  public enum Action {
    INSTALL,
    /** Refreshes the index of what can be installed. */
    UPDATE,
    /** Brings what is installed to its newest version. */
    UPGRADE,
    /** Moves to another release of the distribution, adding and removing packages. */
    DIST_UPGRADE,
    REMOVE,
    /** Empties caches. */
    CLEAN,
    /** Runs a package's program without installing it. */
    RUN,
    OTHER
  }

  /** The package managers, by their programs. */
  public enum Manager {
    APT_GET,
    APT,
    APTITUDE,
    APK,
    YUM,
    DNF,
    MICRODNF,
    ZYPPER,
    PIP,
    PIPX,
    UV,
    NPM,
    YARN,
    PNPM,
    NPX,
    GEM,
    GO,
    COMPOSER;

    /** Whether it is one of {@code apt-get}, {@code apt} and {@code aptitude}. */
    public boolean isDebian() {
      return this == APT_GET || this == APT || this == APTITUDE;
    }

    /** Whether it is one of {@code yum}, {@code dnf} and {@code microdnf}. */
    public boolean isRedHat() {
      return this == YUM || this == DNF || this == MICRODNF;
    }
  }

  /**
   * What an operand names.
   *
   * @param name without version, extras and the like; a shape as in {@link Argument#shape}
   * @param constraint the version with its operator as it is written, such as {@code =1.2}, {@code
   *     ~=1.2}, {@code @1.2}, {@code /stable}; empty without one
   * @param kind whether it is a name at all
   */
  public record Package(String name, String constraint, Kind kind, Argument argument)
      implements Located {
    /** What an operand can be. */
    public enum Kind {
      /** A name that the manager looks up. */
      NAME,
      /** A file or a folder of the image. */
      FILE,
      /** An address, of an archive or a repository. */
      URL,
      /** A group or a module of packages, such as {@code @development}. */
      GROUP,
      /** A variable that cannot be resolved: any number of anything. */
      UNKNOWN
    }

    /** The version without its operator: a shape; empty without one. */
    public String version() {
      return constraint.replaceFirst("^[=<>~!@:/^-]+", "");
    }

    @Override
    public Span span() {
      return argument.span();
    }
  }

  /**
   * How a manager's command line reads.
   *
   * @param valued options that take a value
   * @param actions what its subcommands do
   */
  private record Grammar(Manager manager, Set<String> valued, Map<String, Action> actions) {}

  private static final Pattern PYTHON = Pattern.compile("python[0-9.]*|pypy[0-9.]*");
  private static final Pattern PIP = Pattern.compile("pip[0-9.]*");
  private static final Pattern RPM =
      Pattern.compile("(?<name>.+?)(?<version>-[0-9\uFFFC][^-]*(-[^-]+)?)");
  private static final Pattern CONSTRAINED =
      Pattern.compile("(?<name>[^=<>~!]+?)\\s*(?<version>[=<>~!]=?.*)", Pattern.DOTALL);
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*|git@.*");

  private static final Set<String> APT_VALUES =
      Set.of(
          "-t",
          "--target-release",
          "--default-release",
          "-o",
          "--option",
          "-c",
          "--config-file",
          "-a",
          "--host-architecture",
          "-P",
          "--build-profiles");

  private static final Map<String, Action> APT_ACTIONS =
      Map.ofEntries(
          entry("install", Action.INSTALL),
          entry("reinstall", Action.INSTALL),
          entry("build-dep", Action.INSTALL),
          entry("update", Action.UPDATE),
          entry("upgrade", Action.UPGRADE),
          entry("safe-upgrade", Action.UPGRADE),
          entry("dist-upgrade", Action.DIST_UPGRADE),
          entry("full-upgrade", Action.DIST_UPGRADE),
          entry("remove", Action.REMOVE),
          entry("purge", Action.REMOVE),
          entry("autoremove", Action.REMOVE),
          entry("autopurge", Action.REMOVE),
          entry("clean", Action.CLEAN),
          entry("autoclean", Action.CLEAN),
          entry("distclean", Action.CLEAN),
          entry("dist-clean", Action.CLEAN));

  private static final Set<String> RPM_VALUES =
      Set.of(
          "-c",
          "--config",
          "-d",
          "--debuglevel",
          "-e",
          "--errorlevel",
          "-x",
          "--exclude",
          "--enablerepo",
          "--disablerepo",
          "--repo",
          "--repoid",
          "--installroot",
          "--releasever",
          "--setopt",
          "--disableplugin",
          "--enableplugin",
          "--forcearch",
          "--repofrompath",
          "--disableexcludes",
          "--advisory",
          "--downloaddir",
          "--destdir");

  private static final Map<String, Action> RPM_ACTIONS =
      Map.ofEntries(
          entry("install", Action.INSTALL),
          entry("in", Action.INSTALL),
          entry("reinstall", Action.INSTALL),
          entry("localinstall", Action.INSTALL),
          entry("groupinstall", Action.INSTALL),
          entry("downgrade", Action.INSTALL),
          entry("makecache", Action.UPDATE),
          entry("check-update", Action.UPDATE),
          entry("update", Action.UPGRADE),
          entry("upgrade", Action.UPGRADE),
          entry("up", Action.UPGRADE),
          entry("update-minimal", Action.UPGRADE),
          entry("upgrade-minimal", Action.UPGRADE),
          entry("distro-sync", Action.DIST_UPGRADE),
          entry("system-upgrade", Action.DIST_UPGRADE),
          entry("remove", Action.REMOVE),
          entry("erase", Action.REMOVE),
          entry("rm", Action.REMOVE),
          entry("autoremove", Action.REMOVE),
          entry("clean", Action.CLEAN));

  private static final Map<String, Action> NPM_ACTIONS =
      Map.ofEntries(
          entry("install", Action.INSTALL),
          entry("i", Action.INSTALL),
          entry("in", Action.INSTALL),
          entry("add", Action.INSTALL),
          entry("ci", Action.INSTALL),
          entry("clean-install", Action.INSTALL),
          entry("install-test", Action.INSTALL),
          entry("it", Action.INSTALL),
          entry("update", Action.UPGRADE),
          entry("up", Action.UPGRADE),
          entry("upgrade", Action.UPGRADE),
          entry("uninstall", Action.REMOVE),
          entry("remove", Action.REMOVE),
          entry("rm", Action.REMOVE),
          entry("exec", Action.RUN),
          entry("x", Action.RUN),
          entry("dlx", Action.RUN));

  private static final Set<String> NPM_VALUES =
      Set.of(
          "--registry",
          "--prefix",
          "-C",
          "--dir",
          "--cwd",
          "--cache",
          "--cache-folder",
          "--loglevel",
          "--omit",
          "--include",
          "-w",
          "--workspace",
          "--tag",
          "--userconfig",
          "--modules-folder",
          "--mutex",
          "--network-timeout",
          "--network-concurrency",
          "--store-dir",
          "--filter",
          "-F",
          "-p",
          "--package",
          "--fetch-timeout",
          "--fetch-retries");

  private static final Set<String> PIP_VALUES =
      Set.of(
          "-r",
          "--requirement",
          "-c",
          "--constraint",
          "-e",
          "--editable",
          "-t",
          "--target",
          "-i",
          "--index-url",
          "--extra-index-url",
          "-f",
          "--find-links",
          "--trusted-host",
          "--platform",
          "--python-version",
          "--implementation",
          "--abi",
          "--root",
          "--prefix",
          "--src",
          "--upgrade-strategy",
          "--progress-bar",
          "--no-binary",
          "--only-binary",
          "--cache-dir",
          "--proxy",
          "--retries",
          "--timeout",
          "--exists-action",
          "--cert",
          "--client-cert",
          "--log",
          "--config-settings",
          "-C",
          "--global-option",
          "--install-option",
          "--build-option",
          "--python",
          "-p",
          "--report",
          "--root-user-action",
          "--use-feature",
          "--use-deprecated",
          "--group",
          "--with",
          "--from",
          "--extra",
          "--index",
          "--directory",
          "--project",
          "--pip-args",
          "--suffix",
          "--spec",
          "--keyring-provider",
          "--only-group",
          "--no-group");

  private static final Set<String> UV_VALUES =
      and(
          PIP_VALUES,
          "--requirements",
          "--constraints",
          "-b",
          "--build-constraint",
          "--build-constraints",
          "--override",
          "--overrides",
          "--default-index",
          "--index-strategy",
          "--python-preference",
          "--python-platform",
          "--resolution",
          "--prerelease",
          "--fork-strategy",
          "--exclude-newer",
          "--exclude-newer-package",
          "--link-mode",
          "--config-setting",
          "--config-file",
          "--no-build-isolation-package",
          "--no-build-package",
          "--no-binary-package",
          "--reinstall-package",
          "--refresh-package",
          "-P",
          "--upgrade-package",
          "--torch-backend",
          "--allow-insecure-host",
          "--color",
          "--package",
          "--optional",
          "--script",
          "--rev",
          "--tag",
          "--branch");

  private static Set<String> and(Set<String> some, String... others) {
    Set<String> all = new HashSet<>(some);
    all.addAll(List.of(others));
    return all;
  }

  private static final Map<String, Action> PIP_ACTIONS =
      Map.of(
          "install", Action.INSTALL,
          "download", Action.INSTALL,
          "wheel", Action.INSTALL,
          "uninstall", Action.REMOVE,
          "upgrade", Action.UPGRADE,
          "run", Action.RUN,
          "inject", Action.INSTALL);

  private static final Map<String, Grammar> GRAMMARS = grammars();

  private static Map<String, Grammar> grammars() {
    Map<String, Action> yarn = new HashMap<>(NPM_ACTIONS);
    yarn.put("", Action.INSTALL);
    // Plugins of yarn: the dependencies of some workspaces, and those of the lockfile alone.
    yarn.put("focus", Action.INSTALL);
    yarn.put("fetch", Action.INSTALL);
    return Map.ofEntries(
        entry("apt-get", new Grammar(Manager.APT_GET, APT_VALUES, APT_ACTIONS)),
        entry("apt", new Grammar(Manager.APT, APT_VALUES, APT_ACTIONS)),
        entry("aptitude", new Grammar(Manager.APTITUDE, APT_VALUES, APT_ACTIONS)),
        entry(
            "apk",
            new Grammar(
                Manager.APK,
                Set.of(
                    "-t",
                    "--virtual",
                    "-X",
                    "--repository",
                    "-p",
                    "--root",
                    "--arch",
                    "--cache-dir",
                    "--cache-max-age",
                    "--keys-dir",
                    "--repositories-file",
                    "--progress-fd",
                    "--timeout",
                    "--wait"),
                Map.ofEntries(
                    entry("add", Action.INSTALL),
                    entry("update", Action.UPDATE),
                    entry("upgrade", Action.UPGRADE),
                    entry("fix", Action.INSTALL),
                    entry("del", Action.REMOVE),
                    entry("cache", Action.CLEAN)))),
        entry("yum", new Grammar(Manager.YUM, RPM_VALUES, RPM_ACTIONS)),
        entry("dnf", new Grammar(Manager.DNF, RPM_VALUES, RPM_ACTIONS)),
        entry("dnf5", new Grammar(Manager.DNF, RPM_VALUES, RPM_ACTIONS)),
        entry("tdnf", new Grammar(Manager.DNF, RPM_VALUES, RPM_ACTIONS)),
        entry("microdnf", new Grammar(Manager.MICRODNF, RPM_VALUES, RPM_ACTIONS)),
        entry(
            "zypper",
            new Grammar(
                Manager.ZYPPER,
                Set.of(
                    "-r",
                    "--repo",
                    "--from",
                    "-t",
                    "--type",
                    "-R",
                    "--root",
                    "-D",
                    "--reposd-dir",
                    "-C",
                    "--cache-dir",
                    "-c",
                    "--config",
                    "-p",
                    "--plus-repo",
                    "--plus-content",
                    "--installroot",
                    "--releasever"),
                Map.ofEntries(
                    entry("install", Action.INSTALL),
                    entry("in", Action.INSTALL),
                    entry("source-install", Action.INSTALL),
                    entry("si", Action.INSTALL),
                    entry("refresh", Action.UPDATE),
                    entry("ref", Action.UPDATE),
                    entry("update", Action.UPGRADE),
                    entry("up", Action.UPGRADE),
                    entry("patch", Action.UPGRADE),
                    entry("dist-upgrade", Action.DIST_UPGRADE),
                    entry("dup", Action.DIST_UPGRADE),
                    entry("remove", Action.REMOVE),
                    entry("rm", Action.REMOVE),
                    entry("clean", Action.CLEAN),
                    entry("cc", Action.CLEAN)))),
        entry("pip", new Grammar(Manager.PIP, PIP_VALUES, PIP_ACTIONS)),
        entry("pipx", new Grammar(Manager.PIPX, PIP_VALUES, PIP_ACTIONS)),
        entry(
            "uv",
            new Grammar(
                Manager.UV,
                UV_VALUES,
                Map.of("add", Action.INSTALL, "sync", Action.INSTALL, "remove", Action.REMOVE))),
        entry("npm", new Grammar(Manager.NPM, NPM_VALUES, NPM_ACTIONS)),
        entry("pnpm", new Grammar(Manager.PNPM, NPM_VALUES, NPM_ACTIONS)),
        entry("yarn", new Grammar(Manager.YARN, NPM_VALUES, yarn)),
        entry("yarnpkg", new Grammar(Manager.YARN, NPM_VALUES, yarn)),
        entry("npx", new Grammar(Manager.NPX, NPM_VALUES, Map.of())),
        entry(
            "gem",
            new Grammar(
                Manager.GEM,
                Set.of(
                    "-v",
                    "--version",
                    "-i",
                    "--install-dir",
                    "-n",
                    "--bindir",
                    "-s",
                    "--source",
                    "--platform",
                    "-P",
                    "--trust-policy",
                    "-g",
                    "--file",
                    "-p",
                    "--http-proxy",
                    "--config-file",
                    "--build-root",
                    "--without",
                    "-B",
                    "--bulk-threshold"),
                Map.of(
                    "install", Action.INSTALL,
                    "i", Action.INSTALL,
                    "update", Action.UPGRADE,
                    "uninstall", Action.REMOVE,
                    "cleanup", Action.CLEAN))),
        entry(
            "go",
            new Grammar(
                Manager.GO,
                Set.of(
                    "-p",
                    "-asmflags",
                    "-buildmode",
                    "-compiler",
                    "-gccgoflags",
                    "-gcflags",
                    "-installsuffix",
                    "-ldflags",
                    "-mod",
                    "-modfile",
                    "-overlay",
                    "-pgo",
                    "-pkgdir",
                    "-tags",
                    "-toolexec",
                    "-exec",
                    "-o",
                    "-C"),
                Map.of(
                    "install", Action.INSTALL,
                    "get", Action.INSTALL,
                    "run", Action.RUN,
                    "clean", Action.CLEAN))),
        entry(
            "composer",
            new Grammar(
                Manager.COMPOSER,
                Set.of("-d", "--working-dir", "--ignore-platform-req", "--prefer-install"),
                Map.ofEntries(
                    entry("install", Action.INSTALL),
                    entry("i", Action.INSTALL),
                    entry("require", Action.INSTALL),
                    entry("r", Action.INSTALL),
                    entry("global", Action.OTHER),
                    entry("update", Action.UPGRADE),
                    entry("u", Action.UPGRADE),
                    entry("upgrade", Action.UPGRADE),
                    entry("remove", Action.REMOVE),
                    entry("clear-cache", Action.CLEAN),
                    entry("clearcache", Action.CLEAN)))));
  }

  /** What a command asks of a package manager; null when it is no package manager's. */
  public static @Nullable PackageCommand of(Command command) {
    String name = command.name();
    if (PYTHON.matcher(name).matches()) {
      List<Argument> arguments = command.arguments();
      for (int i = 0; i + 1 < arguments.size() && arguments.get(i).shape().startsWith("-"); i++) {
        if (arguments.get(i).is("-m")) {
          return arguments.get(i + 1).is("pip", "pip3", "pipx", "uv")
              ? read(command, arguments.get(i + 1).shape(), i + 2)
              : null;
        }
      }
      return null;
    }
    return read(command, name, 0);
  }

  private static @Nullable PackageCommand read(Command command, String name, int from) {
    Grammar grammar = GRAMMARS.get(PIP.matcher(name).matches() ? "pip" : name);
    if (grammar == null) {
      return null;
    }
    Command.Options given = Command.Options.of(command.arguments(), from, grammar.valued);
    List<Argument> operands = given.operands();
    // What is more than one word: "uv pip install", "yarn global add", "dnf group install".
    int at = 0;
    while (at + 1 < operands.size()
        && isPrefix(grammar.manager, operands.get(at), operands.get(at + 1))) {
      at++;
    }
    if (grammar.manager == Manager.NPX) {
      List<Package> one =
          operands.isEmpty() ? List.of() : packages(grammar, operands.subList(0, 1));
      return new PackageCommand(command, Manager.NPX, Action.RUN, command.head(), one, given);
    }
    String verb = at < operands.size() ? operands.get(at).shape() : "";
    Manager manager = grammar.manager;
    Map<String, Action> actions = grammar.actions;
    if (manager == Manager.UV && at > 0) {
      actions = PIP_ACTIONS;
    }
    boolean asks = given.has("--version", "--help", "-h");
    Action action = asks ? Action.OTHER : actions.getOrDefault(verb, Action.OTHER);
    List<Argument> rest =
        at < operands.size() ? operands.subList(at + 1, operands.size()) : List.of();
    if ((manager == Manager.YARN || manager == Manager.PNPM || manager == Manager.NPM)
        && verb.equals("cache")) {
      action = !rest.isEmpty() && rest.get(0).is("clean", "clear") ? Action.CLEAN : Action.OTHER;
      rest = List.of();
    } else if (manager == Manager.PIP && verb.equals("cache")
        || manager == Manager.UV && verb.equals("cache")) {
      action = !rest.isEmpty() && rest.get(0).is("purge", "clean") ? Action.CLEAN : Action.OTHER;
      rest = List.of();
    } else if (manager == Manager.UV && verb.equals("sync")
        || verb.equals("ci")
        || manager == Manager.YARN && (verb.equals("focus") || verb.equals("fetch"))
        || action == Action.CLEAN
        || action == Action.UPDATE) {
      rest = List.of();
    } else if (action == Action.RUN && !rest.isEmpty()) {
      rest = rest.subList(0, 1);
    } else if (manager == Manager.GEM) {
      rest = beforeDashes(command, rest);
    }
    boolean about = action != Action.OTHER;
    List<Package> packages = about ? packages(grammar, rest) : List.of();
    Argument subcommand = at < operands.size() ? operands.get(at) : command.head();
    return new PackageCommand(command, manager, action, subcommand, packages, given);
  }

  private static boolean isPrefix(Manager manager, Argument word, Argument next) {
    return switch (manager) {
      case UV -> word.is("pip", "tool");
      case YARN -> word.is("global") || word.is("workspaces") && next.is("focus");
      case COMPOSER -> word.is("global");
      case YUM, DNF, MICRODNF -> word.is("group", "groups", "module");
      default -> false;
    };
  }

  /** What follows {@code --} goes to the compiler of a gem's extensions. */
  private static List<Argument> beforeDashes(Command command, List<Argument> operands) {
    Set<Argument> after = new HashSet<>();
    boolean past = false;
    for (Argument argument : command.arguments()) {
      if (past) {
        after.add(argument);
      }
      past |= argument.is("--");
    }
    return operands.stream().filter(operand -> !after.contains(operand)).toList();
  }

  private static List<Package> packages(Grammar grammar, List<Argument> operands) {
    List<Package> packages = new ArrayList<>();
    for (Argument operand : operands) {
      packages.add(read(grammar.manager, operand));
    }
    return List.copyOf(packages);
  }

  private static Package read(Manager manager, Argument argument) {
    String shape = argument.shape();
    if (shape.startsWith(String.valueOf(Argument.UNKNOWN)) && argument.mayBeSeveral()
        || shape.equals(String.valueOf(Argument.UNKNOWN))) {
      return new Package(shape, "", Package.Kind.UNKNOWN, argument);
    }
    String name = shape;
    String constraint = "";
    Package.Kind kind = Package.Kind.NAME;
    if (ADDRESS.matcher(shape).matches()) {
      return new Package(shape, "", Package.Kind.URL, argument);
    }
    if (isFile(manager, shape)) {
      return new Package(shape, "", Package.Kind.FILE, argument);
    }
    int cut = -1;
    switch (manager) {
      case APT_GET, APT, APTITUDE -> {
        cut = first(shape, '=', '/');
        kind = shape.endsWith("^") ? Package.Kind.GROUP : kind;
      }
      case APK -> {
        Matcher matcher = CONSTRAINED.matcher(shape);
        cut = matcher.matches() ? matcher.start("version") : -1;
      }
      case YUM, DNF, MICRODNF -> {
        Matcher matcher = RPM.matcher(shape);
        if (shape.startsWith("@")) {
          kind = Package.Kind.GROUP;
        }
        cut = matcher.matches() ? matcher.start("version") : first(shape, ':');
      }
      case ZYPPER -> {
        Matcher matcher = CONSTRAINED.matcher(shape);
        cut = matcher.matches() ? matcher.start("version") : -1;
      }
      case PIP, PIPX, UV -> {
        int direct = shape.indexOf('@');
        Matcher matcher = CONSTRAINED.matcher(shape);
        cut = matcher.matches() ? matcher.start("version") : -1;
        if (direct > 0 && (cut < 0 || direct < cut)) {
          cut = direct;
          kind = shape.indexOf("://", direct) > 0 ? Package.Kind.URL : kind;
        }
      }
      case NPM, YARN, PNPM, NPX -> {
        int version = shape.indexOf('@', 1);
        cut = version;
        boolean hosted = !shape.startsWith("@") && shape.indexOf('/') > 0 && version < 0;
        kind =
            hosted || shape.startsWith("git") && shape.indexOf(':') > 0 ? Package.Kind.URL : kind;
      }
      case GO -> cut = shape.indexOf('@');
      case GEM, COMPOSER -> cut = first(shape, ':', '=');
    }
    if (cut > 0) {
      name = shape.substring(0, cut).strip();
      constraint = shape.substring(cut);
    }
    int extras = name.indexOf('[');
    if (extras > 0) {
      name = name.substring(0, extras);
    }
    return new Package(name, constraint, kind, argument);
  }

  private static int first(String text, char... characters) {
    int first = -1;
    for (char c : characters) {
      int at = text.indexOf(c);
      first = at > 0 && (first < 0 || at < first) ? at : first;
    }
    return first;
  }

  private static boolean isFile(Manager manager, String shape) {
    if (shape.startsWith("./")
        || shape.startsWith("../")
        || shape.startsWith("/")
        || shape.startsWith("~/")
        || shape.startsWith("file:")
        || shape.equals(".")
        || shape.equals("..")) {
      return true;
    }
    String lower = shape.toLowerCase(Locale.ROOT);
    List<String> suffixes =
        switch (manager) {
          case APT_GET, APT, APTITUDE -> List.of(".deb");
          case APK -> List.of(".apk");
          case YUM, DNF, MICRODNF, ZYPPER -> List.of(".rpm");
          case PIP, PIPX, UV -> List.of(".whl", ".tar.gz", ".zip");
          case NPM, YARN, PNPM, NPX -> List.of(".tgz", ".tar.gz", ".tar");
          case GEM -> List.of(".gem");
          case GO -> List.of(".go");
          case COMPOSER -> List.of();
        };
    return suffixes.stream().anyMatch(lower::endsWith)
        || (manager == Manager.PIP || manager == Manager.UV) && lower.startsWith(".[");
  }

  /** Whether the manager is one of these. */
  public boolean isOf(Manager... managers) {
    return Arrays.asList(managers).contains(manager);
  }

  @Override
  public Span span() {
    return command.span();
  }
}
