/** Rules on databases, whatever runs them. */
@NullMarked
package fr.gouv.social.fabrique.rules.database;

import org.jspecify.annotations.NullMarked;
