package fr.gouv.social.fabrique.rules.kontinuous;

import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.source.Located;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A component whose image is a web server with the pages that were built for it. */
final class StaticSite {
  private StaticSite() {}

  /** Where the image that a component runs takes its pages, or null where it is none. */
  static @Nullable Located of(KontinuousComponent component, Project project) {
    Dockerfile dockerfile = dockerfileOf(component, project.subjects(Dockerfile.class));
    Stage last = dockerfile == null ? null : dockerfile.finalStage();
    String base = last == null ? null : last.baseImage().value();
    ImageReference reference = base == null ? null : ImageReference.orNull(base);
    String name = reference == null ? null : reference.familiarName();
    if (last == null
        || name == null
        || !name.matches("(?:.*/)?[\\w.-]*(?:nginx|httpd|caddy)[\\w.-]*")) {
      return null;
    }
    for (Instruction.Copy copy : last.instructions(Instruction.Copy.class)) {
      Word to = copy.destination();
      String folder = to == null ? null : last.expand(to, copy).text();
      if (folder != null && folder.matches("(?:.*/)?(?:html|htdocs|www|srv|public)(?:/.*)?")) {
        return copy;
      }
    }
    return null;
  }

  /** The only Dockerfile, or the one in a folder of the name under which the image is published. */
  private static @Nullable Dockerfile dockerfileOf(
      KontinuousComponent component, List<Dockerfile> all) {
    if (component.image().isSet() || component.image().isUnknown()) {
      return null;
    }
    if (all.size() == 1) {
      return all.get(0);
    }
    String name = component.at("imagePackage").text(component.name());
    Dockerfile found = null;
    for (Dockerfile each : all) {
      String folder = each.file().folder();
      if (folder.substring(folder.lastIndexOf('/') + 1).equals(name)) {
        if (found != null) {
          return null;
        }
        found = each;
      }
    }
    return found;
  }
}
