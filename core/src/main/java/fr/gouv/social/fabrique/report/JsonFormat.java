package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Defect;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.NotChecked;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.engine.Suppression;
import fr.gouv.social.fabrique.project.ServiceUse;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.Fix;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Attestation;
import fr.gouv.social.fabrique.standard.Conformity;
import fr.gouv.social.fabrique.standard.Requirement;
import java.io.IOException;
import java.time.LocalDate;
import java.util.IdentityHashMap;
import java.util.Map;

/** The whole report for programs, in our own schema ({@code docs/report.schema.json}). */
public final class JsonFormat implements ReportFormat {
  /** Grows when a member changes its meaning or goes; new members come without notice. */
  private static final int SCHEMA = 1;

  @Override
  public String name() {
    return "json";
  }

  @Override
  public void write(Report report, Language language, Appendable out) throws IOException {
    JsonWriter json = new JsonWriter(out);
    json.beginObject().member("schema", SCHEMA);
    json.name("tool")
        .beginObject()
        .member("name", "fabrique")
        .member("version", Wording.version())
        .member("ruleset", report.rules().version())
        .endObject();
    Severity failOn = report.config().failOn();
    json.member("name", report.name())
        .member("language", language == Language.FR ? "fr" : "en")
        .member("asOf", report.config().asOf().toString())
        .member("failOn", failOn == null ? "never" : Wording.name(failOn))
        .member("failed", report.fails())
        .member("complete", report.defects().isEmpty());
    json.name("summary").beginObject();
    for (Severity severity : Severity.values()) {
      json.member(Wording.name(severity), report.count(severity));
    }
    json.member(
            "suppressed",
            report.issues().stream().filter(issue -> issue.suppression() != null).count())
        .member(
            "baseline",
            report.issues().stream()
                .filter(issue -> issue.suppression() == null && issue.baseline())
                .count())
        .member("checked", report.checked().size())
        .member("notChecked", report.notChecked().size())
        .endObject();

    Map<Finding, String> fingerprints = new IdentityHashMap<>();
    json.name("issues").beginArray();
    for (Issue issue : report.issues()) {
      fingerprints.put(issue.finding(), issue.fingerprint());
      issue(report, issue, language, json);
    }
    json.endArray();

    json.name("conformity").beginArray();
    for (Conformity conformity : report.conformity()) {
      conformity(conformity, fingerprints, report.config().asOf(), language, json);
    }
    json.endArray();

    json.name("services").beginArray();
    for (ServiceUse use : report.services()) {
      json.beginObject()
          .member("need", use.need().key())
          .member("title", use.need().title().in(language))
          .member("provider", use.provider())
          .member("standing", Wording.key(use.standing()))
          .member("hosted", use.hosted())
          .member("shown", use.shown())
          .member("environment", Wording.key(use.environment()));
      place(use.span(), json);
      json.member("label", use.label().isEmpty() ? null : use.label()).endObject();
    }
    json.endArray();

    json.member("checked", report.checked());
    json.name("notChecked").beginArray();
    for (NotChecked each : report.notChecked()) {
      json.beginObject().member("path", each.path());
      if (each.line() > 0) {
        json.member("line", each.line());
      }
      json.member("reason", each.reason().in(language)).endObject();
    }
    json.endArray();
    json.member("defects", report.defects().stream().map(Defect::what).toList());
    json.endObject().end();
  }

  private static void issue(Report report, Issue issue, Language language, JsonWriter json)
      throws IOException {
    Finding finding = issue.finding();
    RulePage page = Wording.page(report, finding);
    json.beginObject()
        .member("rule", finding.rule().value())
        .member("severity", Wording.name(issue.severity()))
        .member("message", Wording.message(report, finding, language));
    place(finding.span(), json);
    if (!finding.subject().isEmpty()) {
      json.member("subject", finding.subject());
    }
    json.member("requirement", page.requirement())
        .member("environment", Wording.key(issue.environment()))
        .member("fingerprint", issue.fingerprint())
        .member("active", issue.isActive())
        .member("baseline", issue.baseline());
    Suppression suppression = issue.suppression();
    if (suppression != null) {
      json.name("suppression").beginObject();
      place(suppression.span(), json);
      json.member("reason", suppression.reason());
      if (suppression.until() != null) {
        json.member("until", suppression.until().toString());
      }
      json.endObject();
    }
    if (!finding.related().isEmpty()) {
      json.name("related").beginArray();
      for (Finding.Related related : finding.related()) {
        json.beginObject();
        place(related.span(), json);
        if (related.why() != null) {
          json.member("why", related.why().in(language));
        }
        json.endObject();
      }
      json.endArray();
    }
    Fix fix = finding.fix();
    if (fix != null) {
      Text title = page.fix();
      json.name("fix")
          .beginObject()
          .member("title", title == null ? null : title.in(language))
          .member("safe", fix.safe());
      json.name("edits").beginArray();
      for (TextEdit edit : fix.edits()) {
        json.beginObject();
        place(edit.span(), json);
        json.member("replacement", edit.replacement()).endObject();
      }
      json.endArray().endObject();
    }
    json.endObject();
  }

  private static void place(Span span, JsonWriter json) throws IOException {
    json.member("path", span.file().path());
    json.name("start")
        .beginObject()
        .member("line", span.line())
        .member("column", span.column())
        .member("offset", span.start())
        .endObject();
    json.name("end")
        .beginObject()
        .member("line", span.endLine())
        .member("column", span.endColumn())
        .member("offset", span.end())
        .endObject();
  }

  private static void conformity(
      Conformity conformity,
      Map<Finding, String> fingerprints,
      LocalDate asOf,
      Language language,
      JsonWriter json)
      throws IOException {
    Requirement requirement = conformity.requirement();
    json.beginObject()
        .member("requirement", requirement.id())
        .member("page", requirement.page())
        .member("level", Wording.key(requirement.level()))
        .member("visibility", Wording.key(requirement.visibility()))
        .member("title", requirement.title().in(language))
        .member("url", requirement.url())
        .member("verdict", Wording.key(conformity.verdict()));
    json.name("findings").beginArray();
    for (Finding finding : conformity.findings()) {
      json.value(fingerprints.getOrDefault(finding, ""));
    }
    json.endArray();
    json.name("excepted").beginArray();
    for (Finding finding : conformity.excepted()) {
      json.value(fingerprints.getOrDefault(finding, ""));
    }
    json.endArray();
    json.name("evidence").beginArray();
    for (Conformity.Evidence evidence : conformity.evidence()) {
      json.beginObject();
      place(evidence.span(), json);
      json.member("label", evidence.label().isEmpty() ? null : evidence.label()).endObject();
    }
    json.endArray();
    Attestation attestation = conformity.attestation();
    if (attestation != null) {
      json.name("attestation")
          .beginObject()
          .member("by", attestation.by())
          .member("on", attestation.on().toString())
          .member("until", attestation.until() == null ? null : attestation.until().toString())
          .member("evidence", attestation.evidence())
          .member("counts", attestation.counts(asOf));
      place(attestation.span(), json);
      json.endObject();
    }
    json.endObject();
  }
}
