package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.NotChecked;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.engine.Suppression;
import fr.gouv.social.fabrique.project.ServiceUse;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.Fix;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rule.RuleText;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Attestation;
import fr.gouv.social.fabrique.standard.Conformity;
import fr.gouv.social.fabrique.standard.Conformity.Evidence;
import fr.gouv.social.fabrique.standard.Level;
import fr.gouv.social.fabrique.standard.Requirement;
import fr.gouv.social.fabrique.standard.Verdict;
import fr.gouv.social.fabrique.standard.Visibility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reports to write: what they hold is invented, what they look like is not. */
final class SampleReports {
  static final LocalDate AS_OF = LocalDate.of(2026, 11, 22);

  private static final SourceFile DOCKERFILE =
      SourceFile.of(
          "api/Dockerfile",
          """
          FROM node:20.20.2-alpine3.23

          ENV NODE_ENV=production
          ENV SESSION_SECRET=9vK2mQx7Lr4TzB8nWc1Yh6Ud

          COPY . .
          RUN npm install
          USER root
          CMD ["npm", "start"]
          """);
  private static final SourceFile DEPLOYMENT =
      SourceFile.of(
          "deploy/prod/api.yaml",
          """
          apiVersion: apps/v1
          kind: Deployment
          metadata:
            name: api
            namespace: annuaire-aides
          spec:
            template:
              spec:
                containers:
                  - name: api
                    image: ghcr.io/socialgouv/annuaire-aides/api:2.14.0
                    resources:
                      requests:
                        memory: 256Mi
                      limits:
                        memory: 512Mi
                    securityContext:
                      privileged: true
          """);

  private final Map<RuleId, RulePage> pages = new LinkedHashMap<>();
  private final List<Issue> issues = new ArrayList<>();
  private final List<Conformity> conformities = new ArrayList<>();
  private final List<NotChecked> notChecked = new ArrayList<>();
  private final List<ServiceUse> services = new ArrayList<>();

  /** A product with a bit of everything. */
  static Report product() {
    SampleReports sample = new SampleReports();
    Requirement rootless =
        requirement(
            "docker.rootless",
            Level.OBLIGATION,
            Visibility.DECIDABLE,
            "Un conteneur s’exécute sans privilèges",
            "A container runs without privileges");
    Requirement lts =
        requirement(
            "docker.lts",
            Level.OBLIGATION,
            Visibility.DECIDABLE,
            "Le composant de l’image suit la version LTS en cours",
            "The component of the image follows the current LTS version");
    Requirement secrets =
        requirement(
            "docker.no-secret",
            Level.OBLIGATION,
            Visibility.HEURISTIC,
            "Ni secret ni outil de développement dans les images",
            "Neither secrets nor development tools in images");
    Requirement memory =
        requirement(
            "kubernetes.memory",
            Level.OBLIGATION,
            Visibility.DECIDABLE,
            "La mémoire demandée et la mémoire permise sont dites, et égales en production",
            "The memory that is requested and allowed is stated, and equal in production");
    Finding user =
        sample.broken(
            rootless,
            DOCKERFILE,
            "root",
            "docker/root-user",
            Severity.ERROR,
            "",
            "Le conteneur s’exécute en « root »",
            "The container runs as “root”");
    Finding privileged =
        sample.broken(
            rootless,
            DEPLOYMENT,
            "privileged: true",
            "kubernetes/privileged-container",
            Severity.ERROR,
            "Deployment/api › containers[api] › securityContext.privileged",
            "Le conteneur « api » est privilégié",
            "Container “api” is privileged");
    Finding old =
        sample.broken(
            lts,
            DOCKERFILE,
            "node:20.20.2-alpine3.23",
            "image/end-of-life",
            Severity.ERROR,
            "",
            "Node.js 20 n’est plus maintenu depuis le 30 avril 2026",
            "Node.js 20 has not been maintained since 30 April 2026");
    Finding secret =
        sample.broken(
            secrets,
            DOCKERFILE,
            "SESSION_SECRET=9vK2mQx7Lr4TzB8nWc1Yh6Ud",
            "secret/literal-in-dockerfile",
            Severity.ERROR,
            "",
            "« SESSION_SECRET » reçoit sa valeur dans l’image",
            "“SESSION_SECRET” gets its value in the image");
    Finding ratio =
        sample.broken(
            memory,
            DEPLOYMENT,
            "memory: 512Mi",
            "kubernetes/memory-limit-ratio",
            Severity.ERROR,
            "Deployment/api › containers[api] › resources.limits.memory",
            "La limite de 512Mi n’est pas égale à la demande de 256Mi",
            "The limit of 512Mi is not equal to the request of 256Mi");
    Finding lock =
        sample.broken(
            null,
            DOCKERFILE,
            "npm install",
            "docker/install-without-lockfile",
            Severity.WARNING,
            "",
            "« npm install » peut installer d’autres versions que celles du lockfile",
            "“npm install” may install other versions than the lockfile’s");
    sample.suppress(lock, "le lockfile arrive avec la version 3");
    sample.broken(
        null,
        DEPLOYMENT,
        "image: ghcr.io/socialgouv/annuaire-aides/api:2.14.0",
        "image/unpinned",
        Severity.INFO,
        "Deployment/api › containers[api] › image",
        "L’image n’est pas fixée par son empreinte",
        "The image is not pinned by its digest");
    sample.broken(
        null,
        DOCKERFILE,
        "CMD [\"npm\", \"start\"]",
        "docker/package-manager-as-command",
        Severity.WARNING,
        "",
        "« npm » est lancé à la place de l’application",
        "“npm” is started in place of the application");
    sample.verdict(rootless, Verdict.BROKEN, List.of(user, privileged), List.of());
    sample.verdict(lts, Verdict.BROKEN, List.of(old), List.of());
    sample.verdict(secrets, Verdict.BROKEN, List.of(secret), List.of());
    sample.verdict(
        requirement(
            "docker.official-image",
            Level.OBLIGATION,
            Visibility.DECIDABLE,
            "Une image officielle, ou de la liste de l’équipe SRE",
            "An official image, or one of the SRE team’s list"),
        Verdict.KEPT,
        List.of(),
        List.of(new Evidence(DOCKERFILE.span(5, 28), "node")));
    sample.verdict(
        requirement(
            "docker.no-debian",
            Level.RECOMMANDATION,
            Visibility.DECIDABLE,
            "Pas d’image fondée sur Debian ou Ubuntu",
            "No image based on Debian or Ubuntu"),
        Verdict.KEPT,
        List.of(),
        List.of(new Evidence(DOCKERFILE.span(5, 28), "alpine3.23")));
    sample.verdict(memory, Verdict.BROKEN, List.of(ratio), List.of());
    sample.conformities.add(
        new Conformity(
            requirement(
                "kubernetes.logs-json",
                Level.OBLIGATION,
                Visibility.NOT_VISIBLE,
                "Les journaux sont écrits en JSON, une ligne par événement",
                "Logs are written as JSON, one line for each event"),
            Verdict.ATTESTED,
            List.of(),
            List.of(),
            List.of(),
            new Attestation(
                "kubernetes.logs-json",
                "equipe-api",
                LocalDate.of(2026, 10, 1),
                LocalDate.of(2027, 10, 1),
                "docs/logs.md",
                DOCKERFILE.span(0, 0))));
    sample.verdict(
        requirement(
            "kubernetes.stateless",
            Level.PRATIQUE,
            Visibility.HEURISTIC,
            "L’application ne garde pas d’état",
            "The application keeps no state"),
        Verdict.NOT_APPLICABLE,
        List.of(),
        List.of());
    sample.verdict(
        requirement(
            "developpement.a11y-score",
            Level.OBLIGATION,
            Visibility.NOT_VISIBLE,
            "Le score d’accessibilité dépasse 75 %",
            "The accessibility score is above 75%"),
        Verdict.NOT_VISIBLE,
        List.of(),
        List.of());
    sample.notChecked.add(
        new NotChecked(
            "charts/web/templates/deployment.yaml",
            12,
            new Text(
                "gabarit Helm illisible sans valeurs", "Helm template unreadable without values")));
    sample.use(
        new Text("Suivi des exceptions", "Exception tracking"),
        "Sentry",
        ServiceUse.Standing.PLATFORM,
        "sentry.fabrique.social.gouv.fr",
        DEPLOYMENT);
    sample.use(
        new Text("Courriels transactionnels", "Transactional mail"),
        "SendGrid",
        ServiceUse.Standing.ALTERNATIVE,
        "smtp.sendgrid.net",
        DEPLOYMENT);
    return sample.report("annuaire-aides");
  }

  /** Nothing was found. */
  static Report clean() {
    return new SampleReports().report("vide");
  }

  /** Names and contents that would run, were they not escaped. */
  static Report hostile() {
    String attack = "</script></code><img src=x onerror=alert(1)>\"'`${7*7}&lt;<!--";
    SourceFile file = SourceFile.of("a/" + attack + "/Dockerfile", "USER root " + attack + "\n");
    SampleReports sample = new SampleReports();
    Requirement requirement =
        requirement("docker.rootless", Level.OBLIGATION, Visibility.DECIDABLE, attack, attack);
    Finding finding =
        sample.broken(
            requirement,
            file,
            attack,
            "docker/root-user",
            Severity.ERROR,
            attack + " › " + attack,
            "Le conteneur s’exécute en « {0} »",
            "The container runs as “{0}”");
    sample.verdict(
        requirement, Verdict.BROKEN, List.of(finding), List.of(new Evidence(file.all(), attack)));
    sample.suppress(
        sample.broken(
            null, file, "USER", "docker/named-user", Severity.INFO, attack, attack, attack),
        attack);
    sample.notChecked.add(new NotChecked(attack, 1, Text.same(attack)));
    sample.use(Text.same(attack), attack, ServiceUse.Standing.STAND_IN, attack, file);
    return sample.report(attack);
  }

  /** Many findings in many files. */
  static Report large(int findings) {
    SampleReports sample = new SampleReports();
    List<Severity> severities = List.of(Severity.values());
    for (int number = 0; number < findings; number++) {
      SourceFile file =
          number % 10 == 0 || sample.issues.isEmpty()
              ? SourceFile.of(
                  "deploy/service-" + number / 10 + "/deployment.yaml", DEPLOYMENT.text())
              : sample.issues.get(number - 1).finding().span().file();
      sample.broken(
          null,
          file,
          "memory: 512Mi",
          "kubernetes/problem-" + number % 40,
          severities.get(number % 3),
          "Deployment/api › containers[api] › resources.limits.memory",
          "La limite de 512Mi n’est pas égale à la demande de 256Mi (" + number + ")",
          "The limit of 512Mi is not equal to the request of 256Mi (" + number + ")");
    }
    return sample.report("tout-le-parc");
  }

  private static Requirement requirement(
      String id, Level level, Visibility visibility, String fr, String en) {
    return new Requirement(
        id,
        id.substring(0, id.indexOf('.')),
        List.of("1"),
        level,
        visibility,
        new Text(fr, en),
        new Text("", ""),
        "https://socialgouv.github.io/support/docs/standards/docker",
        java.util.Set.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private void verdict(
      Requirement requirement, Verdict verdict, List<Finding> findings, List<Evidence> evidence) {
    conformities.add(new Conformity(requirement, verdict, findings, List.of(), evidence, null));
  }

  private Finding broken(
      @Nullable Requirement requirement,
      SourceFile file,
      String at,
      String rule,
      Severity severity,
      String subject,
      String fr,
      String en) {
    RuleId id = new RuleId(rule);
    pages.putIfAbsent(
        id,
        new RulePage(
            id,
            severity,
            true,
            requirement == null ? null : requirement.id(),
            "2026.1",
            List.of(),
            new Text(fr, en),
            Map.of("problem", new Text("{0}", "{1}")),
            new Text("Écrire ce que le standard demande", "Write what the standards ask"),
            Map.of()));
    int start = file.text().lastIndexOf(at);
    Span span = file.span(start, start + at.length());
    Finding finding =
        new Finding(
            id,
            severity,
            span,
            subject,
            "problem",
            List.of(fr, en),
            List.of(),
            severity == Severity.ERROR
                ? new Fix(List.of(new TextEdit(span, "")), issues.size() % 2 == 0)
                : null);
    issues.add(
        new Issue(
            finding,
            "%016x".formatted(issues.size() + 1),
            file.path().contains("/prod/") ? Environment.PROD : Environment.UNKNOWN,
            null,
            false));
    return finding;
  }

  private void suppress(Finding finding, String reason) {
    issues.replaceAll(
        issue ->
            issue.finding() == finding
                ? new Issue(
                    finding,
                    issue.fingerprint(),
                    issue.environment(),
                    new Suppression(
                        finding.span(),
                        List.of(finding.rule().value()),
                        rule -> true,
                        each -> true,
                        reason,
                        LocalDate.of(2027, 3, 1),
                        false),
                    false)
                : issue);
  }

  private void use(
      Text need, String provider, ServiceUse.Standing standing, String shown, SourceFile file) {
    services.add(
        new ServiceUse(
            new ServiceUse.Need("need", need),
            provider,
            standing,
            false,
            shown,
            Environment.PROD,
            () -> file.span(0, 4)));
  }

  private Report report(String name) {
    Map<RuleId, RuleText> texts = new LinkedHashMap<>();
    Text why =
        new Text(
            "<p>Un processus qui échappe de son conteneur garde les droits qu’il y avait. <code>USER 1000</code> les lui ôte.</p>",
            "<p>A process that escapes from its container keeps the rights it had there. <code>USER 1000</code> takes them away.</p>");
    pages.keySet().forEach(id -> texts.put(id, new RuleText(why, why, "USER root", "USER 1000")));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      RulePages.writeTexts(texts, new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Report(
        name,
        FabriqueConfig.defaults(AS_OF),
        new RuleSet(
            "2026.1",
            List.of(),
            new RulePages(pages.values(), () -> new ByteArrayInputStream(bytes.toByteArray()))),
        issues,
        conformities,
        services,
        issues.stream().map(issue -> issue.finding().span().file().path()).distinct().toList(),
        notChecked,
        List.of());
  }
}
