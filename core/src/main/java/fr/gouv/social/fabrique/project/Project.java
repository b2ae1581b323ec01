package fr.gouv.social.fabrique.project;

import java.util.List;

/** All of one repository, read and linked. Immutable once built. */
public interface Project {
  /** Every subject of one kind, by path and position. */
  <S> List<S> subjects(Class<S> kind);
}
