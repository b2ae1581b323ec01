package fr.gouv.social.fabrique.policy;

import static fr.gouv.social.fabrique.policy.Model.CONTAINER;
import static fr.gouv.social.fabrique.policy.Model.CRON;
import static fr.gouv.social.fabrique.policy.Model.OBJECT;
import static fr.gouv.social.fabrique.policy.Model.POD;
import static fr.gouv.social.fabrique.policy.Model.REFERENCE;
import static fr.gouv.social.fabrique.policy.Model.WORKLOAD;

import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.KubernetesPart;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.kubernetes.PodSpec;
import fr.gouv.social.fabrique.kubernetes.Reference;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Objects and workloads of Kubernetes, as expressions see them. */
final class KubernetesMembers {
  private KubernetesMembers() {}

  static void add() {
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
            KubernetesMembers::references)
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
                    ? Values.of(each.string("spec.schedule"), ValueMembers::schedule)
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

  static Stream<Need> needs(PodSpec pod, List<Reference> references) {
    return references.stream().map(each -> new Need(pod.object(), each));
  }

  static @Nullable Object yaml(KubernetesPart part, String path) {
    return Values.yaml(part.at(path), part.object().isPartial());
  }

  private static ObjectIndex index(Facts facts) {
    return facts.project().objects();
  }

  private static List<Object> objects(List<? extends KubernetesPart> parts) {
    return Values.list(parts.stream().map(KubernetesPart::object));
  }

  private static Entries texts(Map<String, String> map, boolean open) {
    return new Entries.Texts(map, open);
  }

  static <P extends KubernetesPart> void at(Table<P> table) {
    table.method(
        "at",
        "path",
        Type.ANY,
        "ce qui est écrit sous un chemin : `" + table.type().name() + ".at('a.b')`",
        "what is written under a path: `" + table.type().name() + ".at('a.b')`",
        (part, path) -> Values.yaml(Values.place(part.place(), path), part.object().isPartial()));
  }
}
