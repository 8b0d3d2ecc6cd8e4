package dev.tiphys.secrets.model;

/// What becomes of a Secret, or of a key, that the store has no more.
public enum DeletionPolicy {
  /// It stays, and that it is gone is an error.
  RETAIN,
  /// The Secret goes once nothing of it is left.
  DELETE,
  /// The keys go.
  MERGE;

  /// @param text empty for the default
  static DeletionPolicy of(String text) {
    return switch (text) {
      case "Delete" -> DELETE;
      case "Merge" -> MERGE;
      default -> RETAIN;
    };
  }
}
