package fr.gouv.social.fabrique.cli;

import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.policy.ModelReference;
import fr.gouv.social.fabrique.policy.Policy;
import fr.gouv.social.fabrique.policy.Subject;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.Policies;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Repository;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fabrique policy}. */
@Command(name = "policy", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class PolicyCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return Terminal.REFUSED;
  }

  /** {@code fabrique policy test}. */
  @Command(name = "test", mixinStandardHelpOptions = true)
  static final class Test extends LocalCommand {
    @Parameters(arity = "0..*", paramLabel = "FILE", descriptionKey = "policy.files")
    List<String> files = new ArrayList<>();

    @Option(names = "--config", paramLabel = "FILE", descriptionKey = "config")
    @Nullable String config;

    @Option(names = "--as-of", paramLabel = "DATE", descriptionKey = "as-of")
    @Nullable String asOf;

    Test(Terminal terminal) {
      super(terminal);
    }

    @Override
    int run() throws Refusal {
      LocalDate date = Repository.date(FACE, asOf);
      RulePages known = BuiltInRules.load().pages();
      Path root = Run.root(Path.of(files.isEmpty() ? "." : files.get(0)));
      List<Policy> policies =
          files.isEmpty()
              ? Policies.configured(known, root, config == null ? null : Path.of(config))
              : Policies.read(known, root, files.stream().map(Path::of).toList());
      if (policies.isEmpty()) {
        throw new Refusal(
            new Text(
                "la configuration ne nomme aucune politique (policies: [\"policies/*.yaml\"])",
                "the configuration names no policy (policies: [\"policies/*.yaml\"])"));
      }
      return say(
          policies, Policies.test(policies, date == null ? LocalDate.now() : date), spoken());
    }

    private int say(List<Policy> policies, List<Policies.Outcome> outcomes, Language spoken) {
      boolean french = spoken == Language.FR;
      StringBuilder out = new StringBuilder();
      int failures = 0;
      for (Policy policy : policies) {
        List<Policies.Outcome> own =
            outcomes.stream().filter(each -> each.policy() == policy).toList();
        List<Policies.Outcome> failed = own.stream().filter(each -> !each.passes()).toList();
        boolean bad = own.stream().anyMatch(each -> each.example().bad());
        boolean good = own.stream().anyMatch(each -> !each.example().bad());
        boolean fine = failed.isEmpty() && bad && good;
        failures += fine ? 0 : 1;
        out.append(fine ? "✔ " : "✖ ").append(policy.page().id());
        out.append(" (").append(own.size() - failed.size()).append('/').append(own.size());
        out.append(french ? " exemples)\n" : " examples)\n");
        if (!bad || !good) {
          out.append("  ").append(policy.span()).append(french ? " : " : ": ");
          out.append(
              bad
                  ? french ? "il manque un exemple good" : "there is no good example"
                  : french ? "il manque un exemple bad" : "there is no bad example");
          out.append('\n');
        }
        for (Policies.Outcome outcome : failed) {
          out.append("  ").append(outcome.example().span()).append(french ? " : " : ": ");
          out.append(french ? "attendu " : "expected ").append(expected(outcome, french));
          out.append(french ? ", trouvé " : ", found ");
          out.append(
              outcome.found().isEmpty()
                  ? french ? "rien" : "nothing"
                  : String.join(", ", outcome.found()));
          out.append('\n');
        }
      }
      boolean one = policies.size() == 1;
      out.append(policies.size());
      out.append(
          french ? one ? " politique, " : " politiques, " : one ? " policy, " : " policies, ");
      out.append(failures).append(french ? " en échec\n" : " failing\n");
      terminal.out().print(out);
      return failures == 0 ? Terminal.FINE : Terminal.VIOLATIONS;
    }

    private static String expected(Policies.Outcome outcome, boolean french) {
      if (!outcome.example().bad()) {
        return french ? "rien" : "nothing";
      }
      return outcome.expected().isEmpty()
          ? french ? "un constat" : "a finding"
          : String.join(", ", outcome.expected());
    }
  }

  /** {@code fabrique policy eval}. */
  @Command(name = "eval", mixinStandardHelpOptions = true)
  static final class Eval extends LocalCommand {
    @Parameters(index = "0", paramLabel = "EXPR", descriptionKey = "policy.expression")
    String expression = "";

    @Parameters(index = "1", paramLabel = "FILE", descriptionKey = "policy.file")
    String file = "";

    @Option(names = "--subject", paramLabel = "SUBJECT", descriptionKey = "policy.subject")
    @Nullable String subject;

    @Option(names = "--as-of", paramLabel = "DATE", descriptionKey = "as-of")
    @Nullable String asOf;

    Eval(Terminal terminal) {
      super(terminal);
    }

    @Override
    int run() throws Refusal {
      LocalDate date = Repository.date(FACE, asOf);
      Path place = Path.of(file);
      Subject about = subject();
      // The environments of the configuration count; what else it says does not.
      FabriqueConfig config =
          Run.decided(
                  Run.root(place), null, BuiltInRules.load(), date == null ? LocalDate.now() : date)
              .config();
      StringBuilder out = new StringBuilder();
      for (Map.Entry<Subject, List<Policies.Value>> each :
          Policies.eval(expression, about, place, date == null ? config : config.withAsOf(date))
              .entrySet()) {
        out.append(each.getKey()).append('\n');
        for (Policies.Value value : each.getValue()) {
          out.append("  ").append(value.at()).append("  ");
          out.append(value.label()).append(value.label().isEmpty() ? "" : "  ");
          out.append(value.value()).append('\n');
        }
      }
      terminal.out().print(out);
      return Terminal.FINE;
    }

    private @Nullable Subject subject() throws Refusal {
      if (subject == null) {
        return null;
      }
      Subject found = Subject.of(subject);
      if (found == null) {
        List<String> known = Arrays.stream(Subject.values()).map(Subject::toString).toList();
        String meant = Spelling.nearest(subject, known);
        String all = " (" + String.join(", ", known) + ")";
        throw new Refusal(
            new Text(
                "le sujet « "
                    + subject
                    + " » n'existe pas"
                    + (meant == null ? all : " ; vouliez-vous « " + meant + " » ?"),
                "there is no subject “"
                    + subject
                    + "”"
                    + (meant == null ? all : "; did you mean “" + meant + "”?")));
      }
      return found;
    }
  }

  /** {@code fabrique policy model}. */
  @Command(name = "model", mixinStandardHelpOptions = true)
  static final class Model extends LocalCommand {
    Model(Terminal terminal) {
      super(terminal);
    }

    @Override
    int run() {
      terminal.out().print(ModelReference.markdown(spoken()));
      return Terminal.FINE;
    }
  }
}
