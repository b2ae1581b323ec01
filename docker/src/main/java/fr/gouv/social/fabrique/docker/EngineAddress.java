package fr.gouv.social.fabrique.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.gouv.social.fabrique.image.EngineException;
import fr.gouv.social.fabrique.source.Text;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the engine is, as the Docker CLI finds it (cli/command/cli.go, cli/context/store): {@code
 * DOCKER_HOST}, else the context of {@code DOCKER_CONTEXT}, else that of {@code currentContext} in
 * {@code config.json}, else the socket of this machine.
 *
 * @param certificates the folder with {@code ca.pem}, {@code cert.pem} and {@code key.pem}; null
 *     without TLS
 * @param verified whether the engine's certificate has to be that of the authority
 * @param configuration the folder of the Docker CLI's own configuration
 */
record EngineAddress(URI host, @Nullable Path certificates, boolean verified, Path configuration) {
  private static final String DEFAULT_CONTEXT = "default";

  /**
   * Finds the engine.
   *
   * @param environment the variables of the process
   * @param home the home folder of the user
   */
  static EngineAddress resolve(Map<String, String> environment, Path home) throws EngineException {
    String configured = environment.getOrDefault("DOCKER_CONFIG", "");
    Path configuration = configured.isEmpty() ? home.resolve(".docker") : Path.of(configured);
    String host = environment.getOrDefault("DOCKER_HOST", "").strip();
    if (host.isEmpty()) {
      String context = environment.getOrDefault("DOCKER_CONTEXT", "");
      if (context.isEmpty()) {
        context = currentContext(configuration);
      }
      if (!context.isEmpty() && !context.equals(DEFAULT_CONTEXT)) {
        return ofContext(context, configuration);
      }
    }
    boolean verified = !environment.getOrDefault("DOCKER_TLS_VERIFY", "").isEmpty();
    boolean tls = verified || !environment.getOrDefault("DOCKER_TLS", "").isEmpty();
    String certificates = environment.getOrDefault("DOCKER_CERT_PATH", "");
    Path folder = !tls ? null : certificates.isEmpty() ? configuration : Path.of(certificates);
    return new EngineAddress(
        uri(host.isEmpty() ? defaultHost() : host, tls), folder, verified, configuration);
  }

  private static String defaultHost() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows")
        ? "npipe:////./pipe/docker_engine"
        : "unix:///var/run/docker.sock";
  }

  private static String currentContext(Path configuration) throws EngineException {
    Path file = configuration.resolve("config.json");
    return Files.isRegularFile(file) ? json(file).path("currentContext").asText("") : "";
  }

  private static EngineAddress ofContext(String context, Path configuration)
      throws EngineException {
    String folder = sha256(context);
    Path contexts = configuration.resolve("contexts");
    Path meta = contexts.resolve("meta").resolve(folder).resolve("meta.json");
    JsonNode endpoint =
        Files.isRegularFile(meta) ? json(meta).path("Endpoints").path("docker") : null;
    String host = endpoint == null ? "" : endpoint.path("Host").asText("");
    if (endpoint == null || host.isEmpty()) {
      throw lasting(
          "le contexte Docker « "
              + context
              + " » n'existe pas ; « docker context ls » dit lesquels existent",
          "the Docker context “"
              + context
              + "” does not exist; “docker context ls” says which ones do");
    }
    Path certificates = contexts.resolve("tls").resolve(folder).resolve("docker");
    boolean skips = endpoint.path("SkipTLSVerify").asBoolean(false);
    boolean tls = Files.isDirectory(certificates) || skips;
    return new EngineAddress(uri(host, tls), tls ? certificates : null, !skips, configuration);
  }

  private static URI uri(String host, boolean tls) throws EngineException {
    // A bare address is one of TCP (cli/opts/hosts.go).
    String written = host.contains("://") ? host : "tcp://" + host;
    int end = written.indexOf("://");
    String scheme = written.substring(0, end);
    String rest = written.substring(end);
    try {
      return switch (scheme) {
        case "unix", "npipe" -> URI.create(written);
        case "tcp", "http", "https" -> {
          URI uri = URI.create("tcp" + rest);
          yield uri.getPort() >= 0
              ? uri
              : URI.create("tcp://" + uri.getHost() + (tls ? ":2376" : ":2375") + uri.getRawPath());
        }
        case "ssh" ->
            throw lasting(
                "le moteur "
                    + host
                    + " n'est joignable que par ssh, que fabrique ne lance pas ; un tunnel convient :"
                    + " ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock "
                    + host.substring("ssh://".length())
                    + ", puis DOCKER_HOST=unix:///tmp/docker.sock",
                "the engine "
                    + host
                    + " is only reached by ssh, which fabrique does not run; a tunnel will do:"
                    + " ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock "
                    + host.substring("ssh://".length())
                    + ", then DOCKER_HOST=unix:///tmp/docker.sock");
        default -> throw unusable(host);
      };
    } catch (IllegalArgumentException wrong) {
      throw unusable(host);
    }
  }

  private static EngineException unusable(String host) {
    return lasting(
        "l'adresse du moteur « "
            + host
            + " » n'est pas utilisable ; DOCKER_HOST attend unix://…, tcp://… ou npipe://…",
        "the engine's address “"
            + host
            + "” cannot be used; DOCKER_HOST takes unix://…, tcp://… or npipe://…");
  }

  private static JsonNode json(Path file) throws EngineException {
    try {
      return new ObjectMapper().readTree(Files.readString(file));
    } catch (IOException unreadable) {
      throw lasting(
          "impossible de lire la configuration de Docker " + file,
          "cannot read Docker's configuration " + file);
    }
  }

  private static EngineException lasting(String fr, String en) {
    return new EngineException(new Text(fr, en), true);
  }

  /** The name of a context's folder. */
  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
