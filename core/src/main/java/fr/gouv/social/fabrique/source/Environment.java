package fr.gouv.social.fabrique.source;

/** Where a file is meant to take effect. */
public enum Environment {
  DEV,
  PREPROD,
  PROD,
  /** Nothing tells: only what holds everywhere is required. */
  UNKNOWN
}
