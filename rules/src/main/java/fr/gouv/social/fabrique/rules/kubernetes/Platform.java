package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.project.EnvironmentVariable;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.regex.Pattern;

/** What ties manifests to one cloud, or to one cluster of the platform. */
final class Platform {
  private static final String RANCHER_PROJECT = "field.cattle.io/projectId";

  private static final Pattern CLOUD_ANNOTATION =
      Pattern.compile(
          "service\\.beta\\.kubernetes\\.io/(?:aws|azure|do|oci|alibaba-cloud)-.*"
              + "|(?:alb\\.ingress\\.kubernetes\\.io|appgw\\.ingress\\.kubernetes\\.io|ingress\\.gcp\\.kubernetes\\.io"
              + "|eks\\.amazonaws\\.com|iam\\.amazonaws\\.com|azure\\.workload\\.identity|kubernetes\\.azure\\.com"
              + "|cloud\\.google\\.com|networking\\.gke\\.io|iam\\.gke\\.io)/.*");
  private static final Pattern CLOUD_GROUP =
      Pattern.compile(
          ".*\\.(?:azure\\.com|amazonaws\\.com|k8s\\.aws|gke\\.io|cloud\\.google\\.com)");
  private static final Pattern CLOUD_DRIVER =
      Pattern.compile(
          ".*\\.csi\\.(?:azure\\.com|aws\\.com|storage\\.gke\\.io)"
              + "|kubernetes\\.io/(?:aws-ebs|azure-file|azure-disk|gce-pd)");
  private static final List<String> CLOUD_VOLUMES =
      List.of("awsElasticBlockStore", "azureDisk", "azureFile", "gcePersistentDisk");

  /** What the documentation of the platform gives as its addresses (faq, « IPs du cluster »). */
  private static final List<String> CLUSTER_ADDRESSES =
      List.of("20.74.14.77", "51.103.10.142", "57.128.91.43", "162.19.108.127");

  static final Rule<KubernetesObject> CLOUD_SPECIFIC =
      rule("kubernetes/cloud-specific", KubernetesObject.class, Platform::cloud);

  static final Rule<KubernetesObject> JANITOR_IN_PRODUCTION =
      rule("kubernetes/janitor-in-production", KubernetesObject.class, Platform::janitor);

  static final Rule<KubernetesObject> MISSING_RANCHER_PROJECT =
      rule("kubernetes/missing-rancher-project", KubernetesObject.class, Platform::rancher);

  static final Rule<EnvironmentVariable> LITERAL_CLUSTER_ADDRESS =
      rule(
          "kubernetes/literal-cluster-address",
          EnvironmentVariable.class,
          (variable, context) -> {
            String value = variable.value().value();
            for (String address : CLUSTER_ADDRESSES) {
              if (value != null && value.contains(address) && isWhole(address, value)) {
                context.report(variable, "address", variable.name(), address);
                return;
              }
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          CLOUD_SPECIFIC, JANITOR_IN_PRODUCTION, MISSING_RANCHER_PROJECT, LITERAL_CLUSTER_ADDRESS);

  private Platform() {}

  private static boolean isWhole(String address, String value) {
    return Pattern.compile("(?<![\\d.])" + Pattern.quote(address) + "(?![\\d.])")
        .matcher(value)
        .find();
  }

  private static void cloud(KubernetesObject object, RuleContext context) {
    YamlPlace annotations = object.at("metadata.annotations");
    for (YamlPlace annotation : annotations.values()) {
      String key = annotation.name();
      if (CLOUD_ANNOTATION.matcher(key).matches()) {
        context.report(annotation, "annotation", key);
        return;
      }
    }
    if (CLOUD_GROUP.matcher(object.group()).matches()) {
      context.report(object.at("apiVersion"), "kind", object.kind(), object.group());
      return;
    }
    YamlPlace provisioner = object.at("provisioner");
    if (!object.kind().equals("StorageClass")) {
      provisioner = object.at("spec.csi.driver");
    }
    for (String volume : CLOUD_VOLUMES) {
      YamlPlace source = object.at("spec").key(volume);
      if (object.is("PersistentVolume", "") && source.isPresent()) {
        context.report(source, "driver", volume);
        return;
      }
    }
    if (CLOUD_DRIVER.matcher(provisioner.text("")).matches()) {
      context.report(provisioner, "driver", provisioner.text(""));
    }
    for (String path : List.of("spec.template.spec.volumes", "spec.volumes")) {
      for (YamlPlace volume : object.items(path)) {
        YamlPlace driver = volume.at("csi.driver");
        if (CLOUD_DRIVER.matcher(driver.text("")).matches()) {
          context.report(driver, "driver", driver.text(""));
        }
        for (String kind : CLOUD_VOLUMES) {
          if (volume.key(kind).isPresent()) {
            context.report(volume.key(kind), "driver", kind);
          }
        }
      }
    }
  }

  private static void janitor(KubernetesObject object, RuleContext context) {
    Environment environment = context.environment(object);
    for (String key : List.of("janitor/ttl", "janitor/expires")) {
      YamlPlace annotation = object.at("metadata.annotations").key(key);
      if (annotation.isPresent() && environment == Environment.PROD) {
        context.report(annotation, "janitor", object.label(), key);
      } else if (annotation.isPresent() && environment != Environment.UNKNOWN) {
        context.keep(annotation);
      }
    }
  }

  /** Only where Rancher runs the cluster: some Namespace here names its project. */
  private static void rancher(KubernetesObject object, RuleContext context) {
    if (!object.is("Namespace", "") || object.isPartial()) {
      return;
    }
    YamlPlace project = object.at("metadata.annotations").key(RANCHER_PROJECT);
    if (project.isUnknown()) {
      return;
    }
    if (project.node() != null && project.text("").isBlank()) {
      context.report(project, "empty", object.name());
    } else if (project.isPresent()) {
      context.keep(project);
    } else if (context.project().objects().objects().stream()
        .anyMatch(
            each -> each.is("Namespace", "") && each.annotations().containsKey(RANCHER_PROJECT))) {
      context.report(project, "missing", object.name());
    }
  }
}
