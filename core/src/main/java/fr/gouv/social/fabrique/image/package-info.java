/** Images as a container engine has them: what was really built. */
@NullMarked
package fr.gouv.social.fabrique.image;

import org.jspecify.annotations.NullMarked;
