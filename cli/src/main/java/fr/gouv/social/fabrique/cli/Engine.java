package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.docker.DockerEngine;
import fr.gouv.social.fabrique.image.Images;

/** The engine of images, in a class of its own: who does not ask for images does not load it. */
final class Engine {
  private Engine() {}

  /** The images of the engine that the Docker CLI would use. It is not asked anything yet. */
  static Images images(Terminal terminal, boolean registries) {
    return Images.of(new DockerEngine(terminal.environment()), registries);
  }
}
