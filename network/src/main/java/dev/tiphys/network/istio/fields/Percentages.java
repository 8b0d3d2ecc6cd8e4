package dev.tiphys.network.istio.fields;

import dev.tiphys.object.Struct;

/// How many of a hundred.
public final class Percentages {

  private Percentages() {}

  /// @param percentage an object with a `value`; 0 if it has none
  public static double of(Struct percentage) {
    return of(percentage, "value");
  }

  public static double of(Struct object, String name) {
    return object.get(name) instanceof Number number ? number.doubleValue() : 0;
  }
}
