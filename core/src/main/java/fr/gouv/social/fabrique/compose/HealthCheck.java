package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.time.Duration;
import java.util.List;

/** How the health of a service's containers is tested. */
public record HealthCheck(YamlPlace place) implements Located {
  @Override
  public Span span() {
    return place.span();
  }

  @Override
  public List<Step> way() {
    return place.way();
  }

  @Override
  public String label() {
    return place.label();
  }

  /** Whether it turns the image's health check off. */
  public boolean isDisabled() {
    List<YamlScalar> test = test();
    return place.key("disable").bool().isTrue()
        || (!test.isEmpty() && test.get(0).value().equals("NONE"));
  }

  /** The words of the test, the first being {@code CMD}, {@code CMD-SHELL} or {@code NONE}. */
  public List<YamlScalar> test() {
    YamlPlace test = place.key("test");
    if (test.node() instanceof YamlSequence sequence) {
      return Words.scalars(sequence);
    }
    if (test.node() instanceof YamlScalar scalar && !scalar.isNull()) {
      return List.of(Trees.scalar(scalar.span(), "CMD-SHELL", scalar.way()), scalar);
    }
    return List.of();
  }

  /** How often; unknown for what is no duration. */
  public Setting<Duration> interval() {
    return duration("interval");
  }

  /** For how long one test may run. */
  public Setting<Duration> timeout() {
    return duration("timeout");
  }

  /** The time during which failures do not count. */
  public Setting<Duration> startPeriod() {
    return duration("start_period");
  }

  /** How many failures in a row make the container unhealthy. */
  public Setting<Long> retries() {
    return place.key("retries").integer();
  }

  private Setting<Duration> duration(String key) {
    Setting<String> text = place.key(key).string();
    String value = text.value();
    if (value == null) {
      return new Setting<>(null, text.origin(), text.at());
    }
    Duration duration = Units.duration(value);
    return duration == null ? Setting.unknown(text.at()) : Setting.explicit(duration, text.at());
  }
}
