package dev.tiphys.template.exec;

import dev.tiphys.template.function.Function;
import dev.tiphys.template.time.Spans;
import dev.tiphys.template.value.Instance;
import dev.tiphys.template.value.Whole;
import org.jspecify.annotations.Nullable;

/// The methods of values.
final class Methods {

  private Methods() {}

  static @Nullable Function of(Object receiver, String name) {
    return switch (receiver) {
      case Instance instance -> instance.method(name);
      case Whole whole -> Spans.method(whole, name);
      default -> null;
    };
  }
}
