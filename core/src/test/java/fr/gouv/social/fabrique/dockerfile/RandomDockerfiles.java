package fr.gouv.social.fabrique.dockerfile;

import java.util.List;
import java.util.Random;

/** Texts that look like Dockerfiles from afar. */
final class RandomDockerfiles {
  private static final List<String> KEYWORDS =
      List.of(
          "FROM",
          "from",
          "RUN",
          "Run",
          "COPY",
          "ADD",
          "ENV",
          "LABEL",
          "ARG",
          "EXPOSE",
          "USER",
          "WORKDIR",
          "VOLUME",
          "STOPSIGNAL",
          "HEALTHCHECK",
          "SHELL",
          "ONBUILD",
          "ONBUILD RUN",
          "ONBUILD COPY",
          "CMD",
          "ENTRYPOINT",
          "MAINTAINER",
          "FOO",
          "RUN",
          "COPY",
          "ENV");
  private static final List<String> WORDS =
      List.of(
          "alpine:3.20",
          "a",
          "b=c",
          "as",
          "AS",
          "build",
          "0",
          "/app/",
          "$X",
          "${X}",
          "${X:-d e}",
          "${X:+y}",
          "${X",
          "\"q r\"",
          "'s t'",
          "\"",
          "'",
          "\\",
          "`",
          "\\\"",
          "\\ ",
          "=",
          "==",
          "é",
          "\u00a0",
          "<<EOF",
          "<<-EOF",
          "<<\"E O\"",
          "<<'X'",
          "3<<Y",
          "<< EOF",
          "<<<",
          "<<",
          "<",
          "--from=build",
          "--from=$X",
          "--mount=type=cache,target=/c",
          "--mount=type=secret,id=s",
          "--chown=\"a b\"",
          "--link",
          "--link=",
          "--",
          "--x",
          "--platform=$BUILDPLATFORM",
          "--interval=5s",
          "--retries=x",
          "NONE",
          "CMD",
          "[",
          "]",
          "[\"a\"]",
          "[\"a\", \"b\\n\"]",
          "[1]",
          "[]",
          "['a']",
          "[\"a\",]",
          "[\"\\u00e9\\ud83d\\ude00\"]",
          "{}",
          ",",
          "80/tcp",
          "8080-90",
          "#",
          "# x",
          ";",
          "&&",
          "|",
          "\t",
          "\f",
          "\u000b",
          "  ",
          "😀",
          "$",
          "$$",
          "~");
  private static final List<String> LINES =
      List.of(
          "",
          "  ",
          "\t",
          "# comment",
          "  # indented",
          "#",
          "# escape=`",
          "# escape=\\",
          "# syntax=docker/dockerfile:1",
          "# check=skip=all",
          "#!/bin/sh",
          "EOF",
          "\tEOF",
          "X",
          "Y",
          "E O",
          "\\",
          "`",
          "  \\",
          "body $X",
          "\t\tbody",
          "# check=skip=A,B;error=true reason");
  private static final List<String> ENDS =
      List.of(
          "\n", "\n", "\n", "\n", "\n", "\r\n", "\\\n", " \\\n", "\\ \t\n", "`\n", "\\\\\n", "");

  private RandomDockerfiles() {}

  static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int lines = random.nextInt(12);
    for (int line = 0; line < lines; line++) {
      if (random.nextInt(3) == 0) {
        text.append(pick(LINES, random));
      } else {
        text.append(pick(KEYWORDS, random));
        int words = random.nextInt(6);
        for (int word = 0; word < words; word++) {
          text.append(random.nextInt(5) == 0 ? "" : " ").append(pick(WORDS, random));
        }
      }
      text.append(pick(ENDS, random));
    }
    return text.toString();
  }

  /** The same text with some characters moved, doubled, dropped or replaced. */
  static String mutated(String original, Random random) {
    StringBuilder text = new StringBuilder(original);
    for (int i = random.nextInt(6); i >= 0 && !text.isEmpty(); i--) {
      int at = random.nextInt(text.length());
      int to = Math.min(text.length(), at + random.nextInt(8));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, to);
        case 1 -> text.insert(at, text.substring(at, to));
        case 2 -> text.insert(at, pick(WORDS, random));
        default -> text.insert(at, pick(ENDS, random));
      }
    }
    return text.toString();
  }

  static String word(Random random) {
    List<String> pieces =
        List.of(
            "a", "B", "$", "{", "}", "X", "${X", "${Y", "${E", "${U", ":-", "-", ":+", "+", ":?",
            "?", "#", "##", "%", "%%", "/", "//", "*", "\\", "`", "'", "\"", " ", "<", "<<", ":",
            "=", "é", "1", "@", "_", "b", ".", "${X}", "${E:-z}", "${Y%", "${Y##*", "}}");
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(10); i >= 0; i--) {
      word.append(pick(pieces, random));
    }
    return word.toString();
  }

  private static String pick(List<String> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
