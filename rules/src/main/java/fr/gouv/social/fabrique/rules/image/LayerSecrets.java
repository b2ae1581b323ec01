package fr.gouv.social.fabrique.rules.image;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.image.BuiltImage.Step;
import fr.gouv.social.fabrique.image.ImageContents;
import fr.gouv.social.fabrique.image.ImageFile;
import fr.gouv.social.fabrique.project.InspectedImage;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.rules.secret.Secrets;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Secrets that are in an image as it was built. Their values are never shown. */
final class LayerSecrets {
  /** More of them in one image tell nothing new. */
  private static final int MOST_FILES = 50;

  private static final Pattern ARGUMENTS = Pattern.compile("\\|(\\d{1,3}) (.*)", Pattern.DOTALL);
  private static final Pattern LINE =
      Pattern.compile("(?m)^\\s*(?:export\\s+)?([A-Za-z_]\\w*)=[\"']?([^\"'\\r\\n#]*)");
  private static final Pattern SAMPLE_PATH =
      Pattern.compile(
          "(?i)(.*/)?(tests?|__tests__|testdata|fixtures?|spec|examples?|samples?|docs?|man)/.*");
  private static final Pattern SAMPLE_NAME =
      Pattern.compile("(?i).*[._-](sample|example|exemple|dist|template|tpl|defaults?|test|ci)");
  private static final Pattern PASSWORD_ELEMENT = Pattern.compile("<password>([^<$]+)</password>");

  static final Rule<InspectedImage> ENVIRONMENT =
      rule("image/secret-in-environment", InspectedImage.class, LayerSecrets::environment);

  static final Rule<InspectedImage> HISTORY =
      rule("image/secret-in-history", InspectedImage.class, LayerSecrets::history);

  static final Rule<InspectedImage> FILE =
      rule("image/secret-file", InspectedImage.class, LayerSecrets::files);

  /** All rules of the theme. */
  static final List<Rule<?>> ALL = List.of(ENVIRONMENT, HISTORY, FILE);

  private LayerSecrets() {}

  private static void environment(InspectedImage inspected, RuleContext context) {
    if (!inspected.own()) {
      return;
    }
    boolean[] found = {false};
    Stage stage = inspected.stage();
    inspected
        .image()
        .config()
        .environment()
        .forEach(
            (name, value) -> {
              Secrets.Kind kind = Secrets.of(name, value);
              if (kind == null || Secrets.isPublic(name, value)) {
                return;
              }
              found[0] = true;
              // What the Dockerfile itself spells out is reported there already.
              Setting<String> written = stage == null ? null : stage.scope().get(name);
              if (written == null
                  || !value.equals(written.value())
                  || written.span().equals(inspected.origin().span())) {
                context
                    .report(
                        inspected.variablePlace(name),
                        "variable",
                        inspected.image().reference(),
                        name)
                    .atMost(Secrets.most(kind, value));
              }
            });
    if (!found[0]) {
      context.keep(inspected);
    }
  }

  private static void history(InspectedImage inspected, RuleContext context) {
    List<Step> history = inspected.image().history();
    if (!inspected.own()) {
      return;
    }
    boolean found = false;
    Set<String> told = new HashSet<>();
    for (int i = 0; i < history.size(); i++) {
      Located place = inspected.steps().get(i);
      boolean ofBase = inspected.stage() != null && !(place instanceof Instruction);
      String keyword = history.get(i).keyword();
      if (ofBase || !keyword.equals("RUN") && !keyword.equals("ARG")) {
        continue;
      }
      String written = place instanceof Instruction each ? each.span().text() : "";
      String text = history.get(i).text();
      for (String word : arguments(text)) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? "" : word.substring(0, equals);
        String value = word.substring(equals + 1);
        Secrets.Kind named = Secrets.of(name, value);
        if (named != null
            && !Secrets.isPublic(name, value)
            && !written.contains(value)
            && told.add(name)) {
          found = true;
          told.add(word);
          context
              .report(place, "argument", inspected.image().reference(), name)
              .atMost(Secrets.most(named, value));
        }
      }
      for (String word : text.split("[\\s\"';]+")) {
        Secrets.Kind kind = Secrets.inValue(word);
        if (kind != null && !written.contains(word) && told.add(word)) {
          found = true;
          context.report(place, "text", inspected.image().reference());
        }
      }
    }
    if (!found && !history.isEmpty()) {
      context.keep(inspected);
    }
  }

  /**
   * The arguments that a step repeats: {@code ARG NAME=value}, {@code |1 NAME=value /bin/sh -c …}.
   */
  private static List<String> arguments(String step) {
    if (step.startsWith("ARG ")) {
      return List.of(step.substring("ARG ".length()).split(" "));
    }
    Matcher given = ARGUMENTS.matcher(step);
    if (!given.find()) {
      return List.of();
    }
    List<String> words = List.of(given.group(2).split(" "));
    return words.subList(0, Math.min(words.size(), Integer.parseInt(given.group(1))));
  }

  private static boolean isSecret(String name, String value) {
    return Secrets.of(name, value) != null && !Secrets.isPublic(name, value);
  }

  private static void files(InspectedImage inspected, RuleContext context) {
    ImageContents contents = inspected.image().contents();
    if (!inspected.own() || contents == null) {
      return;
    }
    AtomicInteger found = new AtomicInteger();
    contents.forEach(
        file -> {
          if (file.isFile()
              && inspected.isOwn(file.layer())
              && isSecret(file)
              && found.incrementAndGet() <= MOST_FILES) {
            context
                .report(
                    inspected.layerPlace(file.layer()),
                    file.hidden() ? "removed" : "file",
                    inspected.image().reference(),
                    "/" + file.path())
                // What its lines hold is told from the names of their variables.
                .atMost(file.name().startsWith(".env") ? Severity.WARNING : Severity.ERROR);
          }
        });
    if (found.get() == 0) {
      context.keep(inspected);
    }
  }

  /** Whether a file holds a secret, as far as its name and its text tell. */
  static boolean isSecret(ImageFile file) {
    String path = file.path();
    String name = file.name();
    if (SAMPLE_PATH.matcher(path).matches() || SAMPLE_NAME.matcher(name).matches()) {
      return false;
    }
    if (name.matches("ssh_host_\\w+_key") && path.startsWith("etc/ssh/")) {
      return true;
    }
    String text = file.text();
    if (text == null || text.isBlank()) {
      return false;
    }
    // Debian makes it anew for each installation, for nothing but a first try.
    if (text.contains("PRIVATE KEY-----") && text.contains("-----BEGIN ")) {
      return !name.contains("snakeoil");
    }
    String folder = path.substring(0, Math.max(0, path.lastIndexOf('/')));
    return switch (name) {
      case ".npmrc" -> hasValue(text, "(?m)^.*(?:_authToken|_auth|_password)\\s*=\\s*(\\S+)");
      case ".yarnrc.yml" -> hasValue(text, "(?m)npmAuth(?:Token|Ident):\\s*[\"']?([^\\s\"']+)");
      case ".netrc", "_netrc" -> hasValue(text, "\\bpassword\\s+(\\S+)");
      case ".pypirc", ".my.cnf" -> hasValue(text, "(?m)^\\s*password\\s*[=:]\\s*(\\S+)");
      case "pip.conf" -> Secrets.inValue(text) != null;
      case ".git-credentials" -> hasValue(text, "://[^:/\\s]*:([^@\\s]+)@");
      case ".pgpass" -> hasValue(text, "(?m)^[^#\\n]*:[^:\\n]*:[^:\\n]*:[^:\\n]*:([^:\\s]+)$");
      case ".dockercfg", ".dockerconfigjson" -> hasAuth(text);
      case "config.json", "auth.json" ->
          (folder.endsWith(".docker")
                  || folder.endsWith("containers")
                  || folder.endsWith("composer"))
              && hasAuth(text);
      case "credentials" ->
          folder.endsWith(".aws") && hasValue(text, "aws_secret_access_key\\s*=\\s*(\\S+)");
      case "config" -> folder.endsWith(".kube") && hasClusterKey(text);
      case "kubeconfig" -> hasClusterKey(text);
      case "settings.xml" -> folder.endsWith(".m2") && PASSWORD_ELEMENT.matcher(text).find();
      case ".htpasswd" -> false;
      default -> name.startsWith(".env") && hasSecretLine(text);
    };
  }

  private static boolean hasClusterKey(String text) {
    return hasValue(text, "(?m)^\\s*(?:client-key-data|token|password):\\s*[\"']?([^\\s\"']+)");
  }

  private static boolean hasAuth(String text) {
    return hasValue(text, "\"(?:auth|password|identitytoken)\"\\s*:\\s*\"([^\"]+)\"");
  }

  private static boolean hasValue(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      if (!Secrets.isPlaceholder(matcher.group(1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasSecretLine(String text) {
    Matcher line = LINE.matcher(text);
    while (line.find()) {
      String value = line.group(2).strip();
      if (isSecret(line.group(1), value) && !Secrets.isCommonplace(value)) {
        return true;
      }
    }
    return false;
  }
}
