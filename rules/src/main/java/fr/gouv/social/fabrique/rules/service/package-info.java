/** Rules on what a product exposes, and on the services of others that it uses. */
@NullMarked
package fr.gouv.social.fabrique.rules.service;

import org.jspecify.annotations.NullMarked;
