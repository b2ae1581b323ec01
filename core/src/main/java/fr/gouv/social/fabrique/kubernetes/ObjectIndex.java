package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All Kubernetes objects of a repository and the links between them. Objects of different
 * environments do not see each other; those of no known environment see all, and are seen by all.
 * Immutable once built.
 */
public final class ObjectIndex {
  /** What every namespace holds without anybody writing it. */
  private static final Set<String> GIVEN_CONFIG_MAPS =
      Set.of("kube-root-ca.crt", "openshift-service-ca.crt");

  /**
   * The token of a service account that clusters before 1.24 made by themselves, in what was read
   * from one: {@code k8s.io/apiserver/pkg/storage/names}, SimpleNameGenerator, says its end.
   */
  private static final Pattern GIVEN_TOKEN =
      Pattern.compile(".+-token-[bcdfghjklmnpqrstvwxz2456789]{5}");

  private static final Pattern TRIAL =
      Pattern.compile("(?:^|/)(?:e2e|examples?|fixtures?|hack|samples?|test|testdata|tests)/");

  private static final String KONTINUOUS = "/.kontinuous/";

  private static final Pattern NAMED_PATCH = Pattern.compile("(?:.*[-_.])?patch(?:[-_.].*)?");

  /** How a reference ends. */
  public enum Resolution {
    FOUND,
    /** What is referred to is there, and known not to have the key. */
    KEY_MISSING,
    MISSING
  }

  /** A workload with the labels of its pods, read once. */
  private record Pods(Workload workload, Map<String, String> labels) {}

  private record Twin(String group, String kind, @Nullable String namespace, String name) {}

  private final List<KubernetesObject> objects;
  private final List<Kustomization> kustomizations;
  private final CustomDefinitions definitions;
  private final Set<Map.Entry<String, String>> affixes = new HashSet<>();
  private final Map<Located, Environment> environments = new HashMap<>();
  private final Map<Class<?>, List<Object>> subjects = new HashMap<>();
  private final Map<String, List<KubernetesObject>> byKindAndName = new HashMap<>();
  private final Map<String, List<Provider>> providers = new HashMap<>();
  private final Map<Map.Entry<String, String>, List<Pods>> podsByLabel = new HashMap<>();
  private final List<Pods> pods = new ArrayList<>();
  private final List<Pods> podsWithUnresolvedLabels = new ArrayList<>();
  private final Set<String> foldersWithPods = new HashSet<>();
  private final Overlays overlays;
  private final Map<String, List<HorizontalPodAutoscaler>> autoscalers = new HashMap<>();
  private final Map<String, List<RoleBinding>> bindings = new HashMap<>();
  private final List<KubernetesObject> limitRanges = new ArrayList<>();
  private final Choosers<Service> services = new Choosers<>();
  private final Choosers<PodDisruptionBudget> budgets = new Choosers<>();
  private final Choosers<NetworkPolicy> policies = new Choosers<>();

  /** Components that nothing takes in, and the files that only they take in. */
  private final Set<Kustomization> idle = new HashSet<>();

  private final Set<String> idleFiles = new HashSet<>();
  private final List<Set<String>> kustomizedTogether = new ArrayList<>();
  private final Map<Twin, List<KubernetesObject>> twins = new LinkedHashMap<>();

  /**
   * Links the objects of some files.
   *
   * @param files manifests and kustomizations, in the order of their paths
   * @param environment to which an object, or a kustomization, belongs
   */
  public static ObjectIndex of(
      Collection<YamlFile> files, Function<? super Located, Environment> environment) {
    return of(files, List.of(), Map.of(), environment);
  }

  /**
   * Links the objects of some files.
   *
   * @param definitions files that only define custom resources
   * @param others files that may hold patches though no objects, by path
   */
  public static ObjectIndex of(
      Collection<YamlFile> files,
      Collection<YamlFile> definitions,
      Map<String, YamlFile> others,
      Function<? super Located, Environment> environment) {
    return new ObjectIndex(files, definitions, others, environment);
  }

  private ObjectIndex(
      Collection<YamlFile> files,
      Collection<YamlFile> definitionFiles,
      Map<String, YamlFile> others,
      Function<? super Located, Environment> environment) {
    List<Kustomization> found = new ArrayList<>();
    List<YamlFile> manifests = new ArrayList<>();
    for (YamlFile file : files) {
      Kustomization kustomization = Kustomization.of(file);
      if (kustomization == null) {
        manifests.add(file);
      } else {
        found.add(kustomization);
      }
    }
    this.kustomizations = List.copyOf(found);
    setAside();
    Set<String> patches = new HashSet<>();
    kustomizations.forEach(each -> patches.addAll(each.patches()));
    patches.addAll(patchesByName(manifests));
    Map<String, YamlFile> byPath = new HashMap<>(others);
    files.forEach(each -> byPath.put(each.file().path(), each));
    this.overlays = new Overlays(kustomizations, byPath);
    List<KubernetesObject> all = new ArrayList<>();
    for (YamlFile file : manifests) {
      String path = file.file().path();
      boolean patch = patches.contains(path);
      Setting<String> namespace = overlays.namespace(path);
      for (KubernetesObject object : KubernetesObject.in(file)) {
        YamlMapping left = overlays.left(object);
        all.add(
            patch || namespace != null || left != object.root()
                ? object.kustomized(patch, namespace, left)
                : object);
      }
    }
    this.objects = List.copyOf(all);
    definitionFiles.forEach(file -> all.addAll(KubernetesObject.in(file)));
    this.definitions = new CustomDefinitions(all);
    for (Kustomization each : kustomizations) {
      environments.put(each, environment.apply(each));
      kustomizedTogether.add(Set.copyOf(each.resources()));
      affixes.add(
          Map.entry(
              each.place().key("namePrefix").text(""), each.place().key("nameSuffix").text("")));
      Provider.of(each, this::add);
    }
    for (KubernetesObject each : objects) {
      environments.put(each, environment.apply(each));
      add(each);
    }
  }

  /** What is named a patch beside a kustomization and no resource: one that is not listed yet. */
  private Set<String> patchesByName(List<YamlFile> manifests) {
    Set<String> folders = new HashSet<>();
    Set<String> resources = new HashSet<>();
    for (Kustomization each : kustomizations) {
      folders.add(each.file().folder());
      resources.addAll(each.resources());
    }
    Set<String> paths = new HashSet<>();
    for (YamlFile each : manifests) {
      String path = each.file().path();
      if (folders.contains(each.file().folder())
          && !resources.contains(path)
          && NAMED_PATCH.matcher(each.file().name()).matches()) {
        paths.add(path);
      }
    }
    return paths;
  }

  /** Finds the components that nothing takes in, those that only these take in among them. */
  private void setAside() {
    boolean found = true;
    while (found) {
      Set<String> used = takenIn(false);
      found =
          kustomizations.stream()
              .filter(each -> each.isComponent() && !used.contains(each.file().folder()))
              .map(idle::add)
              .reduce(false, Boolean::logicalOr);
    }
    idleFiles.addAll(takenIn(true));
    idleFiles.removeAll(takenIn(false));
  }

  /** What kustomizations take in, either those that are idle or the others. */
  private Set<String> takenIn(boolean byIdle) {
    Set<String> paths = new HashSet<>();
    kustomizations.stream()
        .filter(each -> idle.contains(each) == byIdle)
        .forEach(each -> paths.addAll(each.resources()));
    return paths;
  }

  private void add(Provider provider) {
    providers
        .computeIfAbsent(provider.kind() + "/" + provider.name(), key -> new ArrayList<>())
        .add(provider);
  }

  private void add(KubernetesObject object) {
    subject(KubernetesObject.class, object);
    byKindAndName
        .computeIfAbsent(object.kind() + "/" + object.name(), key -> new ArrayList<>())
        .add(object);
    Provider.of(object, this::add);
    if (!object.isPartial() && !object.name().isEmpty() && !Values.isUnresolved(object.name())) {
      twins.computeIfAbsent(twin(object), key -> new ArrayList<>()).add(object);
    }
    Workload workload = Workload.of(object);
    if (workload != null) {
      add(workload);
      return;
    }
    switch (object.kind()) {
      case "Service" -> {
        if (object.is("Service", "")) {
          Service service = subject(Service.class, new Service(object));
          services.add(service, service.selector());
        }
      }
      case "Ingress" -> {
        if (object.is("Ingress", "networking.k8s.io", "extensions")) {
          subject(Ingress.class, new Ingress(object));
        }
      }
      case "HorizontalPodAutoscaler", "ScaledObject" -> {
        HorizontalPodAutoscaler autoscaler =
            subject(HorizontalPodAutoscaler.class, new HorizontalPodAutoscaler(object));
        autoscalers
            .computeIfAbsent(
                autoscaler.targetKind() + "/" + autoscaler.targetName().value(),
                key -> new ArrayList<>())
            .add(autoscaler);
      }
      case "PodDisruptionBudget" -> {
        PodDisruptionBudget budget =
            subject(PodDisruptionBudget.class, new PodDisruptionBudget(object));
        budgets.add(budget, budget.selector());
      }
      case "NetworkPolicy" -> {
        if (object.is("NetworkPolicy", "networking.k8s.io", "extensions")) {
          NetworkPolicy policy = subject(NetworkPolicy.class, new NetworkPolicy(object));
          policies.add(policy, policy.podSelector());
        }
      }
      case "Role", "ClusterRole" -> subject(Role.class, new Role(object));
      case "RoleBinding", "ClusterRoleBinding" -> {
        RoleBinding binding = subject(RoleBinding.class, new RoleBinding(object));
        accounts(binding)
            .map(subject -> subject.key("name").text(""))
            .distinct()
            .forEach(
                account ->
                    bindings.computeIfAbsent(account, key -> new ArrayList<>()).add(binding));
      }
      case "ServiceAccount" -> subject(ServiceAccount.class, new ServiceAccount(object));
      case "ServiceMonitor", "PodMonitor" -> subject(Monitor.class, new Monitor(object));
      case "HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute" ->
          subject(Route.class, new Route(object));
      case "Cluster" -> {
        if (object.is("Cluster", "postgresql.cnpg.io")) {
          subject(PostgresCluster.class, new PostgresCluster(object));
        }
      }
      case "LimitRange" -> limitRanges.add(object);
      case "ScheduledBackup" -> subject(ScheduledBackup.class, new ScheduledBackup(object));
      default -> {}
    }
  }

  private void add(Workload workload) {
    subject(Workload.class, workload);
    PodSpec pod = subject(PodSpec.class, workload.pod());
    pod.containers().forEach(each -> subject(Container.class, each));
    if (workload.object().isPatch()) {
      return;
    }
    Pods each = new Pods(workload, workload.podLabels());
    pods.add(each);
    String folder = workload.object().file().folder();
    while (foldersWithPods.add(folder) && !folder.isEmpty()) {
      folder = above(folder);
    }
    boolean unresolved = false;
    for (Map.Entry<String, String> label : each.labels.entrySet()) {
      if (Values.isUnresolved(label.getValue())) {
        unresolved = true;
      }
      podsByLabel
          .computeIfAbsent(Map.entry(label.getKey(), label.getValue()), key -> new ArrayList<>())
          .add(each);
    }
    if (unresolved) {
      podsWithUnresolvedLabels.add(each);
    }
  }

  private <S> S subject(Class<S> kind, S subject) {
    subjects.computeIfAbsent(kind, key -> new ArrayList<>()).add(subject);
    return subject;
  }

  /** The custom resources that are defined here. */
  public CustomDefinitions definitions() {
    return definitions;
  }

  /** All objects, by file and position. */
  public List<KubernetesObject> objects() {
    return objects;
  }

  public List<Kustomization> kustomizations() {
    return kustomizations;
  }

  /** The kustomizations that no other one takes in. */
  public List<Kustomization> outermostKustomizations() {
    Set<String> used = new HashSet<>();
    kustomizations.forEach(each -> used.addAll(each.resources()));
    return kustomizations.stream()
        .filter(each -> !used.contains(each.file().folder()))
        .filter(each -> !each.isComponent())
        .toList();
  }

  /**
   * The images that kustomizations name with a tag or a digest, but for those that each
   * kustomization above names again.
   */
  public List<Kustomization.ImageChange> imageChanges() {
    List<Kustomization.ImageChange> changes = new ArrayList<>();
    for (Kustomization each : kustomizations) {
      for (Kustomization.ImageChange change : each.imageChanges()) {
        if (!idle.contains(each) && !isChangedAgain(each, change.name(), new HashSet<>())) {
          changes.add(change);
        }
      }
    }
    return changes;
  }

  private boolean isChangedAgain(Kustomization inner, String image, Set<Kustomization> visited) {
    List<Kustomization> above =
        kustomizations.stream()
            .filter(each -> each.resources().contains(inner.file().folder()))
            .filter(each -> !idle.contains(each))
            .toList();
    return !above.isEmpty()
        && visited.add(inner)
        && above.stream()
            .allMatch(
                each ->
                    each.place().key("images").items().stream()
                            .anyMatch(
                                change ->
                                    change.key("name").text("").equals(image)
                                        && (change.key("newTag").isPresent()
                                            || change.key("digest").isPresent()))
                        || isChangedAgain(each, image, visited));
  }

  /**
   * All views of one kind, by file and position: {@link KubernetesObject}, {@link Workload}, {@link
   * PodSpec}, {@link Container}, {@link Service} and the like.
   */
  public <S> List<S> all(Class<S> kind) {
    return subjects.getOrDefault(kind, List.of()).stream().map(kind::cast).toList();
  }

  /** The environment of an object. */
  public Environment environment(KubernetesObject object) {
    return environments.getOrDefault(object, Environment.UNKNOWN);
  }

  /**
   * The outermost kustomizations that leave a place of an object as it is written, where others
   * change it; empty where all do or none does.
   *
   * @param way the names of the places from the root to it, as {@link YamlPlace#name()} says them
   */
  public List<Kustomization> leavingAlone(KubernetesObject object, List<String> way) {
    return overlays.leavingAlone(object, way);
  }

  /** The name itself, and what it may be written as where kustomizations add to names. */
  public Set<String> namesBeforeKustomization(String name) {
    Set<String> names = new HashSet<>();
    names.add(name);
    for (Map.Entry<String, String> each : affixes) {
      String prefix = each.getKey();
      String suffix = each.getValue();
      if (name.length() > prefix.length() + suffix.length()
          && name.startsWith(prefix)
          && name.endsWith(suffix)) {
        names.add(name.substring(prefix.length(), name.length() - suffix.length()));
      }
    }
    return names;
  }

  /** Whether both may take effect in one environment. */
  public boolean meet(Located one, Located other) {
    Environment a = environments.getOrDefault(one, Environment.UNKNOWN);
    Environment b = environments.getOrDefault(other, Environment.UNKNOWN);
    return a == b || a == Environment.UNKNOWN || b == Environment.UNKNOWN;
  }

  private boolean near(KubernetesObject one, KubernetesObject other) {
    return meet(one, other) && one.sharesNamespaceWith(other);
  }

  /** The objects of a kind and a name in the namespace of another one. */
  public List<KubernetesObject> named(KubernetesObject from, String kind, String name) {
    return byKindAndName.getOrDefault(kind + "/" + name, List.of()).stream()
        .filter(each -> each.isClusterScoped() ? meet(from, each) : near(from, each))
        .toList();
  }

  /** The workloads whose pods a selector chooses, in the namespace of the object that has it. */
  public List<Workload> chosen(KubernetesObject from, LabelSelector selector) {
    return chosen(selector, each -> near(from, each));
  }

  /** The workloads whose pods a selector chooses for sure, whatever placeholders become. */
  public List<Workload> surelyChosen(KubernetesObject from, LabelSelector selector) {
    return chosen(from, selector).stream()
        .filter(each -> selector.surelyMatches(each.podLabels()))
        .toList();
  }

  private List<Workload> chosen(LabelSelector selector, Predicate<KubernetesObject> in) {
    if (!selector.exists()) {
      return List.of();
    }
    List<Workload> chosen = new ArrayList<>();
    for (Pods each : candidates(selector)) {
      if (in.test(each.workload.object()) && selector.matches(each.labels)) {
        chosen.add(each.workload);
      }
    }
    return chosen;
  }

  private List<Pods> candidates(LabelSelector selector) {
    for (Map.Entry<String, String> each : selector.equalities().entrySet()) {
      if (Values.isUnresolved(each.getValue()) || Values.isUnresolved(each.getKey())) {
        continue;
      }
      List<Pods> labelled = podsByLabel.getOrDefault(each, List.of());
      if (podsWithUnresolvedLabels.isEmpty()) {
        return labelled;
      }
      Set<Pods> candidates = new LinkedHashSet<>(labelled);
      candidates.addAll(podsWithUnresolvedLabels);
      return List.copyOf(candidates);
    }
    return pods;
  }

  /** The Services that lead to the pods of a workload for sure, whatever placeholders become. */
  public List<Service> servicesOf(Workload workload) {
    Map<String, String> labels = workload.podLabels();
    return choosing(services, workload).stream()
        .filter(each -> each.selector().surelyMatches(labels))
        .toList();
  }

  public List<PodDisruptionBudget> budgetsOf(Workload workload) {
    return choosing(budgets, workload);
  }

  /** The policies that isolate the pods of a workload. */
  public List<NetworkPolicy> policiesOf(Workload workload) {
    return choosing(policies, workload);
  }

  private <T extends KubernetesPart> List<T> choosing(Choosers<T> choosers, Workload workload) {
    KubernetesObject pod = workload.object();
    return choosers.choosing(
        workload,
        (each, selector) ->
            near(each, pod)
                && !isOfComponentBeside(each, pod)
                && (selector.asksForLabels() || covers(each, pod)));
  }

  /**
   * Whether what holds for all of a namespace holds for an object: where one of both does not say
   * its namespace, both are in one file, one kustomization, or one folder. A folder without pods is
   * meant for those of the folder above it, and all of kontinuous is one application.
   */
  private boolean covers(KubernetesObject one, KubernetesObject other) {
    String path = one.file().path();
    String otherPath = other.file().path();
    if (one.namespace().isSet() && other.namespace().isSet()
        || path.equals(otherPath)
        || overlays.useTogether(path, otherPath)) {
      return true;
    }
    int kontinuous = ("/" + path).indexOf(KONTINUOUS);
    if (kontinuous >= 0) {
      return otherPath.startsWith(path.substring(0, kontinuous + KONTINUOUS.length() - 1));
    }
    String folder = one.file().folder();
    while (!foldersWithPods.contains(folder) && !folder.isEmpty()) {
      folder = above(folder);
    }
    return folder.isEmpty() || otherPath.startsWith(folder + "/");
  }

  private static String above(String folder) {
    return folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
  }

  /**
   * Whether an object is there by a kustomize component alone, which another one is not of: it only
   * holds where a kustomization takes in both.
   */
  private boolean isOfComponentBeside(KubernetesObject object, KubernetesObject other) {
    String path = object.file().path();
    return (idleFiles.contains(path) || overlays.isOfComponents(path))
        && !object.file().folder().equals(other.file().folder())
        && !overlays.useTogether(path, other.file().path());
  }

  /** What an autoscaler scales: an object of the kind and name that it says. */
  public List<KubernetesObject> targetOf(HorizontalPodAutoscaler autoscaler) {
    String name = autoscaler.targetName().value();
    return name == null ? List.of() : named(autoscaler.object(), autoscaler.targetKind(), name);
  }

  /** The autoscalers of a workload. */
  public List<HorizontalPodAutoscaler> autoscalersOf(Workload workload) {
    return autoscalers.getOrDefault(workload.object().label(), List.of()).stream()
        .filter(each -> near(each.object(), workload.object()))
        .toList();
  }

  /** The Service of a name in the namespace of an object, or null. */
  public @Nullable Service service(KubernetesObject from, String name) {
    return named(from, "Service", name).stream()
        .filter(each -> each.is("Service", ""))
        .map(Service::new)
        .findFirst()
        .orElse(null);
  }

  /** Whether a Service of a name will be there, one that an operator makes included. */
  public boolean hasService(KubernetesObject from, String name) {
    if (service(from, name) != null || !named(from, "Pooler", name).isEmpty()) {
      return true;
    }
    // CloudNativePG makes three Services for each cluster (docs/src/service_management.md).
    for (String suffix : List.of("-rw", "-ro", "-r")) {
      if (name.endsWith(suffix)) {
        String cluster = name.substring(0, name.length() - suffix.length());
        if (named(from, "Cluster", cluster).stream()
            .anyMatch(each -> each.is("Cluster", "postgresql.cnpg.io"))) {
          return true;
        }
      }
    }
    return false;
  }

  /** The Services that a ServiceMonitor finds. */
  public List<Service> monitoredServices(Monitor monitor) {
    LabelSelector selector = monitor.selector();
    return all(Service.class).stream()
        .filter(each -> finds(monitor, selector, each.object(), each.object().labels()))
        .toList();
  }

  /** The monitors that find a Service, or the pods of a workload that it leads to. */
  public List<Monitor> monitorsOf(Service service, Workload workload) {
    Map<String, String> labels = service.object().labels();
    Map<String, String> podLabels = workload.podLabels();
    return all(Monitor.class).stream()
        .filter(
            each ->
                each.ofPods()
                    ? finds(each, each.selector(), workload.object(), podLabels)
                    : finds(each, each.selector(), service.object(), labels))
        .toList();
  }

  private boolean finds(
      Monitor monitor,
      LabelSelector selector,
      KubernetesObject target,
      Map<String, String> labels) {
    return meet(monitor.object(), target) && monitor.looksInto(target) && selector.matches(labels);
  }

  /** The workloads whose pods a PodMonitor finds. */
  public List<Workload> monitoredPods(Monitor monitor) {
    return chosen(
        monitor.selector(), each -> meet(monitor.object(), each) && monitor.looksInto(each));
  }

  /**
   * Whether a selector is meant for pods that CloudNativePG makes for a cluster of the repository.
   */
  public boolean choosesPostgres(KubernetesObject from, LabelSelector selector) {
    String cluster = selector.equalities().get("cnpg.io/cluster");
    return cluster != null && !named(from, "Cluster", cluster).isEmpty();
  }

  /** The service account of a pod, or null where the repository does not define it. */
  public @Nullable ServiceAccount accountOf(PodSpec pod) {
    String name = pod.serviceAccountName().value();
    return name == null
        ? null
        : named(pod.object(), "ServiceAccount", name).stream()
            .findFirst()
            .map(ServiceAccount::new)
            .orElse(null);
  }

  /** The role that a binding grants, or null where the repository does not define it. */
  public @Nullable Role roleOf(RoleBinding binding) {
    String name = binding.roleName().value();
    return name == null
        ? null
        : named(binding.object(), binding.roleKind(), name).stream()
            .findFirst()
            .map(Role::new)
            .orElse(null);
  }

  /**
   * What a role allows: its own rules, and those of the ClusterRoles that its {@code
   * aggregationRule} chooses, which the control plane writes into it.
   */
  public List<Role.Rule> rulesOf(Role role) {
    List<Role.Rule> rules = new ArrayList<>(role.rules());
    for (YamlPlace each : role.items("aggregationRule.clusterRoleSelectors")) {
      LabelSelector selector = LabelSelector.of(each);
      for (Role part : all(Role.class)) {
        if (part.object().kind().equals("ClusterRole")
            && part.object() != role.object()
            && selector.surelyMatches(part.object().labels())
            && meet(role.object(), part.object())) {
          rules.addAll(part.rules());
        }
      }
    }
    return rules;
  }

  /** The bindings that name the service account of a pod. */
  public List<RoleBinding> bindingsOf(PodSpec pod) {
    String account = String.valueOf(pod.serviceAccountName().value());
    return bindings.getOrDefault(account, List.of()).stream()
        .filter(binding -> meet(binding.object(), pod.object()))
        .filter(
            binding ->
                accounts(binding)
                    .anyMatch(
                        subject ->
                            subject.key("name").text("").equals(account)
                                && pod.object().mayBeIn(subjectNamespace(binding, subject))))
        .toList();
  }

  private static Stream<YamlPlace> accounts(RoleBinding binding) {
    return binding.subjects().stream()
        .filter(subject -> subject.key("kind").text("").equals("ServiceAccount"));
  }

  private static Setting<String> subjectNamespace(RoleBinding binding, YamlPlace subject) {
    Setting<String> written = Values.string(subject.key("namespace"));
    return written.isAbsent() ? binding.object().namespace() : written;
  }

  /** What makes a ConfigMap or Secret of a name exist in the namespace of an object. */
  public List<Provider> providers(KubernetesObject from, Reference.Kind kind, String name) {
    return providers.getOrDefault(kind + "/" + name, List.of()).stream()
        .filter(each -> from.mayBeIn(each.namespace()) && meet(from, each.by()))
        .toList();
  }

  /**
   * What makes a ConfigMap or Secret of a name exist in an environment, or may as it is of no known
   * one.
   */
  public List<Provider> providers(Environment environment, Reference.Kind kind, String name) {
    return providers.getOrDefault(kind + "/" + name, List.of()).stream()
        .filter(
            each -> {
              Environment own = environments.getOrDefault(each.by(), Environment.UNKNOWN);
              return own == environment || own == Environment.UNKNOWN;
            })
        .toList();
  }

  /** Whether what an object refers to is in the repository, down to the key. */
  public Resolution resolve(KubernetesObject from, Reference reference) {
    switch (reference.kind()) {
      case SERVICE_ACCOUNT, PERSISTENT_VOLUME_CLAIM -> {
        return named(from, reference.kind().toString(), reference.name()).isEmpty()
            ? Resolution.MISSING
            : Resolution.FOUND;
      }
      default -> {
        if (reference.kind() == Reference.Kind.CONFIG_MAP
                && GIVEN_CONFIG_MAPS.contains(reference.name())
            || reference.kind() == Reference.Kind.SECRET
                && GIVEN_TOKEN.matcher(reference.name()).matches()) {
          return Resolution.FOUND;
        }
        List<Provider> candidates = providers(from, reference.kind(), reference.name());
        if (candidates.isEmpty()) {
          return Resolution.MISSING;
        }
        String key = reference.key();
        return key == null
                || candidates.stream()
                    .anyMatch(each -> each.keys() == null || each.keys().contains(key))
            ? Resolution.FOUND
            : Resolution.KEY_MISSING;
      }
    }
  }

  /** The limit in force: the container's own, or the default of a LimitRange of its namespace. */
  public Setting<Quantity> limit(Container container, String resource) {
    Setting<Quantity> own = container.limit(resource);
    return own.isAbsent()
        ? fromLimitRange(container, own, resource, "default", "max").orElse(own)
        : own;
  }

  /**
   * The request in force: the container's own, its limit, or the default of a LimitRange of its
   * namespace.
   */
  public Setting<Quantity> request(Container container, String resource) {
    Setting<Quantity> own = container.request(resource);
    return own.isAbsent()
        ? fromLimitRange(container, own, resource, "defaultRequest", "default", "min", "max")
            .orElse(own)
        : own;
  }

  /**
   * {@code pkg/apis/core/v1/defaults.go}, SetDefaults_LimitRangeItem, says what stands for what.
   */
  private Optional<Setting<Quantity>> fromLimitRange(
      Container container, Setting<Quantity> own, String resource, String... fields) {
    for (KubernetesObject range : limitRanges) {
      if (near(range, container.object()) && covers(range, container.object())) {
        for (YamlPlace item : range.items("spec.limits")) {
          if (item.key("type").text("").equals("Container")) {
            for (String field : fields) {
              Setting<Quantity> found = Values.quantity(item.key(field).key(resource));
              Quantity value = found.value();
              if (value != null) {
                return Optional.of(Setting.byDefault(value, own.at()));
              }
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The objects with the same group, kind, namespace and name that come earlier and are certainly
   * applied together with this one: by one file, one kustomization, or one known environment. Files
   * side by side may as well be alternatives.
   */
  public List<KubernetesObject> earlierTwins(KubernetesObject object) {
    List<KubernetesObject> earlier = new ArrayList<>();
    for (KubernetesObject each : twins.getOrDefault(twin(object), List.of())) {
      if (each == object) {
        return earlier;
      }
      if (areAppliedTogether(each, object)) {
        earlier.add(each);
      }
    }
    return List.of();
  }

  private static Twin twin(KubernetesObject object) {
    return new Twin(
        object.group(),
        object.kind(),
        object.isClusterScoped() ? "" : object.namespace().value(),
        object.name());
  }

  /**
   * Whether two objects are certainly applied together: by one file, one kustomization, or one
   * known environment.
   */
  public boolean areAppliedTogether(KubernetesObject one, KubernetesObject other) {
    String path = one.file().path();
    String otherPath = other.file().path();
    if (path.equals(otherPath)) {
      return true;
    }
    for (Set<String> each : kustomizedTogether) {
      if (each.contains(path) && each.contains(otherPath)) {
        return true;
      }
    }
    // Examples and tests side by side are applied one at a time.
    if (TRIAL.matcher(path).find() || TRIAL.matcher(otherPath).find()) {
      return false;
    }
    Environment environment = environment(one);
    boolean sameSpace =
        one.isClusterScoped()
            || one.namespace().isSet() && other.namespace().isSet()
            || one.file().folder().equals(other.file().folder());
    return environment != Environment.UNKNOWN && environment == environment(other) && sameSpace;
  }
}
