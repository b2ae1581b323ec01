/** The rules about what kontinuous deploys. */
@NullMarked
package fr.gouv.social.fabrique.rules.kontinuous;

import org.jspecify.annotations.NullMarked;
