package fr.gouv.social.fabrique.dockerfile;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A port, or range of ports, of an {@code EXPOSE} (dockerfile2llb/convert_expose.go).
 *
 * @param first the first port, 0 to 65535
 * @param last the last port; equal to the first when it is no range
 * @param protocol {@code tcp}, {@code udp} or {@code sctp} as written, {@code tcp} when not written
 * @param host the {@code ip:port} before it, which {@code EXPOSE} ignores; empty when there is none
 */
public record ExposedPort(int first, int last, String protocol, String host) {
  private static final int LARGEST = 65_535;
  private static final Pattern IP_4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
  private static final Pattern IP_6_PART = Pattern.compile("[0-9A-Fa-f]{1,4}");

  /** The port of a word after expansion, null when BuildKit refuses it. */
  public static @Nullable ExposedPort parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(0, colon));
    int before = host.lastIndexOf(':');
    String ip = host.substring(0, Math.max(0, before));
    String hostPort = host.substring(before + 1);
    String container = text.substring(colon + 1);
    int slash = container.indexOf('/');
    String ports = slash < 0 ? container : container.substring(0, slash);
    String protocol = slash < 0 ? "" : container.substring(slash + 1);
    switch (protocol.toLowerCase(Locale.ROOT)) {
      case "" -> protocol = "tcp";
      case "tcp", "udp", "sctp" -> {}
      default -> {
        return null;
      }
    }
    int[] range = range(ports);
    if (range == null || (!ip.isEmpty() && !isAddress(ip))) {
      return null;
    }
    if (!hostPort.isEmpty()) {
      int[] hostRange = range(hostPort);
      if (hostRange == null
          || (range[1] != range[0] && range[1] - range[0] != hostRange[1] - hostRange[0])) {
        return null;
      }
    }
    return new ExposedPort(range[0], range[1], protocol, host);
  }

  private static int @Nullable [] range(String ports) {
    int dash = ports.indexOf('-');
    String start = dash < 0 ? ports : ports.substring(0, dash);
    int first = port(start);
    int last = dash < 0 ? first : port(ports.substring(dash + 1));
    return first < 0 || last < first ? null : new int[] {first, last};
  }

  private static int port(String text) {
    String digits = text.startsWith("+") ? text.substring(1) : text;
    if (!digits.matches("0*[0-9]{1,5}")) {
      return -1;
    }
    int port = Integer.parseInt(digits.substring(Math.max(0, digits.length() - 5)));
    return port <= LARGEST ? port : -1;
  }

  private static boolean isAddress(String text) {
    String address =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (IP_4.matcher(address).matches()) {
      return true;
    }
    int colons = 0;
    int gaps = 0;
    String[] parts = address.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      colons++;
      boolean last = i == parts.length - 1;
      if (parts[i].isEmpty()) {
        gaps += i > 0 && !last ? 1 : 0;
      } else if (last && IP_4.matcher(parts[i]).matches()) {
        colons++;
      } else if (!IP_6_PART.matcher(parts[i]).matches()) {
        return false;
      }
    }
    boolean loose =
        (address.startsWith(":") && !address.startsWith("::"))
            || (address.endsWith(":") && !address.endsWith("::"));
    return !loose
        && (address.contains("::")
            ? gaps <= 2
                && colons <= 9
                && !address.contains(":::")
                && address.indexOf("::") == address.lastIndexOf("::")
            : colons == 8);
  }
}
