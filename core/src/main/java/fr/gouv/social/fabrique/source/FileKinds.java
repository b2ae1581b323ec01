package fr.gouv.social.fabrique.source;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells what a file is. */
final class FileKinds {
  private FileKinds() {}

  /** Endings by which a name such as {@code Dockerfile.md} is no Dockerfile. */
  private static final Set<String> NO_DOCKERFILE =
      Set.of(
          "adoc",
          "bak",
          "cfg",
          "conf",
          "css",
          "diff",
          "dockerignore",
          "ejs",
          "erb",
          "go",
          "gotmpl",
          "hbs",
          "html",
          "in",
          "ini",
          "j2",
          "java",
          "jinja",
          "jinja2",
          "jpg",
          "js",
          "json",
          "jte",
          "kt",
          "lock",
          "log",
          "map",
          "md",
          "mdx",
          "mjs",
          "mustache",
          "orig",
          "patch",
          "pdf",
          "php",
          "png",
          "py",
          "rb",
          "rej",
          "rs",
          "rst",
          "sh",
          "snap",
          "svg",
          "swp",
          "template",
          "tera",
          "tf",
          "tmpl",
          "toml",
          "tpl",
          "ts",
          "tsx",
          "txt",
          "vue",
          "xml",
          "yaml",
          "yml");

  private static final Set<String> CODE =
      Set.of("cjs", "go", "java", "js", "json", "kt", "md", "mjs", "php", "py", "rb", "ts", "tsx");

  /** What the name alone decides, or null when what stands in the file is to be asked. */
  static @Nullable FileKind byName(String path, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".dockerignore") || lower.equals(".containerignore")) {
      return FileKind.DOCKERIGNORE;
    }
    if (isDockerfile(lower)) {
      return FileKind.DOCKERFILE;
    }
    if (name.equals("kustomization.yaml")
        || name.equals("kustomization.yml")
        || name.equals("Kustomization")) {
      return FileKind.KUSTOMIZATION;
    }
    if (isYaml(lower)) {
      return switch (name) {
        case "Chart.yaml" -> FileKind.HELM_CHART;
        case "fabrique.yaml", "fabrique.yml", ".fabrique.yaml", ".fabrique.yml" ->
            FileKind.FABRIQUE_CONFIG;
        case "pnpm-lock.yaml" -> FileKind.YAML_OTHER;
        default -> null;
      };
    }
    if (lower.endsWith(".json")) {
      return name.equals("package-lock.json") || name.equals("package.json")
          ? FileKind.OTHER
          : null;
    }
    return isEnvFile(lower) ? FileKind.ENV_FILE : FileKind.OTHER;
  }

  private static boolean isDockerfile(String name) {
    for (String word : new String[] {"dockerfile", "containerfile"}) {
      if (name.equals(word) || name.endsWith("." + word) || name.endsWith("-" + word)) {
        return true;
      }
      if (name.startsWith(word)
          && ".-_".indexOf(name.charAt(word.length())) >= 0
          && !name.endsWith("~")) {
        return !NO_DOCKERFILE.contains(extension(name));
      }
    }
    return false;
  }

  private static boolean isEnvFile(String name) {
    return name.equals(".env")
        || name.endsWith(".env")
        || name.startsWith(".env.") && !CODE.contains(extension(name));
  }

  static boolean isYaml(String lowerCaseName) {
    return lowerCaseName.endsWith(".yaml") || lowerCaseName.endsWith(".yml");
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /**
   * What the text of a YAML or JSON file decides.
   *
   * @param rendered whether the file lies where a tool renders templates
   */
  static FileKind byText(String path, String name, String text, boolean rendered) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean composeName = isComposeName(lower);
    if (!isYaml(lower)) {
      if (!text.contains("\"apiVersion\"") && !composeName) {
        return FileKind.OTHER;
      }
      YamlShape shape = YamlShape.of(text);
      return shape.isManifest()
          ? FileKind.KUBERNETES
          : composeName && shape.isCompose() ? FileKind.COMPOSE : FileKind.OTHER;
    }
    YamlShape shape = YamlShape.of(text);
    boolean compose = composeName || shape.isCompose();
    if (rendered && text.contains("{{") || shape.isTemplate() && (shape.isManifest() || compose)) {
      return FileKind.HELM_TEMPLATE;
    }
    if (shape.isManifest()) {
      return FileKind.KUBERNETES;
    }
    if (isKontinuous(path)) {
      return FileKind.KONTINUOUS;
    }
    return compose ? FileKind.COMPOSE : FileKind.YAML_OTHER;
  }

  /** {@code compose.yaml}, {@code docker-compose.prod.yml}, {@code dev.docker-compose.yml}, … */
  private static boolean isComposeName(String name) {
    String stem = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    for (String word : new String[] {"docker-compose", "compose"}) {
      if (stem.equals(word)
          || stem.startsWith(word + ".")
          || stem.startsWith("docker-compose-")
          || stem.endsWith("." + word)
          || stem.endsWith("-docker-compose")) {
        return true;
      }
    }
    return false;
  }

  static boolean isKontinuous(String path) {
    return ("/" + path).contains("/.kontinuous/") || ("/" + path).contains("/.kube-workflow/");
  }

  /** Whether the first instruction of a text is one with which a Dockerfile may start. */
  static boolean looksLikeDockerfile(String text) {
    for (String line : (Iterable<String>) text.lines()::iterator) {
      String stripped = line.strip().toUpperCase(Locale.ROOT);
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        return stripped.startsWith("FROM ") || stripped.startsWith("ARG ");
      }
    }
    return false;
  }
}
