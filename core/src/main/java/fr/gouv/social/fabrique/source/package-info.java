/** Files, places in them, and the walk over a repository. */
@NullMarked
package fr.gouv.social.fabrique.source;

import org.jspecify.annotations.NullMarked;
