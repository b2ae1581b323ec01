package fr.gouv.social.fabrique.policy;

import static fr.gouv.social.fabrique.policy.Model.DEPENDENCY;
import static fr.gouv.social.fabrique.policy.Model.IMAGE;
import static fr.gouv.social.fabrique.policy.Model.MAPPING;
import static fr.gouv.social.fabrique.policy.Model.MOUNT;
import static fr.gouv.social.fabrique.policy.Model.QUANTITY;
import static fr.gouv.social.fabrique.policy.Model.SERVICE;

import fr.gouv.social.fabrique.compose.ComposeBuild;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.ComposeVariable;
import fr.gouv.social.fabrique.compose.PortMapping;
import fr.gouv.social.fabrique.compose.ServiceDependency;
import fr.gouv.social.fabrique.compose.VolumeMount;
import fr.gouv.social.fabrique.kubernetes.Quantity;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Services of Compose, as expressions see them. */
final class ComposeMembers {
  private ComposeMembers() {}

  static void add() {
    Table<ComposeService> service = new Table<>(SERVICE, ComposeService.class);
    service
        .property("name", Type.TEXT, "son nom", "its name", ComposeService::name)
        .property(
            "image",
            IMAGE,
            "son image, ou rien s'il est construit",
            "its image, or nothing where it is built",
            each -> Values.image(each.place().key("image"), !each.isComplete()))
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
            ComposeMembers::dockerfile)
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
            ComposeMembers::isHealthChecked)
        .property(
            "environment",
            Type.map(Type.TEXT),
            "ses variables, celles des `env_file` comprises",
            "its variables, those of `env_file` included",
            each -> variables(each.environment(), !each.isComplete()))
        .property(
            "labels",
            Type.map(Type.TEXT),
            "ses labels",
            "its labels",
            ComposeMembers::composeLabels)
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
            (each, path) -> Values.yaml(Values.place(each.place(), path), !each.isComplete()));
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
            each -> Values.of(each.published(), range -> Values.count(range.first())))
        .property(
            "target",
            Type.NUMBER,
            "le (premier) port du conteneur",
            "the (first) port of the container",
            each -> Values.of(each.target(), range -> Values.count(range.first())))
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
            each -> each.type() == null ? Unknown.VALUE : (Object) Values.lower(each.type()))
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
            each ->
                each.condition() == null ? Unknown.VALUE : (Object) Values.lower(each.condition()))
        .property(
            "required",
            Type.BOOLEAN,
            "s'il le faut",
            "whether it must be there",
            ServiceDependency::required);
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
    return Values.list(scalars.stream().map(ComposeMembers::text));
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
}
