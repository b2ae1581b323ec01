package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.KubernetesPart;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.policy.Type.Member;
import fr.gouv.social.fabrique.project.DatabaseService;
import fr.gouv.social.fabrique.project.EnvironmentVariable;
import fr.gouv.social.fabrique.project.ImageUse;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a policy may be about: one of these at a time. */
public enum Subject {
  KUBERNETES_OBJECT(
      "kubernetes.object", "object", Model.OBJECT, KubernetesObject.class, "manifest.yaml"),
  KUBERNETES_WORKLOAD(
      "kubernetes.workload", "workload", Model.WORKLOAD, Workload.class, "manifest.yaml"),
  KUBERNETES_CONTAINER(
      "kubernetes.container", "container", Model.CONTAINER, Container.class, "manifest.yaml"),
  COMPOSE_SERVICE(
      "compose.service", "service", Model.SERVICE, ComposeService.class, "compose.yaml"),
  DOCKERFILE_STAGE("dockerfile.stage", "stage", Model.STAGE, Stage.class, "Dockerfile"),
  DOCKERFILE_INSTRUCTION(
      "dockerfile.instruction", "instruction", Model.INSTRUCTION, Instruction.class, "Dockerfile"),
  DOCKERFILE_RUN_COMMAND(
      "dockerfile.run-command", "command", Model.COMMAND, StageScript.class, "Dockerfile") {
    @Override
    List<Located> parts(Object subject) {
      return subject instanceof StageScript script
          ? script.commands().stream()
              .map(each -> (Located) new DockerfileMembers.ScriptCommand(each, script))
              .toList()
          : List.of();
    }
  },
  IMAGE("image", "use", Model.USE, ImageUse.class, "Dockerfile"),
  ENVIRONMENT_VARIABLE(
      "environment-variable",
      "variable",
      Model.VARIABLE,
      EnvironmentVariable.class,
      "compose.yaml"),
  DATABASE("database", "database", Model.DATABASE, DatabaseService.class, "compose.yaml"),
  PROJECT("project", "project", Model.PROJECT, Project.class, "README.md");

  private final String text;
  private final String variable;
  private final Type type;
  private final Class<? extends Located> kind;
  private final String file;

  Subject(String text, String variable, Type type, Class<? extends Located> kind, String file) {
    this.text = text;
    this.variable = variable;
    this.type = type;
    this.kind = kind;
    this.file = file;
  }

  /** The subject of a name, or null. */
  public static @Nullable Subject of(String text) {
    for (Subject each : values()) {
      if (each.text.equals(text)) {
        return each;
      }
    }
    return null;
  }

  /** The name under which expressions know it. */
  public String variable() {
    return variable;
  }

  Type type() {
    return type;
  }

  /** The kind of thing that is shown to a rule about it. */
  Class<? extends Located> kind() {
    return kind;
  }

  /** The file of an example that names none. */
  String file() {
    return file;
  }

  /** All of it in a repository, in order. */
  public List<Located> in(Project project) {
    return project.subjects(kind).stream().flatMap(each -> parts(each).stream()).toList();
  }

  /** What a policy looks at in one thing that is shown to its rule. */
  List<Located> parts(Object subject) {
    return subject instanceof Located located ? List.of(located) : List.of();
  }

  /**
   * Where to point.
   *
   * @param at a path of keys below a YAML subject, the name of an instruction for a stage, a file
   *     for the project; null for the subject itself
   */
  Located place(Located subject, @Nullable String at) {
    if (at == null) {
      return subject instanceof Stage stage ? stage.from() : subject;
    }
    if (subject instanceof KubernetesPart part) {
      return Values.place(part.place(), at);
    }
    if (subject instanceof ComposeService service) {
      return Values.place(service.place(), at);
    }
    if (subject instanceof Stage stage) {
      Located found = stage.from();
      for (Instruction each : stage.instructions()) {
        found = each.name().equals(at) ? each : found;
      }
      return found;
    }
    if (subject instanceof Project project) {
      for (Dockerfile dockerfile : project.subjects(Dockerfile.class)) {
        if (dockerfile.file().path().equals(at)) {
          return start(dockerfile.file());
        }
      }
      return project.tree().paths().contains(at) ? start(SourceFile.of(at, "")) : project;
    }
    return subject;
  }

  private static Span start(SourceFile file) {
    return file.span(0, 0);
  }

  /** Whether {@code at} means anything for it. */
  boolean hasPlaces() {
    return this != DOCKERFILE_INSTRUCTION
        && this != DOCKERFILE_RUN_COMMAND
        && this != IMAGE
        && this != ENVIRONMENT_VARIABLE
        && this != DATABASE;
  }

  /**
   * What expressions about it may name.
   *
   * @param parameters the type of the policy's parameters
   */
  Map<String, Member> variables(Type parameters) {
    Map<String, Member> variables = new LinkedHashMap<>();
    add(variables, variable, type, type.text(), (self, arguments, frame) -> self);
    add(
        variables,
        "environment",
        Type.TEXT,
        new Text(
            "`dev`, `preprod` ou `prod`, d'après le chemin ou le namespace ; inconnu sinon",
            "`dev`, `preprod` or `prod`, told by the path or the namespace; unknown otherwise"),
        (self, arguments, frame) ->
            self instanceof Located located
                ? Values.environment(frame.facts().environment(located))
                : Unknown.VALUE);
    add(
        variables,
        "parameters",
        parameters,
        new Text("les paramètres de la politique", "the parameters of the policy"),
        (self, arguments, frame) -> frame.facts());
    add(
        variables,
        "today",
        Model.DATE,
        new Text("le jour de la vérification (`as-of`)", "the day of the check (`as-of`)"),
        (self, arguments, frame) -> frame.facts().asOf());
    if (this != PROJECT) {
      add(
          variables,
          "project",
          Model.PROJECT,
          Model.PROJECT.text(),
          (self, arguments, frame) -> frame.facts().project());
    }
    return variables;
  }

  private static void add(
      Map<String, Member> variables, String name, Type type, Text text, Type.Call call) {
    variables.put(name, new Member(name, null, 0, types -> type, text, false, call));
  }

  /** As policies write it. */
  @Override
  public String toString() {
    return text;
  }
}
