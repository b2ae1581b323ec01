/** The rules about Kubernetes manifests. */
@NullMarked
package fr.gouv.social.fabrique.rules.kubernetes;

import org.jspecify.annotations.NullMarked;
