package fr.gouv.social.fabrique.rules.secret;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.rules.secret.Secrets.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POSTGRES_PASSWORD|postgres|NAME",
        "DB_PASSWORD|1234|NAME",
        "SECRET_KEY_BASE|d41d8cd98f00b204|NAME",
        "jwtSecret|correct-horse|NAME",
        "API_KEY|9f86d081884c7d65|NAME",
        "AWS_SECRET_ACCESS_KEY|wJalrXUtnFEMIK7MDENG|NAME",
        "GITHUB_TOKEN|ghp_abcdefghijklmnopqrstuvwxyz0123456789|TOKEN",
        "X|-----BEGIN RSA PRIVATE KEY-----|PRIVATE_KEY",
        "DATABASE_URL|postgres://app:s3same@db:5432/app|PASSWORD_IN_URL",
        "REDIS_URL|redis://:s3same@redis:6379|PASSWORD_IN_URL",
        "CONNECTION|Server=db;User Id=sa;Password=S3same!|PASSWORD_IN_URL",
        "SPRING_DATASOURCE_URL|jdbc:postgresql://db/app?user=app&password=s3same|PASSWORD_IN_URL",
      })
  void areSecrets(String name, String value, Kind kind) {
    assertThat(Secrets.of(name, value)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POSTGRES_PASSWORD_FILE|/run/secrets/password",
        "DB_PASSWORD|/run/secrets/password",
        "SECRETS_DIR|secrets",
        "SECRET_NAME|api",
        "MYSQL_ALLOW_EMPTY_PASSWORD|yes",
        "PASSWORD_MIN_LENGTH|12",
        "TOKEN_EXPIRATION|3600",
        "REFRESH_TOKEN|3600",
        "MAX_TOKENS|4096",
        "AWS_ACCESS_KEY_ID|minio",
        "NEXT_PUBLIC_API_KEY|pk_123456789",
        "JWT_PUBLIC_KEY|abcdef0123456789",
        "SENTRY_DSN|https://0123456789abcdef@sentry.fabrique.social.gouv.fr/12",
        "DATABASE_URL|postgres://app:${PGPASSWORD}@db/app",
        "DATABASE_URL|postgres://app:$(PGPASSWORD)@db/app",
        "DATABASE_URL|postgres://app:<password>@db/app",
        "DATABASE_URL|postgres://app@db/app",
        "DB_PASSWORD|<mot de passe>",
        "DB_PASSWORD|xxxxx",
        "DB_PASSWORD|$DB_PASSWORD",
        "TOKEN_URL|https://auth.example.org/token",
        "SECRET|{{ .Values.secret }}",
        "PWD|/app",
        "BYPASS|on",
        "COMPASS|north",
        "KEY|value",
        "PASSWORD_HASH_ALGORITHM|argon2id",
      })
  void areNone(String name, String value) {
    assertThat(Secrets.of(name, value)).isNull();
  }
}
