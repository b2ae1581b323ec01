package fr.gouv.social.fabrique.policy;

import static fr.gouv.social.fabrique.policy.Model.CONTAINER;
import static fr.gouv.social.fabrique.policy.Model.IMAGE;
import static fr.gouv.social.fabrique.policy.Model.OBJECT;
import static fr.gouv.social.fabrique.policy.Model.POD;
import static fr.gouv.social.fabrique.policy.Model.PORT;
import static fr.gouv.social.fabrique.policy.Model.PROBE;
import static fr.gouv.social.fabrique.policy.Model.QUANTITY;
import static fr.gouv.social.fabrique.policy.Model.REFERENCE;
import static fr.gouv.social.fabrique.policy.Model.SECURITY;
import static fr.gouv.social.fabrique.policy.Model.VARIABLE;
import static fr.gouv.social.fabrique.policy.Model.VOLUME;
import static fr.gouv.social.fabrique.policy.Model.WORKLOAD;

import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.ContainerPort;
import fr.gouv.social.fabrique.kubernetes.EnvVar;
import fr.gouv.social.fabrique.kubernetes.PodSpec;
import fr.gouv.social.fabrique.kubernetes.Probe;
import fr.gouv.social.fabrique.kubernetes.Quantity;
import fr.gouv.social.fabrique.kubernetes.SecurityContext;
import fr.gouv.social.fabrique.kubernetes.Volume;
import fr.gouv.social.fabrique.project.EnvironmentVariable;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pods and what is in them, as expressions see them. */
final class ContainerMembers {
  private ContainerMembers() {}

  static void add() {
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
    KubernetesMembers.at(pod);
    Table<Container> container = new Table<>(CONTAINER, Container.class);
    container
        .property("name", Type.TEXT, "son nom", "its name", each -> Values.text(each.name()))
        .property(
            "kind",
            Type.TEXT,
            "`main`, `init`, `sidecar` ou `ephemeral`",
            "`main`, `init`, `sidecar` or `ephemeral`",
            each -> Values.lower(each.kind()))
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
            each -> Values.image(each.at("image"), each.object().isPartial()))
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
                    each.env().stream().map(ContainerMembers::variable),
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
            each ->
                KubernetesMembers.yaml(each, "volumeMounts") == null
                    ? List.of()
                    : KubernetesMembers.yaml(each, "volumeMounts"))
        .property(
            "references",
            Type.list(REFERENCE),
            "ce que `env` et `envFrom` demandent",
            "what `env` and `envFrom` need",
            each ->
                Values.list(
                    KubernetesMembers.needs(each.pod(), each.references()),
                    each.object().isPartial()))
        .property("pod", POD, "son pod", "its pod", Container::pod)
        .property("workload", WORKLOAD, "son workload", "its workload", Container::workload)
        .property(
            "object",
            OBJECT,
            "l'objet où il est écrit",
            "the object in which it is written",
            Container::object);
    KubernetesMembers.at(container);
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
    KubernetesMembers.at(probe);
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
    KubernetesMembers.at(volume);
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
}
