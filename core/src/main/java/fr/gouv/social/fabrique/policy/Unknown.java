package fr.gouv.social.fabrique.policy;

/**
 * What cannot be known from files. Whatever is made of it is unknown too, unless the rest decides.
 */
enum Unknown {
  /** One value. */
  VALUE,
  /** At the end of a list: there may be more. */
  MORE;

  static boolean is(Object value) {
    return value instanceof Unknown;
  }
}
