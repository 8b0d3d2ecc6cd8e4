package dev.tiphys.delivery.validation;

import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.List;
import java.util.Optional;

/// What was found wrong. In a status only the first is told.
final class Problems {

  private final FieldErrors all = new FieldErrors();

  void required(String field, String detail) {
    all.add(new FieldError(FieldError.Type.REQUIRED, field, null, detail));
  }

  /// @param value as JSON has it
  void invalid(String field, Object value, String detail) {
    all.add(new FieldError(FieldError.Type.INVALID, field, Json.text(value), detail));
  }

  void addAll(FieldErrors errors) {
    errors.list().forEach(all::add);
  }

  List<String> all() {
    return all.list().stream().map(FieldError::toString).toList();
  }

  Optional<String> first() {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.list().getFirst().toString());
  }
}
