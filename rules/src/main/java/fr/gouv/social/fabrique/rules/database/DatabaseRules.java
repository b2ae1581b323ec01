package fr.gouv.social.fabrique.rules.database;

import fr.gouv.social.fabrique.rule.Rule;
import java.util.List;
import java.util.stream.Stream;

/** The rules of the family {@code database}. */
public final class DatabaseRules {
  /** All of them. */
  public static final List<Rule<?>> ALL =
      Stream.of(
              Backups.ALL,
              Databases.ALL,
              DatabaseServiceRules.ALL,
              MysqlService.ALL,
              OtherServices.ALL,
              PostgresService.ALL)
          .<Rule<?>>flatMap(List::stream)
          .toList();

  private DatabaseRules() {}
}
