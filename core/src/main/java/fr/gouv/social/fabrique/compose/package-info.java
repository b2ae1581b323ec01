/**
 * Compose files, loaded as {@code docker compose} loads them (compose-spec/compose-go, package
 * {@code loader}), with the place of every value.
 */
@NullMarked
package fr.gouv.social.fabrique.compose;

import org.jspecify.annotations.NullMarked;
