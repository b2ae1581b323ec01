package fr.gouv.social.fabrique.rules.service;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the pages of a product load from elsewhere. */
final class WebPages {
  /** Larger pages are generated, and so are pages beyond that many. */
  private static final long LARGEST = 200_000;

  private static final int MOST = 300;

  private static final Pattern PAGE =
      Pattern.compile("(?i).*\\.(?:html?|ejs|hbs|twig|jinja2?|njk)");
  private static final Pattern ASIDE =
      Pattern.compile(
          "(?i)(?:.*/)?(?:tests?|__tests__|e2e|fixtures?|mocks?|coverage|docs?|examples?|storybook-static|\\.storybook)/.*");

  private static final Pattern TAG =
      Pattern.compile("<(script|link)\\b([^<>]{1,2000})>", Pattern.CASE_INSENSITIVE);

  /** What no browser sees: comments of HTML, Twig and Jinja, EJS, Handlebars. */
  private static final Map<String, String> COMMENTS =
      Map.of("<!--", "-->", "{#", "#}", "<%#", "%>", "{{!--", "--}}");

  private static final Pattern COMMENT = Pattern.compile("<!--|(?<!\\{)\\{#|<%#|\\{\\{!--");

  private static final Pattern SOURCE =
      Pattern.compile(
          "\\b(?:src|href)\\s*=\\s*[\"']((?:https?:)?//([\\w.-]+)[^\"']*)[\"']",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern HEAD = Pattern.compile("<head\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern OWN =
      Pattern.compile("\\bsrc\\s*=\\s*[\"'][^\"':]+[\"']", Pattern.CASE_INSENSITIVE);
  private static final Pattern STYLE =
      Pattern.compile(
          "\\brel\\s*=\\s*[\"']?(?:stylesheet|preload|modulepreload)", Pattern.CASE_INSENSITIVE);
  private static final Pattern INTEGRITY =
      Pattern.compile("\\bintegrity\\s*=", Pattern.CASE_INSENSITIVE);

  /** What makes pages of programs: no file of theirs says all that a page loads. */
  private static final Pattern FRAMEWORK =
      Pattern.compile(
          "\"(?:next|nuxt|react-dom|vue|@angular/core|svelte|astro|gatsby|preact|solid-js|expo)\"\\s*:\\s*\"[\\^~<>=*vx\\dclw]");

  private static final Pattern MANIFEST = Pattern.compile("(?:[^/]+/){0,3}package\\.json");

  static final Rule<Project> EXTERNAL_SCRIPT =
      rule("service/external-script", Project.class, WebPages::external);

  static final List<Rule<?>> ALL = List.of(EXTERNAL_SCRIPT);

  private WebPages() {}

  private static void external(Project project, RuleContext context) {
    int read = 0;
    for (SourceEntry entry : project.tree().entries()) {
      String path = entry.path();
      if (MANIFEST.matcher(path).matches()
          && entry.size() <= LARGEST
          && entry.problem() == null
          && FRAMEWORK.matcher(entry.file().text()).find()) {
        context.concerns();
      }
      if (!PAGE.matcher(path).matches()
          || ASIDE.matcher(path).matches()
          || entry.size() > LARGEST
          || entry.problem() != null) {
        continue;
      }
      if (read++ == MOST) {
        return;
      }
      check(entry.file(), context);
    }
  }

  private static void check(SourceFile page, RuleContext context) {
    if (!hasTags(page.text())) {
      return;
    }
    String text = withoutComments(page.text());
    Matcher tag = TAG.matcher(text);
    Matcher head = HEAD.matcher(text);
    Span own = head.find() ? page.span(head.start(), head.end()) : null;
    boolean found = false;
    while (tag.find()) {
      boolean script = tag.group(1).equalsIgnoreCase("script");
      Matcher source = SOURCE.matcher(tag.group(2));
      if (!source.find()) {
        if (own == null && script && OWN.matcher(tag.group(2)).find()) {
          own = page.span(tag.start(), tag.end());
        }
        continue;
      }
      if (!script && !STYLE.matcher(tag.group(2)).find()) {
        continue;
      }
      String host = source.group(2).toLowerCase(Locale.ROOT);
      // The State's own sites, and whoever the hash of the file vouches for.
      if (!host.equals("gouv.fr")
          && !host.endsWith(".gouv.fr")
          && !ServiceInventory.LOCAL.matcher(host).matches()
          && !INTEGRITY.matcher(tag.group(2)).find()) {
        int start = tag.start(2);
        found = true;
        context.report(page.span(start + source.start(1), start + source.end(1)), "external", host);
      }
    }
    if (own != null && !found) {
      context.keep(own);
    }
  }

  /** Whether any tag that counts may be there: most templates are parts of pages without one. */
  private static boolean hasTags(String text) {
    for (int at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
      if (text.regionMatches(true, at + 1, "script", 0, 6)
          || text.regionMatches(true, at + 1, "link", 0, 4)
          || text.regionMatches(true, at + 1, "head", 0, 4)) {
        return true;
      }
    }
    return false;
  }

  /** The text with blanks in the place of comments; what nothing closes is none. */
  private static String withoutComments(String text) {
    StringBuilder seen = new StringBuilder(text);
    Set<String> unclosed = new HashSet<>();
    Matcher opening = COMMENT.matcher(text);
    int from = 0;
    while (opening.find(from)) {
      String closing = COMMENTS.getOrDefault(opening.group(), "");
      int end = unclosed.contains(closing) ? -1 : text.indexOf(closing, opening.end());
      if (end < 0) {
        unclosed.add(closing);
      }
      from = end < 0 ? opening.end() : end + closing.length();
      for (int i = opening.start(); end >= 0 && i < from; i++) {
        seen.setCharAt(i, ' ');
      }
    }
    return seen.toString();
  }
}
