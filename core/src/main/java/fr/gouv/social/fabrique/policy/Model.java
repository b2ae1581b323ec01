package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.kubernetes.Durations;
import fr.gouv.social.fabrique.kubernetes.Quantity;
import java.util.List;

/**
 * What expressions see: this table is all of it. Its descriptions are the documentation (docs/
 * policy-model.md), which a test holds to it.
 */
final class Model {
  private Model() {}

  static final Type QUANTITY =
      Type.ordered(
          "quantity",
          Quantity::parse,
          "une quantité de Kubernetes ; se compare aux nombres et aux textes (`'512Mi'`)",
          "a quantity of Kubernetes; compares to numbers and to texts (`'512Mi'`)");
  static final Type DURATION =
      Type.ordered(
          "duration",
          Durations::parse,
          "une durée ; se compare aux textes (`'24h'`)",
          "a duration; compares to texts (`'24h'`)");
  static final Type SEMVER =
      Type.ordered(
          "semver",
          SemVer::parse,
          "une version, ordonnée selon semver.org ; se compare aux textes (`'3.21'`)",
          "a version, ordered as semver.org says; compares to texts (`'3.21'`)");
  static final Type DATE =
      Type.ordered(
          "date",
          ValueMembers::date,
          "un jour ; se compare aux textes (`'2027-03-31'`)",
          "a day; compares to texts (`'2027-03-31'`)");
  static final Type CRON = Type.object("cron", "quand un travail tourne", "when a job runs");
  static final Type IMAGE =
      Type.object("image", "le nom d'une image, décomposé", "the name of an image, taken apart");
  static final Type OBJECT = Type.object("object", "un objet Kubernetes", "a Kubernetes object");
  static final Type WORKLOAD =
      Type.object(
          "workload",
          "un objet qui fait des pods : Deployment, StatefulSet, DaemonSet, Job, CronJob, Pod…",
          "an object that makes pods: Deployment, StatefulSet, DaemonSet, Job, CronJob, Pod…");
  static final Type POD =
      Type.object("pod", "ce que sont les pods d'un workload", "what the pods of a workload are");
  static final Type CONTAINER =
      Type.object("container", "un conteneur d'un pod", "a container of a pod");
  static final Type SECURITY =
      Type.object(
          "security",
          "ce qui vaut pour un conteneur, ce qui vient de son pod et les défauts compris",
          "what is in force for a container, what comes from its pod and the defaults included");
  static final Type PROBE =
      Type.object("probe", "une sonde d'un conteneur", "a probe of a container");
  static final Type PORT =
      Type.object("port", "un port qu'un conteneur déclare", "a port that a container declares");
  static final Type VOLUME = Type.object("volume", "un volume d'un pod", "a volume of a pod");
  static final Type REFERENCE =
      Type.object(
          "reference",
          "le besoin qu'un pod a d'un ConfigMap, d'un Secret, d'un volume ou d'un compte de service",
          "the need of a pod for a ConfigMap, a Secret, a claim or a service account");
  static final Type SERVICE =
      Type.object(
          "service",
          "un service Compose, avec ce qu'il a d'autres fichiers et de `extends`",
          "a Compose service, with what it has from other files and `extends`");
  static final Type MAPPING =
      Type.object(
          "mapping",
          "un port publié d'un service Compose",
          "a published port of a Compose service");
  static final Type MOUNT =
      Type.object("mount", "un montage d'un service Compose", "a mount of a Compose service");
  static final Type DEPENDENCY =
      Type.object(
          "dependency", "un service dont un autre a besoin", "a service that another one needs");
  static final Type STAGE =
      Type.object("stage", "une étape d'un Dockerfile", "a stage of a Dockerfile");
  static final Type INSTRUCTION =
      Type.object(
          "instruction", "une instruction d'un Dockerfile", "an instruction of a Dockerfile");
  static final Type COMMAND =
      Type.object(
          "command",
          "une commande qu'un RUN, CMD, ENTRYPOINT ou HEALTHCHECK lance",
          "a command that a RUN, CMD, ENTRYPOINT or HEALTHCHECK runs");
  static final Type USE =
      Type.object(
          "use",
          "une image là où un fichier la nomme : FROM, COPY --from, service, conteneur",
          "an image where a file names it: FROM, COPY --from, service, container");
  static final Type VARIABLE =
      Type.object("variable", "une variable d'environnement", "an environment variable");
  static final Type DATABASE =
      Type.object(
          "database",
          "une base de données que le projet lance",
          "a database that the project runs");
  static final Type PROJECT = Type.object("project", "le dépôt entier", "the whole repository");

  /** All types with members of their own, in the order of the documentation. */
  static final List<Type> ALL =
      List.of(
          OBJECT,
          WORKLOAD,
          POD,
          CONTAINER,
          SECURITY,
          PROBE,
          PORT,
          VOLUME,
          REFERENCE,
          SERVICE,
          MAPPING,
          MOUNT,
          DEPENDENCY,
          STAGE,
          INSTRUCTION,
          COMMAND,
          USE,
          IMAGE,
          VARIABLE,
          DATABASE,
          PROJECT,
          QUANTITY,
          DURATION,
          SEMVER,
          DATE,
          CRON);

  static {
    ValueMembers.add();
    KubernetesMembers.add();
    ContainerMembers.add();
    ComposeMembers.add();
    DockerfileMembers.add();
    ProjectMembers.add();
  }
}
