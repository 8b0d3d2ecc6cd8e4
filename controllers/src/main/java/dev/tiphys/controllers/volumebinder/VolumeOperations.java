package dev.tiphys.controllers.volumebinder;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How long volumes take to be made and deleted from when that was asked for, whatever does it, and
/// how often it fails, under upstream's names.
///
/// Threads: any.
final class VolumeOperations {

  private static final double[] SECONDS = {.1, .25, .5, 1, 2.5, 5, 10, 15, 25, 50, 120, 300, 600};
  private static final String PLUGIN = "plugin_name";
  private static final String OPERATION = "operation_name";

  /// What was asked for, and when.
  private record Begun(String plugin, String operation, Instant at) {}

  private final HistogramFamily totals =
      new HistogramFamily(
          "volume_operation_total_seconds",
          "How long operations on volumes took from end to end.",
          SECONDS,
          PLUGIN,
          OPERATION);
  private final CounterFamily errors =
      new CounterFamily(
          "volume_operation_total_errors", "Operations on volumes that failed.", PLUGIN, OPERATION);
  private final HistogramFamily calls =
      new HistogramFamily(
          "storage_operation_duration_seconds",
          "How long operations of the plugins of this process took.",
          SECONDS,
          "volume_plugin",
          OPERATION,
          "status",
          "migrated");

  private final World world;
  private final Map<ObjectKey, Begun> begun = new ConcurrentHashMap<>();

  VolumeOperations(World world) {
    this.world = world;
  }

  /// A volume is to be made for a claim. Asked again, nothing changes.
  void provision(ObjectKey claim, String plugin) {
    begun.putIfAbsent(claim, new Begun(plugin, "provision", world.now()));
  }

  /// A volume is to be deleted. Asked again, nothing changes.
  void delete(ObjectKey volume, String plugin) {
    begun.putIfAbsent(volume, new Begun(plugin, "delete", world.now()));
  }

  /// What was asked for with a claim or a volume is done; nothing happens if nothing was.
  void done(ObjectKey key) {
    Begun one = begun.remove(key);
    if (one != null) {
      totals.of(one.plugin, one.operation).record(Duration.between(one.at, world.now()).toNanos());
    }
  }

  /// An attempt has failed.
  void failed(ObjectKey key) {
    Begun one = begun.get(key);
    if (one != null) {
      errors.count(one.plugin, one.operation);
    }
  }

  /// What was asked for is not wanted any more.
  void forget(ObjectKey key) {
    begun.remove(key);
  }

  /// A plugin has tried to delete a volume.
  void called(String plugin, boolean success, Duration taken) {
    Histogram histogram =
        calls.of(plugin, "volume_delete", success ? "success" : "fail-unknown", "false");
    histogram.record(taken.toNanos());
  }

  void write(Exposition out) {
    totals.write(out);
    errors.write(out);
    calls.write(out);
  }
}
