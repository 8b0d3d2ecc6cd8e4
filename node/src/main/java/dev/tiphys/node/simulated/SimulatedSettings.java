package dev.tiphys.node.simulated;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;

/// What simulated nodes are like.
///
/// @param prefix what their names begin with; a number follows
/// @param capacity what each of them has
/// @param labels labels that each of them has beside the usual ones
/// @param workers how many writes may be on their way at once
public record SimulatedSettings(String prefix, Struct capacity, Struct labels, int workers) {

  public static final SimulatedSettings DEFAULT =
      new SimulatedSettings(
          "simulated-",
          new StructBuilder()
              .add("cpu", "8")
              .add("memory", "32Gi")
              .add("ephemeral-storage", "100Gi")
              .add("pods", "110")
              .build(),
          Struct.EMPTY,
          16);

  public SimulatedSettings withCapacity(Struct other) {
    return new SimulatedSettings(prefix, other, labels, workers);
  }

  public SimulatedSettings withLabels(Struct other) {
    return new SimulatedSettings(prefix, capacity, other, workers);
  }
}
