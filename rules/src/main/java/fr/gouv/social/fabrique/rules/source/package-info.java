/** Rules over files as such: what cannot be read, broken YAML, suppressions. */
@NullMarked
package fr.gouv.social.fabrique.rules.source;

import org.jspecify.annotations.NullMarked;
