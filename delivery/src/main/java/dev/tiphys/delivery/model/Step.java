package dev.tiphys.delivery.model;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One step of a canary.
public sealed interface Step {

  /// The canary gets this share of the traffic.
  record SetWeight(long weight) implements Step {}

  /// Nothing happens for a while.
  ///
  /// @param duration null if it lasts until a promotion
  /// @param written as the spec has it
  record Pause(@Nullable Duration duration, String written) implements Step {}

  /// The canary gets a size that does not follow its weight.
  ///
  /// @param weight the share of the Rollout's size, if that is given
  /// @param replicas the size, if that is given
  /// @param matching whether the size follows the weight again
  record SetCanaryScale(@Nullable Long weight, @Nullable Long replicas, boolean matching)
      implements Step {

    private String target() {
      if (matching) {
        return "{matchTrafficWeight: true}";
      }
      return weight == null ? "{replicas: " + replicas + "}" : "{weight: " + weight + "}";
    }
  }

  /// @param spec the templates and arguments
  record Analysis(Struct spec) implements Step {}

  record Experiment(Struct spec) implements Step {}

  /// Requests with certain headers go to the canary.
  ///
  /// @param route its name, and what headers it is about
  record SetHeaderRoute(Struct route) implements Step {}

  /// The canary is sent a copy of some requests.
  record SetMirrorRoute(Struct route) implements Step {}

  record Plugin(Struct spec) implements Step {}

  /// A step as a spec that was found valid has it.
  static Step of(Struct step) {
    if (step.has("setWeight")) {
      return new SetWeight(step.integer("setWeight"));
    }
    if (step.has("pause")) {
      return pause(step.struct("pause").get("duration"));
    }
    if (step.has("setCanaryScale")) {
      Struct scale = step.struct("setCanaryScale");
      return new SetCanaryScale(
          scale.has("weight") ? Long.valueOf(scale.integer("weight")) : null,
          scale.has("replicas") ? Long.valueOf(scale.integer("replicas")) : null,
          scale.bool("matchTrafficWeight"));
    }
    if (step.has("analysis")) {
      return new Analysis(step.struct("analysis"));
    }
    if (step.has("experiment")) {
      return new Experiment(step.struct("experiment"));
    }
    if (step.has("setHeaderRoute")) {
      return new SetHeaderRoute(step.struct("setHeaderRoute"));
    }
    if (step.has("setMirrorRoute")) {
      return new SetMirrorRoute(step.struct("setMirrorRoute"));
    }
    return new Plugin(step.struct("plugin"));
  }

  private static Pause pause(@Nullable Object duration) {
    return switch (duration) {
      case Long seconds -> new Pause(Duration.ofSeconds(seconds), seconds.toString());
      case String text when text.matches("[0-9]+") ->
          new Pause(Duration.ofSeconds(Long.parseLong(text)), text);
      case String text -> new Pause(GoDuration.parse(text), text);
      case null, default -> new Pause(null, "");
    };
  }

  /// As events tell of it.
  default String text() {
    return switch (this) {
      case SetWeight(long weight) -> "setWeight: " + weight;
      case Pause(_, String written) -> written.isEmpty() ? "pause" : "pause: " + written;
      case SetCanaryScale scale -> "setCanaryScale" + scale.target();
      case Analysis _ -> "analysis";
      case Experiment _ -> "experiment";
      case SetHeaderRoute _ -> "setHeaderRoute";
      case SetMirrorRoute _ -> "setMirrorRoute";
      case Plugin(Struct spec) -> "plugin: " + spec.string("name");
    };
  }

  /// Whether the step waits for something that has no deadline of the Rollout's.
  default boolean isOpenEnded() {
    return this instanceof Pause
        || this instanceof Analysis
        || this instanceof Experiment
        || this instanceof Plugin;
  }
}
