package dev.tiphys.storage.volumes;

/// What a new volume is to be a copy of.
public sealed interface Source {

  /// A volume as it is now.
  record OfVolume(String id) implements Source {}

  /// A snapshot.
  record OfSnapshot(String id) implements Source {}

  /// What is noted of it with the copy.
  default String text() {
    return switch (this) {
      case OfVolume(var id) -> "volume/" + id;
      case OfSnapshot(var id) -> "snapshot/" + id;
    };
  }
}
