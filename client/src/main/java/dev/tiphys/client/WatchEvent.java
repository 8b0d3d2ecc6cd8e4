package dev.tiphys.client;

import dev.tiphys.object.Struct;

/// Something that happened to a watched object.
///
/// @param type what
/// @param object its state then; the last one if it was deleted; a Status for an error
public record WatchEvent(Type type, Struct object) {

  /// What happened.
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED,
    /// Nothing: tells how far the watch has come.
    BOOKMARK,
    /// The watch can't go on.
    ERROR
  }
}
