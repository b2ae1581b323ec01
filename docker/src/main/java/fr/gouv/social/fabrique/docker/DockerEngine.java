package fr.gouv.social.fabrique.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import fr.gouv.social.fabrique.image.BuiltImage;
import fr.gouv.social.fabrique.image.BuiltImage.Step;
import fr.gouv.social.fabrique.image.EngineException;
import fr.gouv.social.fabrique.image.ImageConfig;
import fr.gouv.social.fabrique.image.ImageEngine;
import fr.gouv.social.fabrique.source.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Docker engine. It is first asked something when somebody wants an image. */
public final class DockerEngine implements ImageEngine, AutoCloseable {
  /** An engine that is well answers at once. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Registries are further away. */
  private static final Duration PULL_PATIENCE = Duration.ofMinutes(15);

  /** The engine writes an image to its own disk before it sends the first byte. */
  private static final long SLOWEST_BYTES_PER_SECOND = 5_000_000;

  private final Map<String, String> environment;
  private final Path home;
  private final Duration patience;

  // Sockets of Unix know no timeout: who waits for them waits beside them.
  private final ExecutorService waiting =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "fabrique-docker");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable Connection connection;

  /** An open connection. */
  private record Connection(EngineAddress address, DockerHttpClient http, DockerClient client) {}

  /** The engine that the Docker CLI would use. */
  public DockerEngine(Map<String, String> environment) {
    this(environment, Path.of(System.getProperty("user.home", "")), PATIENCE);
  }

  /**
   * The engine that the Docker CLI would use.
   *
   * @param home the home folder of the user
   * @param patience how long an answer may take
   */
  DockerEngine(Map<String, String> environment, Path home, Duration patience) {
    this.environment = environment;
    this.home = home;
    this.patience = patience;
  }

  @Override
  public @Nullable BuiltImage inspect(String reference) throws EngineException {
    Connection open = connection();
    return ask(
        open,
        patience,
        () -> {
          try {
            InspectImageResponse image = open.client.inspectImageCmd(reference).exec();
            return image(reference, image, history(open, reference));
          } catch (NotFoundException absent) {
            return null;
          } catch (DockerException refused) {
            // A text that is no reference: no image has that name.
            if (refused.getHttpStatus() == 400) {
              return null;
            }
            throw refused;
          }
        });
  }

  @Override
  public BuiltImage open(BuiltImage image) throws EngineException {
    Connection open = connection();
    Duration first = patience.plusSeconds(image.size() / SLOWEST_BYTES_PER_SECOND);
    InputStream stream = ask(open, first, () -> open.client.saveImageCmd(image.id()).exec());
    if (stream == null) {
      throw unreadable(image.reference(), "");
    }
    ImageArchive archive = new ImageArchive(stream);
    Future<BuiltImage> read = waiting.submit(() -> archive.read(image));
    try {
      long before = -1;
      while (true) {
        try {
          return read.get(first.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
          if (archive.bytes() == before) {
            throw silent(open.address, first);
          }
          before = archive.bytes();
        }
      }
    } catch (ExecutionException failed) {
      throw unreadable(image.reference(), String.valueOf(failed.getCause()));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw unreadable(image.reference(), "interrupted");
    } finally {
      read.cancel(true);
      closeQuietly(stream);
    }
  }

  @Override
  public List<String> names() throws EngineException {
    Connection open = connection();
    List<String> names =
        ask(
            open,
            patience,
            () ->
                open.client.listImagesCmd().exec().stream()
                    .flatMap(image -> Stream.of(tags(image.getRepoTags())))
                    .filter(name -> !name.startsWith("<none>"))
                    .toList());
    return names == null ? List.of() : names;
  }

  private static String[] tags(String @Nullable [] tags) {
    return tags == null ? new String[0] : tags;
  }

  @Override
  public boolean pull(String reference) throws EngineException {
    Connection open = connection();
    // Without a tag the engine would pull them all.
    String last = reference.substring(reference.lastIndexOf('/') + 1);
    String named =
        last.indexOf(':') < 0 && last.indexOf('@') < 0 ? reference + ":latest" : reference;
    Boolean pulled =
        ask(
            open,
            PULL_PATIENCE,
            () -> {
              try {
                open.client
                    .pullImageCmd(named)
                    .exec(new PullImageResultCallback())
                    .awaitCompletion();
                return true;
              } catch (NotFoundException absent) {
                return false;
              } catch (DockerClientException | DockerException refused) {
                throw new Refused(
                    new Text(
                        "le registre refuse « "
                            + reference
                            + " » ("
                            + line(refused)
                            + ") ; « docker pull "
                            + reference
                            + " » connaît peut-être le mot de passe",
                        "the registry refuses “"
                            + reference
                            + "” ("
                            + line(refused)
                            + "); “docker pull "
                            + reference
                            + "” may know the password"));
              }
            });
    return Boolean.TRUE.equals(pulled);
  }

  @Override
  public @Nullable String published(String reference) throws EngineException {
    Connection open = connection();
    return ask(
        open,
        patience.multipliedBy(3),
        () -> {
          JsonNode answer = get(open, "/distribution/" + reference + "/json");
          String digest = answer == null ? "" : answer.path("Descriptor").path("digest").asText("");
          return digest.isEmpty() ? null : digest;
        });
  }

  /** The history, the first step first; empty where the engine does not tell. */
  private static List<Step> history(Connection open, String reference) throws IOException {
    JsonNode answer = get(open, "/images/" + reference + "/history");
    List<Step> steps = new ArrayList<>();
    if (answer != null) {
      answer.forEach(step -> steps.add(new Step(step.path("CreatedBy").asText(""), -1)));
      Collections.reverse(steps);
    }
    return steps;
  }

  /** What docker-java has no command for; null unless the engine says it is there. */
  private static @Nullable JsonNode get(Connection open, String path) throws IOException {
    DockerHttpClient.Request request =
        DockerHttpClient.Request.builder()
            .method(DockerHttpClient.Request.Method.GET)
            .path(path)
            .build();
    try (DockerHttpClient.Response response = open.http.execute(request)) {
      return response.getStatusCode() == 200
          ? new ObjectMapper().readTree(response.getBody())
          : null;
    }
  }

  private static BuiltImage image(
      String reference, InspectImageResponse image, List<Step> history) {
    ContainerConfig config = image.getConfig();
    return new BuiltImage(
        reference,
        text(image.getId()),
        list(image.getRepoTags()),
        list(image.getRepoDigests()),
        text(image.getOs()),
        text(image.getArch()),
        instant(image.getCreated()),
        image.getSize() == null ? 0 : image.getSize(),
        config == null ? config(new ContainerConfig()) : config(config),
        image.getRootFS() == null ? List.of() : list(image.getRootFS().getLayers()),
        history,
        null);
  }

  private static ImageConfig config(ContainerConfig config) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String variable : array(config.getEnv())) {
      int equals = variable.indexOf('=');
      environment.put(
          equals < 0 ? variable : variable.substring(0, equals),
          equals < 0 ? "" : variable.substring(equals + 1));
    }
    ExposedPort[] exposed = config.getExposedPorts();
    List<String> ports = new ArrayList<>();
    for (ExposedPort port : exposed == null ? new ExposedPort[0] : exposed) {
      ports.add(port.getPort() + "/" + port.getProtocol());
    }
    Collections.sort(ports);
    HealthCheck check = config.getHealthcheck();
    Map<String, ?> volumes = config.getVolumes();
    return new ImageConfig(
        text(config.getUser()),
        text(config.getWorkingDir()),
        array(config.getEntrypoint()),
        array(config.getCmd()),
        environment,
        ports,
        volumes == null ? List.of() : volumes.keySet().stream().sorted().toList(),
        check == null ? List.of() : list(check.getTest()),
        config.getLabels() == null ? Map.of() : config.getLabels(),
        array(config.getOnBuild()));
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static List<String> list(@Nullable List<String> values) {
    return values == null ? List.of() : values;
  }

  private static List<String> array(String @Nullable [] values) {
    return values == null ? List.of() : List.of(values);
  }

  private static @Nullable Instant instant(@Nullable String written) {
    try {
      return written == null || written.isEmpty()
          ? null
          : DateTimeFormatter.ISO_DATE_TIME.parse(written, Instant::from);
    } catch (DateTimeParseException unknown) {
      return null;
    }
  }

  // ---- the connection ----

  private synchronized Connection connection() throws EngineException {
    Connection open = connection;
    if (open == null) {
      open = connect(EngineAddress.resolve(environment, home));
      connection = open;
      Connection asked = open;
      ask(open, patience, () -> asked.client.pingCmd().exec());
    }
    return open;
  }

  private Connection connect(EngineAddress address) throws EngineException {
    Path folder = address.certificates();
    try {
      Certificates certificates =
          folder == null ? null : new Certificates(folder, address.verified());
      DefaultDockerClientConfig config =
          new DefaultDockerClientConfig.Builder()
              .withDockerHost(address.host().toString())
              .withDockerTlsVerify(false)
              // The context is already resolved; there is none of that name.
              .withDockerContext("")
              .withDockerConfig(address.configuration().toString())
              .build();
      DockerHttpClient http =
          new ZerodepDockerHttpClient.Builder()
              .dockerHost(config.getDockerHost())
              .sslConfig(certificates)
              .connectionTimeout(patience)
              .build();
      return new Connection(address, http, DockerClientImpl.getInstance(config, http));
    } catch (DockerClientException | IllegalArgumentException wrong) {
      throw new EngineException(
          new Text(
              "impossible de lire les certificats ou la configuration de Docker ("
                  + line(wrong)
                  + ")",
              "cannot read Docker's certificates or configuration (" + line(wrong) + ")"),
          true);
    } catch (RuntimeException wrong) {
      throw failed(address, wrong);
    }
  }

  /** What an answer to one question alone is. */
  private static final class Refused extends RuntimeException {
    private final transient Text text;

    Refused(Text text) {
      super(text.en());
      this.text = text;
    }
  }

  private <T> @Nullable T ask(
      Connection open, Duration limit, Callable<? extends @Nullable T> question)
      throws EngineException {
    Future<? extends @Nullable T> answer = waiting.submit(question);
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      answer.cancel(true);
      throw silent(open.address, limit);
    } catch (InterruptedException stopped) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw silent(open.address, limit);
    } catch (ExecutionException failed) {
      throw failed(open.address, failed.getCause());
    }
  }

  private static EngineException silent(EngineAddress address, Duration limit) {
    return new EngineException(
        new Text(
            "le moteur Docker ("
                + address.host()
                + ") ne répond pas après "
                + limit.toSeconds()
                + " s ; « docker info » répond-il ?",
            "the Docker engine ("
                + address.host()
                + ") has not answered after "
                + limit.toSeconds()
                + " s; does “docker info” answer?"),
        true);
  }

  private static EngineException unreadable(String reference, String why) {
    String detail = why.isEmpty() ? "" : " (" + why + ")";
    return new EngineException(
        new Text(
            "impossible de lire les couches de « " + reference + " »" + detail,
            "cannot read the layers of “" + reference + "”" + detail),
        false);
  }

  private static EngineException failed(EngineAddress address, @Nullable Throwable cause) {
    if (cause instanceof Refused refused) {
      return new EngineException(refused.text, false);
    }
    if (cause instanceof DockerException answered) {
      return new EngineException(
          new Text(
              "le moteur Docker répond : " + line(answered),
              "the Docker engine answers: " + line(answered)),
          false);
    }
    Throwable deepest = cause;
    while (deepest != null && deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    String said = deepest == null ? "" : String.valueOf(deepest.getMessage());
    String lower = said.toLowerCase(Locale.ROOT);
    if (lower.contains("permission denied") || lower.contains("access is denied")) {
      return new EngineException(
          new Text(
              "le moteur Docker ("
                  + address.host()
                  + ") refuse l'accès ; ce compte doit être du groupe docker, ou DOCKER_HOST désigner"
                  + " un moteur sans root",
              "the Docker engine ("
                  + address.host()
                  + ") denies access; this account has to be in the docker group, or DOCKER_HOST name"
                  + " a rootless engine"),
          true);
    }
    boolean nobody =
        deepest instanceof ConnectException
            || lower.contains("no such file")
            || lower.contains("connection refused");
    String detail = nobody ? "" : " (" + said + ")";
    return new EngineException(
        new Text(
            "aucun moteur Docker ne répond à "
                + address.host()
                + detail
                + " ; démarrez-le, ou dites où il est avec DOCKER_HOST ou « docker context use »",
            "no Docker engine answers at "
                + address.host()
                + detail
                + "; start it, or say where it is with DOCKER_HOST or “docker context use”"),
        true);
  }

  /** The first line of what an exception says. */
  private static String line(Throwable cause) {
    String message = String.valueOf(cause.getMessage()).strip();
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    return line.length() > 300 ? line.substring(0, 300) + "…" : line;
  }

  private static void closeQuietly(InputStream stream) {
    try {
      stream.close();
    } catch (IOException | UncheckedIOException gone) {
      // Nobody waits for it any more.
    }
  }

  @Override
  public synchronized void close() {
    Connection open = connection;
    if (open != null) {
      try {
        open.client.close();
      } catch (IOException gone) {
        // Nobody waits for it any more.
      }
    }
    waiting.shutdownNow();
  }
}
