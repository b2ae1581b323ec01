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

  private static final List<String> TOPS =
      List.of(
          "",
          "",
          "",
          "\uFEFF",
          "# syntax=docker/dockerfile:1\n",
          "#syntax = docker/dockerfile:1.7-labs\n# check=skip=JSONArgsRecommended;error=false\n",
          "# escape=`\n",
          "# ESCAPE = ` \n",
          "  # escape=`\n",
          "#!/usr/bin/env docker\n# escape=`\n",
          "\n# escape=`\n",
          "# comment\n# escape=`\n",
          "# check=skip=all\n# check=error=true\n",
          "# check=experimental=all;skip=A B\n",
          "ARG V=3.20 W\n",
          "ARG V\nARG W=${V:-1}\n",
          "# escape=x\n");

  private static final List<String> STATEMENTS =
      List.of(
          "FROM alpine:${V:-3} AS b1",
          "FROM --platform=$BUILDPLATFORM alpine as Build",
          "FROM scratch",
          "FROM b1",
          "FROM 0",
          "RUN --mount=type=cache,target=/c,sharing=locked --network=none make",
          "RUN --mount=type=secret,id=s,env=TOKEN --mount=type=ssh,required make",
          "RUN --mount=type=bind,from=b1,source=/a,target=/b,rw --security=insecure make",
          "RUN --mount=type=tmpfs,size=10m,target=/t --mount=target=. make",
          "RUN --mount=type=cache,mode=0755,uid=1,gid=1,target=${X} --device=a make",
          "RUN --mount='type=cache,\"target=/a b\"' make",
          "RUN [\"a\", \"b\"]",
          "RUN [\"a\", 'b']",
          "COPY --from=b1 --link --chown=1:1 --chmod=0755 a b/",
          "COPY --parents --exclude=*.md --exclude=a ./x/./y /z/",
          "COPY --from=9 a b",
          "COPY [\"a b\", \"c d\"]",
          "ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d u v",
          "ADD --keep-git-dir=true https://example.org/a.git#v1 /a",
          "ADD --unpack=maybe a b",
          "HEALTHCHECK --interval=5m --timeout=3s --start-period=1s --start-interval=1s --retries=3 CMD x",
          "HEALTHCHECK NONE",
          "HEALTHCHECK --start-interval=1 CMD [\"x\"]",
          "ENV A=1 B=\"$A x\" C='d e'",
          "ENV A b c",
          "LABEL \"a.b\"=c d=\"e\\\"f\"",
          "ARG A B=c D=\"e f\"",
          "EXPOSE 80 443/tcp 53/udp 9000-9010",
          "EXPOSE $P ${Q:-80}/tcp 127.0.0.1:80:80",
          "USER 1000:1000",
          "WORKDIR /a/${B##*/}",
          "WORKDIR C:\\a\\",
          "VOLUME [\"/a\", \"/b\"]",
          "VOLUME /a $B",
          "STOPSIGNAL SIGTERM",
          "STOPSIGNAL ${S:-9}",
          "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]",
          "SHELL [\"powershell\", \"-Command\"]",
          "ONBUILD COPY --from=b1 a b",
          "ONBUILD HEALTHCHECK --interval=1s CMD a",
          "CMD [ \"a\" , \"\\u00e9\" ]",
          "CMD a | b",
          "ENTRYPOINT exec a \"$@\"",
          "MAINTAINER é 😀",
          "run echo 😀\uD83D\uDC69\uD83D\uDE80 é");

  private static final List<String> HEREDOCS =
      List.of(
          "RUN <<EOF",
          "RUN <<EOF bash -e",
          "RUN <<-EOF cat > /a",
          "RUN --mount=type=cache,target=/c <<'EOF'",
          "RUN cat <<EOF | python3 - && echo \"<<Y\"",
          "RUN 3<<EOF cat <&3",
          "RUN cat <<\"E O\" <<EOF",
          "RUN <<EO'F'",
          "RUN << EOF",
          "COPY <<EOF /a",
          "COPY --chmod=755 <<-\"EOF\" <<X /a/",
          "ADD <<EOF a.txt /b/",
          "ONBUILD RUN <<EOF",
          "ONBUILD COPY <<EOF /x",
          "RUN [\"cat\", \"<<EOF\"]",
          "ENV A=<<EOF",
          "RUN a <<EOF <<<b");

  private static final List<String> BODIES =
      List.of(
          "set -e",
          "\tapt-get install x",
          "# comment",
          "echo $X ${Y} `z` \\",
          "",
          "#!/usr/bin/env python3",
          "FROM b",
          "😀 é",
          "\t\tEOF2",
          " EOF",
          "EOF ");

  private RandomDockerfiles() {}

  static String text(Random random) {
    return random.nextBoolean() ? soup(random) : structured(random);
  }

  /** Instructions that BuildKit knows, each written in one of its ways. */
  private static String structured(Random random) {
    StringBuilder text = new StringBuilder(pick(TOPS, random));
    char escape = text.indexOf("`") > 0 && random.nextInt(4) > 0 ? '`' : '\\';
    if (random.nextInt(8) > 0) {
      text.append("FROM alpine:3.20 AS b1\n");
    }
    for (int i = random.nextInt(7); i > 0; i--) {
      switch (random.nextInt(6)) {
        case 0 -> text.append(pick(LINES, random)).append('\n');
        case 1, 2 -> heredoc(text, random);
        default -> text.append(continued(pick(STATEMENTS, random), escape, random)).append('\n');
      }
    }
    if (random.nextInt(6) == 0 && !text.isEmpty()) {
      text.setLength(text.length() - 1);
    }
    return random.nextInt(4) == 0 ? text.toString().replace("\n", "\r\n") : text.toString();
  }

  private static void heredoc(StringBuilder text, Random random) {
    String line = pick(HEREDOCS, random);
    text.append(line).append('\n');
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(pick(BODIES, random)).append('\n');
    }
    for (String end : List.of("E O", "EOF", "X")) {
      if (line.contains(end.equals("EOF") ? "EO" : end) && random.nextInt(9) > 0) {
        text.append(line.contains("<<-") && random.nextBoolean() ? "\t" : "");
        text.append(end).append('\n');
      }
    }
  }

  /** The statement over several lines, with what may stand between them. */
  private static String continued(String statement, char escape, Random random) {
    String[] words = statement.split(" ");
    StringBuilder text = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      if (random.nextInt(6) == 0) {
        text.append(' ').append(escape).append(random.nextInt(5) == 0 ? "  \n" : "\n");
        text.append(pick(List.of("", "", "# between\n", "\n", "  # x\n\t"), random));
      }
      text.append(random.nextInt(8) == 0 ? "\t" : " ").append(words[i]);
    }
    return text.toString();
  }

  private static String soup(Random random) {
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
