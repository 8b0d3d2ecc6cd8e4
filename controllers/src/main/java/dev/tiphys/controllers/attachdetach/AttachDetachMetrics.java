package dev.tiphys.controllers.attachdetach;

import dev.tiphys.client.Informer;
import dev.tiphys.controllers.common.Pods;
import dev.tiphys.controllers.common.StorageCalls;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.GaugeFamily;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which volumes are attached and used where, and how often they were detached that a node said to
/// use, under upstream's names: as the controller knows it that was made last.
///
/// Threads: any.
public final class AttachDetachMetrics {

  private final CounterFamily forced =
      new CounterFamily(
          "attach_detach_controller_attachdetach_controller_forced_detaches",
          "Volumes that were detached although a node had not given them back.",
          "reason");
  private final GaugeFamily totals =
      new GaugeFamily(
          "attachdetach_controller_total_volumes",
          "Volumes that are attached, or are to be.",
          "plugin_name",
          "state");
  private final GaugeFamily used =
      new GaugeFamily(
          "storage_count_attachable_volumes_in_use",
          "Volumes that the Pods of a node use.",
          "node",
          "volume_plugin");

  private final StorageCalls calls;

  private volatile @Nullable View view;

  /// What there is to count.
  private record View(Informer pods, Informer attachments, VolumeUsers users) {}

  /// A volume at a place.
  private record Place(String node, AttachableVolume volume) {}

  /// @param calls where what plugins do is counted
  public AttachDetachMetrics(StorageCalls calls) {
    this.calls = calls;
  }

  /// An attempt to attach a volume has ended.
  void attached(String driver, boolean success, Duration taken) {
    calls.ended(plugin(driver), "volume_attach", success, taken);
  }

  /// A volume is detached.
  void detached(String driver, Duration taken) {
    calls.ended(plugin(driver), "volume_detach", true, taken);
  }

  /// Tells of the volumes that informers know from now on.
  void count(Informer pods, Informer attachments, VolumeUsers users) {
    view = new View(pods, attachments, users);
  }

  /// @param reason `timeout` or `out-of-service`
  void forced(String reason) {
    forced.count(reason);
  }

  /// Writes all of it, if there is a controller.
  public void write(Exposition out) {
    View known = view;
    if (known == null) {
      return;
    }
    Map<List<String>, Integer> counts = new HashMap<>();
    for (Struct attachment : known.attachments.list()) {
      add(counts, plugin(attachment.string("spec", "attacher")), "actual_state_of_world");
    }
    Set<Place> wanted = new HashSet<>();
    Map<List<String>, Integer> uses = new HashMap<>();
    for (Struct pod : known.pods.list()) {
      String node = pod.string("spec", "nodeName");
      if (!node.isEmpty() && !Pods.isTerminal(pod)) {
        known
            .users
            .volumesOf(pod)
            .forEach(
                volume -> {
                  add(uses, node, plugin(volume.driver()));
                  if (wanted.add(new Place(node, volume))) {
                    add(counts, plugin(volume.driver()), "desired_state_of_world");
                  }
                });
      }
    }
    forced.write(out);
    totals.write(out, counts);
    used.write(out, uses);
  }

  private static void add(Map<List<String>, Integer> counts, String... labels) {
    counts.merge(List.of(labels), 1, Integer::sum);
  }

  private static String plugin(String driver) {
    return "kubernetes.io/csi:" + driver;
  }
}
