/** The published standards as data, and whether a repository keeps them. */
@NullMarked
package fr.gouv.social.fabrique.standard;

import org.jspecify.annotations.NullMarked;
