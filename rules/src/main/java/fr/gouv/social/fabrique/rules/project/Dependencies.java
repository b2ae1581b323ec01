package fr.gouv.social.fabrique.rules.project;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceFile;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the declared dependencies of a product say of it. */
final class Dependencies {
  /** How what follows the name of a library begins: a script may have the same name. */
  private static final String VERSION =
      "(?:[\\^~<>=*vx\\d]|(?:catalog|workspace|npm|file|link):|latest\")";

  private static final Pattern NPM =
      Pattern.compile(
          "\"(typeorm|sequelize(?:-typescript)?|@sequelize/core|@prisma/client|@mikro-orm/core|bookshelf|waterline)\"\\s*:\\s*\""
              + VERSION);
  private static final Pattern MAVEN =
      Pattern.compile(
          "<artifactId>\\s*(spring-boot-starter-data-jpa|hibernate-core|hibernate-orm|quarkus-hibernate-orm(?:-panache)?|eclipselink)\\s*</artifactId>");
  private static final Pattern GRADLE =
      Pattern.compile(
          "[:\"'](spring-boot-starter-data-jpa|hibernate-core|quarkus-hibernate-orm(?:-panache)?|eclipselink)\\b");
  private static final Pattern PYTHON =
      Pattern.compile(
          "(?im)^[ \\t]*[\"']?(sqlalchemy|sqlmodel|flask-sqlalchemy|django|peewee|tortoise-orm|pony)(?=[\"'\\s<>=~!\\[;,]|$)");
  private static final Pattern PHP =
      Pattern.compile(
          "\"(doctrine/orm|symfony/orm-pack|illuminate/database|laravel/framework)\"\\s*:\\s*\"");
  private static final Pattern BUILDER =
      Pattern.compile(
          "\"(?:knex|kysely|slonik|postgres|drizzle-orm|pg)\"\\s*:\\s*\""
              + VERSION
              + "|<artifactId>\\s*(?:jooq|spring-boot-starter-(?:jooq|jdbc))\\s*<"
              + "|(?im:^[ \\t]*[\"']?(?:psycopg|asyncpg|pypika)\\b)");

  private static final Map<String, Pattern> ORMS =
      Map.of(
          "package.json", NPM,
          "pom.xml", MAVEN,
          "build.gradle", GRADLE,
          "build.gradle.kts", GRADLE,
          "requirements.txt", PYTHON,
          "pyproject.toml", PYTHON,
          "Pipfile", PYTHON,
          "composer.json", PHP);

  private static final int DEEPEST = 4;

  static final Rule<Project> ORM =
      rule("project/orm-instead-of-query-builder", Project.class, Dependencies::orm);

  static final List<Rule<?>> ALL = List.of(ORM);

  private Dependencies() {}

  private static void orm(Project project, RuleContext context) {
    if (!Repository.isProduct(project)) {
      return;
    }
    for (SourceEntry entry : project.tree().entries()) {
      Pattern names = names(entry);
      if (names == null || entry.problem() != null) {
        continue;
      }
      SourceFile file = entry.file();
      Matcher matcher = names.matcher(file.text());
      if (matcher.find()) {
        context.report(file.span(matcher.start(1), matcher.end(1)), "orm", matcher.group(1));
        continue;
      }
      Matcher builder = BUILDER.matcher(file.text());
      if (builder.find()) {
        context.keep(file.span(builder.start(), builder.end()));
      }
    }
  }

  private static @Nullable Pattern names(SourceEntry entry) {
    long depth = entry.path().chars().filter(c -> c == '/').count();
    return depth > DEEPEST ? null : ORMS.get(entry.name());
  }
}
