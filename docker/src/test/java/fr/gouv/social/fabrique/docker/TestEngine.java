package fr.gouv.social.fabrique.docker;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import fr.gouv.social.fabrique.image.EngineException;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * The engine of this machine, for tests: they make the images that they look at. Where no engine
 * answers they are skipped, with a line that says so; in continuous integration that is a failure.
 */
public final class TestEngine {
  private static boolean said;

  private TestEngine() {}

  /** The engine that {@code DOCKER_HOST} and the like name. */
  public static DockerClient client() {
    String trouble;
    try {
      DockerEngine engine = new DockerEngine(System.getenv());
      engine.inspect("scratch:none");
      EngineAddress address =
          EngineAddress.resolve(System.getenv(), Path.of(System.getProperty("user.home")));
      DefaultDockerClientConfig config =
          new DefaultDockerClientConfig.Builder()
              .withDockerHost(address.host().toString())
              .withDockerContext("")
              .withDockerConfig(address.configuration().toString())
              .build();
      return DockerClientImpl.getInstance(
          config, new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
    } catch (EngineException absent) {
      trouble = absent.text().en();
    }
    if (System.getenv("CI") != null) {
      fail("no tests of images: " + trouble);
    }
    if (!said) {
      System.out.println("tests of images are skipped: " + trouble);
      said = true;
    }
    // A newcomer without an engine can build all the same; where CI is, this has failed above.
    assumeTrue(false, trouble);
    throw new IllegalStateException();
  }

  /** The address of a registry that takes images, or skips the test. */
  public static String registry() {
    String registry = System.getenv("FABRIQUE_TEST_REGISTRY");
    if (registry == null && System.getenv("CI") != null) {
      fail("no tests of registries: FABRIQUE_TEST_REGISTRY is not set");
    }
    if (registry == null) {
      System.out.println("tests of registries are skipped: FABRIQUE_TEST_REGISTRY is not set");
    }
    assumeTrue(registry != null);
    return String.valueOf(registry);
  }

  /** The variables by which the tool finds the same engine. */
  public static Map<String, String> environment() {
    return System.getenv();
  }

  /** Loads an image, as {@code docker load} does. */
  public static void load(DockerClient client, TestImage image) {
    client.loadImageCmd(new ByteArrayInputStream(image.archive())).exec();
  }
}
