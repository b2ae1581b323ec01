package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.policy.Type.Member;
import fr.gouv.social.fabrique.source.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The reference of what expressions may name, written from the table that they are checked with.
 */
public final class ModelReference {
  private final Language language;
  private final StringBuilder out = new StringBuilder();

  private ModelReference(Language language) {
    this.language = language;
  }

  /** The whole reference in Markdown. */
  public static String markdown(Language language) {
    return new ModelReference(language).write();
  }

  private String say(String fr, String en) {
    return language == Language.FR ? fr : en;
  }

  private String write() {
    out.append("# ")
        .append(say("Le modèle des politiques", "The model of policies"))
        .append("\n\n");
    out.append(
            say(
                "Tout ce qu'une expression peut nommer, et rien d'autre. Écrit par `fabrique policy model`"
                    + " à partir du code.",
                "All that an expression may name, and nothing else. Written by `fabrique policy model`"
                    + " from the code."))
        .append("\n\n");
    out.append("## ").append(say("Sujets", "Subjects")).append("\n\n");
    row(
        say("sujet", "subject"),
        say("variable", "variable"),
        say("type", "type"),
        say("ce que c'est", "what it is"));
    row("---", "---", "---", "---");
    for (Subject each : Subject.values()) {
      row(
          "`" + each + "`",
          "`" + each.variable() + "`",
          link(each.type()),
          each.type().text().in(language));
    }
    out.append('\n')
        .append(say("À côté du sujet, partout :", "Beside the subject, everywhere:"))
        .append("\n\n");
    Map<String, Member> variables =
        Subject.KUBERNETES_CONTAINER.variables(Parameters.type(Map.of()));
    List<Member> common = new ArrayList<>(variables.values());
    common.removeIf(each -> each.name().equals(Subject.KUBERNETES_CONTAINER.variable()));
    table(common);
    section(say("Fonctions", "Functions"), "", Functions.ALL.values());
    for (Type type : Model.ALL) {
      section("`" + type.name() + "`", type.text().in(language), type.members().values());
    }
    section(say("Textes", "Texts"), "", Type.TEXT.members().values());
    Type any = Type.list(Type.ANY);
    section(
        say("Listes", "Lists"),
        say(
            "`list[0]` est le premier élément. Une condition que l'on ne peut connaître pour un élément laisse"
                + " le résultat inconnu, sauf si les autres décident.",
            "`list[0]` is the first element. A condition that cannot be known for one element leaves the"
                + " result unknown, unless the others decide."),
        any.members().values());
    section(
        say("Ce qui termine un flux", "What ends a stream"),
        say(
            "`list.stream()` a les opérations des listes ; comme en Jakarta EL, ce qui le termine est optionnel.",
            "`list.stream()` has the operations of lists; as in Jakarta EL, what ends it is optional."),
        Type.optional(Type.ANY).members().values());
    section(
        "Maps",
        say(
            "`map['clé']` ou `map.clé` est la valeur d'une clé, rien si elle n'y est pas.",
            "`map['key']` or `map.key` is the value of a key, nothing where it is not there."),
        Type.map(Type.ANY).members().values());
    out.append("\n## yaml\n\n")
        .append(Type.ANY.text().in(language))
        .append(
            say(
                ". Toute clé peut être nommée ; ce qui n'est pas écrit n'est rien, et ce qui n'est pas de la"
                    + " sorte attendue est inconnu.\n",
                ". Any key may be named; what is not written is nothing, and what is not of the kind that is"
                    + " expected is unknown.\n"));
    return out.toString();
  }

  private void section(String title, String text, Iterable<Member> members) {
    out.append("\n## ").append(title).append("\n\n");
    if (!text.isEmpty()) {
      out.append(text.substring(0, 1).toUpperCase(java.util.Locale.ROOT))
          .append(text.substring(1))
          .append(text.endsWith(".") ? "\n\n" : ".\n\n");
    }
    table(members);
  }

  private void table(Iterable<Member> members) {
    if (!members.iterator().hasNext()) {
      return;
    }
    row(say("nom", "name"), say("donne", "gives"), "");
    row("---", "---", "---");
    for (Member each : members) {
      row("`" + Compiler.signature(each) + "`", gives(each), each.text().in(language));
    }
  }

  private String gives(Member member) {
    List<Type> arguments = new ArrayList<>();
    if (member.parameters() != null) {
      // What a lambda or a start value makes of anything is anything.
      member.parameters().forEach(each -> arguments.add(Type.ANY));
    }
    return link(member.result().apply(arguments));
  }

  private String link(Type type) {
    Type element = type.element();
    return switch (type.kind()) {
      case LIST -> say("liste de ", "list of ") + link(element);
      case STREAM -> say("flux de ", "stream of ") + link(element);
      case MAP -> say("map de ", "map of ") + link(element);
      case OPTIONAL -> say("optionnel ", "optional ") + link(element);
      case OBJECT ->
          Model.ALL.contains(type) ? "[" + type.name() + "](#" + type.name() + ")" : type.name();
      default -> type.name();
    };
  }

  private void row(String... cells) {
    out.append('|');
    for (String cell : cells) {
      out.append(' ').append(cell.replace("|", "\\|")).append(" |");
    }
    out.append('\n');
  }
}
