package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.project.ShellRemark;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.rules.facts.ImageSystems;
import fr.gouv.social.fabrique.shell.Interpreter;
import java.util.List;
import java.util.Set;

/** What shellcheck says of scripts, when it is asked. */
final class ShellRemarks {
  /** What is not in POSIX: 3001 to 3999. */
  private static final int FIRST_BEYOND_POSIX = 3000;

  private static final int LAST_BEYOND_POSIX = 3999;

  /** Parse errors, of which {@code docker/shell-syntax} speaks too. */
  private static final int LAST_OF_SYNTAX = 1999;

  /**
   * What the shell of Alpine knows though POSIX does not: {@code $'…'}, {@code [[}, {@code ==},
   * {@code -nt}, {@code &>}, {@code echo -e}, {@code pipefail}, {@code local}, {@code read -p},
   * {@code ${x:0:1}}, {@code ${x/a/b}}.
   */
  private static final Set<Integer> KNOWN_TO_ASH =
      Set.of(3003, 3010, 3013, 3014, 3020, 3036, 3037, 3040, 3043, 3045, 3057, 3060);

  static final Rule<ShellRemark> SHELLCHECK =
      rule("docker/shellcheck", ShellRemark.class, ShellRemarks::report);

  static final List<Rule<?>> ALL = List.of(SHELLCHECK);

  private ShellRemarks() {}

  private static void report(ShellRemark remark, RuleContext context) {
    boolean syntax = remark.code() <= LAST_OF_SYNTAX && remark.level().equals("error");
    if (isBeyondPosix(remark.code()) && !isMissing(remark)
        || syntax && !remark.script().script().problems().isEmpty()) {
      return;
    }
    Severity severity =
        switch (remark.level()) {
          case "error" -> Severity.ERROR;
          case "warning" -> Severity.WARNING;
          default -> Severity.INFO;
        };
    context
        .report(remark, "remark", "SC" + remark.code(), remark.message(), remark.level())
        .atMost(severity);
  }

  private static boolean isBeyondPosix(int code) {
    return FIRST_BEYOND_POSIX <= code && code <= LAST_BEYOND_POSIX;
  }

  /** Whether the shell of the image is known to lack it: {@code /bin/sh} is bash on some. */
  private static boolean isMissing(ShellRemark remark) {
    if (remark.interpreter().kind() != Interpreter.Kind.POSIX_SH
        || remark.interpreter().name().equals("dash")) {
      return true;
    }
    String system = Scripts.system(remark.script().stage());
    return ImageSystems.ALPINE.equals(system) && !KNOWN_TO_ASH.contains(remark.code())
        || ImageSystems.DEBIAN.equals(system)
        || ImageSystems.UBUNTU.equals(system);
  }
}
