/**
 * Kubernetes manifests: objects, workloads, containers as views over YAML, and the graph they form.
 */
@NullMarked
package fr.gouv.social.fabrique.kubernetes;

import org.jspecify.annotations.NullMarked;
