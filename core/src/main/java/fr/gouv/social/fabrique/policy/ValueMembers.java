package fr.gouv.social.fabrique.policy;

import static fr.gouv.social.fabrique.policy.Model.CRON;
import static fr.gouv.social.fabrique.policy.Model.DATE;
import static fr.gouv.social.fabrique.policy.Model.DURATION;
import static fr.gouv.social.fabrique.policy.Model.IMAGE;
import static fr.gouv.social.fabrique.policy.Model.QUANTITY;
import static fr.gouv.social.fabrique.policy.Model.SEMVER;

import fr.gouv.social.fabrique.kubernetes.CronSchedule;
import fr.gouv.social.fabrique.kubernetes.Quantity;
import fr.gouv.social.fabrique.project.ImageReference;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Quantities, durations, versions, days, schedules and names of images, as expressions see them.
 */
final class ValueMembers {
  private ValueMembers() {}

  static void add() {
    new Table<>(QUANTITY, Quantity.class)
        .property(
            "value",
            Type.NUMBER,
            "en unité de base : cœurs, octets ou nombre",
            "in the base unit: cores, bytes or a count",
            Quantity::value)
        .property("text", Type.TEXT, "comme écrite", "as written", Quantity::text);
    new Table<>(DURATION, Duration.class)
        .property(
            "seconds",
            Type.NUMBER,
            "en secondes",
            "in seconds",
            duration ->
                BigDecimal.valueOf(duration.getSeconds())
                    .add(BigDecimal.valueOf(duration.getNano(), 9)));
    new Table<>(SEMVER, SemVer.class)
        .property("major", Type.NUMBER, "le premier nombre", "the first number", v -> part(v, 0))
        .property("minor", Type.NUMBER, "le deuxième nombre", "the second number", v -> part(v, 1))
        .property("patch", Type.NUMBER, "le troisième nombre", "the third number", v -> part(v, 2))
        .property(
            "prerelease",
            Type.TEXT,
            "ce qui suit le tiret ; vide pour une version publiée",
            "what follows the hyphen; empty for a release",
            version -> String.join(".", version.prerelease()))
        .property("text", Type.TEXT, "comme écrite", "as written", SemVer::text);
    new Table<>(DATE, LocalDate.class)
        .property("year", Type.NUMBER, "l'année", "the year", d -> Values.count(d.getYear()))
        .property(
            "month",
            Type.NUMBER,
            "le mois, de 1 à 12",
            "the month, 1 to 12",
            d -> Values.count(d.getMonthValue()))
        .property(
            "day",
            Type.NUMBER,
            "le jour du mois",
            "the day of the month",
            d -> Values.count(d.getDayOfMonth()))
        .property("text", Type.TEXT, "`AAAA-MM-JJ`", "`YYYY-MM-DD`", LocalDate::toString);
    new Table<>(CRON, CronSchedule.class)
        .property(
            "hours",
            Type.list(Type.NUMBER),
            "les heures auxquelles il peut tourner, de 0 à 23",
            "the hours at which it may run, 0 to 23",
            schedule -> bits(schedule.hours()))
        .property(
            "daysOfWeek",
            Type.list(Type.NUMBER),
            "les jours de la semaine, 0 pour dimanche",
            "the days of the week, 0 for Sunday",
            schedule -> bits(schedule.daysOfWeek()))
        .property(
            "daysOfMonth",
            Type.list(Type.NUMBER),
            "les jours du mois",
            "the days of the month",
            schedule -> bits(schedule.daysOfMonth()))
        .property(
            "isAtLeastDaily",
            Type.BOOLEAN,
            "s'il tourne au moins une fois par jour",
            "whether it runs at least once a day",
            CronSchedule::isAtLeastDaily);
    new Table<>(IMAGE, ImageReference.class)
        .property(
            "text", Type.TEXT, "comme écrite", "as written", image -> Values.text(image.text()))
        .property(
            "name",
            Type.TEXT,
            "registre et chemin comme on les dit : `node`, `hasura/graphql-engine`,"
                + " `ghcr.io/socialgouv/web`",
            "registry and path as people say them: `node`, `hasura/graphql-engine`,"
                + " `ghcr.io/socialgouv/web`",
            image -> Values.unknownIfNull(image.familiarName()))
        .property(
            "registry",
            Type.TEXT,
            "le registre, avec son port ; `docker.io` par défaut",
            "the registry, with its port; `docker.io` by default",
            image -> part(image.registry()))
        .property(
            "path",
            Type.TEXT,
            "le chemin dans le registre : `library/node`, `socialgouv/web`",
            "the path in the registry: `library/node`, `socialgouv/web`",
            image -> part(image.path()))
        .property(
            "tag",
            Type.TEXT,
            "l'étiquette ; rien quand aucune n'est écrite",
            "the tag; nothing where none is written",
            image -> part(image.tag()))
        .property(
            "digest",
            Type.TEXT,
            "l'empreinte, `sha256:…` ; rien quand aucune n'est écrite",
            "the digest, `sha256:…`; nothing where none is written",
            image -> part(image.digest()))
        .property(
            "version",
            SEMVER,
            "la version que l'étiquette est ou par laquelle elle commence (`3.21` de `3.21-slim`),"
                + " ou rien",
            "the version that the tag is or begins with (`3.21` of `3.21-slim`), or nothing",
            image -> version(image.tag()))
        .property(
            "isLatest",
            Type.BOOLEAN,
            "si ce qu'elle désigne change : étiquette `latest`, ou ni étiquette ni empreinte",
            "whether what it means changes: tag `latest`, or neither tag nor digest",
            ValueMembers::isLatest)
        .property(
            "isOfficial",
            Type.BOOLEAN,
            "si c'est une image officielle de Docker",
            "whether it is a Docker official image",
            image -> image.isNamed() ? (Object) image.isInOfficialNamespace() : Unknown.VALUE);
  }

  private static BigDecimal part(SemVer version, int index) {
    return BigDecimal.valueOf(version.number(index));
  }

  private static List<Object> bits(BitSet set) {
    return Values.list(set.stream().mapToObj(BigDecimal::valueOf));
  }

  static @Nullable LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException none) {
      return null;
    }
  }

  static @Nullable CronSchedule schedule(String text) {
    return text.length() > 200 ? null : CronSchedule.parse(text, text.split("\\s+").length == 6);
  }

  private static @Nullable Object part(ImageReference.Part part) {
    return part.isUnknown() ? Unknown.VALUE : part.isAbsent() ? null : part.value();
  }

  private static @Nullable Object version(ImageReference.Part tag) {
    if (!tag.isKnown()) {
      return part(tag);
    }
    SemVer whole = SemVer.parse(tag.value());
    if (whole != null) {
      return whole;
    }
    int hyphen = tag.value().indexOf('-');
    return hyphen < 0 ? null : SemVer.parse(tag.value().substring(0, hyphen));
  }

  private static Object isLatest(ImageReference image) {
    if (image.digest().isKnown()) {
      return false;
    }
    if (image.digest().isUnknown() || image.tag().isUnknown()) {
      return Unknown.VALUE;
    }
    return image.tag().isAbsent() || image.tag().is("latest");
  }
}
