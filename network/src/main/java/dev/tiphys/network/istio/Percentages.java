package dev.tiphys.network.istio;

import dev.tiphys.object.Struct;

/// How many of a hundred.
final class Percentages {

  private Percentages() {}

  /// @param percentage an object with a `value`; 0 if it has none
  static double of(Struct percentage) {
    return of(percentage, "value");
  }

  static double of(Struct object, String name) {
    return object.get(name) instanceof Number number ? number.doubleValue() : 0;
  }
}
