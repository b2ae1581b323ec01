package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code ports}, in its short form (docker/go-connections, nat/nat.go) or its long
 * one.
 *
 * @param node the entry as written
 * @param hostIp the address on the host without brackets; absent where none is given, so every
 *     interface
 * @param published the ports on the host; absent where none is given, so one that Docker chooses
 * @param target the ports in the container
 * @param protocol in lower case; {@code tcp} by default
 * @param error why the entry is not valid, or null: {@code empty}, {@code protocol}, {@code ip},
 *     {@code container-port}, {@code host-port}, {@code ranges}, {@code no-target}
 */
public record PortMapping(
    YamlNode node,
    Setting<String> hostIp,
    Setting<Range> published,
    Setting<Range> target,
    Setting<String> protocol,
    @Nullable String error,
    String label)
    implements Located {

  /** Ports, both ends included. */
  public record Range(int first, int last) {
    /** How many there are. */
    public int size() {
      return last - first + 1;
    }

    /** Whether some port is in both. */
    public boolean meets(Range other) {
      return first <= other.last && other.first <= last;
    }

    static @Nullable Range of(String text) {
      int dash = text.indexOf('-');
      int first = port(dash < 0 ? text : text.substring(0, dash));
      int last = dash < 0 ? first : port(text.substring(dash + 1));
      return first < 0 || last < first ? null : new Range(first, last);
    }

    private static int port(String text) {
      if (text.isEmpty()
          || text.length() > 5
          || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return -1;
      }
      int port = Integer.parseInt(text);
      return port > 65535 ? -1 : port;
    }

    @Override
    public String toString() {
      return first == last ? String.valueOf(first) : first + "-" + last;
    }
  }

  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");

  @Override
  public Span span() {
    return node.span();
  }

  @Override
  public List<Step> way() {
    return node.way();
  }

  /** Whether nothing binds the port to one address: no address, or an unspecified one. */
  public boolean isOnEveryInterface() {
    return published.isSet() || published.isUnknown()
        ? hostIp.value() == null ? !hostIp.isUnknown() : Addresses.isUnspecified(hostIp.value())
        : false;
  }

  /** The mapping of an entry, however it is written. */
  static PortMapping of(YamlNode node, String label) {
    return node instanceof YamlMapping mapping
        ? longForm(mapping, label)
        : shortForm((YamlScalar) (node instanceof YamlScalar ? node : nothing(node)), label);
  }

  private static YamlNode nothing(YamlNode node) {
    return Trees.scalar(node.span(), "", node.way());
  }

  /** What two entries that define the same mapping have in common; null where that is not known. */
  static @Nullable String key(YamlNode node) {
    PortMapping mapping = of(node, "");
    if (mapping.error != null
        || mapping.target.value() == null
        || mapping.published.isUnknown()
        || mapping.hostIp.isUnknown()
        || mapping.protocol.isUnknown()) {
      return node instanceof YamlScalar scalar ? scalar.value() : null;
    }
    String ip = mapping.hostIp.value();
    return (ip == null ? "0.0.0.0" : ip)
        + ":"
        + mapping.published.value()
        + ":"
        + mapping.target.value()
        + "/"
        + mapping.protocol.value();
  }

  private static PortMapping shortForm(YamlScalar scalar, String label) {
    String text = scalar.value();
    String spec = new String(KeyValue.masked(scalar));
    int slash = spec.indexOf('/');
    int end = slash < 0 ? spec.length() : slash;
    int last = spec.lastIndexOf(':', end - 1);
    int middle = last < 0 ? -1 : spec.lastIndexOf(':', last - 1);
    String container = spec.substring(last + 1, end);
    String host = last < 0 ? "" : spec.substring(middle + 1, last);
    String ip = middle < 0 ? "" : spec.substring(0, middle);
    String protocol = slash < 0 ? "" : spec.substring(slash + 1);

    Located whole = new Part(scalar.span(), label, scalar.way());
    Located hostAt =
        last < 0 ? whole : new Part(scalar.place(middle + 1, last), label, scalar.way());
    Located containerAt = new Part(scalar.place(last + 1, end), label, scalar.way());
    String error = null;

    Setting<String> protocolSetting = Setting.byDefault("tcp", whole);
    if (hidden(protocol)) {
      protocolSetting = Setting.unknown(whole);
    } else if (!protocol.isEmpty()) {
      protocolSetting =
          Setting.explicit(
              protocol.toLowerCase(Locale.ROOT),
              new Part(scalar.place(slash + 1, text.length()), label, scalar.way()));
      if (!PROTOCOLS.contains(protocol.toLowerCase(Locale.ROOT))) {
        error = "protocol";
      }
    }

    Setting<Range> target = range(container, containerAt);
    if (container.isEmpty()) {
      error = "empty";
    } else if (!target.isUnknown() && (target.value() == null || target.value().first() == 0)) {
      error = "container-port";
    }

    Setting<Range> published = host.isEmpty() ? Setting.absent(whole) : range(host, hostAt);
    if (!host.isEmpty() && published.value() == null && !published.isUnknown()) {
      error = error == null ? "host-port" : error;
    }
    // A variable may hold several parts: "${HTTP}:80" can stand for "127.0.0.1:8080:80".
    Setting<String> hostIp = Setting.absent(whole);
    if (hidden(ip) || (ip.isEmpty() && middle < 0 && (hidden(host) || hidden(container)))) {
      hostIp = Setting.unknown(whole);
    } else if (!ip.isEmpty()) {
      String bare = ip.startsWith("[") && ip.endsWith("]") ? ip.substring(1, ip.length() - 1) : ip;
      hostIp = Setting.explicit(bare, new Part(scalar.place(0, middle), label, scalar.way()));
      if (!Addresses.isAddress(bare)) {
        error = "ip";
      }
    }
    if (last < 0 && hidden(container)) {
      published = Setting.unknown(whole);
    }
    Range left = published.value();
    Range right = target.value();
    if (left != null && right != null && left.size() != right.size() && right.size() != 1) {
      error = "ranges";
    }
    return new PortMapping(scalar, hostIp, published, target, protocolSetting, error, label);
  }

  private static Setting<Range> range(String text, Located at) {
    if (hidden(text)) {
      return Setting.unknown(at);
    }
    Range range = Range.of(text);
    return range == null ? Setting.absent(at) : Setting.explicit(range, at);
  }

  private static boolean hidden(String text) {
    return text.indexOf(KeyValue.HIDDEN) >= 0;
  }

  private static PortMapping longForm(YamlMapping mapping, String label) {
    String error = null;
    Setting<Range> target = range(mapping, "target", label);
    if (!mapping.has("target")) {
      error = "no-target";
    } else if (target.value() == null && !target.isUnknown()) {
      error = "container-port";
    }
    Setting<Range> published = range(mapping, "published", label);
    if (text(mapping, "published") != null && published.value() == null && !published.isUnknown()) {
      error = "host-port";
    }
    Setting<String> protocol = string(mapping, "protocol", label);
    if (protocol.value() == null && !protocol.isUnknown()) {
      protocol = Setting.byDefault("tcp", protocol.at());
    }
    return new PortMapping(
        mapping, string(mapping, "host_ip", label), published, target, protocol, error, label);
  }

  private static @Nullable String text(YamlMapping mapping, String key) {
    return mapping.get(key) instanceof YamlScalar scalar
            && !scalar.isNull()
            && !scalar.value().isEmpty()
        ? scalar.value()
        : null;
  }

  private static Setting<String> string(YamlMapping mapping, String key, String label) {
    YamlMapping.Entry entry = mapping.entry(key);
    String text = text(mapping, key);
    if (entry == null || text == null) {
      return Setting.absent(new Part(mapping.span(), label, mapping.way()));
    }
    Part at = new Part(entry.span(), label + "." + key, entry.way());
    return entry.value() instanceof YamlScalar scalar && !scalar.isKnown()
        ? Setting.unknown(at)
        : Setting.explicit(text, at);
  }

  private static Setting<Range> range(YamlMapping mapping, String key, String label) {
    Setting<String> text = string(mapping, key, label);
    String value = text.value();
    if (value == null) {
      return new Setting<>(null, text.origin(), text.at());
    }
    Range range = Range.of(value);
    return range == null ? Setting.absent(text.at()) : Setting.explicit(range, text.at());
  }
}
