package dev.tiphys.node.agent;

import dev.tiphys.client.Api;
import dev.tiphys.client.Informer;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodEvents;
import dev.tiphys.node.volumes.usage.VolumeStats;
import dev.tiphys.node.volumes.usage.VolumeUsage;
import dev.tiphys.node.volumes.usage.VolumeUsages;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks storage drivers each minute how the volumes of Pods are, and tells the Pods of those that
/// are not well.
///
/// Threads: its own task.
final class VolumeHealth {
  private static final System.Logger LOG = System.getLogger(VolumeHealth.class.getName());
  private static final Duration ROUND = Duration.ofMinutes(1);

  private final World world;
  private final Api api;
  private final Informer pods;
  private final VolumeUsages usages;
  private final PodEvents events;

  VolumeHealth(World world, Api api, Informer pods, VolumeUsages usages, PodEvents events) {
    this.world = world.background();
    this.api = api;
    this.pods = pods;
    this.usages = usages;
    this.events = events;
  }

  void run() throws InterruptedException {
    while (true) {
      world.sleep(ROUND);
      for (Struct pod : pods.list()) {
        try {
          for (VolumeStats volume : VolumeStats.look(api, List.of(pod), usages)) {
            tell(pod, volume);
          }
        } catch (IOException e) {
          LOG.log(Level.DEBUG, "the volumes of a pod cannot be looked at: {0}", e.getMessage());
        }
      }
    }
  }

  private void tell(Struct pod, VolumeStats volume) {
    VolumeUsage.@Nullable Health health = volume.usage().health();
    if (health != null && health.abnormal()) {
      events.warning(
          new Pod(pod),
          "VolumeConditionAbnormal",
          "Volume " + volume.volume() + ": " + health.message());
    }
  }
}
