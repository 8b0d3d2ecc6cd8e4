package dev.tiphys.controllers.autoscaling;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// How far usage may be off its target before the size changes, as shares of the target.
record Tolerance(double down, double up) {

  private static final double USUAL = 0.1;

  static Tolerance of(Struct behavior) {
    return new Tolerance(
        share(behavior.get("scaleDown", "tolerance")), share(behavior.get("scaleUp", "tolerance")));
  }

  private static double share(@Nullable Object quantity) {
    return quantity == null ? USUAL : Quantity.from(quantity).doubleValue();
  }

  boolean covers(double ratio) {
    return 1 - down <= ratio && ratio <= 1 + up;
  }
}
