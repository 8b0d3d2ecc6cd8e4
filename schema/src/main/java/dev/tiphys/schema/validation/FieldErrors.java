package dev.tiphys.schema.validation;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What is wrong with an object, in the order in which it was found.
///
/// Threads: one while rules add to it.
public final class FieldErrors {

  private final List<FieldError> errors = new ArrayList<>(0);

  /// No errors yet.
  public FieldErrors() {}

  public boolean isEmpty() {
    return errors.isEmpty();
  }

  public int size() {
    return errors.size();
  }

  public List<FieldError> list() {
    return Collections.unmodifiableList(errors);
  }

  public void add(FieldError error) {
    errors.add(error);
  }

  /// The part of a Status' message that tells the errors: one as it is, several as `[a, b]`, equal
  /// ones once.
  public String message() {
    Set<String> texts = new LinkedHashSet<>();
    errors.forEach(error -> texts.add(error.toString()));
    return texts.size() == 1 ? texts.iterator().next() : "[" + String.join(", ", texts) + "]";
  }

  /// The causes in a Status' details: one for each error, equal ones too.
  public List<Struct> causes() {
    return errors.stream()
        .map(e -> Struct.of("field", e.field(), "message", e.body(), "reason", e.type().code()))
        .toList();
  }

  /// All messages, for logs and tests.
  @Override
  public String toString() {
    return errors.toString();
  }
}
