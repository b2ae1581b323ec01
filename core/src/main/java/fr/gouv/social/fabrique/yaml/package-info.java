/** YAML as an immutable tree of nodes that know where they are written. */
@NullMarked
package fr.gouv.social.fabrique.yaml;

import org.jspecify.annotations.NullMarked;
