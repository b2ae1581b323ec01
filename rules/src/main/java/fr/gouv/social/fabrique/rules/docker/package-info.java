/** Rules on Dockerfiles: what BuildKit would say of them, and what the standard asks of images. */
@NullMarked
package fr.gouv.social.fabrique.rules.docker;

import org.jspecify.annotations.NullMarked;
