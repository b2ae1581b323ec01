package fr.gouv.social.fabrique.rules.secret;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.EnvVar;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.Kustomization;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.secret.Secrets.Kind;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Secrets in manifests, sealed or not. */
final class KubernetesSecrets {
  private static final String CLUSTER_WIDE = "sealedsecrets.bitnami.com/cluster-wide";
  private static final String NAMESPACE_WIDE = "sealedsecrets.bitnami.com/namespace-wide";

  /** What everyone may read. */
  private static final Set<String> PUBLIC_KEYS =
      Set.of(
          "ca.crt",
          "tls.crt",
          "ca.pem",
          "cert.pem",
          "ca-bundle.crt",
          "service-ca.crt",
          "ssh-publickey");

  /**
   * Session key length and key, nonce and tag around even an empty value, for a key of 2048 bits.
   */
  private static final int SHORTEST_SEALED = 2 + 256 + 16;

  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]+={0,2}");
  private static final Pattern SETTINGS_FILE =
      Pattern.compile("(?i).*\\.(?:properties|env|ini|conf|cfg|toml|ya?ml)|\\.?env");
  private static final Pattern SETTING =
      Pattern.compile(
          "(?m)^[ \\t]*(?:export[ \\t]+|-[ \\t]+)?[\"']?([A-Za-z][\\w.-]{1,80})[\"']?[ \\t]*[=:][ \\t]*(\"[^\"\\r\\n]*\"|'[^'\\r\\n]*'|[^\\s#;,(){}\\[\\]<>$\"'`]+)[ \\t]*\\r?$");

  static final Rule<KubernetesObject> PLAIN_SECRET =
      rule("secret/plain-secret", KubernetesObject.class, KubernetesSecrets::plainSecret);

  static final Rule<Project> LITERAL_IN_KUSTOMIZATION =
      rule("secret/literal-in-kustomization", Project.class, KubernetesSecrets::generators);

  static final Rule<Container> LITERAL_IN_MANIFEST =
      rule("secret/literal-in-manifest", Container.class, KubernetesSecrets::container);

  static final Rule<KubernetesObject> LITERAL_IN_CONFIGMAP =
      rule("secret/literal-in-configmap", KubernetesObject.class, KubernetesSecrets::configMap);

  static final Rule<KubernetesObject> PLACEHOLDER_IN_CONFIGMAP =
      rule(
          "secret/placeholder-in-configmap",
          KubernetesObject.class,
          (object, context) -> {
            if (!object.is("ConfigMap", "")) {
              return;
            }
            for (YamlPlace value : object.at("data").values()) {
              String name = value.label().substring("data.".length());
              String text = value.text("").strip();
              if (!text.isEmpty() && Secrets.isName(name) && Secrets.isPlaceholder(text)) {
                context.report(value, "placeholder", name);
              }
            }
          });

  static final Rule<KubernetesObject> CLUSTER_WIDE_SEALED_SECRET =
      rule("secret/cluster-wide-sealed-secret", KubernetesObject.class, KubernetesSecrets::scope);

  static final Rule<KubernetesObject> UNSEALED_VALUE =
      rule("secret/unsealed-value", KubernetesObject.class, KubernetesSecrets::sealedForm);

  static final Rule<KubernetesObject> URL_CREDENTIAL =
      rule("secret/url-credential", KubernetesObject.class, KubernetesSecrets::urlCredential);

  static final List<Rule<?>> ALL =
      List.of(
          PLAIN_SECRET,
          LITERAL_IN_KUSTOMIZATION,
          LITERAL_IN_MANIFEST,
          LITERAL_IN_CONFIGMAP,
          PLACEHOLDER_IN_CONFIGMAP,
          CLUSTER_WIDE_SEALED_SECRET,
          UNSEALED_VALUE,
          URL_CREDENTIAL);

  private KubernetesSecrets() {}

  private static void plainSecret(KubernetesObject object, RuleContext context) {
    if (isSealed(object) && !object.at("spec.encryptedData").values().isEmpty()) {
      context.keep(object);
    }
    // SOPS leaves the kind and encrypts the values.
    if (!object.is("Secret", "") || object.has("sops")) {
      return;
    }
    int plain = 0;
    for (YamlPlace value : object.at("data").values()) {
      plain += isPlain(value, decoded(value.text(""))) ? 1 : 0;
    }
    for (YamlPlace value : object.at("stringData").values()) {
      plain += isPlain(value, value.text("")) ? 1 : 0;
    }
    if (plain > 0) {
      context.report(object.at("kind"), "plain", object.name(), plain);
    }
  }

  private static boolean isPlain(YamlPlace value, String text) {
    return value.isPresent()
        && !value.isUnknown()
        && PUBLIC_KEYS.stream().noneMatch(key -> value.label().endsWith("." + key))
        && !Secrets.isPlaceholder(text)
        && !Secrets.isReference(text)
        && !text.startsWith("ENC[");
  }

  /** The text in Base64, or the text itself where it is none. */
  static String decoded(String text) {
    try {
      return new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static void generators(Project project, RuleContext context) {
    for (Kustomization kustomization : project.objects().kustomizations()) {
      for (YamlPlace generator : kustomization.place().key("secretGenerator").items()) {
        for (YamlPlace literal : generator.key("literals").items()) {
          String text = literal.text("");
          int equals = text.indexOf('=');
          if (equals > 0 && !Secrets.isPlaceholder(text.substring(equals + 1))) {
            context.report(literal, "literal", text.substring(0, equals));
          }
        }
      }
    }
  }

  private static void container(Container container, RuleContext context) {
    boolean refers = false;
    for (EnvVar variable : container.env()) {
      Setting<String> value = variable.value();
      String text = value.value();
      Kind kind = text == null ? null : Secrets.of(variable.name(), text);
      if (kind != null) {
        context.report(value, key(kind), variable.name());
      }
      refers |= kind == null && Secrets.isName(variable.name()) && variable.reference() != null;
    }
    for (String list : List.of("command", "args")) {
      for (YamlPlace word : container.at(list).items()) {
        reportOption(word, context);
      }
    }
    if (refers) {
      context.keep(container);
    }
  }

  /** Options such as {@code --password=…}. */
  private static void reportOption(YamlPlace word, RuleContext context) {
    String text = word.text("");
    int equals = text.indexOf('=');
    if (equals > 2 && text.startsWith("-") && text.indexOf(' ') < 0) {
      String name = text.substring(0, equals).replaceFirst("^-+", "");
      Kind kind = Secrets.of(name, text.substring(equals + 1));
      if (kind != null && kind != Kind.PASSWORD_IN_URL) {
        context.report(word, key(kind), name);
      }
    }
  }

  /** The key of the message for a kind of secret. */
  static String key(Kind kind) {
    return switch (kind) {
      case NAME -> "named";
      case PRIVATE_KEY -> "private-key";
      case TOKEN, JWT -> "token";
      case PASSWORD_IN_URL -> "url";
    };
  }

  private static void configMap(KubernetesObject object, RuleContext context) {
    if (!object.is("ConfigMap", "")) {
      return;
    }
    boolean clean = true;
    for (YamlPlace value : object.at("data").values()) {
      String name = value.name();
      String text = value.text();
      if (text == null || value.isUnknown()) {
        continue;
      }
      if (SETTINGS_FILE.matcher(name).matches() && text.indexOf('\n') >= 0) {
        clean &= !reportSettings(value, text, context);
        continue;
      }
      Kind kind = Secrets.of(name, text);
      if (kind != null && (kind != Kind.NAME || text.indexOf('\n') < 0)) {
        clean = false;
        context.report(value, key(kind), name).atMost(Secrets.most(kind, text));
      }
    }
    if (clean && !object.at("data").values().isEmpty()) {
      context.keep(object);
    }
  }

  /** The settings in a file that a ConfigMap holds; whether one of them is secret. */
  private static boolean reportSettings(YamlPlace value, String text, RuleContext context) {
    if (!(value.node() instanceof YamlScalar scalar) || text.length() > 100_000) {
      return false;
    }
    boolean found = false;
    Matcher matcher = SETTING.matcher(text);
    while (matcher.find()) {
      String setting = matcher.group(2);
      boolean quoted = setting.startsWith("\"") || setting.startsWith("'");
      int from = matcher.start(2) + (quoted ? 1 : 0);
      int to = matcher.end(2) - (quoted ? 1 : 0);
      Kind kind = Secrets.of(matcher.group(1), text.substring(from, to));
      if (kind != null) {
        found = true;
        context
            .report(new Part(scalar.place(from, to), value.label()), key(kind), matcher.group(1))
            .atMost(Secrets.most(kind, text.substring(from, to)));
      }
    }
    return found;
  }

  private static void scope(KubernetesObject object, RuleContext context) {
    if (!isSealed(object) || context.environment(object) != Environment.PROD) {
      return;
    }
    YamlPlace own = object.at("metadata.annotations").key(CLUSTER_WIDE);
    YamlPlace inner = object.at("spec.template.metadata.annotations").key(CLUSTER_WIDE);
    if (own.bool().isTrue()) {
      RuleContext.Reported reported = context.report(own, "cluster-wide", object.name());
      if (inner.isPresent()) {
        reported.related(inner);
      }
    } else if (inner.bool().isTrue()) {
      context.report(inner, "cluster-wide", object.name());
    } else if (!own.isUnknown() && !inner.isUnknown() && !object.isPartial()) {
      context.keep(object);
    }
  }

  static boolean isSealed(KubernetesObject object) {
    return object.is("SealedSecret", "bitnami.com");
  }

  private static void sealedForm(KubernetesObject object, RuleContext context) {
    if (!isSealed(object) || object.isPartial()) {
      return;
    }
    List<YamlPlace> values = object.at("spec.encryptedData").values();
    // The first form of the resource sealed everything in one text.
    if (values.isEmpty() && !object.has("spec.data")) {
      context.report(object.at("spec.encryptedData"), "empty", object.name());
      return;
    }
    boolean sound = true;
    for (YamlPlace value : values) {
      String text = value.text("").replaceAll("\\s", "");
      if (text.contains("{{") || text.contains("${")) {
        continue;
      }
      String name = value.name();
      if (!BASE64.matcher(text).matches()) {
        sound = false;
        context.report(value, "not-base64", name);
      } else if (!text.startsWith("A") || text.length() * 3L / 4 < SHORTEST_SEALED) {
        sound = false;
        context.report(value, "not-sealed", name);
      }
    }
    YamlPlace inner = object.at("spec.template.metadata.name");
    boolean strict = !isWide(object, NAMESPACE_WIDE) && !isWide(object, CLUSTER_WIDE);
    if (strict
        && inner.text() != null
        && !inner.text("").equals(object.name())
        && !inner.text("").contains("{{")
        && !object.name().contains("{{")) {
      sound = false;
      context.report(inner, "renamed", inner.text(""), object.name()).related(object);
    }
    if (sound) {
      context.keep(object.at("spec.encryptedData"));
    }
  }

  private static boolean isWide(KubernetesObject object, String annotation) {
    return object.at("metadata.annotations").key(annotation).isPresent()
        || object.at("spec.template.metadata.annotations").key(annotation).isPresent();
  }

  private static void urlCredential(KubernetesObject object, RuleContext context) {
    if (object.is("Secret", "")
        || isSealed(object)
        || object.kind().equals("CustomResourceDefinition")) {
      return;
    }
    Deque<YamlNode> waiting = new ArrayDeque<>();
    waiting.add(object.root());
    while (!waiting.isEmpty()) {
      YamlNode node = waiting.pop();
      if (node instanceof YamlMapping mapping) {
        for (YamlMapping.Entry entry : mapping.entries()) {
          // Other rules look at variables and at the data of ConfigMaps.
          boolean elsewhere =
              entry.name().equals("env") || entry.name().equals("data") && mapping == object.root();
          if (!elsewhere) {
            waiting.push(entry.value());
          }
        }
      } else if (node instanceof YamlSequence sequence) {
        sequence.items().forEach(waiting::push);
      } else if (node instanceof YamlScalar scalar && scalar.value().contains("://")) {
        int[] password = Secrets.passwordIn(scalar.value());
        if (password != null) {
          context.report(scalar.place(password[0], password[1]), "url");
        }
      }
    }
  }

  /** A part of a value, with the label of the whole. */
  private record Part(Span span, String label) implements Located {}
}
