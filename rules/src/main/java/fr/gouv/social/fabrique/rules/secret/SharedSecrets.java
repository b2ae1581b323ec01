package fr.gouv.social.fabrique.rules.secret;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.project.EnvironmentVariable;
import fr.gouv.social.fabrique.project.EnvironmentVariable.Where;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.secret.Secrets.Kind;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.FileKind;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Secrets of the local environment, and those that leave it. */
final class SharedSecrets {
  private static final Pattern LINE =
      Pattern.compile(
          "(?m)^[ \\t]*(?:export[ \\t]+)?([A-Za-z_][\\w.]*)[ \\t]*=[ \\t]*([^\\r\\n]*)$");

  static final Rule<EnvironmentVariable> LITERAL_IN_COMPOSE =
      rule("secret/literal-in-compose", EnvironmentVariable.class, SharedSecrets::compose);

  static final Rule<Project> LITERAL_IN_ENV_FILE =
      rule("secret/literal-in-env-file", Project.class, SharedSecrets::envFiles);

  static final Rule<Project> SAME_IN_DEV_AND_PROD =
      rule("secret/same-in-dev-and-prod", Project.class, SharedSecrets::reused);

  static final List<Rule<?>> ALL =
      List.of(LITERAL_IN_COMPOSE, LITERAL_IN_ENV_FILE, SAME_IN_DEV_AND_PROD);

  private SharedSecrets() {}

  private static void compose(EnvironmentVariable variable, RuleContext context) {
    String value = variable.value().value();
    boolean ofCompose =
        variable.where() == Where.COMPOSE_SERVICE || variable.where() == Where.COMPOSE_BUILD;
    if (!ofCompose || value == null || isEnvFile(variable.span().file().path(), context)) {
      return;
    }
    Kind kind = Secrets.of(variable.name(), value);
    boolean real = kind == Kind.TOKEN || kind == Kind.PRIVATE_KEY;
    if (kind != null && (real || context.environment(variable) == Environment.PROD)) {
      context.report(variable, KubernetesSecrets.key(kind), variable.name());
    }
  }

  private static boolean isEnvFile(String path, RuleContext context) {
    SourceEntry entry = context.project().tree().entry(path);
    return entry == null || entry.kind() == FileKind.ENV_FILE;
  }

  private static void envFiles(Project project, RuleContext context) {
    for (SourceEntry entry : EnvFiles.committed(project.tree())) {
      for (Secret secret : secrets(entry)) {
        context.report(secret.place, KubernetesSecrets.key(secret.kind), secret.name);
      }
    }
    // As in a Compose file, passwords of a local environment may stand there.
    for (SourceEntry entry : EnvFiles.ofServices(project.tree())) {
      for (Secret secret : secrets(entry)) {
        boolean real = secret.kind == Kind.TOKEN || secret.kind == Kind.PRIVATE_KEY;
        if (real || context.environment(secret.place) == Environment.PROD) {
          context.report(secret.place, KubernetesSecrets.key(secret.kind), secret.name);
        }
      }
    }
  }

  /** A secret in a file of variables. */
  private record Secret(String name, Kind kind, Span place) {}

  /** Whether a committed file of variables holds secrets that are worth hiding. */
  static boolean holdsSecrets(SourceEntry entry) {
    return !secrets(entry).isEmpty();
  }

  private static List<Secret> secrets(SourceEntry entry) {
    List<Secret> secrets = new ArrayList<>();
    SourceFile file = entry.file();
    Matcher matcher = LINE.matcher(file.text());
    while (matcher.find()) {
      String name = matcher.group(1);
      String value = unquoted(matcher.group(2));
      Kind kind = Secrets.of(name, value);
      boolean commonplace =
          kind == Kind.NAME && Secrets.isCommonplace(value)
              || kind == Kind.PASSWORD_IN_URL && Secrets.isCommonplace(password(value));
      if (kind != null && !commonplace) {
        secrets.add(new Secret(name, kind, file.span(matcher.start(1), matcher.end(2))));
      }
    }
    return secrets;
  }

  private static String password(String value) {
    int[] at = Secrets.passwordIn(value);
    return at == null ? value : value.substring(at[0], at[1]);
  }

  private static String unquoted(String written) {
    String text = written.strip();
    char first = text.isEmpty() ? ' ' : text.charAt(0);
    if (first == '"' || first == '\'') {
      int end = text.indexOf(first, 1);
      return end < 0 ? text.substring(1) : text.substring(1, end);
    }
    int comment = text.indexOf(" #");
    return comment < 0 ? text : text.substring(0, comment).strip();
  }

  private static void reused(Project project, RuleContext context) {
    Map<String, Located> local = new LinkedHashMap<>();
    Map<String, List<Use>> production = new LinkedHashMap<>();
    for (EnvironmentVariable variable : project.subjects(EnvironmentVariable.class)) {
      String value = variable.value().value();
      if (value != null && Secrets.of(variable.name(), value) != null) {
        boolean compose =
            variable.where() == Where.COMPOSE_SERVICE || variable.where() == Where.COMPOSE_BUILD;
        note(variable.name(), password(value), variable, compose, context, local, production);
      }
    }
    for (KubernetesObject object : project.objects().objects()) {
      if (object.is("Secret", "")) {
        for (YamlPlace each : object.at("stringData").values()) {
          note(each.name(), each.text(""), each, false, context, local, production);
        }
        for (YamlPlace each : object.at("data").values()) {
          String text = KubernetesSecrets.decoded(each.text(""));
          note(each.name(), text, each, false, context, local, production);
        }
      } else if (KubernetesSecrets.isSealed(object)) {
        // The same ciphertext is the same secret; the same secret is sealed anew each time.
        for (YamlPlace each : object.at("spec.encryptedData").values()) {
          note(each.name(), each.text(""), each, false, context, local, production);
        }
      }
    }
    local.forEach(
        (value, place) -> {
          for (Use use : production.getOrDefault(value, List.of())) {
            context.report(use.place, "same", use.name, place.span().file().path()).related(place);
          }
        });
  }

  /** A secret of the production. */
  private record Use(String name, Located place) {}

  private static void note(
      String name,
      @Nullable String value,
      Located place,
      boolean compose,
      RuleContext context,
      Map<String, Located> local,
      Map<String, List<Use>> production) {
    if (value == null || value.length() < 6 || Secrets.isPlaceholder(value)) {
      return;
    }
    Environment environment = context.environment(place);
    if (environment == Environment.PROD) {
      production.computeIfAbsent(value, key -> new ArrayList<>()).add(new Use(name, place));
    } else if (environment == Environment.DEV || compose) {
      local.putIfAbsent(value, place);
    }
  }
}
