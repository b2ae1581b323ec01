package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;
import org.jspecify.annotations.Nullable;

/**
 * A here-document of a {@code RUN}, {@code COPY} or {@code ADD}.
 *
 * @param name its delimiter, unquoted
 * @param fileDescriptor the number before {@code <<}, 0 when there is none
 * @param stripTabs whether it is written {@code <<-}
 * @param expand whether variables are expanded in it: no part of its delimiter is quoted
 * @param marker the word on the instruction's line, such as {@code <<"EOF"}
 * @param content the lines as written, with their line ends
 * @param terminator the line that ends it, without white space; null when it is missing
 */
public record Heredoc(
    String name,
    int fileDescriptor,
    boolean stripTabs,
    boolean expand,
    Word marker,
    MappedText content,
    @Nullable Span terminator)
    implements Located {

  /** The content that is used: without the leading tabs when it is written {@code <<-}. */
  public MappedText body() {
    if (!stripTabs || content.text().indexOf('\t') < 0) {
      return content;
    }
    MappedText.Builder stripped = new MappedText.Builder(content.file());
    boolean atStart = true;
    for (int i = 0; i < content.length(); i++) {
      char character = content.text().charAt(i);
      atStart = atStart && character == '\t';
      if (!atStart) {
        stripped.add(character, content.offsetAt(i));
      }
      atStart = atStart || character == '\n';
    }
    return stripped.build(content.offsetAt(0));
  }

  /** The place of its marker. */
  @Override
  public Span span() {
    return marker.span();
  }
}
