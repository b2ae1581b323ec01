package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import java.util.List;

/**
 * A variable of a service's environment or of a build's arguments.
 *
 * @param value unknown where it comes from outside; inherited where an {@code env_file} sets it
 * @param span its name and value where they are written
 */
public record ComposeVariable(
    String name, Setting<String> value, Span span, String label, List<Step> way)
    implements Located {}
