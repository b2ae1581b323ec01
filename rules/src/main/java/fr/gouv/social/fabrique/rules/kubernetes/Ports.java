package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.ContainerPort;
import fr.gouv.social.fabrique.kubernetes.IntOrString;
import fr.gouv.social.fabrique.kubernetes.Service;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.source.Setting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The ports that containers declare and Services lead to. */
final class Ports {
  private static final int MOST = 65535;
  private static final int LONGEST_NAME = 15;

  /** {@code k8s.io/apimachinery/pkg/util/validation}, IsValidPortName. */
  private static final Pattern NAME =
      Pattern.compile("(?=.*[a-z])(?!.*--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?");

  private static final Map<Long, String> REMOTE_ACCESS =
      Map.of(22L, "SSH", 23L, "Telnet", 3389L, "RDP", 5800L, "VNC", 5900L, "VNC");

  static final Rule<Container> INVALID_NAME =
      rule(
          "kubernetes/invalid-port-name",
          Container.class,
          (container, context) -> {
            for (ContainerPort port : container.ports()) {
              Setting<String> name = port.string("name");
              String text = name.value();
              if (text != null && !text.isEmpty() && !isPortName(text)) {
                context.report(
                    name,
                    text.length() > LONGEST_NAME ? "long" : "form",
                    container.name(),
                    text,
                    text.length());
              }
            }
          });

  static final Rule<Container> INVALID_NUMBER =
      rule(
          "kubernetes/invalid-port-number",
          Container.class,
          (container, context) -> {
            for (ContainerPort port : container.ports()) {
              Setting<Long> number = port.number();
              Setting<Long> host = port.hostPort();
              if (number.is(value -> value < 1 || value > MOST)) {
                context.report(number, "range", container.name(), String.valueOf(number.value()));
              }
              if (host.is(value -> value < 0 || value > MOST)) {
                context.report(host, "range", container.name(), String.valueOf(host.value()));
              }
            }
          });

  static final Rule<Service> INVALID_TARGET =
      rule(
          "kubernetes/invalid-target-port",
          Service.class,
          (service, context) -> {
            for (Service.Port port : service.ports()) {
              Setting<IntOrString> target = port.intOrString("targetPort");
              IntOrString value = target.value();
              if (value == null) {
                continue;
              }
              Integer number = value.number();
              // The API server takes 0 for the port itself.
              if (number != null && (number < 0 || number > MOST)) {
                context.report(target, "range", service.object().name(), number);
              } else if (number == null && !isPortName(value.text())) {
                context.report(target, "name", service.object().name(), value);
              }
            }
          });

  static final Rule<Container> DUPLICATE_NAME =
      rule(
          "kubernetes/duplicate-port-name",
          Container.class,
          (container, context) -> {
            Map<String, ContainerPort> names = new HashMap<>();
            for (ContainerPort port : container.ports()) {
              if (port.name().isEmpty() || port.string("name").isUnknown()) {
                continue;
              }
              ContainerPort first = names.putIfAbsent(port.name(), port);
              if (first != null && !container.object().isInBranch(port.span())) {
                context
                    .report(port.at("name"), "duplicate", container.name(), port.name())
                    .related(first.at("name"));
              }
            }
          });

  static final Rule<Container> UNNAMED =
      rule(
          "kubernetes/unnamed-port",
          Container.class,
          (container, context) -> {
            for (ContainerPort port : container.ports()) {
              if (port.lacks("name")) {
                context.report(
                    port.at("containerPort"),
                    "unnamed",
                    container.name(),
                    port.at("containerPort").text(""));
              }
            }
          });

  static final Rule<Container> PRIVILEGED =
      rule(
          "kubernetes/privileged-port",
          Container.class,
          (container, context) -> {
            for (ContainerPort port : container.ports()) {
              Setting<Long> number = port.number();
              if (number.is(value -> value > 0 && value < 1024)) {
                context.report(
                    number, "privileged", container.name(), String.valueOf(number.value()));
              }
            }
          });

  static final Rule<Container> REMOTE_ACCESS_PORT =
      rule(
          "kubernetes/remote-access-port",
          Container.class,
          (container, context) -> {
            for (ContainerPort port : container.ports()) {
              for (Setting<Long> number : List.of(port.number(), port.hostPort())) {
                String service = number.value() == null ? null : REMOTE_ACCESS.get(number.value());
                if (service != null && port.protocol().equals("TCP")) {
                  context.report(
                      number, "remote", container.name(), String.valueOf(number.value()), service);
                  break;
                }
              }
            }
          });

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          INVALID_NAME,
          INVALID_NUMBER,
          INVALID_TARGET,
          DUPLICATE_NAME,
          UNNAMED,
          PRIVILEGED,
          REMOTE_ACCESS_PORT);

  private Ports() {}

  private static boolean isPortName(String text) {
    return text.length() <= LONGEST_NAME && NAME.matcher(text).matches();
  }
}
