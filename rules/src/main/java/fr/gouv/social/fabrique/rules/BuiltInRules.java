package fr.gouv.social.fabrique.rules;

import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rules.compose.ComposeRules;
import fr.gouv.social.fabrique.rules.database.DatabaseRules;
import fr.gouv.social.fabrique.rules.docker.DockerRules;
import fr.gouv.social.fabrique.rules.image.ImageRules;
import fr.gouv.social.fabrique.rules.kontinuous.KontinuousRules;
import fr.gouv.social.fabrique.rules.kubernetes.ApiVersions;
import fr.gouv.social.fabrique.rules.kubernetes.Autoscaling;
import fr.gouv.social.fabrique.rules.kubernetes.KubernetesRules;
import fr.gouv.social.fabrique.rules.project.ProjectRules;
import fr.gouv.social.fabrique.rules.secret.SecretRules;
import fr.gouv.social.fabrique.rules.service.ServiceInventory;
import fr.gouv.social.fabrique.rules.service.ServiceRules;
import fr.gouv.social.fabrique.rules.source.SourceRules;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The rules that come with fabrique. */
public final class BuiltInRules {
  /** The newest rule set. */
  public static final String VERSION = "2026.1";

  private BuiltInRules() {}

  /** The newest rule set with its pages. */
  public static RuleSet load() {
    try (InputStream index = open("pages.index")) {
      return new RuleSet(
          VERSION, all(), RulePages.read(index, () -> open("pages.texts")), ServiceInventory::of);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) throws IOException {
    InputStream in = BuiltInRules.class.getResourceAsStream(resource);
    if (in == null) {
      throw new FileNotFoundException(resource);
    }
    return in;
  }

  private static List<Rule<?>> all() {
    List<Rule<?>> rules = new ArrayList<>();
    rules.addAll(ComposeRules.ALL);
    rules.addAll(DatabaseRules.ALL);
    rules.addAll(DockerRules.ALL);
    rules.addAll(ImageRules.ALL);
    rules.addAll(KontinuousRules.ALL);
    rules.addAll(ApiVersions.ALL);
    rules.addAll(Autoscaling.ALL);
    rules.addAll(KubernetesRules.ALL);
    rules.addAll(ProjectRules.ALL);
    rules.addAll(SecretRules.ALL);
    rules.addAll(ServiceRules.ALL);
    rules.addAll(SourceRules.ALL);
    return rules;
  }
}
