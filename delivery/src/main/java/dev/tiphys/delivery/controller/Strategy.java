package dev.tiphys.delivery.controller;

import dev.tiphys.delivery.bluegreen.BlueGreenPass;
import dev.tiphys.delivery.canary.CanaryPass;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.traffic.Routers;

/// What a look does by the Rollout's strategy.
sealed interface Strategy {

  record Blue(BlueGreenPass pass) implements Strategy {}

  record Canary(CanaryPass pass) implements Strategy {}

  static Strategy of(Pass pass, Routers routers) {
    return pass.rollout().isBlueGreen()
        ? new Blue(new BlueGreenPass(pass))
        : new Canary(new CanaryPass(pass, routers));
  }

  /// Whether the way to go has changed though the template has not.
  default boolean hasOtherSteps() {
    return switch (this) {
      case Blue _ -> false;
      case Canary(var pass) -> pass.hasOtherSteps();
    };
  }

  default void reset() {
    switch (this) {
      case Blue(var pass) -> pass.reset();
      case Canary(var pass) -> pass.reset();
    }
  }

  default void retry() {
    switch (this) {
      case Blue(var pass) -> pass.retry();
      case Canary(var pass) -> pass.retry();
    }
  }

  default void resize() {
    switch (this) {
      case Blue(var pass) -> pass.resize();
      case Canary(var pass) -> pass.resize();
    }
  }

  default void run() {
    switch (this) {
      case Blue(var pass) -> pass.run();
      case Canary(var pass) -> pass.run();
    }
  }
}
