package fr.gouv.social.fabrique.image;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an image sets for its containers: the {@code config} of the OCI image specification
 * (config.md). What it does not set is empty.
 *
 * @param user as written, a name or number with a group perhaps
 * @param environment the variables by name, in their order
 * @param ports with their protocol, such as {@code 8080/tcp}
 * @param healthCheck its test, such as {@code [CMD-SHELL, curl -f localhost]}; {@code [NONE]}
 *     switches one off
 * @param onBuild the triggers for images built upon it
 */
public record ImageConfig(
    String user,
    String workdir,
    List<String> entrypoint,
    List<String> command,
    Map<String, String> environment,
    List<String> ports,
    List<String> volumes,
    List<String> healthCheck,
    Map<String, String> labels,
    List<String> onBuild) {
  public ImageConfig {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    ports = List.copyOf(ports);
    volumes = List.copyOf(volumes);
    healthCheck = List.copyOf(healthCheck);
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    onBuild = List.copyOf(onBuild);
  }

  /** The user without its group; {@code root} where none is set. */
  public String userName() {
    int colon = user.indexOf(':');
    String name = (colon < 0 ? user : user.substring(0, colon)).strip();
    return name.isEmpty() ? "root" : name;
  }

  /** Whether containers run as root unless told otherwise. */
  public boolean isRoot() {
    return userName().matches("root|0+");
  }

  /** Whether the user is a number, as the kubelet needs it to tell that it is not root. */
  public boolean hasNumericUser() {
    return userName().matches("[0-9]{1,10}");
  }

  /** Whether there is a check of health that is not switched off. */
  public boolean hasHealthCheck() {
    return !healthCheck.isEmpty() && !healthCheck.get(0).equals("NONE");
  }

  /** The numbers of the ports of a protocol. */
  public List<Integer> portNumbers(String protocol) {
    List<Integer> numbers = new ArrayList<>();
    for (String port : ports) {
      String[] parts = port.split("/", 2);
      if ((parts.length < 2 ? "tcp" : parts[1]).equalsIgnoreCase(protocol)
          && parts[0].matches("[0-9]{1,5}")) {
        numbers.add(Integer.valueOf(parts[0]));
      }
    }
    return numbers;
  }
}
