package fr.gouv.social.fabrique.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "+1, 1",
    "-2, -2",
    "1., 1",
    ".5, 0.5",
    "500m, 0.5",
    "1u, 0.000001",
    "1n, 0.000000001",
    "2k, 2000",
    "1M, 1000000",
    "1G, 1000000000",
    "1T, 1000000000000",
    "1P, 1000000000000000",
    "1E, 1000000000000000000",
    "1Ki, 1024",
    "1.5Gi, 1610612736",
    "1Ei, 1152921504606846976",
    "1e3, 1000",
    "1E3, 1000",
    "1e-3, 0.001",
    "12E+2, 1200"
  })
  void readsAllForms(String text, String value) {
    Quantity quantity = Quantity.parse(text);
    assertThat(quantity).isNotNull();
    assertThat(quantity.value()).isEqualByComparingTo(new BigDecimal(value));
    assertThat(quantity).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "42Mb", "1 Gi", "1gi", "1K", "1mi", "Gi", ".", "1e", "1e3k", "1e9999", "0x1", "--1",
        "1Gi "
      })
  void rejectsTheRest(String text) {
    assertThat(Quantity.parse(text)).isNull();
  }

  @Test
  void comparesByAmount() {
    Quantity gibi = Quantity.parse("1Gi");
    assertThat(gibi).isNotNull();
    assertThat(gibi.sameAs(Quantity.parse("1024Mi"))).isTrue();
    assertThat(gibi).isGreaterThan(Quantity.parse("1G"));
    assertThat(Quantity.parse("0.1").sameAs(Quantity.parse("100m"))).isTrue();
    assertThat(Quantity.parse("1e999")).isGreaterThan(gibi);
    assertThat(Quantity.parse("0Mi").isZero()).isTrue();
  }

  @Property(seed = "20261123")
  void neverThrows(@ForAll @StringLength(max = 80) String text) {
    Quantity.parse(text);
    Durations.parse(text);
    CronSchedule.parse(text, false);
  }

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "30s, PT30S",
    "1h30m, PT1H30M",
    "1.5s, PT1.5S",
    "100ms, PT0.1S",
    "15d, P15D",
    "2w, P14D",
    "1y, P365D"
  })
  void readsDurations(String text, Duration duration) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "s", "1h ", "1hour", "-1s", "1h30"})
  void rejectsWhatIsNoDuration(String text) {
    assertThat(Durations.parse(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0 3 * * *, true",
    "*/5 * * * *, true",
    "0 3 * * 1-5, false",
    "0 3 * * 0-6, true",
    "0 3 1 * *, false",
    "0 3 1-31 * *, true",
    "0 3 1-31 * 1, true",
    "0 3 * 1 *, false",
    "0 3 1 * mon, false",
    "0 3 * jan-dec sun-sat, true",
    "@daily, true",
    "@hourly, true",
    "@weekly, false",
    "@every 12h, true",
    "@every 48h, false",
    "TZ=Europe/Paris 0 3 * * *, true"
  })
  void knowsWhatIsDaily(String schedule, boolean daily) {
    CronSchedule parsed = CronSchedule.parse(schedule, false);
    assertThat(parsed).isNotNull();
    assertThat(parsed.isAtLeastDaily()).isEqualTo(daily);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "0 0 3 * * *",
        "60 * * * *",
        "0 24 * * *",
        "0 3 0 * *",
        "0 3 * * 8",
        "a * * * *",
        "@often",
        "1-0 * * * *",
        "*/0 * * * *",
        "TZ=Europe/Paris"
      })
  void rejectsWhatIsNoSchedule(String schedule) {
    assertThat(CronSchedule.parse(schedule, false)).isNull();
  }

  @Test
  void cloudNativePgHasSeconds() {
    CronSchedule daily = CronSchedule.parse("0 0 3 * * *", true);
    assertThat(daily).isNotNull();
    assertThat(daily.isAtLeastDaily()).isTrue();
    assertThat(CronSchedule.parse("0 3 * * *", true)).isNull();
    assertThat(CronSchedule.parse("60 0 3 * * *", true)).isNull();
  }
}
