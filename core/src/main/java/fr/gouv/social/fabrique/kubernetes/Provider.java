package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What makes a ConfigMap or a Secret of some name exist: the object itself, or one from which an
 * operator makes it.
 *
 * @param keys the keys it will have, or null where they cannot be known
 * @param namespace where it will be
 * @param by the object or the kustomization
 */
public record Provider(
    Reference.Kind kind,
    String name,
    @Nullable Set<String> keys,
    Setting<String> namespace,
    Located by) {
  private static final Set<String> CERTIFICATE = Set.of("tls.crt", "tls.key", "ca.crt");

  /** CloudNativePG, docs/src/applications.md. */
  private static final Set<String> POSTGRES_CREDENTIALS =
      Set.of(
          "username",
          "user",
          "password",
          "dbname",
          "host",
          "port",
          "uri",
          "jdbc-uri",
          "fqdn-uri",
          "fqdn-jdbc-uri",
          "pgpass");

  public Provider {
    keys = keys == null ? null : Set.copyOf(keys);
  }

  /** What one object provides. */
  static void of(KubernetesObject object, Consumer<Provider> into) {
    switch (object.kind()) {
      case "ConfigMap" ->
          add(
              into,
              object,
              Reference.Kind.CONFIG_MAP,
              object.name(),
              keys(object, "data", "binaryData"));
      case "Secret" -> add(into, object, Reference.Kind.SECRET, object.name(), secretKeys(object));
      case "SealedSecret" ->
          add(
              into,
              object,
              Reference.Kind.SECRET,
              object.name(),
              keys(object, "spec.encryptedData", "spec.template.data"));
      case "ExternalSecret" -> externalSecret(object, into);
      case "Certificate" ->
          add(
              into,
              object,
              Reference.Kind.SECRET,
              object.at("spec.secretName").text(""),
              object.has("spec.keystores") || object.has("spec.additionalOutputFormats")
                  ? null
                  : CERTIFICATE);
      case "VaultStaticSecret", "VaultDynamicSecret", "VaultPKISecret" ->
          add(
              into,
              object,
              Reference.Kind.SECRET,
              object.at("spec.destination.name").text(""),
              null);
      case "SopsSecret" ->
          object
              .items("spec.secretTemplates")
              .forEach(
                  template ->
                      add(
                          into,
                          object,
                          Reference.Kind.SECRET,
                          template.key("name").text(""),
                          null));
      case "Bundle" -> {
        if (object.group().equals("trust.cert-manager.io")) {
          into.accept(
              new Provider(
                  Reference.Kind.CONFIG_MAP, object.name(), null, Setting.unknown(object), object));
        }
      }
      case "Ingress" -> {
        // cert-manager's ingress-shim makes the certificates of annotated Ingresses.
        boolean managed =
            object.annotations().keySet().stream()
                .anyMatch(
                    key ->
                        key.startsWith("cert-manager.io/") || key.equals("kubernetes.io/tls-acme"));
        if (managed) {
          object
              .items("spec.tls")
              .forEach(
                  tls ->
                      add(
                          into,
                          object,
                          Reference.Kind.SECRET,
                          tls.key("secretName").text(""),
                          CERTIFICATE));
        }
      }
      case "Cluster" -> {
        if (object.group().equals("postgresql.cnpg.io")) {
          postgres(object, into);
        }
      }
      default -> {}
    }
  }

  private static void postgres(KubernetesObject object, Consumer<Provider> into) {
    String name = object.name();
    if (!object.has("spec.bootstrap.initdb.secret.name")) {
      add(into, object, Reference.Kind.SECRET, name + "-app", POSTGRES_CREDENTIALS);
    }
    if (Values.bool(object.at("spec.enableSuperuserAccess")).isTrue()) {
      add(into, object, Reference.Kind.SECRET, name + "-superuser", POSTGRES_CREDENTIALS);
    }
    for (String each : List.of("-ca", "-server", "-replication")) {
      add(into, object, Reference.Kind.SECRET, name + each, null);
    }
  }

  private static void externalSecret(KubernetesObject object, Consumer<Provider> into) {
    String name = object.at("spec.target.name").text(object.name());
    YamlPlace template = object.at("spec.target.template");
    Set<String> keys = null;
    if (!template.key("templateFrom").isPresent()) {
      Set<String> templated = keys(object, "spec.target.template.data");
      if (templated != null
          && !templated.isEmpty()
          && !template.key("mergePolicy").text("").equals("Merge")) {
        keys = templated;
      } else if (templated != null && !object.has("spec.dataFrom")) {
        keys = new HashSet<>(templated);
        for (YamlPlace data : object.items("spec.data")) {
          keys.add(data.key("secretKey").text(""));
        }
      }
    }
    add(into, object, Reference.Kind.SECRET, name, keys);
  }

  private static @Nullable Set<String> secretKeys(KubernetesObject object) {
    return object.at("type").text("").equals("kubernetes.io/service-account-token")
        ? null
        : keys(object, "data", "stringData");
  }

  /**
   * The keys of some mappings together; null where one of them is no mapping, or the object a
   * patch.
   */
  private static @Nullable Set<String> keys(KubernetesObject object, String... paths) {
    if (object.isPartial()) {
      return null;
    }
    Set<String> keys = new HashSet<>();
    for (String path : paths) {
      YamlPlace place = object.at(path);
      if (place.node() instanceof YamlMapping mapping) {
        for (YamlMapping.Entry entry : mapping.entries()) {
          if (Values.isUnresolved(entry.name())) {
            return null;
          }
          keys.add(entry.name());
        }
      } else if (place.isPresent()) {
        return null;
      }
    }
    return keys;
  }

  private static void add(
      Consumer<Provider> into,
      KubernetesObject object,
      Reference.Kind kind,
      String name,
      @Nullable Set<String> keys) {
    if (!name.isEmpty()) {
      into.accept(new Provider(kind, name, keys, object.namespace(), object));
    }
  }

  /** What the generators of a kustomization provide: references take the name without its hash. */
  static void of(Kustomization kustomization, Consumer<Provider> into) {
    generated(kustomization, "configMapGenerator", Reference.Kind.CONFIG_MAP, into);
    generated(kustomization, "secretGenerator", Reference.Kind.SECRET, into);
  }

  private static void generated(
      Kustomization kustomization, String field, Reference.Kind kind, Consumer<Provider> into) {
    for (YamlPlace generator : kustomization.generators(field)) {
      String name = generator.key("name").text("");
      boolean open =
          generator.key("envs").isPresent()
              || generator.key("env").isPresent()
              || generator.key("behavior").isPresent();
      List<String> keys = new ArrayList<>();
      for (String literal : generator.key("literals").texts()) {
        keys.add(literal.substring(0, Math.max(0, literal.indexOf('='))));
      }
      for (String path : generator.key("files").texts()) {
        int equals = path.indexOf('=');
        keys.add(
            equals > 0 ? path.substring(0, equals) : path.substring(path.lastIndexOf('/') + 1));
      }
      if (!name.isEmpty()) {
        into.accept(
            new Provider(
                kind,
                name,
                open ? null : Set.copyOf(new HashSet<>(keys)),
                Setting.unknown(kustomization),
                kustomization));
      }
    }
  }
}
