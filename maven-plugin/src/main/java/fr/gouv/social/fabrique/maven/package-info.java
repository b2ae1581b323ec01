/** The Maven plugin. */
@NullMarked
package fr.gouv.social.fabrique.maven;

import org.jspecify.annotations.NullMarked;
