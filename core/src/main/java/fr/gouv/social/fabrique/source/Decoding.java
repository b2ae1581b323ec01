package fr.gouv.social.fabrique.source;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text in the bytes of a file. UTF-8 with or without a byte order mark; go-yaml (readerc.go)
 * takes UTF-16 with a mark too, BuildKit and Docker's other readers do not.
 *
 * @param problem null when all is well
 * @param offset of the problem in the text
 * @param byteOffset of the problem in the bytes
 */
record Decoding(
    String text, SourceProblem.@Nullable Kind problem, int offset, long byteOffset, String detail) {

  static Decoding of(byte[] bytes, boolean yaml) {
    if (startsWith(bytes, 0xFE, 0xFF)) {
      return utf16(bytes, StandardCharsets.UTF_16BE, "UTF-16BE", yaml);
    }
    if (startsWith(bytes, 0xFF, 0xFE)) {
      return utf16(bytes, StandardCharsets.UTF_16LE, "UTF-16LE", yaml);
    }
    int start = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    String text = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
    if (text.indexOf('\0') >= 0) {
      int at = start;
      while (bytes[at] != 0) {
        at++;
      }
      return new Decoding("", SourceProblem.Kind.BINARY, 0, at, "");
    }
    // A replacement character is a hint only: it may be written in the file.
    return text.indexOf('\uFFFD') < 0 ? fine(text) : careful(bytes, start);
  }

  private static Decoding fine(String text) {
    return new Decoding(text, null, 0, -1, "");
  }

  private static Decoding utf16(byte[] bytes, Charset charset, String name, boolean yaml) {
    String text = new String(bytes, 2, bytes.length - 2, charset);
    if (text.indexOf('\0') >= 0) {
      return new Decoding("", SourceProblem.Kind.BINARY, 0, 2, "");
    }
    return yaml ? fine(text) : new Decoding(text, SourceProblem.Kind.ENCODING, 0, 0, name);
  }

  private static Decoding careful(byte[] bytes, int start) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, start, bytes.length - start);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    int offset = -1;
    int byteOffset = -1;
    int length = 0;
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        break;
      }
      if (offset < 0) {
        offset = out.position();
        byteOffset = in.position();
        length = result.length();
      }
      for (int i = 0; i < result.length(); i++) {
        int value = in.get() & 0xFF;
        out.put(value >= 0xA0 ? (char) value : '\uFFFD');
      }
    }
    String text = out.flip().toString();
    if (offset < 0) {
      return fine(text);
    }
    StringBuilder wrong = new StringBuilder("0x");
    for (int i = 0; i < length; i++) {
      wrong.append(String.format("%02X", bytes[byteOffset + i]));
    }
    return new Decoding(text, SourceProblem.Kind.ENCODING, offset, byteOffset, wrong.toString());
  }

  private static boolean startsWith(byte[] bytes, int... start) {
    if (bytes.length < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if ((bytes[i] & 0xFF) != start[i]) {
        return false;
      }
    }
    return true;
  }
}
