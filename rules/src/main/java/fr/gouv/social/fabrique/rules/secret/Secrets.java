package fr.gouv.social.fabrique.rules.secret;

import fr.gouv.social.fabrique.rule.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What gives a secret away: its name, or a form that only secrets have. Names of files, addresses
 * and settings of secrets are none, nor are values that something else is to replace.
 */
public final class Secrets {
  /** What shows that a value is secret. */
  public enum Kind {
    /** The name of the variable. */
    NAME,
    /** A private key in PEM. */
    PRIVATE_KEY,
    /** A token in the form of a known service. */
    TOKEN,
    /** A signed JSON Web Token. */
    JWT,
    /** The password in an address or connection string. */
    PASSWORD_IN_URL
  }

  private static final Set<String> WORDS =
      Set.of(
          "password",
          "passwd",
          "passphrase",
          "pwd",
          "pass",
          "secret",
          "token",
          "apikey",
          "credential",
          "credentials",
          "mdp",
          "pgpassword",
          "requirepass");

  /** Words that make a secret of the word {@code key} after them. */
  private static final Set<String> BEFORE_KEY =
      Set.of(
          "api",
          "private",
          "access",
          "secret",
          "encryption",
          "crypt",
          "cipher",
          "signing",
          "master",
          "auth",
          "jwt",
          "session",
          "cookie",
          "app",
          "hmac",
          "account",
          "license",
          "licence");

  /** Last words that tell something about a secret. */
  private static final Set<String> ABOUT =
      Set.of(
          "file",
          "files",
          "path",
          "paths",
          "dir",
          "directory",
          "folder",
          "location",
          "name",
          "names",
          "url",
          "uri",
          "urls",
          "endpoint",
          "host",
          "port",
          "length",
          "size",
          "min",
          "max",
          "expiry",
          "expire",
          "expires",
          "expiration",
          "ttl",
          "age",
          "lifetime",
          "duration",
          "timeout",
          "seconds",
          "minutes",
          "hours",
          "days",
          "delay",
          "interval",
          "validity",
          "type",
          "alg",
          "algorithm",
          "enabled",
          "disabled",
          "required",
          "optional",
          "policy",
          "header",
          "issuer",
          "audience",
          "id",
          "ids",
          "ref",
          "count",
          "limit",
          "rounds",
          "cost",
          "prefix",
          "suffix",
          "regex",
          "pattern",
          "hint",
          "version",
          "format",
          "field",
          "attribute",
          "claim",
          "claims",
          "encoding",
          "provider",
          "backend",
          "store",
          "manager",
          "mode",
          "scope",
          "scopes",
          "rotation",
          "class",
          "namespace",
          "env",
          "var",
          "arn",
          "support",
          "changed",
          "reset",
          "login",
          "user",
          "username",
          "email",
          "method",
          "strategy",
          "uppercase",
          "lowercase",
          "digits",
          "symbols",
          "complexity",
          "label",
          "placeholder",
          "page",
          "route",
          "realm");

  /** First words that make a switch or a public value of the name. */
  private static final Set<String> SWITCHES =
      Set.of(
          "public",
          "enable",
          "disable",
          "allow",
          "use",
          "no",
          "min",
          "max",
          "is",
          "has",
          "require",
          "show",
          "skip",
          "force",
          "random",
          "generate",
          "with",
          "without",
          "hide");

  private static final Set<String> NO_VALUES =
      Set.of(
          "true",
          "false",
          "yes",
          "no",
          "on",
          "off",
          "none",
          "null",
          "nil",
          "undefined",
          "enabled",
          "disabled",
          "auto",
          "random",
          "required",
          "optional",
          "default",
          "n/a");

  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{|\\$\\(|\\{\\{|^\\$[A-Za-z_]\\w*$|^%[^%]+%$|^__\\w+__$|^@@?\\w+@@?$");

  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "(?i)<[^>]*>|\\[[^\\]]*\\]|[x*._-]+|x{4,}.*|.*\\.\\.\\.|(?:to[-_ ]?)?(?:be[-_ ]?)?replaced?(?:[-_ ].*)?"
              + "|to[-_ ]?do.*|fix[-_ ]?me.*|your[-_ ]?.*|(?:.*[-_ ])?(?:placeholder|redacted)(?:[-_ ].*)?"
              + "|insert[-_ ].*|fill[-_ ].*|a[-_ ]completer|à[-_ ]compl[eé]ter|put[-_ ].*|set[-_ ].*|my[-_].*[-_]here"
              + "|.*[-_ ]here|.*EXAMPLE(?:KEY)?");

  /** Values that say where the secret is kept. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?i)(?:vault|op|ref\\+\\w+|arn|secretsmanager|ssm|gcp-sm|azurekv|file|env|secretref|sops|doppler):.*"
              + "|~?/[\\w./-]*|\\.{1,2}/[\\w./-]*|[A-Za-z]:\\\\.*|[\\w.-]+/[\\w./-]*\\.(?:pem|key|txt|json|jks|p12|crt)");

  /** A setting that says where public keys are found instead of holding one. */
  private static final Pattern KEY_ADDRESS =
      Pattern.compile("(?s)\\s*\\{(?=.*[\"']jwk_url[\"'])(?!.*[\"']key[\"']\\s*:).*\\}\\s*");

  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----");
  private static final Pattern JWT =
      Pattern.compile("\\beyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}\\.[\\w-]{16,}");
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\\w{22,}|gl(?:pat|rt|dt)-[\\w-]{20,}"
              + "|(?:AKIA|ASIA)[0-9A-Z]{16}|[sr]k_live_[0-9A-Za-z]{16,}|xox[abprs]-[0-9A-Za-z-]{10,}"
              + "|AIza[\\w-]{35}|npm_[A-Za-z0-9]{36}|sk-(?:ant|proj)-[\\w-]{20,}|SG\\.[\\w-]{20,}\\.[\\w-]{40,}"
              + "|dckr_pat_[\\w-]{20,}|hvs\\.[\\w-]{24,}|pypi-AgEI[\\w-]{50,}|xkeysib-[0-9a-f]{64}-\\w+"
              + "|AGE-SECRET-KEY-1[0-9A-Z]{58}|hooks\\.slack\\.com/services/T\\w+/B\\w+/\\w{20,})");

  /** No token says one character so often: {@code xoxb-xxxxxxxx}, {@code T00000000}. */
  private static final Pattern REPEATED = Pattern.compile("(?i)x{6}|(.)\\1{7}");

  private static final Pattern URL =
      Pattern.compile(
          "[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\\s/?#:@'\"]{0,200}:([^\\s/?#@'\"]{1,300})@");
  private static final Pattern CONNECTION =
      Pattern.compile("(?i)(?:[;?&\\s]|^)(?:password|pwd)=([^;&\\s]{1,300})");
  private static final Pattern CONNECTION_FORM =
      Pattern.compile("(?i)jdbc:|://|(?:server|data source|host|database|user id|user|uid)=");

  private static final Pattern COMMONPLACE =
      Pattern.compile(
          "(?:(?:my|the|super|very|a|dev|test|local|default|demo|root|db|admin|user|app)?[-_ ]?)*"
              + "(?:p[a@]ssw[o0]?r?d?|secret|postgres(?:ql)?|mysql|mariadb|mongo|redis|rabbitmq|minio(?:admin)?"
              + "|admin|root|test|user|example|default|guest|demo|dev|local|change[-_]?(?:me|it|this)|hasura"
              + "|keycloak|grafana|token|key|apikey|azerty|qwerty|letmein|foobar|dummy|fake|mock)"
              + "(?:[-_ ]?(?:password|secret|key|token|dev|test|local|admin))?[-_]?\\d{0,6}!?");

  /** Longer values are documents: only their beginning is looked at. */
  private static final int LONGEST = 20_000;

  private Secrets() {}

  /**
   * Whether a variable holds a secret in plain text.
   *
   * @param name of the variable; empty for a value without one
   * @return what shows it, or null where nothing does
   */
  public static @Nullable Kind of(String name, String value) {
    Kind kind = inValue(value);
    if (kind != null) {
      return kind;
    }
    return isName(name) && isLiteral(name, value) && !KEY_ADDRESS.matcher(value).matches()
        ? Kind.NAME
        : null;
  }

  /** What in a value is secret whatever its name, or null. */
  public static @Nullable Kind inValue(String whole) {
    String value = whole.length() > LONGEST ? whole.substring(0, LONGEST) : whole;
    if (value.length() < 6) {
      return null;
    }
    if (value.contains("-----BEGIN ") && PRIVATE_KEY.matcher(value).find()) {
      return Kind.PRIVATE_KEY;
    }
    if (value.contains("eyJ") && JWT.matcher(value).find()) {
      return Kind.JWT;
    }
    Matcher token = TOKEN.matcher(value);
    if (token.find() && !isPlaceholder(token.group()) && !REPEATED.matcher(token.group()).find()) {
      return Kind.TOKEN;
    }
    return passwordIn(value) == null ? null : Kind.PASSWORD_IN_URL;
  }

  /** The password in an address or a connection string, or null; its offsets are in the value. */
  public static int @Nullable [] passwordIn(String value) {
    if (value.contains("://")) {
      int[] found = literal(URL.matcher(value), value);
      if (found != null) {
        return found;
      }
    }
    return mayName(value) && CONNECTION_FORM.matcher(value).find()
        ? literal(CONNECTION.matcher(value), value)
        : null;
  }

  /**
   * Whether {@code password=} or {@code pwd=} may be in a text: most texts are long and have none.
   */
  private static boolean mayName(String value) {
    for (int at = value.indexOf('='); at > 0; at = value.indexOf('=', at + 1)) {
      char before = value.charAt(at - 1);
      if (before == 'd' || before == 'D') {
        return true;
      }
    }
    return false;
  }

  private static int @Nullable [] literal(Matcher matcher, String value) {
    while (matcher.find()) {
      String password = matcher.group(1);
      if (!isPlaceholder(password) && !VARIABLE.matcher(password).find()) {
        return new int[] {matcher.start(1), matcher.end(1)};
      }
    }
    return null;
  }

  /** Whether variables of this name hold secrets: {@code DB_PASSWORD}, {@code jwtSecret}. */
  public static boolean isName(String name) {
    List<String> words = words(name);
    if (words.isEmpty()
        || name.equals("PWD")
        || name.equals("OLDPWD")
        || SWITCHES.contains(words.get(0))
        || words.contains("public")
        || words.contains("allow")
        || words.contains("policy")
        || ABOUT.contains(words.get(words.size() - 1))) {
      return false;
    }
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      boolean last = i == words.size() - 1;
      if (word.equals("key") && i > 0) {
        // The keys of Azure's services, and those whose very text is the value.
        boolean ofCloud = words.get(0).equals("azure") && last;
        boolean content = i == words.size() - 2 && words.get(i + 1).equals("content");
        if (ofCloud || content || BEFORE_KEY.contains(words.get(i - 1))) {
          return true;
        }
      }
      // PASS_THROUGH and TOKEN_BUCKET are no secrets, SECRET_KEY_BASE is.
      boolean anywhere = !word.equals("pass") && !word.equals("pwd") && !word.equals("token");
      if (WORDS.contains(word) && (last || anywhere || isNumber(words.get(words.size() - 1)))) {
        return true;
      }
    }
    return false;
  }

  /** Names that the standard itself names as public, and fingerprints of keys. */
  public static boolean isPublic(String name, String value) {
    return name.startsWith("NEXT_PUBLIC_")
        || name.startsWith("VITE_")
        || name.startsWith("REACT_APP_")
        || name.endsWith("SENTRY_DSN")
        || name.matches("(?i).*(GPG|PGP)_?KEYS?") && value.matches("[0-9A-Fa-f\\s]+");
  }

  /** Whether a value stands for one that is yet to be given. */
  public static boolean isPlaceholder(String value) {
    String text = value.strip();
    return text.isEmpty()
        || VARIABLE.matcher(text).find()
        || text.length() <= 200 && PLACEHOLDER.matcher(text).matches();
  }

  /** Whether a value says where the secret is kept: a path, or an address in a vault. */
  public static boolean isReference(String value) {
    return value.length() <= 500 && REFERENCE.matcher(value.strip()).matches();
  }

  /**
   * Whether a value is one that everybody tries first. As a password it protects nothing, and it
   * gives nothing away.
   */
  public static boolean isCommonplace(String value) {
    String text = value.strip().toLowerCase(Locale.ROOT);
    return text.length() < 6 || isNumber(text) || COMMONPLACE.matcher(text).matches();
  }

  /**
   * How much a secret may weigh: one that has the form of a secret is read, one that only the name
   * of its variable tells is guessed, and a guess is no error.
   */
  public static Severity most(Kind kind, String value) {
    return kind != Kind.NAME || isGenerated(value.strip()) ? Severity.ERROR : Severity.WARNING;
  }

  /** Whether nobody has thought a value up: long, of letters and digits without an order. */
  private static boolean isGenerated(String value) {
    if (value.length() < 16 || !value.matches("[\\w.~+/=!@#$%^&*-]+")) {
      return false;
    }
    boolean digits = value.matches(".*\\d.*");
    boolean letters = value.matches("(?i)(?=.*[a-z]).*");
    return digits
        && letters
        && value.chars().distinct().count() * 2 >= Math.min(value.length(), 24);
  }

  private static boolean isLiteral(String name, String value) {
    String text = value.strip();
    if (isPlaceholder(text)
        || NO_VALUES.contains(text.toLowerCase(Locale.ROOT))
        || isReference(text)
        || text.startsWith("http://")
        || text.startsWith("https://")) {
      return false;
    }
    // A small number is a password when it is named so, and otherwise a setting.
    List<String> words = words(name);
    String last = words.get(words.size() - 1);
    boolean password = last.startsWith("pass") || last.equals("pwd") || last.equals("pgpassword");
    return !(isNumber(text) && text.length() < 6) || password && text.length() > 1;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The words of {@code DB_PASSWORD}, {@code db-password}, {@code dbPassword}, in lower case. */
  private static List<String> words(String name) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char before = '_';
    for (int i = 0; i < name.length() && i < 200; i++) {
      char c = name.charAt(i);
      boolean starts =
          Character.isUpperCase(c) && (Character.isLowerCase(before) || Character.isDigit(before));
      if (!Character.isLetterOrDigit(c) || starts) {
        add(words, word);
      }
      if (Character.isLetterOrDigit(c)) {
        word.append(Character.toLowerCase(c));
      }
      before = c;
    }
    add(words, word);
    return words;
  }

  private static void add(List<String> words, StringBuilder word) {
    if (word.length() > 0) {
      words.add(word.toString());
      word.setLength(0);
    }
  }
}
