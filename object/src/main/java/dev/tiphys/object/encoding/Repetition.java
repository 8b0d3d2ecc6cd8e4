package dev.tiphys.object.encoding;

/// Decides what becomes of a field that stands twice in a JSON object.
public interface Repetition {

  /// The value that counts.
  ///
  /// @param path of the field: `spec.containers[0].name`
  /// @param earlier what it would be without the last value
  Object value(String path, Object earlier, Object later);
}
