package fr.gouv.social.fabrique.project;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {
  @Test
  void readsTheNumbersAtTheStart() {
    assertThat(Version.leading("3.21.4")).hasToString("3.21.4");
    assertThat(Version.leading("8.2-fpm")).hasToString("8.2");
    assertThat(Version.leading("17.0.11_9-jdk")).hasToString("17.0.11");
    assertThat(Version.leading("8u412-b08")).hasToString("8");
    assertThat(Version.leading("16.")).hasToString("16");
  }

  @Test
  void findsNoneWhereThereIsNone() {
    assertThat(Version.leading("")).isNull();
    assertThat(Version.leading("latest")).isNull();
    assertThat(Version.leading(".5")).isNull();
    assertThat(Version.leading("123456789012345678901234567890")).isNull();
  }

  @Test
  void comparesNumbersNotText() {
    assertThat(Version.of("1.9")).isLessThan(Version.of("1.25"));
    assertThat(Version.of("3")).isLessThan(Version.of("3.0"));
    assertThat(Version.of("10")).isGreaterThan(Version.of("9.6"));
  }

  @Test
  void refinesComponentByComponent() {
    assertThat(Version.of("3.21.4").isWithin(Version.of("3.21"))).isTrue();
    assertThat(Version.of("3.2").isWithin(Version.of("3.21"))).isFalse();
    assertThat(Version.of("3.21").isWithin(Version.of("3.2"))).isFalse();
    assertThat(Version.of("3").isWithin(Version.of("3.2"))).isFalse();
  }
}
