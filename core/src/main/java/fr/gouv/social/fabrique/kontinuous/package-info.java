/**
 * The values that kontinuous deploys: what teams write under {@code .kontinuous}, merged for each
 * environment, with the defaults that the toolchain adds. Semantics: SocialGouv/kontinuous, {@code
 * packages/kontinuous/src/build/load-dependencies} and the charts of the plugins {@code contrib}
 * and {@code fabrique}.
 */
@NullMarked
package fr.gouv.social.fabrique.kontinuous;

import org.jspecify.annotations.NullMarked;
