package dev.tiphys.apiserver.registry;

/// What upstream says of preconditions that do not hold.
public final class Precondition {

  private Precondition() {}

  /// The object does not have the uid that its writer expects.
  ///
  /// @param key where upstream's store has it
  public static String uid(String key, String expected, String found) {
    return "StorageError: invalid object, Code: 4, Key: "
        + key
        + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: "
        + expected
        + ", UID in object meta: "
        + found;
  }
}
