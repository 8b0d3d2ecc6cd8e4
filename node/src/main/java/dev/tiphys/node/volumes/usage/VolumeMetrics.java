package dev.tiphys.node.volumes.usage;

import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.GaugeFamily;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.world.World;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Counts what is done to volumes on a node, and how long it takes, under upstream's names.
///
/// Threads: any.
public final class VolumeMetrics {
  private static final double[] BOUNDS = {.1, .25, .5, 1, 2.5, 5, 10, 15, 25, 50, 120, 300, 600};

  private final HistogramFamily operations =
      new HistogramFamily(
          "storage_operation_duration_seconds",
          "How long something took that was done to a volume.",
          BOUNDS,
          "volume_plugin",
          "operation_name",
          "status",
          "migrated");
  private final HistogramFamily calls =
      new HistogramFamily(
          "csi_operations_seconds",
          "How long storage drivers took to answer.",
          BOUNDS,
          "driver_name",
          "method_name",
          "grpc_status_code",
          "migrated");
  private final GaugeFamily volumes =
      new GaugeFamily(
          "volume_manager_total_volumes",
          "How many volumes Pods want, and how many they have.",
          "plugin_name",
          "state");

  private final World world;
  private final Map<VolumeOfPod, String> wanted = new ConcurrentHashMap<>();
  private final Map<VolumeOfPod, String> mounted = new ConcurrentHashMap<>();
  private volatile Sweep found = new Sweep(0, 0);
  private volatile Sweep orphans = new Sweep(0, 0);

  private record VolumeOfPod(String uid, String volume) {}

  /// What a look at many things came to.
  private record Sweep(int tried, int failed) {}

  public VolumeMetrics(World world) {
    this.world = world;
  }

  /// Something that has begun.
  public final class Operation {
    private final String plugin;
    private final String name;
    private final long began = world.nanoTime();

    private Operation(String plugin, String name) {
      this.plugin = plugin;
      this.name = name;
    }

    /// It has ended.
    public void ended(boolean well) {
      operations
          .of(plugin, name, well ? "success" : "fail-unknown", "false")
          .record(world.nanoTime() - began);
    }
  }

  /// Something is begun.
  ///
  /// @param plugin as upstream calls it: `kubernetes.io/nfs`
  /// @param name as upstream calls what is done: `unmount_device`
  public Operation begin(String plugin, String name) {
    return new Operation(plugin, name);
  }

  /// A Pod wants a volume.
  public void wants(String uid, String volume, String plugin) {
    wanted.put(new VolumeOfPod(uid, volume), plugin);
  }

  /// A Pod has a volume. Returns whether it had not before.
  public boolean has(String uid, String volume, String plugin) {
    return mounted.put(new VolumeOfPod(uid, volume), plugin) == null;
  }

  /// How many volumes of each plugin a Pod has.
  public Map<String, Integer> of(String uid) {
    Map<String, Integer> plugins = new HashMap<>();
    mounted.forEach(
        (volume, plugin) -> {
          if (volume.uid.equals(uid)) {
            plugins.merge(plugin, 1, Integer::sum);
          }
        });
    return plugins;
  }

  /// A Pod has no volumes any more, and wants none.
  public void gone(String uid) {
    wanted.keySet().removeIf(volume -> volume.uid.equals(uid));
    mounted.keySet().removeIf(volume -> volume.uid.equals(uid));
  }

  /// A question to a storage driver.
  public final class Call {
    private final String driver;
    private final String method;
    private final long began = world.nanoTime();

    private Call(String driver, String method) {
      this.driver = driver;
      this.method = method;
    }

    /// It was answered, or was not.
    public void ended(GrpcStatus status) {
      calls.of(driver, method, status.display(), "false").record(world.nanoTime() - began);
    }
  }

  /// A driver is asked something.
  ///
  /// @param method with its service: `/csi.v1.Node/NodeStageVolume`
  public Call asks(String driver, String method) {
    return new Call(driver, method);
  }

  /// What an agent that starts has found of what its forerunner did.
  ///
  /// @param failed how many of them could not be read
  public void reconstructed(int tried, int failed) {
    found = new Sweep(tried, failed);
  }

  /// The Pods that were gone and had volumes, in the last look.
  ///
  /// @param failed how many still have them
  public void orphans(int cleaned, int failed) {
    orphans = new Sweep(cleaned, failed);
  }

  /// Tells all of it.
  public void write(Exposition out) {
    operations.write(out);
    calls.write(out);
    Map<List<String>, Integer> totals = new TreeMap<>(Comparator.comparing(List::toString));
    wanted
        .values()
        .forEach(each -> totals.merge(List.of(each, "desired_state_of_world"), 1, Integer::sum));
    mounted
        .values()
        .forEach(each -> totals.merge(List.of(each, "actual_state_of_world"), 1, Integer::sum));
    volumes.write(out, totals);
    out.family(
            "reconstruct_volume_operations_total",
            "counter",
            "Volumes that the agent has found when it started.")
        .sample("reconstruct_volume_operations_total", "", found.tried)
        .family(
            "reconstruct_volume_operations_errors_total",
            "counter",
            "Volumes that it could not make out.")
        .sample("reconstruct_volume_operations_errors_total", "", found.failed)
        .family(
            "kubelet_orphan_pod_cleaned_volumes",
            "gauge",
            "Pods that were gone, and whose volumes were removed in the last look.")
        .sample("kubelet_orphan_pod_cleaned_volumes", "", orphans.tried)
        .family(
            "kubelet_orphan_pod_cleaned_volumes_errors",
            "gauge",
            "Pods that were gone, and whose volumes could not be removed in the last look.")
        .sample("kubelet_orphan_pod_cleaned_volumes_errors", "", orphans.failed);
  }
}
