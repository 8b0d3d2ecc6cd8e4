package dev.tiphys.controllers.autoscaling;

import dev.tiphys.object.Struct;

/// How an autoscaler may change the size of its target, up and down.
record Behavior(ScalingRules up, ScalingRules down) {

  private static final long USUAL_DOWN_WINDOW = 300;

  static Behavior of(Struct behavior) {
    return new Behavior(
        ScalingRules.of(behavior.struct("scaleUp"), 0),
        ScalingRules.of(behavior.struct("scaleDown"), USUAL_DOWN_WINDOW));
  }
}
