/** What a rule is, what it reports, and the page that documents it. */
@NullMarked
package fr.gouv.social.fabrique.rule;

import org.jspecify.annotations.NullMarked;
