/** The standard and the built-in rules. */
@NullMarked
package fr.gouv.social.fabrique.rules;

import org.jspecify.annotations.NullMarked;
