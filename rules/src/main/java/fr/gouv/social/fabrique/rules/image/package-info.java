/** Rules on images, whatever names them: a Dockerfile, a Compose file or a manifest. */
@NullMarked
package fr.gouv.social.fabrique.rules.image;

import org.jspecify.annotations.NullMarked;
