/** All of one repository, linked, and the subjects that cross formats. */
@NullMarked
package fr.gouv.social.fabrique.project;

import org.jspecify.annotations.NullMarked;
