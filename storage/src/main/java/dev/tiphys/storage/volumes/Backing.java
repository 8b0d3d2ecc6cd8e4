package dev.tiphys.storage.volumes;

/// What a volume is made of.
public enum Backing {
  /// A directory whose size a project quota limits.
  DIRECTORY,
  /// A sparse file that is a block device while it is used.
  IMAGE
}
