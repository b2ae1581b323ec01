/** What the build of the rules runs: pages to an index, data to resources. Never shipped. */
@NullMarked
package fr.gouv.social.fabrique.build;

import org.jspecify.annotations.NullMarked;
