package fr.gouv.social.fabrique.rules.facts;

import java.util.Set;

/**
 * Official images that set no {@code USER}: they start as root, whatever their entrypoint does
 * later, and so does what is built upon them.
 */
public final class RootImages {
  /** By their familiar names. Sources: their Dockerfiles, github.com/docker-library. */
  public static final Set<String> NAMES =
      Set.of(
          "almalinux",
          "alpine",
          "amazoncorretto",
          "amazonlinux",
          "bash",
          "buildpack-deps",
          "busybox",
          "caddy",
          "debian",
          "docker",
          "eclipse-temurin",
          "elixir",
          "erlang",
          "fedora",
          "golang",
          "gradle",
          "httpd",
          "mariadb",
          "maven",
          "mongo",
          "mysql",
          "nginx",
          "node",
          "openjdk",
          "perl",
          "php",
          "postgres",
          "python",
          "redis",
          "rockylinux",
          "ruby",
          "rust",
          "tomcat",
          "ubuntu");

  private RootImages() {}
}
