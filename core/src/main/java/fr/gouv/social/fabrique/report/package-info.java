/** The forms in which a report is written. */
@NullMarked
package fr.gouv.social.fabrique.report;

import org.jspecify.annotations.NullMarked;
