package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Assignment;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.RunMount;
import fr.gouv.social.fabrique.dockerfile.Scope;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.project.BuildContext;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.rules.secret.Secrets;
import fr.gouv.social.fabrique.shell.Argument;
import fr.gouv.social.fabrique.shell.Command;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How secrets get into images: written, copied, or given to a build. */
final class ImageSecrets {
  private static final Pattern ENV_LINE =
      Pattern.compile("(?m)^\\s*(?:export\\s+)?([A-Za-z_]\\w*)=[\"']?([^\"'\\r\\n#]*)");
  private static final Pattern SAMPLE =
      Pattern.compile(".*[._-](sample|example|exemple|dist|template|tpl|defaults?|test|ci|schema)");
  private static final Set<String> KEY_FILES =
      Set.of(
          "id_rsa",
          "id_dsa",
          "id_ecdsa",
          "id_ed25519",
          ".netrc",
          "_netrc",
          ".pypirc",
          ".git-credentials",
          ".ssh",
          ".aws",
          ".gnupg",
          ".kube",
          "kubeconfig",
          ".dockercfg");
  private static final Set<String> PUBLIC_WORDS =
      Set.of(
          "ca",
          "cert",
          "certs",
          "chain",
          "fullchain",
          "bundle",
          "pub",
          "public",
          "cacert",
          "crt",
          "certificate",
          "root",
          "rds",
          "global");

  private static final Pattern LOOPBACK =
      Pattern.compile("@(?:localhost|127\\.0\\.0\\.1|\\[::1\\])(?=[:/?]|$)");

  static final Rule<Dockerfile> LITERAL =
      rule("secret/literal-in-dockerfile", Dockerfile.class, ImageSecrets::literals);

  static final Rule<Dockerfile> ARGUMENT =
      rule("secret/build-argument", Dockerfile.class, ImageSecrets::arguments);

  static final Rule<StageScript> LOGIN =
      rule("secret/login-in-run", StageScript.class, ImageSecrets::logins);

  static final Rule<BuildContext> COPIED =
      rule("secret/copied-file", BuildContext.class, ImageSecrets::copied);

  static final Rule<StageScript> PASSWORD =
      rule("secret/account-password", StageScript.class, ImageSecrets::passwords);

  /** All rules of the theme. */
  static final List<Rule<?>> ALL = List.of(LITERAL, ARGUMENT, LOGIN, COPIED, PASSWORD);

  private ImageSecrets() {}

  /** A variable of a Dockerfile with its instruction and the variables that it sees. */
  private record Declared(
      Instruction instruction,
      Assignment assignment,
      @Nullable Stage stage,
      Setting<String> value) {
    boolean isEnv() {
      return instruction instanceof Instruction.Env;
    }
  }

  private static List<Declared> declared(Dockerfile dockerfile) {
    List<Declared> all = new ArrayList<>();
    for (Instruction.Arg arg : dockerfile.globalArguments()) {
      for (Assignment each : arg.assignments()) {
        Setting<String> value = dockerfile.globalScope().get(each.name());
        all.add(
            new Declared(
                arg,
                each,
                null,
                value == null || each.value() == null ? Setting.absent(each) : value));
      }
    }
    for (Stage stage : dockerfile.stages()) {
      for (Instruction instruction : stage.instructions()) {
        Instruction each =
            instruction instanceof Instruction.OnBuild onBuild && onBuild.trigger() != null
                ? onBuild.trigger()
                : instruction;
        List<Assignment> assignments =
            each instanceof Instruction.Env env
                ? env.assignments()
                : each instanceof Instruction.Arg arg ? arg.assignments() : List.of();
        for (Assignment assignment : assignments) {
          Word word = assignment.value();
          Setting<String> value = Setting.absent(assignment);
          if (word != null) {
            String text = stage.expand(word, instruction).text();
            value = text == null ? Setting.unknown(word) : Setting.explicit(text, word);
          }
          all.add(new Declared(each, assignment, stage, value));
        }
      }
    }
    return all;
  }

  private static void literals(Dockerfile dockerfile, RuleContext context) {
    boolean found = false;
    for (Declared each : declared(dockerfile)) {
      String name = each.assignment.name();
      String value = each.value.value();
      Word word = each.assignment.value();
      // What comes from another variable is reported where that one is written.
      boolean borrowed =
          word != null
              && word.hasVariable()
              && word.toString().matches("[\"']?\\$\\{?\\w+\\}?[\"']?");
      Secrets.Kind kind = value == null || borrowed ? null : Secrets.of(name, value);
      if (kind == null
          || value == null
          || Secrets.isPublic(name, value)
          || isStandIn(kind, value)) {
        continue;
      }
      found = true;
      context
          .report(each.assignment, key(kind, value), each.instruction.name(), name)
          .atMost(Secrets.most(kind, value));
    }
    for (StageScript script : Scripts.of(context, dockerfile.stages())) {
      for (Command command : script.commands()) {
        for (Argument argument : command.arguments()) {
          Secrets.Kind kind = Secrets.inValue(argument.shape());
          boolean sure =
              kind == Secrets.Kind.TOKEN
                  || kind == Secrets.Kind.PRIVATE_KEY
                  || kind == Secrets.Kind.JWT
                  || kind == Secrets.Kind.PASSWORD_IN_URL && argument.isKnown();
          if (sure && kind != null && command.carrier() == null) {
            found = true;
            context.report(argument, key(kind, argument.shape()), script.instruction().name(), "");
          }
        }
      }
    }
    if (!found && !Dependencies.isForDevelopment(dockerfile.file().path())) {
      boolean shown = false;
      for (Instruction instruction : dockerfile.instructions()) {
        if (instruction instanceof Instruction.Run run) {
          for (RunMount mount : run.mounts()) {
            if ("secret".equals(mount.type())) {
              context.keep(run);
              shown = true;
            }
          }
        }
      }
      if (!shown) {
        context.concerns();
      }
    }
  }

  /**
   * Whether an address only satisfies a tool that wants one during the build: it leads to the
   * container itself, with a password that everybody tries first.
   */
  private static boolean isStandIn(Secrets.Kind kind, String value) {
    int[] password = kind == Secrets.Kind.PASSWORD_IN_URL ? Secrets.passwordIn(value) : null;
    return password != null
        && Secrets.isCommonplace(value.substring(password[0], password[1]))
        && LOOPBACK.matcher(value).find(password[1]);
  }

  private static String key(Secrets.Kind kind, String value) {
    return switch (kind) {
      case NAME -> isDefault(value) ? "default" : "literal";
      case PRIVATE_KEY -> "private-key";
      case TOKEN, JWT -> "token";
      case PASSWORD_IN_URL -> "url";
    };
  }

  private static boolean isDefault(String value) {
    return value
        .toLowerCase(Locale.ROOT)
        .matches(
            "change[-_ ]?(me|it|this)!?|password|passw0rd|secret|admin|root|postgres|test|1234(5678)?|dummy");
  }

  private static void arguments(Dockerfile dockerfile, RuleContext context) {
    Set<String> reported = new HashSet<>();
    for (Declared each : declared(dockerfile)) {
      String name = each.assignment.name();
      if (!Secrets.isName(name) || Secrets.isPublic(name, "")) {
        continue;
      }
      Word word = each.assignment.value();
      if (!each.isEnv()) {
        boolean empty = word == null || word.toString().matches("|\"\"|''");
        boolean handed = word != null && word.hasVariable() && each.value.value() == null;
        boolean global = each.stage == null;
        if ((empty || handed) && !global && reported.add(name)) {
          context.report(each.assignment, "argument", name);
        }
      } else if (word != null && isFromArgument(word, each, dockerfile)) {
        context.report(each.assignment, "environment", name);
      }
    }
  }

  /** Whether a value is that of an ARG, which a build gives. */
  private static boolean isFromArgument(Word word, Declared declared, Dockerfile dockerfile) {
    Matcher name =
        Pattern.compile("\"?\\$\\{?([A-Za-z_]\\w*)(:-)?\\}?\"?").matcher(word.toString());
    if (!name.matches() || declared.stage == null) {
      return false;
    }
    Scope scope = declared.stage.scopeBefore(declared.instruction);
    Setting<String> setting = scope.get(name.group(1));
    return setting != null && (setting.value() == null || setting.value().isEmpty());
  }

  // ---- scripts ----

  private static void logins(StageScript script, RuleContext context) {
    Instruction.Run run = script.run();
    if (run == null || run.mounts().stream().anyMatch(each -> "secret".equals(each.type()))) {
      return;
    }
    for (Command command : script.commands()) {
      Located at = login(command);
      if (at != null) {
        context.report(at, "login", command.name());
      }
    }
  }

  private static @Nullable Located login(Command command) {
    List<Argument> words = command.arguments();
    if (words.isEmpty()) {
      return null;
    }
    String first = words.get(0).shape();
    String second = words.size() > 1 ? words.get(1).shape() : "";
    String third = words.size() > 2 ? words.get(2).shape() : "";
    boolean logs =
        switch (command.name()) {
          case "docker", "podman", "buildah", "skopeo", "crane", "nerdctl", "oras" ->
              first.equals("login") || first.equals("auth") && second.equals("login");
          case "helm" -> first.equals("registry") && second.equals("login");
          case "aws" ->
              first.equals("configure")
                  && second.equals("set")
                  && third.matches("aws_(access_key_id|secret_access_key|session_token)");
          case "gcloud" ->
              first.equals("auth")
                  && second.matches("activate-service-account|login")
                  && command.has("--key-file", "--cred-file");
          case "az", "oc" -> first.equals("login") && command.has("-p", "--password", "--token");
          case "doctl" -> first.equals("auth") && second.equals("init");
          case "gh" -> first.equals("auth") && second.equals("login");
          case "npm", "yarn", "pnpm" ->
              first.matches("login|adduser")
                  || first.equals("config")
                      && second.equals("set")
                      && words.stream()
                          .anyMatch(
                              w ->
                                  w.shape()
                                      .matches(
                                          "(?i).*(_authToken|_auth|_password|npmAuthToken).*"));
          case "composer" ->
              words.stream()
                  .anyMatch(
                      w ->
                          w.shape()
                              .matches(
                                  "(http-basic|github-oauth|gitlab-token|gitlab-oauth)(\\..*)?"));
          case "bundle" ->
              first.equals("config")
                  && words.stream().anyMatch(w -> w.shape().matches("[^:/]+:" + Argument.UNKNOWN));
          default -> false;
        };
    if (logs) {
      return Scripts.upTo(
          command, second.startsWith("-") || second.isEmpty() ? words.get(0) : words.get(1));
    }
    boolean fetches = command.is("curl", "wget", "git", "pip", "pip3", "npm", "yarn");
    for (Argument word : words) {
      // A user and a password, or a token, from a variable of the build.
      boolean url = word.shape().matches("(?s).*https?://([^/\\s@]*:)?[^/\\s@]*\uFFFC[^/\\s@]*@.*");
      boolean header =
          command.is("curl", "wget")
              && word.shape()
                  .matches(
                      "(?is).*(authorization: *(bearer|token|basic)|private-token:|x-api-key:) *\uFFFC.*");
      boolean token = word.shape().matches("(?s).*:_authToken=\uFFFC.*");
      if (url && fetches || header || token) {
        return word;
      }
    }
    return null;
  }

  private static void passwords(StageScript script, RuleContext context) {
    Instruction.Run run = script.run();
    if (run == null || run.mounts().stream().anyMatch(each -> "secret".equals(each.type()))) {
      return;
    }
    for (Command command : script.commands()) {
      Command.Option given =
          command.is("useradd", "usermod")
              ? command
                  .options("-p", "--password", "-u", "-g", "-d", "-s", "-c", "-G")
                  .option("-p", "--password")
              : null;
      boolean locked = given != null && given.value() != null && given.value().matches("[!*]+.*|");
      if (command.is("chpasswd")) {
        context.report(command.head(), "password", command.name());
      } else if (command.is("passwd") && command.has("-d", "--delete")) {
        context.report(command.head(), "empty");
      } else if (given != null && !locked) {
        context.report(given, "password", command.name());
      }
    }
  }

  // ---- files ----

  private static void copied(BuildContext build, RuleContext context) {
    Stage last = build.dockerfile().finalStage();
    if (last == null) {
      return;
    }
    boolean found = false;
    List<Instruction> clean = new ArrayList<>();
    for (Stage stage : build.dockerfile().stages()) {
      boolean inImage = last.lineage().contains(stage);
      for (Instruction instruction : stage.instructions()) {
        Instruction each =
            instruction instanceof Instruction.OnBuild onBuild && onBuild.trigger() != null
                ? onBuild.trigger()
                : instruction;
        if (!(each instanceof Instruction.Transfer transfer)) {
          continue;
        }
        if (transfer.flag("from") != null) {
          if (inImage && each instanceof Instruction.Copy copy && isResult(stage, copy)) {
            clean.add(each);
          }
          continue;
        }
        boolean known = !transfer.paths().isEmpty();
        for (Word source : transfer.paths()) {
          String path = stage.expand(source, instruction).text();
          known &= path != null;
          found |= path != null && report(build, each, source, path, inImage, context);
        }
        if (known && inImage) {
          clean.add(each);
        }
      }
    }
    if (!found && !Dependencies.isForDevelopment(build.dockerfile().file().path())) {
      // What goes from the repository into the image was looked through.
      clean.forEach(context::keep);
      if (clean.isEmpty()) {
        context.concerns();
      }
    }
  }

  private static boolean report(
      BuildContext build,
      Instruction instruction,
      Word source,
      String path,
      boolean inImage,
      RuleContext context) {
    String clean = path.replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
    String name = clean.substring(clean.lastIndexOf('/') + 1);
    SourceEntry named = build.tree().entry(build.inRepository(clean));
    if (path.contains("://") || clean.startsWith("..")) {
      return false;
    }
    if (named != null || !isFolder(build, clean)) {
      boolean git = name.equals(".git") && inImage;
      if (git || isSecretFile(name, named == null ? null : named.file().text())) {
        context
            .report(source, "named", clean)
            .atMost(most(named == null ? null : named.file().text()));
        return true;
      }
      return false;
    }
    boolean excludes = instruction.flags().stream().anyMatch(each -> each.name().equals("exclude"));
    if (!inImage || excludes) {
      return false;
    }
    boolean all = clean.isEmpty() || clean.equals(".");
    String folder = build.inRepository(all ? "" : clean + "/");
    for (String file : build.tree().paths()) {
      if (!file.startsWith(folder) || !mayBeSecret(file) || isTest(file) || !build.sends(file)) {
        continue;
      }
      SourceEntry entry = build.tree().entry(file);
      String base = file.substring(file.lastIndexOf('/') + 1);
      if (entry != null && isSecretFile(base, entry.file().text())) {
        context
            .report(source, "with-folder", path, build.inContext(file))
            .atMost(most(entry.file().text()))
            .related(entry.file().span(0, 0));
        return true;
      }
    }
    return false;
  }

  /** Whether a copy takes parts of what another stage built, and not all of its folder. */
  private static boolean isResult(Stage stage, Instruction.Copy copy) {
    for (Stage.Source source : stage.sources()) {
      Stage from = source.stage();
      String workdir = from == null ? null : from.effectiveWorkdir().value();
      if (source.instruction() == copy && workdir != null) {
        return copy.paths().stream()
            .map(path -> stage.expand(path, copy).text())
            .allMatch(path -> path != null && isWithin(path, workdir));
      }
    }
    return false;
  }

  private static boolean isWithin(String path, String folder) {
    String parent = folder.replaceFirst("/+$", "") + "/";
    return path.startsWith(parent) && !path.substring(parent.length()).matches("[./*]*");
  }

  private static boolean isFolder(BuildContext build, String path) {
    return path.isEmpty() || path.equals(".") || build.tree().hasFolder(build.inRepository(path));
  }

  private static boolean isTest(String file) {
    return file.matches(
        "(?i)(.*/)?(tests?|fixtures?|__tests__|spec|testdata|examples?|samples?)/.*");
  }

  private static boolean mayBeSecret(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return name.startsWith(".env")
        || name.startsWith("id_")
        || name.startsWith(".npmrc")
        || name.startsWith(".n")
        || name.startsWith(".p")
        || name.startsWith(".git-")
        || name.matches(
            ".*\\.(pem|key|p12|pfx|jks|keystore|env)|.*credentials?.*\\.json|service-account.*\\.json");
  }

  /**
   * Whether a file holds a secret.
   *
   * @param text what is in it, or null when the repository does not have it
   */
  private static boolean isSecretFile(String file, @Nullable String text) {
    String name = file.toLowerCase(Locale.ROOT);
    if (KEY_FILES.contains(name)) {
      return true;
    }
    if (name.equals(".env") || name.startsWith(".env.") || name.endsWith(".env")) {
      return !SAMPLE.matcher(name).matches() && (text == null || holdsSecret(text));
    }
    if (name.equals(".npmrc") || name.equals(".yarnrc.yml")) {
      return text == null
          ? name.equals(".npmrc")
          : Pattern.compile(
                  "(?m)(_authToken|_password|_auth|npmAuthToken)\\s*[=:]\\s*[\"']?[^$\\s\"']")
              .matcher(text)
              .find();
    }
    if (name.matches(".*\\.(pem|key|p12|pfx|jks|keystore)")) {
      if (text != null && name.matches(".*\\.(pem|key)")) {
        return text.contains("PRIVATE KEY-----");
      }
      for (String word : name.split("[._-]")) {
        if (PUBLIC_WORDS.contains(word)) {
          return false;
        }
      }
      return true;
    }
    return name.matches("(gcp-|google-)?(credentials?|service-?account(-key)?)\\.json")
        && (text == null || text.contains("private_key"));
  }

  /** What the name of a file tells is a guess; a key or a token in it is none. */
  private static Severity most(@Nullable String text) {
    if (text == null) {
      return Severity.WARNING;
    }
    if (Secrets.inValue(text) != null) {
      return Severity.ERROR;
    }
    Severity most = Severity.WARNING;
    Matcher line = ENV_LINE.matcher(text);
    while (line.find()) {
      String value = line.group(2).strip();
      Secrets.Kind kind = Secrets.of(line.group(1), value);
      if (kind != null && Secrets.most(kind, value) == Severity.ERROR) {
        most = Severity.ERROR;
      }
    }
    return most;
  }

  private static boolean holdsSecret(String text) {
    Matcher line = ENV_LINE.matcher(text);
    while (line.find()) {
      if (Secrets.of(line.group(1), line.group(2).strip()) != null) {
        return true;
      }
    }
    return false;
  }
}
