package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.image.BuiltImage;
import fr.gouv.social.fabrique.image.Images;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Repository;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fabrique image}. */
@Command(name = "image", mixinStandardHelpOptions = true)
final class ImageCommand extends ReportingCommand {
  @Parameters(arity = "1..*", paramLabel = "REF", descriptionKey = "image.reference")
  List<String> references = new ArrayList<>();

  @Option(names = "--pull")
  boolean pull;

  ImageCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  int run() throws Refusal {
    Map<String, String> asked = reports();
    Repository repository = open(Run.root(Path.of(".")));
    // The reports of the configuration are those of the repository.
    Map<String, Path> files = files(asked, Map.of());
    Images images = Engine.images(terminal, pull);
    List<BuiltImage> found = new ArrayList<>();
    List<Text> troubles = new ArrayList<>();
    for (String reference : references) {
      BuiltImage image = images.image(reference);
      Text trouble = images.trouble();
      if (image != null) {
        found.add(images.opened(image));
      } else if (trouble == null) {
        troubles.add(absent(reference));
      }
      Text failure = images.failure(reference);
      if (failure != null) {
        troubles.add(failure);
      }
    }
    Text engine = images.trouble();
    if (engine != null) {
      troubles.add(engine);
    }
    int code = Terminal.FINE;
    if (!found.isEmpty()) {
      Report report =
          Run.checkImages(repository.checker(), found, images, repository.config(), Baseline.NONE);
      code = write(report, asked, files);
    }
    for (Text trouble : troubles) {
      int refused = terminal.refuse(trouble, spoken());
      code = code == Terminal.DEFECT ? code : refused;
    }
    return code;
  }

  private Text absent(String reference) {
    return pull
        ? new Text(
            "ni le moteur ni un registre n'ont d'image « " + reference + " »",
            "neither the engine nor a registry has an image “" + reference + "”")
        : new Text(
            "le moteur n'a pas d'image « "
                + reference
                + " » ; construisez-la, ou ajoutez --pull pour la tirer de son registre",
            "the engine has no image “"
                + reference
                + "”; build it, or add --pull to get it from its registry");
  }
}
