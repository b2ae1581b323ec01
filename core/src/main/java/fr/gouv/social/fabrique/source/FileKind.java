package fr.gouv.social.fabrique.source;

/** What a file is, by its name and, for YAML and JSON, by what stands in it. */
public enum FileKind {
  DOCKERFILE,
  COMPOSE,
  /** At least one document has {@code apiVersion} and {@code kind} at its top. */
  KUBERNETES,
  KUSTOMIZATION,
  /** A {@code Chart.yaml}. */
  HELM_CHART,
  /** A manifest or Compose file with template actions: it is YAML only once rendered. */
  HELM_TEMPLATE,
  /** The values and settings under {@code .kontinuous}. */
  KONTINUOUS,
  DOCKERIGNORE,
  ENV_FILE,
  FABRIQUE_CONFIG,
  YAML_OTHER,
  OTHER;

  /** Whether the reader of this kind of file is a YAML reader. */
  public boolean isYaml() {
    return switch (this) {
      case COMPOSE,
          KUBERNETES,
          KUSTOMIZATION,
          HELM_CHART,
          HELM_TEMPLATE,
          KONTINUOUS,
          FABRIQUE_CONFIG,
          YAML_OTHER ->
          true;
      case DOCKERFILE, DOCKERIGNORE, ENV_FILE, OTHER -> false;
    };
  }
}
