package fr.gouv.social.fabrique.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference in the documentation is the table that expressions are checked with. */
class ModelReferenceTest {
  private static final Path PAGE = Path.of("../docs/policy-model.md");

  @Test
  void thePageIsThatOfTheCode() throws IOException {
    String page = ModelReference.markdown(Language.EN);
    if (Boolean.getBoolean("write-docs")) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE)
        .as("write it anew: mvn -pl core test -Dtest=ModelReferenceTest -Dwrite-docs=true")
        .content()
        .isEqualTo(page);
  }

  /** Every type, property, method and function is described in both languages. */
  @Test
  void everythingIsDescribed() {
    for (Language language : Language.values()) {
      assertThat(ModelReference.markdown(language).lines())
          .noneMatch(line -> line.matches("\\|.*\\| *\\|$") && !line.matches("\\| (name|nom) .*"));
    }
    assertThat(ModelReference.markdown(Language.FR)).doesNotContain(" the ");
    for (Type type : Model.ALL) {
      assertThat(type.text().fr()).isNotBlank();
      assertThat(type.text().en()).isNotBlank();
    }
  }
}
