package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.Language;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * JUnit's XML as Surefire writes and Jenkins reads it: a suite for each file that was checked, a
 * case for each rule that found something in it, a failure for each issue that makes the run fail;
 * graver ones alone fail, the others are told in the output of their case.
 */
public final class JunitFormat implements ReportFormat {
  @Override
  public String name() {
    return "junit";
  }

  @Override
  public void write(Report report, Language language, Appendable out) throws IOException {
    Map<String, Map<RuleId, List<Issue>>> files = new TreeMap<>();
    report.checked().forEach(path -> files.put(path, new TreeMap<>()));
    for (Issue issue : report.active()) {
      Finding finding = issue.finding();
      files
          .computeIfAbsent(finding.span().file().path(), path -> new TreeMap<>())
          .computeIfAbsent(finding.rule(), rule -> new ArrayList<>())
          .add(issue);
    }
    int tests = 0;
    int failures = 0;
    for (Map<RuleId, List<Issue>> rules : files.values()) {
      tests += Math.max(1, rules.size());
      failures += failures(report, rules);
    }
    out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"fabrique\" tests=\"")
        .append(tests + "\" failures=\"" + failures + "\" errors=\"0\" time=\"0\">\n");
    for (Map.Entry<String, Map<RuleId, List<Issue>>> file : files.entrySet()) {
      suite(report, file.getKey(), file.getValue(), language, out);
    }
    out.append("</testsuites>\n");
  }

  private static int failures(Report report, Map<RuleId, List<Issue>> rules) {
    return (int)
        rules.values().stream()
            .filter(issues -> issues.stream().anyMatch(issue -> fails(report, issue)))
            .count();
  }

  private static boolean fails(Report report, Issue issue) {
    Severity threshold = report.config().failOn();
    return threshold != null && issue.severity().atLeast(threshold);
  }

  private static void suite(
      Report report, String path, Map<RuleId, List<Issue>> rules, Language language, Appendable out)
      throws IOException {
    String name = Wording.xml(path);
    out.append("  <testsuite name=\"" + name + "\" tests=\"" + Math.max(1, rules.size()))
        .append("\" failures=\"" + failures(report, rules) + "\" errors=\"0\" skipped=\"0\"")
        .append(" time=\"0\" timestamp=\"" + report.config().asOf() + "T00:00:00\">\n");
    if (rules.isEmpty()) {
      out.append("    <testcase classname=\"" + name + "\" name=\"fabrique\" time=\"0\"/>\n");
    }
    for (Map.Entry<RuleId, List<Issue>> rule : rules.entrySet()) {
      out.append("    <testcase classname=\"" + name + "\" name=\"")
          .append(Wording.xml(rule.getKey().value()))
          .append("\" time=\"0\">\n");
      StringBuilder told = new StringBuilder();
      for (Issue issue : rule.getValue()) {
        Finding finding = issue.finding();
        String message = Wording.message(report, finding, language);
        String text = Wording.xml(finding.span() + ": " + message);
        if (fails(report, issue)) {
          out.append("      <failure type=\"" + Wording.name(issue.severity()) + "\" message=\"")
              .append(Wording.xml(message))
              .append("\">" + text + "</failure>\n");
        } else {
          told.append(text).append('\n');
        }
      }
      if (!told.isEmpty()) {
        out.append("      <system-out>").append(told).append("</system-out>\n");
      }
      out.append("    </testcase>\n");
    }
    out.append("  </testsuite>\n");
  }
}
