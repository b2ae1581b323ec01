package fr.gouv.social.guichets;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class GuichetsApplication {
  public static void main(String[] arguments) {
    SpringApplication.run(GuichetsApplication.class, arguments);
  }
}
