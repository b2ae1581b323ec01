/** Rules on secrets, and what gives one away. */
@NullMarked
package fr.gouv.social.fabrique.rules.secret;

import org.jspecify.annotations.NullMarked;
