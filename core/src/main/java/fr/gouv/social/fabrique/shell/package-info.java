/** The commands inside a POSIX or bash script, as a tree and as a flat list, with exact places. */
@NullMarked
package fr.gouv.social.fabrique.shell;

import org.jspecify.annotations.NullMarked;
