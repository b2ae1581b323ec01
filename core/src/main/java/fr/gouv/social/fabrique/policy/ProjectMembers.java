package fr.gouv.social.fabrique.policy;

import static fr.gouv.social.fabrique.policy.Model.CONTAINER;
import static fr.gouv.social.fabrique.policy.Model.DATABASE;
import static fr.gouv.social.fabrique.policy.Model.IMAGE;
import static fr.gouv.social.fabrique.policy.Model.OBJECT;
import static fr.gouv.social.fabrique.policy.Model.PROJECT;
import static fr.gouv.social.fabrique.policy.Model.SERVICE;
import static fr.gouv.social.fabrique.policy.Model.STAGE;
import static fr.gouv.social.fabrique.policy.Model.USE;
import static fr.gouv.social.fabrique.policy.Model.VARIABLE;
import static fr.gouv.social.fabrique.policy.Model.WORKLOAD;

import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.policy.Type.Parameter;
import fr.gouv.social.fabrique.project.DatabaseService;
import fr.gouv.social.fabrique.project.EnvironmentVariable;
import fr.gouv.social.fabrique.project.ImageUse;
import fr.gouv.social.fabrique.project.Project;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What crosses formats, and the whole repository, as expressions see them. */
final class ProjectMembers {
  private ProjectMembers() {}

  static void add() {
    crossing();
    project();
  }

  private static void crossing() {
    new Table<>(USE, ImageUse.class)
        .property("image", IMAGE, "l'image", "the image", ImageUse::reference)
        .property(
            "role",
            Type.TEXT,
            "`final_base`, `build_base`, `copy_source`, `compose_service`, `container`",
            "`final_base`, `build_base`, `copy_source`, `compose_service`, `container`",
            each -> Values.lower(each.role()))
        .property(
            "path",
            Type.TEXT,
            "le fichier qui la nomme",
            "the file that names it",
            each -> each.span().file().path());
    new Table<>(VARIABLE, EnvironmentVariable.class)
        .property("name", Type.TEXT, "son nom", "its name", EnvironmentVariable::name)
        .property(
            "value",
            Type.TEXT,
            "la valeur écrite ; rien quand elle vient d'ailleurs",
            "the value written; nothing where it comes from elsewhere",
            each -> Values.of(each.value()))
        .property(
            "where",
            Type.TEXT,
            "`dockerfile_env`, `dockerfile_arg`, `compose_service`, `compose_build`, `container`, `config_map`",
            "`dockerfile_env`, `dockerfile_arg`, `compose_service`, `compose_build`, `container`, `config_map`",
            each -> Values.lower(each.where()))
        .property(
            "path",
            Type.TEXT,
            "le fichier qui la définit",
            "the file that sets it",
            each -> each.span().file().path());
    new Table<>(DATABASE, DatabaseService.class)
        .property(
            "engine",
            Type.TEXT,
            "`PostgreSQL`, `MySQL`, `MongoDB`, `Redis`…",
            "`PostgreSQL`, `MySQL`, `MongoDB`, `Redis`…",
            each -> each.engine().toString())
        .property(
            "isRelational",
            Type.BOOLEAN,
            "si elle parle SQL avec des transactions",
            "whether it speaks SQL with transactions",
            each -> each.engine().isRelational())
        .property(
            "image",
            IMAGE,
            "son image ; rien quand un opérateur la choisit",
            "its image; nothing where an operator chooses it",
            ProjectMembers::databaseImage)
        .property(
            "owner",
            Type.TEXT,
            "ce qui la lance, tel que `StatefulSet/db › containers[db]`",
            "what runs it, such as `StatefulSet/db › containers[db]`",
            each -> each.owner().label())
        .property("path", Type.TEXT, "le fichier", "the file", each -> each.span().file().path());
  }

  private static void project() {
    new Table<>(PROJECT, Project.class)
        .property(
            "files",
            Type.list(Type.TEXT),
            "les chemins de tous les fichiers",
            "the paths of all files",
            each -> Values.list(each.tree().paths().stream()))
        .property(
            "objects",
            Type.list(OBJECT),
            "tous les objets Kubernetes",
            "all Kubernetes objects",
            each -> Values.list(each.objects().objects().stream()))
        .property(
            "workloads",
            Type.list(WORKLOAD),
            "tous les workloads",
            "all workloads",
            each -> Values.list(each.objects().all(Workload.class).stream()))
        .property(
            "containers",
            Type.list(CONTAINER),
            "tous les conteneurs",
            "all containers",
            each -> Values.list(each.objects().all(Container.class).stream()))
        .property(
            "services",
            Type.list(SERVICE),
            "tous les services Compose",
            "all Compose services",
            each -> Values.list(each.subjects(ComposeService.class).stream()))
        .property(
            "stages",
            Type.list(STAGE),
            "toutes les étapes de Dockerfile",
            "all stages of Dockerfiles",
            each -> Values.list(each.subjects(Stage.class).stream()))
        .property(
            "images",
            Type.list(USE),
            "toutes les images nommées",
            "all images that are named",
            each -> Values.list(each.subjects(ImageUse.class).stream()))
        .property(
            "variables",
            Type.list(VARIABLE),
            "toutes les variables d'environnement",
            "all environment variables",
            each -> Values.list(each.subjects(EnvironmentVariable.class).stream()))
        .property(
            "databases",
            Type.list(DATABASE),
            "toutes les bases de données",
            "all databases",
            each -> Values.list(each.subjects(DatabaseService.class).stream()));
    PROJECT.method(
        "has",
        List.of(Parameter.of("glob", Type.TEXT)),
        Type.BOOLEAN,
        "s'il y a un fichier de cette forme : `project.has('**/CODEOWNERS')`",
        "whether there is a file of this form: `project.has('**/CODEOWNERS')`",
        (self, arguments, frame) -> {
          String glob = Operations.show(arguments[0]);
          for (String path : ((Project) self).tree().paths()) {
            if (Patterns.glob(glob, path, frame) == Boolean.TRUE) {
              return true;
            }
          }
          return false;
        });
  }

  private static @Nullable Object databaseImage(DatabaseService database) {
    return Values.of(database.image(), Values::image);
  }
}
