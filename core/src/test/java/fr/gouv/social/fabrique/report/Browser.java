package fr.gouv.social.fabrique.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A headless Chromium with one page, spoken to through the DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final String session;

  /** The browser of this machine, or null. */
  static @Nullable Path find() {
    String named = System.getenv("CHROMIUM");
    Stream<Path> places =
        named != null
            ? Stream.of(Path.of(named))
            : Stream.of(System.getenv("PATH").split(":"))
                .flatMap(
                    folder ->
                        Stream.of("chromium", "chromium-browser", "google-chrome")
                            .map(name -> Path.of(folder, name)));
    return places.filter(Files::isExecutable).findFirst().orElse(null);
  }

  Browser(Path program, Path profile) throws IOException {
    process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile)
            .redirectErrorStream(true)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    while (line != null && !line.startsWith("DevTools listening on ")) {
      line = output.readLine();
    }
    if (line == null) {
      throw new IOException("the browser did not start");
    }
    Thread drain = new Thread(() -> output.lines().forEach(ignored -> {}));
    drain.setDaemon(true);
    drain.start();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(
                URI.create(line.substring("DevTools listening on ".length())), new Listener())
            .join();
    String target =
        send("", "Target.createTarget", Map.of("url", "about:blank")).path("targetId").asString();
    session =
        send("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .path("sessionId")
            .asString();
    for (String domain : List.of("Page", "Runtime", "Network", "Log", "Audits")) {
      call(domain + ".enable", Map.of());
    }
  }

  /** Opens a file and waits until it stands. */
  void open(Path file, String hash) {
    events.clear();
    call("Page.navigate", Map.of("url", "about:blank"));
    call("Page.navigate", Map.of("url", file.toUri() + hash));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!evaluate("location.href + document.readyState").asString().startsWith("file:")
        || !evaluate("document.readyState").asString().equals("complete")) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not loaded: " + file);
      }
    }
  }

  void size(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  void theme(String scheme) {
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** The value of an expression in the page; promises are awaited. */
  JsonNode evaluate(String expression) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(answer.path("exceptionDetails").toString());
    }
    return answer.path("result").path("value");
  }

  /** What happened since the page was opened: requests, errors, dialogs. */
  List<String> events(String... methods) {
    List<String> found = new ArrayList<>();
    for (JsonNode event : events) {
      if (List.of(methods).contains(event.path("method").asString())) {
        found.add(event.path("params").toString());
      }
    }
    return found;
  }

  JsonNode call(String method, Map<String, ?> parameters) {
    return send(session, method, parameters);
  }

  private JsonNode send(@Nullable String to, String method, Map<String, ?> parameters) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    Map<String, Object> message = new java.util.HashMap<>();
    message.put("id", id);
    message.put("method", method);
    message.put("params", parameters);
    if (to != null && !to.isEmpty()) {
      message.put("sessionId", to);
    }
    socket.sendText(JSON.writeValueAsString(message), true).join();
    return answer.orTimeout(60, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    socket.abort();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        JsonNode message = JSON.readTree(text.toString());
        text.setLength(0);
        if (message.has("id")) {
          CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt());
          if (answer != null && message.has("error")) {
            answer.completeExceptionally(new IllegalStateException(message.toString()));
          } else if (answer != null) {
            answer.complete(message.path("result"));
          }
        } else {
          events.add(message);
        }
      }
      webSocket.request(1);
      return null;
    }
  }
}
