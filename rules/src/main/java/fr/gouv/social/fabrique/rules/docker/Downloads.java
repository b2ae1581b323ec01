package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Flag;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.RunMount;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.project.EnvironmentVariable;
import fr.gouv.social.fabrique.project.EnvironmentVariable.Where;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.shell.Argument;
import fr.gouv.social.fabrique.shell.Command;
import fr.gouv.social.fabrique.shell.Interpreter;
import fr.gouv.social.fabrique.shell.PackageCommand;
import fr.gouv.social.fabrique.shell.PackageCommand.Manager;
import fr.gouv.social.fabrique.shell.Syntax;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a build fetches and from whom: unverified, unpinned, in the clear; and its privileges. */
final class Downloads {
  private static final Pattern PINNED =
      Pattern.compile("v?[0-9]+\\.[0-9]+|[0-9a-f]{40}|[0-9a-f]{64}|v[0-9]+[./-]|\uFFFC");
  private static final Pattern GIT =
      Pattern.compile("(?i)(git@|git://|ssh://).*|https?://[^#]*\\.git(#.*)?");
  private static final Set<String> MOVING_BRANCHES =
      Set.of("main", "master", "develop", "dev", "trunk", "latest", "stable", "next", "HEAD");
  private static final Set<String> VERIFIERS =
      Set.of(
          "sha256sum",
          "sha512sum",
          "sha1sum",
          "sha384sum",
          "shasum",
          "md5sum",
          "b2sum",
          "gpg",
          "gpgv",
          "gpg2",
          "cosign",
          "minisign",
          "openssl",
          "slsa-verifier",
          "rhash");
  private static final Set<String> INTERPRETERS =
      Set.of("python", "python3", "perl", "ruby", "node", "php");
  private static final Set<String> TRUE_WORDS = Set.of("1", "true", "yes", "on", "y");

  static final Rule<StageScript> PIPED_INSTALLER =
      rule("docker/piped-installer", StageScript.class, Downloads::pipedInstaller);

  static final Rule<Instruction> UNVERIFIED =
      rule("docker/unverified-download", Instruction.class, Downloads::unverified);

  static final Rule<StageScript> UNPINNED_CLONE =
      rule("docker/unpinned-clone", StageScript.class, Downloads::unpinnedClone);

  static final Rule<StageScript> TLS_OFF =
      rule("docker/tls-verification-off", StageScript.class, Downloads::tlsOff);

  static final Rule<EnvironmentVariable> TLS_OFF_BY_VARIABLE =
      rule(
          "service/tls-verification-off",
          EnvironmentVariable.class,
          (variable, context) -> {
            String value = variable.value().value();
            if (value != null && turnsTlsOff(variable.name(), value)) {
              context.report(variable, "off", variable.name());
            }
          });

  static final Rule<StageScript> SIGNATURE_OFF =
      rule("docker/signature-check-off", StageScript.class, Downloads::signatureOff);

  static final Rule<StageScript> CLEARTEXT =
      rule(
          "docker/cleartext-download",
          StageScript.class,
          (script, context) -> {
            if (script.run() == null || verifies(script, -1)) {
              return;
            }
            for (Command command : script.commands()) {
              if (!command.is("curl", "wget", "git")) {
                continue;
              }
              for (Argument argument : command.arguments()) {
                String url = argument.text();
                if (url != null && isCleartext(url)) {
                  context.report(argument, "cleartext", url);
                }
              }
            }
          });

  static final Rule<Dockerfile> TWO_DOWNLOADERS =
      rule(
          "docker/two-downloaders",
          Dockerfile.class,
          (dockerfile, context) ->
              dockerfile.stages().forEach(stage -> twoDownloaders(stage, context)));

  static final Rule<Instruction.Run> INSECURE_RUN =
      rule(
          "docker/insecure-run",
          Instruction.Run.class,
          (run, context) -> {
            Flag flag = run.flag("security");
            if (flag != null && flag.text().equalsIgnoreCase("insecure")) {
              context.report(flag, "insecure");
            }
          });

  static final Rule<Instruction.Run> HOST_NETWORK =
      rule(
          "docker/host-network-run",
          Instruction.Run.class,
          (run, context) -> {
            Flag flag = run.flag("network");
            if (flag != null && flag.text().equalsIgnoreCase("host")) {
              context.report(flag, "host");
            }
          });

  static final Rule<Instruction.Run> READABLE_SECRET =
      rule(
          "docker/readable-secret-mount",
          Instruction.Run.class,
          (run, context) -> {
            for (RunMount mount : run.mounts()) {
              Word mode = mount.mode();
              boolean sensitive = "secret".equals(mount.type()) || "ssh".equals(mount.type());
              if (sensitive && mode != null && mode.toString().matches("[0-7]*[1-7]")) {
                String text = mode.toString();
                context
                    .report(mode, "readable", text)
                    .unsafeFix(
                        new TextEdit(mode.span(), text.substring(0, text.length() - 1) + "0"));
              }
            }
          });

  static final Rule<EnvironmentVariable> DEBUG =
      rule(
          "docker/debug-variable",
          EnvironmentVariable.class,
          (variable, context) -> {
            String value = variable.value().value();
            Stage stage = context.project().stageOf(variable);
            if (variable.where() != Where.DOCKERFILE_ENV || value == null || stage == null) {
              return;
            }
            Dockerfile dockerfile = context.project().dockerfile(variable.span().file().path());
            Stage last = dockerfile == null ? null : dockerfile.finalStage();
            if (last != null
                && last.lineage().contains(stage)
                && !Dependencies.isForDevelopment(variable.span().file().path())
                && debugs(variable.name(), value)) {
              context.report(variable, "debug", variable.name(), value);
            }
          });

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          PIPED_INSTALLER,
          UNVERIFIED,
          UNPINNED_CLONE,
          TLS_OFF,
          TLS_OFF_BY_VARIABLE,
          SIGNATURE_OFF,
          CLEARTEXT,
          TWO_DOWNLOADERS,
          INSECURE_RUN,
          HOST_NETWORK,
          READABLE_SECRET,
          DEBUG);

  private Downloads() {}

  // ---- what is fetched ----

  private static void pipedInstaller(StageScript script, RuleContext context) {
    if (script.run() == null) {
      return;
    }
    List<Command> commands = script.commands();
    for (Command download : commands) {
      Argument url = download.is("curl", "wget", "fetch") ? url(download) : null;
      if (url == null) {
        continue;
      }
      Command runner = null;
      for (Command command : commands) {
        boolean piped =
            download.pipeline() != null
                && command.pipeline() == download.pipeline()
                && command.pipelineIndex() > download.pipelineIndex();
        boolean substituted =
            download.carrier() == command && download.isIn(Command.Context.SUBSTITUTION);
        if ((piped || substituted) && runs(command, piped)) {
          runner = command;
        }
      }
      if (runner != null && PINNED.matcher(url.shape()).find()) {
        context.keep(url);
      } else if (runner != null) {
        context.report(url, "moving", url, runner.name());
      }
    }
  }

  private static boolean runs(Command command, boolean piped) {
    boolean shell = !command.name().isEmpty() && Interpreter.of(List.of(command.name())).isPosix();
    if (!piped) {
      return shell || command.is("source", ".", "eval");
    }
    List<Argument> operands = command.options("-c", "-o", "-m", "-e", "-r").operands();
    boolean reads =
        operands.isEmpty() || operands.get(0).is("-", "/dev/stdin") || command.has("-s");
    return reads
        && (shell && !command.has("-c")
            || INTERPRETERS.contains(command.name()) && !command.has("-c", "-m", "-e", "-n", "-r"));
  }

  private static @Nullable Argument url(Command command) {
    for (Argument argument : command.arguments()) {
      if (argument.shape().matches("(?i)(https?|ftp)://.+")
          || argument.shape().matches("[a-z0-9-]+(\\.[a-z0-9-]+)+(/.*)?")
              && !argument.shape().matches(".*\\.(sh|gz|zip|deb|txt|json|py)")) {
        return argument;
      }
    }
    return null;
  }

  private static void unverified(Instruction instruction, RuleContext context) {
    if (!(instruction instanceof Instruction.Add add)) {
      return;
    }
    Stage stage = context.project().stageOf(add);
    for (Word source : add.paths()) {
      String written = source.toString();
      String expanded = stage == null ? null : stage.expand(source, add).text();
      String url = expanded == null ? written : expanded;
      if (GIT.matcher(url).matches()) {
        int hash = url.indexOf('#');
        String ref = hash < 0 ? "" : url.substring(hash + 1).replaceFirst(":.*", "");
        if (ref.isEmpty() || MOVING_BRANCHES.contains(ref)) {
          context.report(source, "repository", url);
        } else {
          context.keep(source);
        }
      } else if (url.matches("(?i)https?://.*")) {
        if (add.flag("checksum") == null && !isVerified(context, add)) {
          context.report(source, "download", url);
        } else {
          context.keep(source);
        }
      }
    }
  }

  /** Whether a later script of the stage compares a checksum or a signature. */
  private static boolean isVerified(RuleContext context, Instruction add) {
    Stage stage = context.project().stageOf(add);
    return stage != null
        && Scripts.of(context, List.of(stage)).stream()
            .anyMatch(script -> script.span().start() > add.span().start() && verifies(script, -1));
  }

  private static boolean verifies(StageScript script, int after) {
    return script.commands().stream()
        .anyMatch(command -> command.position() > after && VERIFIERS.contains(command.name()));
  }

  private static void unpinnedClone(StageScript script, RuleContext context) {
    if (script.run() == null) {
      return;
    }
    List<Command> commands = script.commands();
    for (Command command : commands) {
      if (!command.is("git")) {
        continue;
      }
      Command.Options options =
          command.options(
              "-b",
              "--branch",
              "-C",
              "-c",
              "--depth",
              "--revision",
              "-o",
              "--origin",
              "-j",
              "--jobs",
              "--reference",
              "--template",
              "-u",
              "--config",
              "--filter",
              "--shallow-since",
              "--server-option",
              "--separate-git-dir");
      List<Argument> operands = options.operands();
      if (operands.size() < 2 || !operands.get(0).is("clone") || !isAddress(operands.get(1))) {
        continue;
      }
      String branch = options.value("-b", "--branch", "--revision");
      boolean pinned = branch != null && !MOVING_BRANCHES.contains(branch);
      if (pinned || isPinnedLater(script, command, context)) {
        context.keep(operands.get(1));
      } else if (branch == null) {
        context.report(operands.get(1), "clone", operands.get(1));
      } else {
        context.report(operands.get(1), "branch", operands.get(1), branch);
      }
    }
  }

  private static boolean isAddress(Argument argument) {
    return argument.isKnown() && argument.shape().matches(".*(://|@.*:).*")
        || argument.shape().contains("://");
  }

  /** Whether a commit is chosen afterwards, in this script or in a later one of the stage. */
  private static boolean isPinnedLater(StageScript clone, Command command, RuleContext context) {
    for (StageScript script : Scripts.of(context, List.of(clone.stage()))) {
      for (Command later : script.commands()) {
        boolean after =
            script.span().equals(clone.span())
                ? later.position() > command.position()
                : script.span().start() > clone.span().start();
        if (after
            && later.is("git")
            && later.options("-C", "-c").operands().stream()
                .anyMatch(word -> word.is("checkout", "reset", "switch", "fetch"))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isCleartext(String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("http://") && !lower.startsWith("ftp://")) {
      return false;
    }
    try {
      String host = new URI(lower.replaceAll("[^\\x21-\\x7e]", "x")).getHost();
      return host != null && host.contains(".") && !isLocal(host);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isLocal(String host) {
    return host.startsWith("127.")
        || host.startsWith("10.")
        || host.startsWith("192.168.")
        || host.startsWith("169.254.")
        || host.matches("172\\.(1[6-9]|2[0-9]|3[01])\\..*")
        || host.equals("0.0.0.0")
        || host.endsWith(".local")
        || host.endsWith(".localhost")
        || host.endsWith(".internal")
        || host.endsWith(".svc.cluster.local");
  }

  private static void twoDownloaders(Stage stage, RuleContext context) {
    boolean curl = false;
    boolean wget = false;
    for (StageScript each : context.project().scripts(stage)) {
      for (Command command : each.run() == null ? List.<Command>of() : each.commands()) {
        boolean other = command.is("curl") && wget || command.is("wget") && curl;
        if (other) {
          context.report(
              command.head(), "second", command.name(), command.is("curl") ? "wget" : "curl");
          return;
        }
        curl |= command.is("curl");
        wget |= command.is("wget");
      }
    }
  }

  // ---- checks that are switched off ----

  private static void tlsOff(StageScript script, RuleContext context) {
    for (Command command : script.commands()) {
      Located at = tlsOff(command);
      boolean local =
          command.arguments().stream()
              .anyMatch(a -> a.shape().matches("(?i)https://(localhost|127\\.|\\[::1).*"));
      if (at != null && !local) {
        context.report(at, "off", command.name());
      }
      if (command.carrier() == null || command.is("export")) {
        for (Syntax.Assignment each : command.syntax().assignments()) {
          String value = each.value().text();
          if (value != null && turnsTlsOff(each.name(), value)) {
            context.report(each, "variable", each.name());
          }
        }
      }
      if (command.is("export", "env")) {
        for (Argument argument : command.arguments()) {
          int equals = argument.shape().indexOf('=');
          if (equals > 0
              && turnsTlsOff(
                  argument.shape().substring(0, equals), argument.shape().substring(equals + 1))) {
            context.report(argument, "variable", argument.shape().substring(0, equals));
          }
        }
      }
    }
  }

  private static @Nullable Located tlsOff(Command command) {
    List<Argument> words = command.arguments();
    PackageCommand packages = PackageCommand.of(command);
    if (command.is("curl")) {
      return command
          .options(
              "-o",
              "-H",
              "-d",
              "-u",
              "-X",
              "-A",
              "-e",
              "-b",
              "-c",
              "-T",
              "-F",
              "-w",
              "-m",
              "-x",
              "-C",
              "-r",
              "-K",
              "-E",
              "-y",
              "-Y",
              "-z",
              "-D",
              "-t",
              "-Q",
              "-P",
              "-U",
              "-h",
              "--output",
              "--header",
              "--data",
              "--user",
              "--request")
          .find("-k", "--insecure", "--proxy-insecure");
    }
    if (command.is("wget")) {
      return command.flag("--no-check-certificate");
    }
    if (packages != null && packages.isOf(Manager.PIP, Manager.UV)) {
      return packages.options().find("--trusted-host", "--allow-insecure-host");
    }
    if (packages != null && packages.isOf(Manager.NPM, Manager.YARN, Manager.PNPM)) {
      return setting(words, "strict-ssl", "enableStrictSsl");
    }
    if (command.is("git")) {
      return setting(words, "http.sslverify");
    }
    if (packages != null && (packages.manager().isRedHat() || packages.manager().isDebian())) {
      return setting(words, "sslverify", "verify-peer", "verify-host");
    }
    return command.is("yum-config-manager") ? setting(words, "sslverify") : null;
  }

  /** The word that switches one of these settings off: {@code name=false}, {@code name false}. */
  private static @Nullable Located setting(List<Argument> words, String... names) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).shape().toLowerCase(Locale.ROOT);
      for (String name : names) {
        int at = word.indexOf(name.toLowerCase(Locale.ROOT));
        if (at < 0) {
          continue;
        }
        String rest = word.substring(at + name.length());
        boolean last = i + 1 < words.size() && rest.isEmpty();
        if (rest.matches("\"?=\"?(0|false|no|off)\"?")
            || word.startsWith("--no-" + name.toLowerCase(Locale.ROOT))) {
          return words.get(i);
        }
        if (last && words.get(i + 1).is("0", "false", "no", "off")) {
          Span first = words.get(i).span();
          Span second = words.get(i + 1).span();
          return first.file() == second.file() && first.start() < second.start()
              ? first.to(second)
              : first;
        }
      }
    }
    return null;
  }

  /** Whether a variable tells a program not to look at certificates. */
  static boolean turnsTlsOff(String name, String value) {
    String lower = value.strip().toLowerCase(Locale.ROOT);
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "NODE_TLS_REJECT_UNAUTHORIZED", "PYTHONHTTPSVERIFY" -> lower.equals("0");
      case "NPM_CONFIG_STRICT_SSL", "YARN_STRICT_SSL", "YARN_ENABLE_STRICT_SSL" ->
          lower.equals("false");
      case "GIT_SSL_NO_VERIFY" -> TRUE_WORDS.contains(lower);
      case "PIP_TRUSTED_HOST", "UV_INSECURE_HOST" -> !lower.isEmpty();
      case "GOINSECURE" -> lower.equals("*");
      default -> false;
    };
  }

  private static void signatureOff(StageScript script, RuleContext context) {
    for (Command command : script.commands()) {
      PackageCommand packages = PackageCommand.of(command);
      Located at = null;
      if (packages != null) {
        Command.Options options = packages.options();
        if (packages.manager() == Manager.APK && !isAllLocal(packages)) {
          at = options.find("--allow-untrusted");
        } else if (packages.manager().isDebian()) {
          at =
              options.find(
                  "--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories");
          at = at == null ? aptSetting(command) : at;
        } else if (packages.manager().isRedHat() && !isAllLocal(packages)) {
          at = options.find("--nogpgcheck", "--no-gpgchecks");
          at = at == null ? setting(command.arguments(), "gpgcheck") : at;
        } else if (packages.manager() == Manager.ZYPPER) {
          at = options.find("--no-gpg-checks", "--allow-unsigned-rpm");
        }
      } else if (command.is("rpm")) {
        at =
            command.flag(
                "--nosignature", "--nodigest", "--noverify", "--nofiledigest", "--nofiledigests");
      } else if (command.is("dpkg")) {
        at = command.flag("--force-bad-verify");
      }
      if (at != null) {
        context.report(at, "off", command.name());
      }
    }
  }

  /** Files of the build itself carry no signature of a repository. */
  private static boolean isAllLocal(PackageCommand packages) {
    return !packages.packages().isEmpty()
        && packages.packages().stream()
            .allMatch(each -> each.kind() == PackageCommand.Package.Kind.FILE);
  }

  private static @Nullable Located aptSetting(Command command) {
    for (Argument argument : command.arguments()) {
      if (argument
          .shape()
          .matches(
              "(?i).*(AllowUnauthenticated|AllowInsecureRepositories)\"?=\"?(1|true|yes)\"?")) {
        return argument;
      }
    }
    return null;
  }

  private static boolean debugs(String name, String value) {
    String upper = name.toUpperCase(Locale.ROOT);
    String lower = value.toLowerCase(Locale.ROOT);
    return upper.matches(
                "(NODE|APP|FLASK|RAILS|RACK|DJANGO|ASPNETCORE|ELECTRON|SYMFONY|MIX)_ENV|ASPNETCORE_ENVIRONMENT")
            && (lower.startsWith("dev") || lower.equals("debug"))
        || upper.matches("(FLASK|APP|DJANGO|WP|LARAVEL|SYMFONY|WORDPRESS)?_?DEBUG")
            && TRUE_WORDS.contains(lower)
        || upper.equals("XDEBUG_MODE") && !lower.equals("off") && !lower.isEmpty();
  }
}
