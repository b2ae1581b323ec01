/** Dockerfiles, read as BuildKit reads them, with the place of everything. */
@NullMarked
package fr.gouv.social.fabrique.dockerfile;

import org.jspecify.annotations.NullMarked;
