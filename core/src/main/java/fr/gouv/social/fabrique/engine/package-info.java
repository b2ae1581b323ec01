/** The one entry point: a repository in, a report out. */
@NullMarked
package fr.gouv.social.fabrique.engine;

import org.jspecify.annotations.NullMarked;
