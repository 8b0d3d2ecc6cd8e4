package dev.tiphys.schema.validation.custom;

import dev.tiphys.schema.validation.FieldError;
import java.util.ArrayList;
import java.util.List;

/// What came of holding a value to a schema.
///
/// Threads: one.
final class Verdict {

  private final List<FieldError> errors = new ArrayList<>(0);
  private int matches;

  boolean isSound() {
    return errors.isEmpty();
  }

  List<FieldError> errors() {
    return errors;
  }

  void add(FieldError error) {
    errors.add(error);
  }

  /// One more thing was looked at, which tells which of several alternatives was meant.
  void count() {
    matches++;
  }

  int matches() {
    return matches;
  }

  void merge(Verdict part) {
    errors.addAll(part.errors);
    matches += part.matches;
  }

  /// What is wrong does not count.
  void forgive() {
    errors.clear();
  }
}
