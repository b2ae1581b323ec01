package fr.gouv.social.fabrique.rules.project;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kontinuous.KontinuousProject;
import fr.gouv.social.fabrique.project.DatabaseService;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.secret.EnvFiles;
import fr.gouv.social.fabrique.rules.secret.Secrets;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files that the repository of a product has, and those that it has not. */
final class ProjectFiles {
  private static final Pattern RENOVATE =
      Pattern.compile(
          "(?:\\.github/|\\.gitlab/|\\.gitea/|\\.forgejo/)?(?:renovate\\.json5?|\\.renovaterc(?:\\.json5?)?)");
  private static final Pattern DEPENDABOT =
      Pattern.compile("\\.github/dependabot\\.ya?ml|\\.gitlab/dependabot\\.ya?ml");
  private static final Pattern DOCKER_ECOSYSTEM =
      Pattern.compile("package-ecosystem[\"']?\\s*:\\s*[\"']?docker\\b");
  private static final Pattern PIPELINE =
      Pattern.compile(
          "\\.(?:github|gitea|forgejo)/workflows/[^/]+\\.ya?ml|\\.gitlab-ci\\.ya?ml|\\.circleci/.*|Jenkinsfile.*"
              + "|azure-pipelines\\.ya?ml|\\.travis\\.yml|bitbucket-pipelines\\.yml|\\.drone\\.ya?ml"
              + "|\\.woodpecker(?:\\.ya?ml|/.*)|\\.tekton/.*|\\.concourse/.*|appveyor\\.yml|cloudbuild\\.ya?ml");
  private static final Pattern DIAGRAM =
      Pattern.compile("(?:.*/)?docs?/(?:.*/)?db[-_]model\\.\\w+");

  private static final Pattern LICENCE =
      Pattern.compile("(?i)(?:licen[cs]es?|copying)(?:[.-][\\w.-]*)?|licenses/[^/]+");
  private static final Pattern PASSWORD_FILE =
      Pattern.compile(
          "(?i)(?:.*/)?(?:[^/]+\\.kdbx?|(?:passwords|mots[-_]de[-_]passe|mdp)\\.(?:txt|csv|xlsx?|ods|md|docx?|json|ya?ml)"
              + "|id_(?:rsa|dsa|ecdsa|ed25519)|\\.htpasswd|\\.pgpass|\\.netrc|vault[-_]pass(?:word)?(?:\\.txt)?)");
  private static final Pattern DUMP =
      Pattern.compile("(?i).*\\.(?:dump|pgdump|pg_dump|sql\\.(?:gz|bz2|zst|xz)|sql\\.zip)");

  /** What a tool writes that copies a database, and columns of people. */
  private static final Pattern DUMPED =
      Pattern.compile(
          "(?i)-- (?:PostgreSQL|MySQL|MariaDB) dump|database dump|\\bpg_dump\\b|\\bmysqldump\\b|\\bFROM stdin;"
              + "|\\b(?:e_?mail|courriel|prenom|pr\u00e9nom|first_?name|firstname|telephone|t\u00e9l\u00e9phone|phone|password|mot_de_passe|date_naissance|birth_?date|nir)\\b");

  /** Data that is made for trying, and schemas. */
  private static final Pattern SAMPLE_DATA =
      Pattern.compile(
          "(?i).*(?:seed|sample|exempl|example|demo|fixture|anonym|schema|structure|migration|referentiel|init).*");

  private static final Pattern KEY_FILE = Pattern.compile("(?i).*\\.(?:pem|key)");
  private static final Pattern TEST_FOLDER =
      Pattern.compile(
          "(?i)(?:.*/)?(?:tests?|__tests__|spec|e2e|fixtures?|testdata|mocks?|examples?|samples?)/.*");

  private static final Pattern SEED =
      Pattern.compile("(?i)(?:.*[/._-])?seed(?:s|er|ers|ing)?(?:[/._-].*)?");
  private static final Pattern SEED_DATA =
      Pattern.compile(
          "(?i)(?:.*/)?(?:[^/]*[._-])?seed(?:s|ers)?/.*|.*\\.(?:sql|dump|csv)(?:\\.gz)?");
  private static final Pattern FIXTURE = Pattern.compile("(?i)(?:.*[/._-])?fixtures?(?:[/._-].*)?");

  /** Programs that drive a browser, and what they are given, fill no database. */
  private static final Pattern TRIAL =
      Pattern.compile(
          "(?i)(?:.*/)?(?:cypress|playwright|__tests__|__mocks__|mocks?)/.*|(?:.*/)?e2e/(?!.*seeds?/).*"
              + "|(?:.*/)?(?:\\.gitkeep|\\.keep|\\.gitignore|readme[^/]*)");

  private static final Pattern TEST_FOLDER_OF_FIXTURES =
      Pattern.compile(
          "(?i)(?:.*/)?(?:cypress|e2e|playwright|tests?|specs?|__tests__|__mocks__|mocks?|testdata)/.*|(?:.*/)?__fixtures__/.*");

  /** What a pipeline says that builds images or deploys them. */
  private static final Pattern DELIVERS =
      Pattern.compile(
          "(?m)^(?![ \\t]*#).*(?:docker[ /]+(?:buildx +)?build|build-push-action|\\bbuildctl\\b|\\bkaniko\\b|\\bbuildah\\b|\\bkontinuous +deploy"
              + "|(?i:socialgouv)/(?:workflows/(?:\\.github/workflows/use-ks-(?!\\S*deactivate)|actions/(?:build|autodevops|deploy|k8s))|kontinuous|buildkit-operator)"
              + "|\\bhelm +(?:upgrade|install)|\\bkubectl +(?:apply|set|rollout)|\\bskaffold\\b|:build-image|\\bjib:)");

  static final Rule<Project> MISSING_COMPOSE =
      rule("project/missing-compose", Project.class, ProjectFiles::compose);

  static final Rule<Project> MISSING_UPDATE_BOT =
      rule("project/missing-update-bot", Project.class, ProjectFiles::updateBot);

  static final Rule<Project> IMAGES_NOT_FOLLOWED =
      rule("project/images-without-update-bot", Project.class, ProjectFiles::imagesFollowed);

  static final Rule<Project> MISSING_LICENCE =
      file("project/missing-licence", Repository::isProduct, LICENCE);

  static final Rule<Project> OTHER_LICENCE =
      rule("project/other-licence", Project.class, ProjectFiles::licence);

  static final Rule<Project> MISSING_CODEOWNERS =
      file(
          "project/missing-codeowners",
          Repository::isProduct,
          Pattern.compile("(?:\\.github/|\\.gitlab/|docs/)?CODEOWNERS"));

  static final Rule<Project> MISSING_README =
      file(
          "project/missing-readme",
          Repository::isProduct,
          Pattern.compile("(?i)(?:\\.github/|docs/)?(?:readme|lisez[-_]?moi)(?:[._-].*)?"));

  static final Rule<Project> MISSING_CI =
      rule("project/missing-ci", Project.class, ProjectFiles::pipeline);

  static final Rule<Project> MISSING_DEPLOYMENT =
      rule("project/missing-deployment", Project.class, ProjectFiles::deployment);

  static final Rule<Project> MISSING_SECRET_SCANNER =
      rule("project/missing-secret-scanner", Project.class, ProjectFiles::secretScanner);

  static final Rule<Project> MISSING_DB_DIAGRAM =
      rule("project/missing-db-diagram", Project.class, ProjectFiles::diagram);

  static final Rule<Project> MISSING_SEED =
      rule("project/missing-seed", Project.class, ProjectFiles::seed);

  static final Rule<Project> COMMITTED_ENV_FILE =
      rule("project/committed-env-file", Project.class, ProjectFiles::committedEnvFile);

  static final Rule<Project> PASSWORD =
      rule("project/password-file", Project.class, ProjectFiles::passwordFile);

  static final Rule<Project> COMMITTED_DUMP =
      rule("project/committed-dump", Project.class, ProjectFiles::dump);

  static final List<Rule<?>> ALL =
      List.of(
          MISSING_COMPOSE,
          MISSING_UPDATE_BOT,
          IMAGES_NOT_FOLLOWED,
          MISSING_LICENCE,
          OTHER_LICENCE,
          MISSING_CODEOWNERS,
          MISSING_README,
          MISSING_CI,
          MISSING_DEPLOYMENT,
          MISSING_SECRET_SCANNER,
          MISSING_DB_DIAGRAM,
          MISSING_SEED,
          COMMITTED_ENV_FILE,
          PASSWORD,
          COMMITTED_DUMP);

  private ProjectFiles() {}

  /** A rule that asks for one of some files. */
  private static Rule<Project> file(String id, Predicate<Project> applies, Pattern paths) {
    return rule(
        id,
        Project.class,
        (project, context) -> {
          if (applies.test(project)) {
            decide(project, Repository.file(project, paths), context);
          }
        });
  }

  /**
   * Reports or keeps.
   *
   * @param need what shows that the file is asked for: that is where it is missed
   * @param path the file, or null
   */
  private static void decide(Located need, @Nullable String path, RuleContext context) {
    if (path == null) {
      context.report(need, "missing");
    } else {
      context.keep(Repository.start(path));
    }
  }

  private static void compose(Project project, RuleContext context) {
    List<ComposeProject> found = project.subjects(ComposeProject.class);
    if (!found.isEmpty()) {
      context.keep(Repository.start(found.get(0).span().file().path()));
    } else if (Repository.isProduct(project)) {
      context.report(Repository.image(project), "missing");
    }
  }

  private static void updateBot(Project project, RuleContext context) {
    if (!Repository.isProduct(project)) {
      return;
    }
    String renovate = Repository.file(project, RENOVATE);
    if (renovate == null && Repository.text(project, "package.json").contains("\"renovate\"")) {
      renovate = "package.json";
    }
    decide(
        Repository.sources(project),
        renovate == null ? Repository.file(project, DEPENDABOT) : renovate,
        context);
  }

  private static void imagesFollowed(Project project, RuleContext context) {
    String dependabot = Repository.file(project, DEPENDABOT);
    String renovate = Repository.file(project, RENOVATE);
    String bot = renovate == null ? dependabot : renovate;
    if (bot == null
        || !Repository.isProduct(project)
        || project.subjects(Dockerfile.class).isEmpty()) {
      return;
    }
    if (renovate == null && !DOCKER_ECOSYSTEM.matcher(Repository.text(project, bot)).find()) {
      context.report(Repository.start(bot), "no-images");
    } else {
      context.keep(Repository.start(bot));
    }
  }

  private static void licence(Project project, RuleContext context) {
    String path = Repository.file(project, LICENCE);
    if (path == null || !Repository.isProduct(project)) {
      return;
    }
    for (String each : project.tree().paths()) {
      String text = LICENCE.matcher(each).matches() ? Repository.text(project, each) : "";
      if (text.contains("Apache License") && text.contains("Version 2.0")
          || text.strip().equals("Apache-2.0")) {
        context.keep(Repository.start(each));
        return;
      }
    }
    String text = Repository.text(project, path);
    if (!text.isBlank()) {
      context.report(Repository.start(path), "other", nameOf(text));
    }
  }

  private static String nameOf(String licence) {
    String text = licence.length() > 2_000 ? licence.substring(0, 2_000) : licence;
    if (text.contains("AFFERO")) {
      return "AGPL";
    } else if (text.contains("LESSER GENERAL PUBLIC")) {
      return "LGPL";
    } else if (text.contains("GNU GENERAL PUBLIC")) {
      return "GPL";
    } else if (text.contains("Mozilla Public License")) {
      return "MPL";
    } else if (text.contains("EUROPEAN UNION PUBLIC") || text.contains("European Union Public")) {
      return "EUPL";
    } else if (text.toLowerCase(Locale.ROOT).contains("cecill")) {
      return "CeCILL";
    } else if (text.contains("Permission is hereby granted, free of charge")) {
      return "MIT";
    } else if (text.contains("Redistribution and use in source and binary forms")) {
      return "BSD";
    }
    String first = text.strip().lines().findFirst().orElse("").strip();
    return first.length() > 60 ? first.substring(0, 60) + "…" : first;
  }

  private static void pipeline(Project project, RuleContext context) {
    if (!Repository.isProduct(project)) {
      return;
    }
    String path = null;
    for (String each : project.tree().paths()) {
      if (PIPELINE.matcher(each).matches()) {
        if (DELIVERS.matcher(Repository.text(project, each)).find()) {
          path = each;
          break;
        }
        path = path == null ? each : path;
      }
    }
    decide(project, path, context);
  }

  private static void deployment(Project project, RuleContext context) {
    if (Repository.isProduct(project)) {
      decide(Repository.image(project), Repository.deployment(project), context);
    }
  }

  private static void secretScanner(Project project, RuleContext context) {
    if (!Repository.isProduct(project)) {
      return;
    }
    Pattern files =
        Pattern.compile(
            "\\.talismanrc|\\.?gitleaks\\.toml|\\.gitleaksignore|\\.secrets\\.baseline|\\.gitguardian\\.ya?ml|\\.trufflehog.*");
    Pattern scripts =
        Pattern.compile(
            "\\.husky/[^/]+|\\.pre-commit-config\\.yaml|package\\.json|lefthook\\.ya?ml|\\.github/workflows/[^/]+|\\.gitlab-ci\\.yml");
    Pattern tools =
        Pattern.compile(
            "talisman|gitleaks|detect-secrets|trufflehog|ggshield|gitguardian|secret_detection|Secret-Detection|scanners[\"']?[:=][ \"']*(?:[a-z]+,)*secret\\b");
    String path = Repository.file(project, files);
    String pipeline = Repository.file(project, PIPELINE);
    if (path == null) {
      for (String each : project.tree().paths()) {
        if (scripts.matcher(each).matches()
            && tools.matcher(Repository.text(project, each)).find()) {
          path = each;
          break;
        }
      }
    }
    decide(pipeline == null ? project : Repository.start(pipeline), path, context);
  }

  private static void diagram(Project project, RuleContext context) {
    DatabaseService database = Repository.database(project);
    if (database != null && Repository.isProduct(project)) {
      decide(database, Repository.file(project, DIAGRAM), context);
    }
  }

  private static void seed(Project project, RuleContext context) {
    DatabaseService database = Repository.database(project);
    if (database == null || !Repository.isProduct(project)) {
      return;
    }
    String path = null;
    for (String each : project.tree().paths()) {
      if (SEED.matcher(each).matches() && !TRIAL.matcher(each).matches()
          || FIXTURE.matcher(each).matches() && !TEST_FOLDER_OF_FIXTURES.matcher(each).matches()) {
        // A folder of data shows more than a program of that name.
        if (path == null || SEED_DATA.matcher(each).matches()) {
          path = each;
          if (SEED_DATA.matcher(each).matches()) {
            break;
          }
        }
      }
    }
    if (path == null && Repository.text(project, "package.json").contains("\"seed\"")) {
      path = "package.json";
    }
    for (KontinuousProject kontinuous : project.subjects(KontinuousProject.class)) {
      for (KontinuousComponent component : kontinuous.components()) {
        for (YamlPlace run : component.at("runs").values()) {
          YamlPlace job = run.key("use");
          if (path == null && "seed-db".equals(job.text())) {
            // The job of the toolchain that fills a database from a file.
            context.keep(job);
            return;
          }
        }
      }
    }
    decide(database, path, context);
  }

  private static void committedEnvFile(Project project, RuleContext context) {
    for (SourceEntry entry : EnvFiles.committed(project.tree())) {
      // Frameworks read the files of each environment; only those of a machine are one's own.
      boolean own = entry.name().equals(".env") || entry.name().contains("local");
      if (own && !EnvFiles.holdsSecrets(entry)) {
        context.report(Repository.start(entry.path()), "committed", entry.name());
      }
    }
  }

  private static void dump(Project project, RuleContext context) {
    for (SourceEntry entry : project.tree().entries()) {
      String path = entry.path();
      boolean large = path.endsWith(".sql") && entry.size() > context.number("size");
      if (!large && !DUMP.matcher(path).matches()
          || TEST_FOLDER.matcher(path).matches()
          || SAMPLE_DATA.matcher(path).matches()) {
        continue;
      }
      if (large && entry.problem() == null && !DUMPED.matcher(entry.file().text()).find()) {
        // Much of what fills a database is nobody's: communes, codes, references.
        context.concerns();
      } else {
        context.report(Repository.start(path), "dump", path, entry.size() / 1024);
      }
    }
  }

  private static void passwordFile(Project project, RuleContext context) {
    for (SourceEntry entry : project.tree().entries()) {
      String path = entry.path();
      if (TEST_FOLDER.matcher(path).matches()) {
        continue;
      }
      if (PASSWORD_FILE.matcher(path).matches()) {
        context.report(Repository.start(path), "passwords", entry.name());
      } else if (KEY_FILE.matcher(path).matches()
          && Secrets.inValue(Repository.text(project, path)) == Secrets.Kind.PRIVATE_KEY) {
        context.report(Repository.start(path), "private-key", entry.name());
      }
    }
  }
}
