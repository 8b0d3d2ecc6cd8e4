package dev.tiphys.template.value;

import dev.tiphys.template.function.Function;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value with fields and methods: a time, a version, a certificate.
public interface Instance {

  Type type();

  /// The method of a name, bound to this value.
  default @Nullable Function method(String name) {
    return null;
  }

  /// The fields that can be seen, in their order.
  default Map<String, Object> fields() {
    return Map.of();
  }

  /// How the value says itself; null if it has no such method, and is printed field by field.
  default @Nullable String text() {
    return null;
  }
}
