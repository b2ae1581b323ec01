package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlPlace;

/**
 * The Service that an Ingress or a route leads to.
 *
 * @param service where its name is written
 * @param port where its port is written, present or not
 */
public record Backend(YamlPlace service, YamlPlace port) implements Located {
  public Setting<String> serviceName() {
    return Values.string(service);
  }

  /** The number or name of the Service's port. */
  public Setting<IntOrString> servicePort() {
    return Values.intOrString(port);
  }

  @Override
  public Span span() {
    return service.span();
  }

  @Override
  public String label() {
    return service.label();
  }
}
