/** What the command line and the Maven plugin do alike around a check. */
@NullMarked
package fr.gouv.social.fabrique.run;

import org.jspecify.annotations.NullMarked;
