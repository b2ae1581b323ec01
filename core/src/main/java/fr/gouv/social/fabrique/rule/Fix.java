package fr.gouv.social.fabrique.rule;

import java.util.List;

/**
 * A change that mends a finding. Its title is the {@code fix} of the rule's page.
 *
 * @param edits do not overlap
 * @param safe whether the meaning of the file stays the same but for the defect, so that it may be
 *     applied unseen
 */
public record Fix(List<TextEdit> edits, boolean safe) {
  public Fix {
    edits = List.copyOf(edits);
  }
}
