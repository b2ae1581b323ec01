/** What is wrong with Compose projects. */
@NullMarked
package fr.gouv.social.fabrique.rules.compose;

import org.jspecify.annotations.NullMarked;
