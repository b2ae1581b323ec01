/**
 * What the field knows: which images are official, what they are built on, how long products are
 * supported. Read from {@code rules/data} when first asked for; {@code docs/facts.md} says how to
 * refresh it.
 */
@NullMarked
package fr.gouv.social.fabrique.rules.facts;

import org.jspecify.annotations.NullMarked;
