/** The command line. */
@NullMarked
package fr.gouv.social.fabrique.cli;

import org.jspecify.annotations.NullMarked;
