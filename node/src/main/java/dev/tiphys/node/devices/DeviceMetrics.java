package dev.tiphys.node.devices;

import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.GaugeFamily;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.world.World;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Counts what is done about the claims to devices on a node, and how long it takes, under
/// upstream's names.
///
/// Threads: any.
final class DeviceMetrics {
  private static final double[] BOUNDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

  /// Stands for all drivers together: a claim may have devices of several.
  private static final String ANY = "<any>";

  private final HistogramFamily operations =
      new HistogramFamily(
          "dra_operations_duration_seconds",
          "How long all claims of a Pod took to be prepared, or to be taken back.",
          BOUNDS,
          "operation_name",
          "is_error");
  private final HistogramFamily calls =
      new HistogramFamily(
          "dra_grpc_operations_duration_seconds",
          "How long drivers of devices took to answer.",
          BOUNDS,
          "driver_name",
          "method_name",
          "grpc_status_code");
  private final GaugeFamily inUse =
      new GaugeFamily(
          "dra_resource_claims_in_use",
          "How many claims are in use on the node, of each driver and of any.",
          "driver_name");

  private final World world;

  DeviceMetrics(World world) {
    this.world = world;
  }

  /// Something that has begun.
  final class Operation {
    private final String name;
    private final long began = world.nanoTime();

    private Operation(String name) {
      this.name = name;
    }

    /// It has ended.
    void ended(boolean well) {
      operations.of(name, String.valueOf(!well)).record(world.nanoTime() - began);
    }
  }

  /// Something is begun.
  ///
  /// @param name as upstream calls it: `PrepareResources`
  Operation begin(String name) {
    return new Operation(name);
  }

  /// A question to a driver was answered, or was not.
  ///
  /// @param method with its service
  /// @param began by the world's nanoseconds
  void answered(String driver, String method, GrpcStatus status, long began) {
    calls.of(driver, method, status.display()).record(world.nanoTime() - began);
  }

  /// Tells all of it.
  ///
  /// @param claims those that are in use now
  void write(Exposition out, Collection<PreparedClaim> claims) {
    operations.write(out);
    calls.write(out);
    Map<List<String>, Integer> counts = new TreeMap<>((a, b) -> a.get(0).compareTo(b.get(0)));
    counts.put(List.of(ANY), claims.size());
    for (PreparedClaim claim : claims) {
      claim.drivers().keySet().forEach(name -> counts.merge(List.of(name), 1, Integer::sum));
    }
    inUse.write(out, counts);
  }
}
