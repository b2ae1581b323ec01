package fr.gouv.social.fabrique.rules.kontinuous;

import static fr.gouv.social.fabrique.rules.kontinuous.Facts.ruleOf;

import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kontinuous.KontinuousProject;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.kubernetes.Reference;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.PathGlob;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether the secrets that components name are there. */
final class SecretReferences {
  /** A name that is wholly a value for all components, with or without a default. */
  private static final Pattern GLOBAL =
      Pattern.compile(
          "\\{\\{-?\\s*\\$?\\.Values\\.global\\.([\\w-]+)\\s*(?:\\|\\s*default\\s+\"([\\w.-]+)\"\\s*)?-?\\}\\}");

  /** What follows the name of a PostgreSQL cluster in those that its operator gives. */
  private static final Set<String> OF_CLUSTER =
      Set.of("-app", "-superuser", "-ca", "-server", "-replication");

  private static final List<Environment> ENVIRONMENTS =
      List.of(Environment.PROD, Environment.PREPROD, Environment.DEV);

  static final Rule<KontinuousProject> DANGLING =
      ruleOf("dangling-secret", SecretReferences::dangling);

  /** All rules of the theme. */
  static final List<Rule<?>> ALL = List.of(DANGLING);

  private SecretReferences() {}

  private static void dangling(KontinuousComponent component, Facts facts) {
    for (YamlPlace at : component.secrets()) {
      String name = name(at, component);
      if (name == null) {
        facts.context().concerns();
      } else if (isGiven(component, name, facts.context())) {
        facts.kept(at);
      } else if (isLeftOut(component, name, facts.context().project())) {
        facts.found(at, "missing", component.name(), name);
      } else {
        facts.context().concerns();
      }
    }
  }

  private static @Nullable String name(YamlPlace at, KontinuousComponent component) {
    String written = at.text("").strip();
    Matcher global = GLOBAL.matcher(written);
    String name = written;
    if (global.matches()) {
      String otherwise = global.group(2);
      name = component.global(global.group(1)).text(otherwise == null ? "" : otherwise);
    }
    return name.isEmpty() || name.contains("{{") || name.indexOf('$') >= 0 ? null : name;
  }

  /** Whether a manifest, an operator, the platform or another repository makes a secret. */
  private static boolean isGiven(KontinuousComponent component, String name, RuleContext context) {
    return isWritten(component.project(), component.environment(), name, context.project())
        || component.project().components().stream()
            .anyMatch(
                each ->
                    each.environment() == component.environment()
                        && each.isPostgres()
                        && name.startsWith(each.name())
                        && OF_CLUSTER.contains(name.substring(each.name().length())))
        || context.list("provided").stream().anyMatch(glob -> ServiceCatalogue.matches(glob, name))
        || context.list("kubernetes.externals").stream()
            .anyMatch(glob -> PathGlob.of(glob).matches("Secret/" + name));
  }

  private static boolean isWritten(
      KontinuousProject project, Environment environment, String name, Project in) {
    return ENVIRONMENTS.stream()
        .anyMatch(
            each ->
                in.objects().providers(each, Reference.Kind.SECRET, name).stream()
                    .map(provider -> provider.by().span().file().path())
                    .filter(path -> path.startsWith(project.folder() + "/"))
                    .anyMatch(
                        path ->
                            each == environment
                                || isOf(project, environment, path)
                                || in.tree().aliases(path).stream()
                                    .anyMatch(alias -> isOf(project, environment, alias))));
  }

  /** Whether a path lies in the folder of an environment. */
  private static boolean isOf(KontinuousProject project, Environment environment, String path) {
    String name = KontinuousProject.name(environment) + "/";
    return path.startsWith(project.folder() + "/env/" + name)
        || path.startsWith(project.folder() + "/" + name);
  }

  /**
   * Whether another environment keeps a secret in a file, and this one keeps others so, but not it:
   * then it is meant to be there.
   */
  private static boolean isLeftOut(KontinuousComponent component, String name, Project in) {
    KontinuousProject project = component.project();
    ObjectIndex objects = in.objects();
    boolean elsewhere = ENVIRONMENTS.stream().anyMatch(each -> isWritten(project, each, name, in));
    return elsewhere
        && objects.objects().stream()
            .anyMatch(
                each ->
                    each.kind().equals("SealedSecret")
                        && objects.environment(each) == component.environment()
                        && each.file().path().startsWith(project.folder() + "/"));
  }
}
