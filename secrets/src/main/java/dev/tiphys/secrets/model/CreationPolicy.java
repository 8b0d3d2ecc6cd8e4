package dev.tiphys.secrets.model;

/// What an ExternalSecret has to do with the Secret that it keeps.
public enum CreationPolicy {
  /// Makes it, and it goes with its maker.
  OWNER,
  /// Makes it, and it stays.
  ORPHAN,
  /// Adds to one that is there.
  MERGE,
  /// Adds to one that is there, or makes it.
  CREATE_OR_MERGE,
  /// Writes none.
  NONE;

  /// @param text empty for the default
  static CreationPolicy of(String text) {
    return switch (text) {
      case "Orphan" -> ORPHAN;
      case "Merge" -> MERGE;
      case "CreateOrMerge" -> CREATE_OR_MERGE;
      case "None" -> NONE;
      default -> OWNER;
    };
  }

  /// Whether what a Secret has besides stays in it.
  public boolean adds() {
    return this == MERGE || this == CREATE_OR_MERGE;
  }
}
