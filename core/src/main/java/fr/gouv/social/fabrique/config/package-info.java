/** What a team decides: settings, exceptions with their reasons, environments. */
@NullMarked
package fr.gouv.social.fabrique.config;

import org.jspecify.annotations.NullMarked;
