/** What a YAML tree may hold: schemas in a small text form, and the walk that checks a tree. */
@NullMarked
package fr.gouv.social.fabrique.schema;

import org.jspecify.annotations.NullMarked;
