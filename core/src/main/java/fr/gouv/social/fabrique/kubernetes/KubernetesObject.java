package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlDocument;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One object of a manifest: a document, or an item of a list. Two objects are equal only when they
 * are the same.
 */
public final class KubernetesObject implements KubernetesPart {
  /** What {@code helm template} and its kin write above each document. */
  private static final String SOURCE_COMMENT = "# Source:";

  private static final Set<String> CLUSTER_SCOPED =
      Set.of(
          "APIService",
          "CSIDriver",
          "CSINode",
          "CertificateSigningRequest",
          "ClusterIssuer",
          "ClusterRole",
          "ClusterRoleBinding",
          "ClusterSecretStore",
          "ClusterTrustBundle",
          "ComponentStatus",
          "CustomResourceDefinition",
          "DeviceClass",
          "FlowSchema",
          "GatewayClass",
          "IPAddress",
          "IngressClass",
          "MutatingAdmissionPolicy",
          "MutatingAdmissionPolicyBinding",
          "MutatingWebhookConfiguration",
          "Namespace",
          "Node",
          "PersistentVolume",
          "PodSecurityPolicy",
          "PriorityClass",
          "PriorityLevelConfiguration",
          "ResourceSlice",
          "RuntimeClass",
          "SecurityContextConstraints",
          "ServiceCIDR",
          "StorageClass",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding",
          "ValidatingWebhookConfiguration",
          "VolumeAttachment",
          "VolumeAttributesClass");

  private final SourceFile file;
  private final YamlMapping root;
  private final YamlPlace place;
  private final String apiVersion;
  private final String kind;
  private final String name;
  private final Map<String, String> labels;
  private final Map<String, String> annotations;
  private final @Nullable String template;
  private final boolean patch;
  private final boolean open;
  private final Setting<String> namespace;

  private KubernetesObject(
      SourceFile file,
      YamlMapping root,
      YamlMapping left,
      String apiVersion,
      String kind,
      @Nullable String template,
      boolean patch,
      boolean open,
      @Nullable Setting<String> namespace) {
    this.file = file;
    this.root = root;
    this.place = YamlPlace.of(left);
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.template = template;
    this.patch = patch;
    this.open = open;
    this.name = at("metadata.name").text("");
    this.labels = Collections.unmodifiableMap(Values.map(at("metadata.labels")));
    this.annotations = Collections.unmodifiableMap(Values.map(at("metadata.annotations")));
    this.namespace = namespace == null ? namespaceAsWritten() : namespace;
  }

  /**
   * The objects of a file, lists unwrapped, in order. Documents that hold no mapping are left out;
   * one without {@code kind} is an object whose kind is empty.
   */
  public static List<KubernetesObject> in(YamlFile yaml) {
    List<KubernetesObject> objects = new ArrayList<>();
    for (YamlDocument document : yaml.documents()) {
      if (document.root() instanceof YamlMapping root) {
        collect(yaml.file(), root, "", "", template(yaml, document), document.open(), objects);
      }
    }
    return objects;
  }

  private static void collect(
      SourceFile file,
      YamlMapping root,
      String apiVersion,
      String kind,
      @Nullable String template,
      boolean open,
      List<KubernetesObject> into) {
    YamlPlace place = YamlPlace.of(root);
    String ownVersion = place.key("apiVersion").text(apiVersion);
    String ownKind = place.key("kind").text(kind);
    if (!ownKind.endsWith("List") || !root.has("items")) {
      into.add(
          new KubernetesObject(file, root, root, ownVersion, ownKind, template, false, open, null));
      return;
    }
    // The items of a typed list may leave out what the list says.
    boolean typed = !ownKind.equals("List");
    String itemKind = typed ? ownKind.substring(0, ownKind.length() - "List".length()) : "";
    if (root.get("items") instanceof YamlSequence items) {
      for (var item : items.items()) {
        if (item instanceof YamlMapping mapping) {
          collect(file, mapping, typed ? ownVersion : "", itemKind, template, open, into);
        }
      }
    }
  }

  private static @Nullable String template(YamlFile yaml, YamlDocument document) {
    List<Span> comments = yaml.comments();
    int start = document.span().start();
    int low = 0;
    int high = comments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (comments.get(middle).start() < start) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int end = document.root().span().start();
    for (int i = low; i < comments.size() && comments.get(i).start() < end; i++) {
      String comment = comments.get(i).text();
      if (comment.startsWith(SOURCE_COMMENT)) {
        return comment.substring(SOURCE_COMMENT.length()).strip();
      }
    }
    return null;
  }

  /**
   * The same object as kustomizations use it.
   *
   * @param left what they leave of it, where what they all change is unknown
   */
  KubernetesObject kustomized(
      boolean isPatch, @Nullable Setting<String> inNamespace, YamlMapping left) {
    return new KubernetesObject(
        file, root, left, apiVersion, kind, template, isPatch, open, inNamespace);
  }

  private Setting<String> namespaceAsWritten() {
    YamlPlace at = at("metadata.namespace");
    Setting<String> written = Values.string(at);
    if (written.isSet() || written.isUnknown()) {
      return written;
    }
    // Whoever renders a chart or applies a patch says the namespace elsewhere.
    return isPartial() || template != null || isRendered()
        ? Setting.unknown(at)
        : Setting.byDefault("default", at);
  }

  /** Whether it lies where Helm and kontinuous take what they render. */
  private boolean isRendered() {
    String path = "/" + file.path();
    return path.contains("/templates/") || path.contains("/.kontinuous/");
  }

  /**
   * Whether both may be of one release: two charts, or a chart and what lies beside it, do not fill
   * in each other's placeholders.
   */
  boolean sharesTemplatesWith(KubernetesObject other) {
    return chart().equals(other.chart());
  }

  private String chart() {
    String path = "/" + file.path();
    int templates = path.lastIndexOf("/templates/");
    return templates < 0 ? "" : path.substring(0, templates + 1);
  }

  @Override
  public KubernetesObject object() {
    return this;
  }

  @Override
  public YamlPlace place() {
    return place;
  }

  /** {@code Deployment/web}; only the kind for an object without a name. */
  @Override
  public String label() {
    return name.isEmpty() ? kind : kind + "/" + name;
  }

  /** The file it is written in. */
  public SourceFile file() {
    return file;
  }

  public YamlMapping root() {
    return root;
  }

  /** The tree, where what all its kustomizations change is unknown. */
  YamlMapping left() {
    return place.node() instanceof YamlMapping left ? left : root;
  }

  /**
   * Whether a place stands in one branch of a template, so that what contradicts it elsewhere may
   * be the other branch.
   */
  public boolean isInBranch(Span place) {
    return file.text().contains("{{") && new Branches(file.text()).hold(place);
  }

  /** {@code apps/v1}; empty where it is missing. */
  public String apiVersion() {
    return apiVersion;
  }

  /** {@code apps}; empty for the core group. */
  public String group() {
    return apiVersion.substring(0, Math.max(0, apiVersion.indexOf('/')));
  }

  /** {@code v1}. */
  public String version() {
    return apiVersion.substring(apiVersion.indexOf('/') + 1);
  }

  /** {@code Deployment}; empty where it is missing. */
  public String kind() {
    return kind;
  }

  /** {@code metadata.name}; empty where it is missing. */
  public String name() {
    return name;
  }

  /**
   * The namespace as the API sees it: the one that is written, that of the kustomization, {@code
   * default} where nothing says it, unknown for rendered charts, patches and placeholders.
   */
  public Setting<String> namespace() {
    return namespace;
  }

  /** Whether objects of this kind live in no namespace, as far as we know the kind. */
  public boolean isClusterScoped() {
    return CLUSTER_SCOPED.contains(kind);
  }

  /** Whether both live in one namespace, or may. */
  public boolean sharesNamespaceWith(KubernetesObject other) {
    return mayBeIn(other.namespace);
  }

  /** Whether it lives in a namespace, or may. */
  public boolean mayBeIn(Setting<String> place) {
    String own = namespace.value();
    String other = place.value();
    return own == null || other == null || own.equals(other);
  }

  /** The labels of the object itself, in order. */
  public Map<String, String> labels() {
    return labels;
  }

  public Map<String, String> annotations() {
    return annotations;
  }

  /** The template it was rendered from, as its {@code # Source:} comment says, or null. */
  public @Nullable String template() {
    return template;
  }

  /**
   * Whether what it does not say may stand elsewhere: it is a kustomize patch, or a template that
   * takes in more than is written in it.
   */
  public boolean isPartial() {
    return patch || open;
  }

  /** Whether it is a kustomize patch: no object of its own. */
  boolean isPatch() {
    return patch;
  }

  /**
   * Whether it is of a kind in one of the given groups; an object without a version may be of any.
   */
  public boolean is(String wantedKind, String... groups) {
    if (!kind.equals(wantedKind)) {
      return false;
    }
    String group = group();
    for (String each : groups) {
      if (each.equals(group)) {
        return true;
      }
    }
    return apiVersion.isEmpty();
  }

  @Override
  public String toString() {
    return label();
  }
}
