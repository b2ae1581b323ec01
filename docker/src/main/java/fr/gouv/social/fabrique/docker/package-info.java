/** A Docker engine, asked through docker-java. */
@NullMarked
package fr.gouv.social.fabrique.docker;

import org.jspecify.annotations.NullMarked;
