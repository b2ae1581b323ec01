/** Rules on a repository as a whole. */
@NullMarked
package fr.gouv.social.fabrique.rules.project;

import org.jspecify.annotations.NullMarked;
