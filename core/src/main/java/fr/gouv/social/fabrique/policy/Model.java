package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.compose.ComposeBuild;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.ComposeVariable;
import fr.gouv.social.fabrique.compose.PortMapping;
import fr.gouv.social.fabrique.compose.ServiceDependency;
import fr.gouv.social.fabrique.compose.VolumeMount;
import fr.gouv.social.fabrique.dockerfile.CommandLine;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Flag;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.ContainerPort;
import fr.gouv.social.fabrique.kubernetes.CronSchedule;
import fr.gouv.social.fabrique.kubernetes.Durations;
import fr.gouv.social.fabrique.kubernetes.EnvVar;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.KubernetesPart;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.kubernetes.PodSpec;
import fr.gouv.social.fabrique.kubernetes.Probe;
import fr.gouv.social.fabrique.kubernetes.Quantity;
import fr.gouv.social.fabrique.kubernetes.Reference;
import fr.gouv.social.fabrique.kubernetes.SecurityContext;
import fr.gouv.social.fabrique.kubernetes.Volume;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.policy.Type.Parameter;
import fr.gouv.social.fabrique.project.DatabaseService;
import fr.gouv.social.fabrique.project.EnvironmentVariable;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.ImageUse;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.shell.Argument;
import fr.gouv.social.fabrique.shell.Command;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What expressions see: this table is all of it. Its descriptions are the documentation (docs/
 * policy-model.md), which a test holds to it.
 */
final class Model {
  private static final Memo<ImageReference> IMAGES = new Memo<>();

  /** What following a link costs. */
  private static final int LINK = 50;

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
          Model::date,
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

  /** A command with the script in which it stands. */
  record ScriptCommand(Command command, StageScript script) implements Located {
    @Override
    public Span span() {
      return command.span();
    }

    @Override
    public String label() {
      return command.name();
    }
  }

  /** Properties of one type: the class of its values is known here and nowhere else. */
  private record Table<S>(Type type, Class<S> values) {
    Table<S> property(
        String name, Type of, String fr, String en, Function<S, @Nullable Object> get) {
      type.property(name, of, fr, en, (self, arguments, frame) -> get.apply(values.cast(self)));
      return this;
    }

    Table<S> linked(
        String name, Type of, String fr, String en, BiFunction<S, Facts, @Nullable Object> get) {
      type.property(
          name,
          of,
          fr,
          en,
          (self, arguments, frame) -> {
            // The links of a large repository are not free to follow.
            frame.spend(LINK);
            return get.apply(values.cast(self), frame.facts());
          });
      return this;
    }

    Table<S> method(
        String name,
        String parameter,
        Type of,
        String fr,
        String en,
        BiFunction<S, String, @Nullable Object> get) {
      type.method(
          name,
          List.of(Parameter.of(parameter, Type.TEXT)),
          of,
          fr,
          en,
          (self, arguments, frame) -> get.apply(values.cast(self), Operations.show(arguments[0])));
      return this;
    }
  }

  static {
    values();
    kubernetes();
    containers();
    compose();
    dockerfile();
    crossing();
    project();
  }

  private static void values() {
    new Table<>(QUANTITY, Quantity.class)
        .property(
            "value",
            Type.NUMBER,
            "en unité de base : cœurs, octets ou nombre",
            "in the base unit: cores, bytes or a count",
            Quantity::value)
        .property("text", Type.TEXT, "comme écrite", "as written", Quantity::text);
    new Table<>(DURATION, Duration.class)
        .property(
            "seconds",
            Type.NUMBER,
            "en secondes",
            "in seconds",
            duration ->
                BigDecimal.valueOf(duration.getSeconds())
                    .add(BigDecimal.valueOf(duration.getNano(), 9)));
    new Table<>(SEMVER, SemVer.class)
        .property("major", Type.NUMBER, "le premier nombre", "the first number", v -> part(v, 0))
        .property("minor", Type.NUMBER, "le deuxième nombre", "the second number", v -> part(v, 1))
        .property("patch", Type.NUMBER, "le troisième nombre", "the third number", v -> part(v, 2))
        .property(
            "prerelease",
            Type.TEXT,
            "ce qui suit le tiret ; vide pour une version publiée",
            "what follows the hyphen; empty for a release",
            version -> String.join(".", version.prerelease()))
        .property("text", Type.TEXT, "comme écrite", "as written", SemVer::text);
    new Table<>(DATE, LocalDate.class)
        .property("year", Type.NUMBER, "l'année", "the year", d -> count(d.getYear()))
        .property(
            "month",
            Type.NUMBER,
            "le mois, de 1 à 12",
            "the month, 1 to 12",
            d -> count(d.getMonthValue()))
        .property(
            "day",
            Type.NUMBER,
            "le jour du mois",
            "the day of the month",
            d -> count(d.getDayOfMonth()))
        .property("text", Type.TEXT, "`AAAA-MM-JJ`", "`YYYY-MM-DD`", LocalDate::toString);
    new Table<>(CRON, CronSchedule.class)
        .property(
            "hours",
            Type.list(Type.NUMBER),
            "les heures auxquelles il peut tourner, de 0 à 23",
            "the hours at which it may run, 0 to 23",
            schedule -> bits(schedule.hours()))
        .property(
            "daysOfWeek",
            Type.list(Type.NUMBER),
            "les jours de la semaine, 0 pour dimanche",
            "the days of the week, 0 for Sunday",
            schedule -> bits(schedule.daysOfWeek()))
        .property(
            "daysOfMonth",
            Type.list(Type.NUMBER),
            "les jours du mois",
            "the days of the month",
            schedule -> bits(schedule.daysOfMonth()))
        .property(
            "isAtLeastDaily",
            Type.BOOLEAN,
            "s'il tourne au moins une fois par jour",
            "whether it runs at least once a day",
            CronSchedule::isAtLeastDaily);
    new Table<>(IMAGE, ImageReference.class)
        .property(
            "text", Type.TEXT, "comme écrite", "as written", image -> Values.text(image.text()))
        .property(
            "name",
            Type.TEXT,
            "registre et chemin comme on les dit : `node`, `hasura/graphql-engine`,"
                + " `ghcr.io/socialgouv/web`",
            "registry and path as people say them: `node`, `hasura/graphql-engine`,"
                + " `ghcr.io/socialgouv/web`",
            image -> unknownIfNull(image.familiarName()))
        .property(
            "registry",
            Type.TEXT,
            "le registre, avec son port ; `docker.io` par défaut",
            "the registry, with its port; `docker.io` by default",
            image -> part(image.registry()))
        .property(
            "path",
            Type.TEXT,
            "le chemin dans le registre : `library/node`, `socialgouv/web`",
            "the path in the registry: `library/node`, `socialgouv/web`",
            image -> part(image.path()))
        .property(
            "tag",
            Type.TEXT,
            "l'étiquette ; rien quand aucune n'est écrite",
            "the tag; nothing where none is written",
            image -> part(image.tag()))
        .property(
            "digest",
            Type.TEXT,
            "l'empreinte, `sha256:…` ; rien quand aucune n'est écrite",
            "the digest, `sha256:…`; nothing where none is written",
            image -> part(image.digest()))
        .property(
            "version",
            SEMVER,
            "la version que l'étiquette est ou par laquelle elle commence (`3.21` de `3.21-slim`),"
                + " ou rien",
            "the version that the tag is or begins with (`3.21` of `3.21-slim`), or nothing",
            image -> version(image.tag()))
        .property(
            "isLatest",
            Type.BOOLEAN,
            "si ce qu'elle désigne change : étiquette `latest`, ou ni étiquette ni empreinte",
            "whether what it means changes: tag `latest`, or neither tag nor digest",
            Model::isLatest)
        .property(
            "isOfficial",
            Type.BOOLEAN,
            "si c'est une image officielle de Docker",
            "whether it is a Docker official image",
            image -> image.isNamed() ? (Object) image.isInOfficialNamespace() : Unknown.VALUE);
  }

  private static void kubernetes() {
    Table<KubernetesObject> object = new Table<>(OBJECT, KubernetesObject.class);
    object
        .property(
            "kind",
            Type.TEXT,
            "`Deployment`, `Service`…",
            "`Deployment`, `Service`…",
            KubernetesObject::kind)
        .property("apiVersion", Type.TEXT, "`apps/v1`", "`apps/v1`", KubernetesObject::apiVersion)
        .property(
            "group",
            Type.TEXT,
            "`apps` ; vide pour le groupe de base",
            "`apps`; empty for the core group",
            KubernetesObject::group)
        .property("version", Type.TEXT, "`v1`", "`v1`", KubernetesObject::version)
        .property(
            "name",
            Type.TEXT,
            "son nom ; vide s'il n'en a pas",
            "its name; empty where it has none",
            each -> Values.text(each.name()))
        .property(
            "namespace",
            Type.TEXT,
            "là où il vit : écrit, de la kustomization, ou `default`",
            "where it lives: written, that of the kustomization, or `default`",
            each -> Values.of(each.namespace()))
        .property(
            "isClusterScoped",
            Type.BOOLEAN,
            "s'il ne vit dans aucun namespace",
            "whether it lives in no namespace",
            KubernetesObject::isClusterScoped)
        .property(
            "labels",
            Type.map(Type.TEXT),
            "ses labels",
            "its labels",
            each -> texts(each.labels(), each.isPartial()))
        .property(
            "annotations",
            Type.map(Type.TEXT),
            "ses annotations",
            "its annotations",
            each -> texts(each.annotations(), each.isPartial()))
        .property(
            "metadata",
            Type.ANY,
            "`metadata`, comme écrit",
            "`metadata`, as written",
            each -> yaml(each, "metadata"))
        .property(
            "spec",
            Type.ANY,
            "`spec`, comme écrit",
            "`spec`, as written",
            each -> yaml(each, "spec"))
        .property(
            "data",
            Type.ANY,
            "`data`, comme écrit",
            "`data`, as written",
            each -> yaml(each, "data"))
        .property(
            "root",
            Type.ANY,
            "l'objet entier, comme écrit",
            "the whole object, as written",
            each -> Values.yaml(each.place(), each.isPartial()))
        .property(
            "workload",
            WORKLOAD,
            "le workload qu'il est, ou rien",
            "the workload that it is, or nothing",
            Workload::of)
        .property(
            "references",
            Type.list(REFERENCE),
            "ce dont ses pods ont besoin",
            "what its pods need",
            Model::references)
        .property("path", Type.TEXT, "son fichier", "its file", each -> each.file().path());
    at(object);
    Table<Workload> workload = new Table<>(WORKLOAD, Workload.class);
    workload
        .property("object", OBJECT, "l'objet", "the object", Workload::object)
        .property("kind", Type.TEXT, "`Deployment`…", "`Deployment`…", Workload::kind)
        .property(
            "name", Type.TEXT, "son nom", "its name", each -> Values.text(each.object().name()))
        .property(
            "namespace",
            Type.TEXT,
            "là où il vit",
            "where it lives",
            each -> Values.of(each.object().namespace()))
        .property(
            "labels",
            Type.map(Type.TEXT),
            "ses labels",
            "its labels",
            each -> texts(each.object().labels(), each.object().isPartial()))
        .property(
            "annotations",
            Type.map(Type.TEXT),
            "ses annotations",
            "its annotations",
            each -> texts(each.object().annotations(), each.object().isPartial()))
        .property("pod", POD, "ses pods", "its pods", Workload::pod)
        .property(
            "podLabels",
            Type.map(Type.TEXT),
            "les labels de ses pods",
            "the labels of its pods",
            each -> texts(each.podLabels(), each.object().isPartial()))
        .property(
            "podAnnotations",
            Type.map(Type.TEXT),
            "les annotations de ses pods",
            "the annotations of its pods",
            each -> texts(each.podAnnotations(), each.object().isPartial()))
        .property(
            "containers",
            Type.list(CONTAINER),
            "tous les conteneurs de ses pods",
            "all containers of its pods",
            each -> Values.list(each.pod().containers().stream(), each.object().isPartial()))
        .property(
            "replicas",
            Type.NUMBER,
            "combien de pods sont voulus ; 1 par défaut",
            "how many pods are wanted; 1 by default",
            each -> Values.number(each.replicas()))
        .property(
            "strategy",
            Type.TEXT,
            "comment ses pods sont remplacés ; `RollingUpdate` par défaut",
            "how its pods are replaced; `RollingUpdate` by default",
            each -> Values.of(each.strategy()))
        .property(
            "isBatch",
            Type.BOOLEAN,
            "si ses pods vont à leur fin : Job, CronJob",
            "whether its pods run to an end: Job, CronJob",
            Workload::isBatch)
        .property(
            "schedule",
            CRON,
            "quand un CronJob tourne ; rien pour les autres",
            "when a CronJob runs; nothing for others",
            each ->
                each.kind().equals("CronJob")
                    ? Values.of(each.string("spec.schedule"), Model::schedule)
                    : null)
        .linked(
            "services",
            Type.list(OBJECT),
            "les Services qui mènent à ses pods",
            "the Services that lead to its pods",
            (each, facts) -> objects(index(facts).servicesOf(each)))
        .linked(
            "budgets",
            Type.list(OBJECT),
            "les PodDisruptionBudgets de ses pods",
            "the PodDisruptionBudgets of its pods",
            (each, facts) -> objects(index(facts).budgetsOf(each)))
        .linked(
            "networkPolicies",
            Type.list(OBJECT),
            "les NetworkPolicies qui isolent ses pods",
            "the NetworkPolicies that isolate its pods",
            (each, facts) -> objects(index(facts).policiesOf(each)))
        .linked(
            "autoscalers",
            Type.list(OBJECT),
            "les HorizontalPodAutoscalers qui le règlent",
            "the HorizontalPodAutoscalers that scale it",
            (each, facts) -> objects(index(facts).autoscalersOf(each)))
        .property(
            "path", Type.TEXT, "son fichier", "its file", each -> each.object().file().path());
    at(workload);
    new Table<>(REFERENCE, Need.class)
        .property(
            "kind",
            Type.TEXT,
            "`ConfigMap`, `Secret`, `PersistentVolumeClaim`, `ServiceAccount`",
            "`ConfigMap`, `Secret`, `PersistentVolumeClaim`, `ServiceAccount`",
            each -> each.reference().kind().toString())
        .property(
            "name",
            Type.TEXT,
            "le nom demandé",
            "the name that is needed",
            each -> Values.text(each.reference().name()))
        .property(
            "key",
            Type.TEXT,
            "la clé demandée, ou rien pour le tout",
            "the key that is needed, or nothing for the whole",
            each -> each.reference().key())
        .property(
            "optional",
            Type.BOOLEAN,
            "si le pod démarre sans",
            "whether the pod starts without it",
            each -> each.reference().optional())
        .linked(
            "target",
            OBJECT,
            "l'objet demandé, s'il est dans le dépôt",
            "the object that is needed, if it is in the repository",
            (each, facts) ->
                index(facts)
                    .named(each.from(), each.reference().kind().toString(), each.reference().name())
                    .stream()
                    .findFirst()
                    .orElse(null))
        .linked(
            "isFound",
            Type.BOOLEAN,
            "si quelque chose dans le dépôt le crée (SealedSecret, kustomize… compris)",
            "whether something in the repository makes it (SealedSecret, kustomize… included)",
            (each, facts) ->
                index(facts).resolve(each.from(), each.reference())
                    == ObjectIndex.Resolution.FOUND);
  }

  /** A reference with the object that has it. */
  record Need(KubernetesObject from, Reference reference) implements Located {
    @Override
    public Span span() {
      return reference.span();
    }

    @Override
    public String label() {
      return reference.kind() + "/" + reference.name();
    }
  }

  private static List<Object> references(KubernetesObject object) {
    Workload workload = Workload.of(object);
    return Values.list(
        workload == null ? Stream.empty() : needs(workload.pod(), workload.pod().references()),
        object.isPartial());
  }

  private static Stream<Need> needs(PodSpec pod, List<Reference> references) {
    return references.stream().map(each -> new Need(pod.object(), each));
  }

  private static void containers() {
    Table<PodSpec> pod = new Table<>(POD, PodSpec.class);
    pod.property(
            "containers",
            Type.list(CONTAINER),
            "tous ses conteneurs : d'initialisation, sidecars, principaux, éphémères",
            "all its containers: init, sidecars, main, ephemeral",
            each -> Values.list(each.containers().stream(), each.object().isPartial()))
        .property(
            "serviceAccountName",
            Type.TEXT,
            "le compte de service ; `default` par défaut",
            "the service account; `default` by default",
            each -> Values.of(each.serviceAccountName()))
        .property(
            "automountToken",
            Type.BOOLEAN,
            "`automountServiceAccountToken`, ou rien",
            "`automountServiceAccountToken`, or nothing",
            each -> Values.of(each.automountToken()))
        .property(
            "restartPolicy",
            Type.TEXT,
            "`Always` par défaut",
            "`Always` by default",
            each -> Values.of(each.restartPolicy()))
        .property(
            "hostNetwork",
            Type.BOOLEAN,
            "s'il a le réseau de l'hôte",
            "whether it has the host's network",
            each -> Values.of(each.hostNetwork()))
        .property(
            "hostPID",
            Type.BOOLEAN,
            "s'il voit les processus de l'hôte",
            "whether it sees the host's processes",
            each -> Values.of(each.hostPid()))
        .property(
            "hostIPC",
            Type.BOOLEAN,
            "s'il a l'IPC de l'hôte",
            "whether it has the host's IPC",
            each -> Values.of(each.hostIpc()))
        .property(
            "volumes",
            Type.list(VOLUME),
            "ses volumes",
            "its volumes",
            each -> Values.list(each.volumes().stream(), each.object().isPartial()))
        .property(
            "spec",
            Type.ANY,
            "le `spec` du pod, comme écrit",
            "the `spec` of the pod, as written",
            each -> Values.yaml(each.place(), each.object().isPartial()))
        .property("workload", WORKLOAD, "le workload", "the workload", PodSpec::workload);
    at(pod);
    Table<Container> container = new Table<>(CONTAINER, Container.class);
    container
        .property("name", Type.TEXT, "son nom", "its name", each -> Values.text(each.name()))
        .property(
            "kind",
            Type.TEXT,
            "`main`, `init`, `sidecar` ou `ephemeral`",
            "`main`, `init`, `sidecar` or `ephemeral`",
            each -> lower(each.kind()))
        .property(
            "isLongRunning",
            Type.BOOLEAN,
            "s'il vit aussi longtemps que le pod : `main`, `sidecar`",
            "whether it lives as long as the pod: `main`, `sidecar`",
            Container::isLongRunning)
        .property(
            "image",
            IMAGE,
            "son image",
            "its image",
            each -> image(each.at("image"), each.object().isPartial()))
        .property(
            "imagePullPolicy",
            Type.TEXT,
            "écrit, ou celui que l'API met",
            "written, or the one that the API sets",
            each -> Values.of(each.imagePullPolicy()))
        .property(
            "command",
            Type.list(Type.TEXT),
            "`command`",
            "`command`",
            each -> Values.texts(each.command()))
        .property(
            "args", Type.list(Type.TEXT), "`args`", "`args`", each -> Values.texts(each.args()))
        .property(
            "env",
            Type.list(VARIABLE),
            "ses variables",
            "its variables",
            each ->
                Values.list(
                    each.env().stream().map(Model::variable),
                    each.object().isPartial() || each.has("envFrom")))
        .property(
            "requests",
            Type.map(QUANTITY),
            "ce qu'il demande par ressource (`memory`, `cpu`) ; par défaut la limite",
            "what it asks for by resource (`memory`, `cpu`); by default the limit",
            each -> quantities(each, "requests", each::request))
        .property(
            "limits",
            Type.map(QUANTITY),
            "ce qu'il peut prendre par ressource",
            "what it may take by resource",
            each -> quantities(each, "limits", each::limit))
        .property(
            "livenessProbe",
            PROBE,
            "sa sonde, ou rien",
            "its probe, or nothing",
            each -> probe(each, Probe.Kind.LIVENESS))
        .property(
            "readinessProbe",
            PROBE,
            "sa sonde, ou rien",
            "its probe, or nothing",
            each -> probe(each, Probe.Kind.READINESS))
        .property(
            "startupProbe",
            PROBE,
            "sa sonde, ou rien",
            "its probe, or nothing",
            each -> probe(each, Probe.Kind.STARTUP))
        .property(
            "security",
            SECURITY,
            "ce qui vaut pour lui en sécurité",
            "what is in force for its security",
            Container::securityContext)
        .property(
            "ports",
            Type.list(PORT),
            "ses ports",
            "its ports",
            each -> Values.list(each.ports().stream(), each.object().isPartial()))
        .property(
            "volumeMounts",
            Type.list(Type.ANY),
            "ses montages, comme écrits",
            "its mounts, as written",
            each -> yaml(each, "volumeMounts") == null ? List.of() : yaml(each, "volumeMounts"))
        .property(
            "references",
            Type.list(REFERENCE),
            "ce que `env` et `envFrom` demandent",
            "what `env` and `envFrom` need",
            each -> Values.list(needs(each.pod(), each.references()), each.object().isPartial()))
        .property("pod", POD, "son pod", "its pod", Container::pod)
        .property("workload", WORKLOAD, "son workload", "its workload", Container::workload)
        .property(
            "object",
            OBJECT,
            "l'objet où il est écrit",
            "the object in which it is written",
            Container::object);
    at(container);
    new Table<>(SECURITY, SecurityContext.class)
        .property(
            "runAsUser",
            Type.NUMBER,
            "l'utilisateur, ou rien",
            "the user, or nothing",
            each -> Values.number(each.runAsUser()))
        .property(
            "runAsGroup",
            Type.NUMBER,
            "le groupe, ou rien",
            "the group, or nothing",
            each -> Values.number(each.runAsGroup()))
        .property(
            "runAsNonRoot",
            Type.BOOLEAN,
            "`runAsNonRoot`, ou rien",
            "`runAsNonRoot`, or nothing",
            each -> Values.of(each.runAsNonRoot()))
        .property(
            "privileged",
            Type.BOOLEAN,
            "faux par défaut",
            "false by default",
            each -> Values.of(each.privileged()))
        .property(
            "allowPrivilegeEscalation",
            Type.BOOLEAN,
            "ce qui vaut, défauts compris",
            "what is in force, defaults included",
            each -> Values.of(each.allowPrivilegeEscalation()))
        .property(
            "readOnlyRootFilesystem",
            Type.BOOLEAN,
            "faux par défaut",
            "false by default",
            each -> Values.of(each.readOnlyRootFilesystem()))
        .property(
            "procMount",
            Type.TEXT,
            "`Default` par défaut",
            "`Default` by default",
            each -> Values.of(each.procMount()))
        .property(
            "seccomp",
            Type.TEXT,
            "le type du profil seccomp, ou rien",
            "the type of the seccomp profile, or nothing",
            each -> Values.of(each.seccomp()))
        .property(
            "appArmor",
            Type.TEXT,
            "le type du profil AppArmor, ou rien",
            "the type of the AppArmor profile, or nothing",
            each -> Values.of(each.appArmor()))
        .property(
            "addedCapabilities",
            Type.list(Type.TEXT),
            "les capabilities ajoutées, en majuscules et sans `CAP_`",
            "the capabilities added, in upper case without `CAP_`",
            each -> capabilities(each, each.addedCapabilities()))
        .property(
            "droppedCapabilities",
            Type.list(Type.TEXT),
            "les capabilities retirées, en majuscules et sans `CAP_`",
            "the capabilities dropped, in upper case without `CAP_`",
            each -> capabilities(each, each.droppedCapabilities()));
    Table<Probe> probe = new Table<>(PROBE, Probe.class);
    probe
        .property(
            "handler",
            Type.TEXT,
            "`httpGet`, `tcpSocket`, `grpc` ou `exec`",
            "`httpGet`, `tcpSocket`, `grpc` or `exec`",
            Probe::handler)
        .property(
            "port",
            Type.TEXT,
            "le port, numéro ou nom, comme texte",
            "the port, a number or a name, as a text",
            each -> Values.of(each.port(), Object::toString))
        .property(
            "path",
            Type.TEXT,
            "le chemin de `httpGet`, ou rien",
            "the path of `httpGet`, or nothing",
            each -> Values.of(each.string("httpGet.path")))
        .property(
            "periodSeconds",
            Type.NUMBER,
            "10 par défaut",
            "10 by default",
            each -> Values.number(orElse(each.integer("periodSeconds"), 10L)))
        .property(
            "timeoutSeconds",
            Type.NUMBER,
            "1 par défaut",
            "1 by default",
            each -> Values.number(orElse(each.integer("timeoutSeconds"), 1L)))
        .property(
            "failureThreshold",
            Type.NUMBER,
            "3 par défaut",
            "3 by default",
            each -> Values.number(orElse(each.integer("failureThreshold"), 3L)))
        .property(
            "initialDelaySeconds",
            Type.NUMBER,
            "0 par défaut",
            "0 by default",
            each -> Values.number(orElse(each.integer("initialDelaySeconds"), 0L)));
    at(probe);
    new Table<>(PORT, ContainerPort.class)
        .property(
            "name",
            Type.TEXT,
            "son nom ; vide s'il n'en a pas",
            "its name; empty where it has none",
            ContainerPort::name)
        .property(
            "number",
            Type.NUMBER,
            "`containerPort`",
            "`containerPort`",
            each -> Values.number(each.number()))
        .property(
            "hostPort",
            Type.NUMBER,
            "`hostPort`, ou rien",
            "`hostPort`, or nothing",
            each -> Values.number(each.hostPort()))
        .property(
            "protocol", Type.TEXT, "`TCP` par défaut", "`TCP` by default", ContainerPort::protocol);
    Table<Volume> volume = new Table<>(VOLUME, Volume.class);
    volume
        .property("name", Type.TEXT, "son nom", "its name", Volume::name)
        .property(
            "type",
            Type.TEXT,
            "`hostPath`, `emptyDir`, `configMap`…",
            "`hostPath`, `emptyDir`, `configMap`…",
            Volume::type);
    at(volume);
  }

  private static void compose() {
    Table<ComposeService> service = new Table<>(SERVICE, ComposeService.class);
    service
        .property("name", Type.TEXT, "son nom", "its name", ComposeService::name)
        .property(
            "image",
            IMAGE,
            "son image, ou rien s'il est construit",
            "its image, or nothing where it is built",
            each -> image(each.place().key("image"), !each.isComplete()))
        .property(
            "isBuilt",
            Type.BOOLEAN,
            "s'il est construit ici",
            "whether it is built here",
            each -> each.build() != null)
        .property(
            "dockerfile",
            Type.TEXT,
            "le chemin de son Dockerfile dans le dépôt, ou rien",
            "the path of its Dockerfile in the repository, or nothing",
            Model::dockerfile)
        .property(
            "command",
            Type.list(Type.TEXT),
            "les mots de `command`",
            "the words of `command`",
            each -> scalars(each.command()))
        .property(
            "entrypoint",
            Type.list(Type.TEXT),
            "les mots de `entrypoint`",
            "the words of `entrypoint`",
            each -> scalars(each.entrypoint()))
        .property(
            "user",
            Type.TEXT,
            "`user`, ou rien",
            "`user`, or nothing",
            each -> Values.of(each.user()))
        .property(
            "privileged",
            Type.BOOLEAN,
            "faux par défaut",
            "false by default",
            each -> Values.of(each.privileged()))
        .property(
            "readOnly",
            Type.BOOLEAN,
            "faux par défaut",
            "false by default",
            each -> Values.of(each.readOnly()))
        .property(
            "restart",
            Type.TEXT,
            "`no` par défaut",
            "`no` by default",
            each -> Values.of(each.restart()))
        .property(
            "containerName",
            Type.TEXT,
            "`container_name`, ou rien",
            "`container_name`, or nothing",
            each -> Values.of(each.containerName()))
        .property(
            "profiles",
            Type.list(Type.TEXT),
            "ses profils",
            "its profiles",
            each -> Values.texts(each.profiles()))
        .property(
            "capAdd",
            Type.list(Type.TEXT),
            "les capabilities ajoutées",
            "the capabilities added",
            each -> places(each.capAdd()))
        .property(
            "capDrop",
            Type.list(Type.TEXT),
            "les capabilities retirées",
            "the capabilities dropped",
            each -> places(each.capDrop()))
        .property(
            "hasHealthCheck",
            Type.BOOLEAN,
            "s'il définit un healthcheck qui n'est pas désactivé",
            "whether it defines a health check that is not disabled",
            Model::isHealthChecked)
        .property(
            "environment",
            Type.map(Type.TEXT),
            "ses variables, celles des `env_file` comprises",
            "its variables, those of `env_file` included",
            each -> variables(each.environment(), !each.isComplete()))
        .property("labels", Type.map(Type.TEXT), "ses labels", "its labels", Model::composeLabels)
        .property(
            "ports",
            Type.list(MAPPING),
            "ses ports publiés",
            "its published ports",
            each -> Values.list(each.ports().stream(), !each.isComplete()))
        .property(
            "volumes",
            Type.list(MOUNT),
            "ses montages",
            "its mounts",
            each -> Values.list(each.volumes().stream(), !each.isComplete()))
        .property(
            "networks",
            Type.list(Type.TEXT),
            "les réseaux qu'il nomme",
            "the networks that it names",
            each -> Values.list(each.networks().keySet().stream(), !each.isComplete()))
        .property(
            "secrets",
            Type.list(Type.TEXT),
            "les secrets qu'il utilise",
            "the secrets that it uses",
            each -> Values.list(each.secrets().keySet().stream(), !each.isComplete()))
        .property(
            "dependencies",
            Type.list(DEPENDENCY),
            "les services dont il a besoin",
            "the services that it needs",
            each -> Values.list(each.dependencies().stream(), !each.isComplete()))
        .property(
            "memoryLimit",
            QUANTITY,
            "la mémoire qu'il peut prendre, ou rien",
            "the memory that it may take, or nothing",
            each ->
                Values.of(
                    each.memoryLimit(),
                    bytes -> new Quantity(BigDecimal.valueOf(bytes), String.valueOf(bytes))))
        .property(
            "cpuLimit",
            Type.NUMBER,
            "les processeurs qu'il peut prendre, ou rien",
            "the processors that it may take, or nothing",
            each -> Values.of(each.cpuLimit()))
        .property(
            "root",
            Type.ANY,
            "le service entier, fusionné",
            "the whole service, merged",
            each -> Values.yaml(each.place(), !each.isComplete()))
        .property(
            "path",
            Type.TEXT,
            "le fichier où il est écrit",
            "the file in which it is written",
            each -> each.span().file().path())
        .method(
            "at",
            "path",
            Type.ANY,
            "ce qui est écrit sous un chemin : `service.at('deploy.resources')`",
            "what is written under a path: `service.at('deploy.resources')`",
            (each, path) -> Values.yaml(place(each.place(), path), !each.isComplete()));
    new Table<>(MAPPING, PortMapping.class)
        .property(
            "hostIp",
            Type.TEXT,
            "l'adresse de l'hôte ; rien pour toutes",
            "the address on the host; nothing for all",
            each -> Values.of(each.hostIp()))
        .property(
            "published",
            Type.NUMBER,
            "le (premier) port de l'hôte, ou rien",
            "the (first) port on the host, or nothing",
            each -> Values.of(each.published(), range -> count(range.first())))
        .property(
            "target",
            Type.NUMBER,
            "le (premier) port du conteneur",
            "the (first) port of the container",
            each -> Values.of(each.target(), range -> count(range.first())))
        .property(
            "protocol",
            Type.TEXT,
            "`tcp` par défaut",
            "`tcp` by default",
            each -> Values.of(each.protocol()));
    new Table<>(MOUNT, VolumeMount.class)
        .property(
            "type",
            Type.TEXT,
            "`bind`, `volume`, `tmpfs`…",
            "`bind`, `volume`, `tmpfs`…",
            each -> each.type() == null ? Unknown.VALUE : (Object) lower(each.type()))
        .property(
            "source",
            Type.TEXT,
            "chemin ou nom, ou rien",
            "a path or a name, or nothing",
            each -> text(each.source()))
        .property(
            "target",
            Type.TEXT,
            "où dans le conteneur",
            "where in the container",
            each -> text(each.target()))
        .property(
            "readOnly",
            Type.BOOLEAN,
            "si le conteneur ne peut que lire",
            "whether the container may only read",
            VolumeMount::isReadOnly);
    new Table<>(DEPENDENCY, ServiceDependency.class)
        .property("name", Type.TEXT, "le service", "the service", ServiceDependency::service)
        .property(
            "condition",
            Type.TEXT,
            "`service_started`, `service_healthy`, `service_completed_successfully`",
            "`service_started`, `service_healthy`, `service_completed_successfully`",
            each -> each.condition() == null ? Unknown.VALUE : (Object) lower(each.condition()))
        .property(
            "required",
            Type.BOOLEAN,
            "s'il le faut",
            "whether it must be there",
            ServiceDependency::required);
  }

  private static void dockerfile() {
    Table<Stage> stage = new Table<>(STAGE, Stage.class);
    stage
        .property("name", Type.TEXT, "son nom, ou rien", "its name, or nothing", Stage::name)
        .property(
            "index",
            Type.NUMBER,
            "sa place, à partir de 0",
            "its place, from 0",
            each -> count(each.index()))
        .linked(
            "isFinal",
            Type.BOOLEAN,
            "si c'est la dernière étape",
            "whether it is the last stage",
            (each, facts) -> isFinal(each, facts))
        .property(
            "base",
            STAGE,
            "l'étape sur laquelle elle est bâtie, ou rien",
            "the stage that it is built upon, or nothing",
            Stage::base)
        .property(
            "image",
            IMAGE,
            "l'image sur laquelle elle repose, à travers ses étapes ; rien pour `scratch`",
            "the image it stands on, through its stages; nothing for `scratch`",
            Model::rootImage)
        .property(
            "isScratch",
            Type.BOOLEAN,
            "si elle ne repose sur rien",
            "whether it stands on nothing",
            Stage::isScratch)
        .property(
            "user",
            Type.TEXT,
            "l'utilisateur de `USER`, ou rien quand l'image décide",
            "the user of `USER`, or nothing where the image decides",
            each -> Values.of(each.effectiveUser()))
        .property(
            "workdir",
            Type.TEXT,
            "le dossier de travail, ou rien quand l'image décide",
            "the working directory, or nothing where the image decides",
            each -> Values.of(each.effectiveWorkdir()))
        .property(
            "labels",
            Type.map(Type.TEXT),
            "les LABEL, ceux de ses étapes compris",
            "the LABELs, those of its stages included",
            each -> settings(each.labels()))
        .property(
            "entrypoint",
            Type.list(Type.TEXT),
            "les mots de ENTRYPOINT, ou rien",
            "the words of ENTRYPOINT, or nothing",
            each -> words(each.entrypoint()))
        .property(
            "command",
            Type.list(Type.TEXT),
            "les mots de CMD, ou rien",
            "the words of CMD, or nothing",
            each -> words(each.command()))
        .property(
            "hasHealthCheck",
            Type.BOOLEAN,
            "s'il y a un HEALTHCHECK autre que NONE",
            "whether there is a HEALTHCHECK other than NONE",
            each -> each.healthCheck().is(check -> !check.isNone()))
        .property(
            "ports",
            Type.list(Type.NUMBER),
            "les ports de EXPOSE",
            "the ports of EXPOSE",
            each ->
                Values.list(
                    each.exposedPorts().stream()
                        .map(port -> Values.of(port, exposed -> count(exposed.first())))))
        .property(
            "instructions",
            Type.list(INSTRUCTION),
            "ses instructions après FROM",
            "its instructions after FROM",
            each -> Values.list(each.instructions().stream()))
        .property(
            "path",
            Type.TEXT,
            "le Dockerfile",
            "the Dockerfile",
            each -> each.span().file().path());
    new Table<>(INSTRUCTION, Instruction.class)
        .property(
            "name",
            Type.TEXT,
            "en majuscules : `COPY`, `RUN`…",
            "in upper case: `COPY`, `RUN`…",
            Instruction::name)
        .property(
            "text",
            Type.TEXT,
            "ce qui suit le mot et les options, avant expansion",
            "what follows the keyword and the flags, before expansion",
            each -> each.arguments().text())
        .property(
            "flags",
            Type.map(Type.TEXT),
            "les options : `--from`, sans les tirets",
            "the flags: `--from`, without the dashes",
            Model::flags)
        .linked(
            "stage",
            STAGE,
            "son étape, ou rien avant le premier FROM",
            "its stage, or nothing before the first FROM",
            (each, facts) -> facts.project().stageOf(each));
    new Table<>(COMMAND, ScriptCommand.class)
        .property(
            "name",
            Type.TEXT,
            "ce qui est lancé, sans chemin : `apt-get` ; vide si on ne peut le savoir",
            "what runs, without its path: `apt-get`; empty where it cannot be known",
            each ->
                each.command().name().isEmpty() ? Unknown.VALUE : (Object) each.command().name())
        .property(
            "arguments",
            Type.list(Type.TEXT),
            "ses arguments, options comprises",
            "its arguments, options included",
            each -> arguments(each.command()))
        .property(
            "text",
            Type.TEXT,
            "la commande comme écrite",
            "the command as written",
            each -> each.command().span().text())
        .property(
            "isPiped",
            Type.BOOLEAN,
            "si elle est dans un tube",
            "whether it is in a pipe",
            each -> each.command().isPiped())
        .property(
            "instruction",
            Type.TEXT,
            "`RUN`, `CMD`, `ENTRYPOINT` ou `HEALTHCHECK`",
            "`RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK`",
            each -> each.script().instruction().name())
        .property("stage", STAGE, "son étape", "its stage", each -> each.script().stage())
        .method(
            "has",
            "option",
            Type.BOOLEAN,
            "si elle a cette option : `command.has('--no-cache')`",
            "whether it has this option: `command.has('--no-cache')`",
            (each, option) -> has(each.command(), option));
  }

  private static void crossing() {
    new Table<>(USE, ImageUse.class)
        .property("image", IMAGE, "l'image", "the image", ImageUse::reference)
        .property(
            "role",
            Type.TEXT,
            "`final_base`, `build_base`, `copy_source`, `compose_service`, `container`",
            "`final_base`, `build_base`, `copy_source`, `compose_service`, `container`",
            each -> lower(each.role()))
        .property(
            "path",
            Type.TEXT,
            "le fichier qui la nomme",
            "the file that names it",
            each -> each.span().file().path());
    new Table<>(VARIABLE, EnvironmentVariable.class)
        .property("name", Type.TEXT, "son nom", "its name", EnvironmentVariable::name)
        .property(
            "value",
            Type.TEXT,
            "la valeur écrite ; rien quand elle vient d'ailleurs",
            "the value written; nothing where it comes from elsewhere",
            each -> Values.of(each.value()))
        .property(
            "where",
            Type.TEXT,
            "`dockerfile_env`, `dockerfile_arg`, `compose_service`, `compose_build`, `container`, `config_map`",
            "`dockerfile_env`, `dockerfile_arg`, `compose_service`, `compose_build`, `container`, `config_map`",
            each -> lower(each.where()))
        .property(
            "path",
            Type.TEXT,
            "le fichier qui la définit",
            "the file that sets it",
            each -> each.span().file().path());
    new Table<>(DATABASE, DatabaseService.class)
        .property(
            "engine",
            Type.TEXT,
            "`PostgreSQL`, `MySQL`, `MongoDB`, `Redis`…",
            "`PostgreSQL`, `MySQL`, `MongoDB`, `Redis`…",
            each -> each.engine().toString())
        .property(
            "isRelational",
            Type.BOOLEAN,
            "si elle parle SQL avec des transactions",
            "whether it speaks SQL with transactions",
            each -> each.engine().isRelational())
        .property(
            "image",
            IMAGE,
            "son image ; rien quand un opérateur la choisit",
            "its image; nothing where an operator chooses it",
            Model::databaseImage)
        .property(
            "owner",
            Type.TEXT,
            "ce qui la lance, tel que `StatefulSet/db › containers[db]`",
            "what runs it, such as `StatefulSet/db › containers[db]`",
            each -> each.owner().label())
        .property("path", Type.TEXT, "le fichier", "the file", each -> each.span().file().path());
  }

  private static void project() {
    new Table<>(PROJECT, Project.class)
        .property(
            "files",
            Type.list(Type.TEXT),
            "les chemins de tous les fichiers",
            "the paths of all files",
            each -> Values.list(each.tree().paths().stream()))
        .property(
            "objects",
            Type.list(OBJECT),
            "tous les objets Kubernetes",
            "all Kubernetes objects",
            each -> Values.list(each.objects().objects().stream()))
        .property(
            "workloads",
            Type.list(WORKLOAD),
            "tous les workloads",
            "all workloads",
            each -> Values.list(each.objects().all(Workload.class).stream()))
        .property(
            "containers",
            Type.list(CONTAINER),
            "tous les conteneurs",
            "all containers",
            each -> Values.list(each.objects().all(Container.class).stream()))
        .property(
            "services",
            Type.list(SERVICE),
            "tous les services Compose",
            "all Compose services",
            each -> Values.list(each.subjects(ComposeService.class).stream()))
        .property(
            "stages",
            Type.list(STAGE),
            "toutes les étapes de Dockerfile",
            "all stages of Dockerfiles",
            each -> Values.list(each.subjects(Stage.class).stream()))
        .property(
            "images",
            Type.list(USE),
            "toutes les images nommées",
            "all images that are named",
            each -> Values.list(each.subjects(ImageUse.class).stream()))
        .property(
            "variables",
            Type.list(VARIABLE),
            "toutes les variables d'environnement",
            "all environment variables",
            each -> Values.list(each.subjects(EnvironmentVariable.class).stream()))
        .property(
            "databases",
            Type.list(DATABASE),
            "toutes les bases de données",
            "all databases",
            each -> Values.list(each.subjects(DatabaseService.class).stream()));
    PROJECT.method(
        "has",
        List.of(Parameter.of("glob", Type.TEXT)),
        Type.BOOLEAN,
        "s'il y a un fichier de cette forme : `project.has('**/CODEOWNERS')`",
        "whether there is a file of this form: `project.has('**/CODEOWNERS')`",
        (self, arguments, frame) -> {
          String glob = Operations.show(arguments[0]);
          for (String path : ((Project) self).tree().paths()) {
            if (Patterns.glob(glob, path, frame) == Boolean.TRUE) {
              return true;
            }
          }
          return false;
        });
  }

  private static <P extends KubernetesPart> void at(Table<P> table) {
    table.method(
        "at",
        "path",
        Type.ANY,
        "ce qui est écrit sous un chemin : `" + table.type().name() + ".at('a.b')`",
        "what is written under a path: `" + table.type().name() + ".at('a.b')`",
        (part, path) -> Values.yaml(place(part.place(), path), part.object().isPartial()));
  }

  /** A path may be any text; one without end is not followed. */
  static YamlPlace place(YamlPlace from, String path) {
    return path.length() > 500 || path.isEmpty() ? from.key("") : from.at(path);
  }

  private static @Nullable Object yaml(KubernetesPart part, String path) {
    return Values.yaml(part.at(path), part.object().isPartial());
  }

  private static ObjectIndex index(Facts facts) {
    return facts.project().objects();
  }

  private static List<Object> objects(List<? extends KubernetesPart> parts) {
    return Values.list(parts.stream().map(KubernetesPart::object));
  }

  private static BigDecimal count(int number) {
    return BigDecimal.valueOf(number);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static BigDecimal part(SemVer version, int index) {
    return BigDecimal.valueOf(version.number(index));
  }

  private static List<Object> bits(BitSet set) {
    return Values.list(set.stream().mapToObj(BigDecimal::valueOf));
  }

  private static @Nullable LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException none) {
      return null;
    }
  }

  static @Nullable CronSchedule schedule(String text) {
    return text.length() > 200 ? null : CronSchedule.parse(text, text.split("\\s+").length == 6);
  }

  private static Object unknownIfNull(@Nullable Object value) {
    return value == null ? Unknown.VALUE : value;
  }

  private static @Nullable Object part(ImageReference.Part part) {
    return part.isUnknown() ? Unknown.VALUE : part.isAbsent() ? null : part.value();
  }

  private static @Nullable Object version(ImageReference.Part tag) {
    if (!tag.isKnown()) {
      return part(tag);
    }
    SemVer whole = SemVer.parse(tag.value());
    if (whole != null) {
      return whole;
    }
    int hyphen = tag.value().indexOf('-');
    return hyphen < 0 ? null : SemVer.parse(tag.value().substring(0, hyphen));
  }

  private static Object isLatest(ImageReference image) {
    if (image.digest().isKnown()) {
      return false;
    }
    if (image.digest().isUnknown() || image.tag().isUnknown()) {
      return Unknown.VALUE;
    }
    return image.tag().isAbsent() || image.tag().is("latest");
  }

  /** An image as a place names it. */
  private static @Nullable Object image(YamlPlace place, boolean open) {
    String text = place.text();
    if (text == null) {
      return place.isPresent() || open ? Unknown.VALUE : null;
    }
    return image(text);
  }

  private static Object image(String text) {
    return unknownIfNull(IMAGES.of(text, ImageReference::orNull));
  }

  private static @Nullable Object rootImage(Stage stage) {
    Stage root = stage.lineage().get(0);
    if (root.isScratch()) {
      return null;
    }
    String value = stage.rootImage().value();
    return value != null
        ? image(value)
        : root.from().image() == null ? Unknown.VALUE : image(root.from().image().toString());
  }

  private static @Nullable Object databaseImage(DatabaseService database) {
    return Values.of(database.image(), Model::image);
  }

  private static Entries texts(Map<String, String> map, boolean open) {
    return new Entries.Texts(map, open);
  }

  private static Entries settings(Map<String, Setting<String>> map) {
    Map<String, @Nullable Object> texts = new LinkedHashMap<>();
    map.forEach((name, setting) -> texts.put(name, Values.of(setting)));
    return Entries.of(texts, false);
  }

  private static Entries variables(List<ComposeVariable> variables, boolean open) {
    Map<String, @Nullable Object> texts = new LinkedHashMap<>();
    variables.forEach(each -> texts.put(each.name(), Values.of(each.value())));
    return Entries.of(texts, open);
  }

  private static Object composeLabels(ComposeService service) {
    YamlPlace labels = service.place().key("labels");
    boolean open = !service.isComplete();
    if (labels.items().isEmpty()) {
      Object map = Values.yaml(labels, open);
      return map == null ? Entries.of(Map.of(), open) : map;
    }
    Map<String, Object> texts = new LinkedHashMap<>();
    for (YamlPlace item : labels.items()) {
      String text = item.text("");
      int equals = text.indexOf('=');
      if (item.isUnknown()) {
        open = true;
      } else {
        texts.put(
            equals < 0 ? text : text.substring(0, equals),
            equals < 0 ? "" : text.substring(equals + 1));
      }
    }
    return Entries.of(texts, open);
  }

  private static Entries quantities(
      Container container, String side, Function<String, Setting<Quantity>> read) {
    return Entries.of(
        () ->
            container.at("resources." + side).node() instanceof YamlMapping mapping
                ? mapping.entries().stream().map(YamlMapping.Entry::name).toList()
                : List.of(),
        container.object().isPartial(),
        name -> Values.of(read.apply(name)));
  }

  private static @Nullable Object probe(Container container, Probe.Kind kind) {
    Probe probe = container.probe(kind);
    return probe.isPresent()
        ? probe
        : container.object().isPartial() ? Unknown.VALUE : (Object) null;
  }

  private static Setting<Long> orElse(Setting<Long> setting, long otherwise) {
    return setting.isAbsent() ? Setting.byDefault(otherwise, setting.at()) : setting;
  }

  private static List<Object> capabilities(SecurityContext security, List<YamlPlace> places) {
    return Values.list(
        places.stream()
            .map(
                each ->
                    each.isUnknown() || Values.isUnresolved(each.text(""))
                        ? Unknown.VALUE
                        : SecurityContext.capability(each)),
        security.container().object().isPartial());
  }

  private static EnvironmentVariable variable(EnvVar variable) {
    return new EnvironmentVariable(
        variable.name(), variable.value(), EnvironmentVariable.Where.CONTAINER, variable);
  }

  private static @Nullable Object dockerfile(ComposeService service) {
    ComposeBuild build = service.build();
    return build == null ? null : build.dockerfilePath();
  }

  private static Object isHealthChecked(ComposeService service) {
    var check = service.healthCheck();
    return check == null
        ? service.isComplete() ? (Object) false : Unknown.VALUE
        : (Object) !check.isDisabled();
  }

  private static List<Object> scalars(List<YamlScalar> scalars) {
    return Values.list(scalars.stream().map(Model::text));
  }

  private static @Nullable Object text(@Nullable YamlScalar scalar) {
    return scalar == null ? null : scalar.isKnown() ? (Object) scalar.value() : Unknown.VALUE;
  }

  private static List<Object> places(List<YamlPlace> places) {
    return Values.list(
        places.stream()
            .map(each -> each.isUnknown() ? Unknown.VALUE : (Object) each.text(""))
            .filter(each -> !each.equals("")));
  }

  private static @Nullable Object words(Setting<CommandLine> setting) {
    return Values.of(
        setting,
        line -> line.isExec() ? Values.list(line.strings().stream()) : List.of(line.text().text()));
  }

  private static Object isFinal(Stage stage, Facts facts) {
    Dockerfile dockerfile = facts.project().dockerfile(stage.span().file().path());
    return dockerfile != null && dockerfile.finalStage() == stage;
  }

  private static Entries flags(Instruction instruction) {
    Map<String, Object> flags = new LinkedHashMap<>();
    for (Flag flag : instruction.flags()) {
      flags.put(flag.name(), Values.text(flag.text()));
    }
    return Entries.of(flags, false);
  }

  private static List<Object> arguments(Command command) {
    return Values.list(
        command.arguments().stream()
            .map(
                each ->
                    each.text() != null
                        ? each.text()
                        : each.mayBeSeveral() ? (Object) Unknown.MORE : Unknown.VALUE));
  }

  private static Object has(Command command, String option) {
    if (command.has(option)) {
      return true;
    }
    return command.arguments().stream().allMatch(Argument::isKnown)
        ? (Object) false
        : Unknown.VALUE;
  }

  /** The environment in the words of the configuration; unknown where nothing tells. */
  static Object environment(Environment environment) {
    return environment == Environment.UNKNOWN ? Unknown.VALUE : (Object) lower(environment);
  }
}
