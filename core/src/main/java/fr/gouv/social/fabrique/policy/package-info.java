/**
 * The rules that a team writes itself, in Jakarta EL. Expressly reads an expression; here it is
 * checked against the table of the model and turned into functions. Nothing is evaluated by
 * Expressly, and nothing is found by reflection: what the table does not name does not exist.
 */
@NullMarked
package fr.gouv.social.fabrique.policy;

import org.jspecify.annotations.NullMarked;
