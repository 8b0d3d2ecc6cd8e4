package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.PluginFactory;
import dev.tiphys.scheduler.plugins.affinity.InterPodAffinity;
import dev.tiphys.scheduler.plugins.devices.Devices;
import dev.tiphys.scheduler.plugins.devices.DynamicResources;
import dev.tiphys.scheduler.plugins.features.NodeDeclaredFeatures;
import dev.tiphys.scheduler.plugins.gangs.GangScheduling;
import dev.tiphys.scheduler.plugins.gangs.PodGroups;
import dev.tiphys.scheduler.plugins.preemption.DefaultPreemption;
import dev.tiphys.scheduler.plugins.preemption.VictimAdviser;
import dev.tiphys.scheduler.plugins.resources.NodeResourcesBalancedAllocation;
import dev.tiphys.scheduler.plugins.resources.NodeResourcesFit;
import dev.tiphys.scheduler.plugins.spread.PodTopologySpread;
import dev.tiphys.scheduler.plugins.volumes.NodeVolumeLimits;
import dev.tiphys.scheduler.plugins.volumes.VolumeBinding;
import dev.tiphys.scheduler.plugins.volumes.VolumeRestrictions;
import dev.tiphys.scheduler.plugins.volumes.VolumeZone;
import dev.tiphys.scheduler.plugins.volumes.Volumes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Upstream's default plugins, by name, in the order in which they are asked by default.
public final class DefaultPlugins {

  private final Map<String, PluginFactory> factories = new LinkedHashMap<>();

  private @Nullable Volumes volumes;
  private @Nullable Devices devices;
  private @Nullable PodGroups groups;

  private DefaultPlugins(VictimAdviser adviser) {
    factories.put("SchedulingGates", (_, _) -> new SchedulingGates());
    factories.put("PrioritySort", (_, _) -> new PrioritySort());
    factories.put("NodeUnschedulable", (_, _) -> new NodeUnschedulable());
    factories.put("NodeName", (_, _) -> new NodeName());
    factories.put("TaintToleration", (_, _) -> new TaintToleration());
    factories.put("NodeAffinity", (_, arguments) -> new NodeAffinityPlugin(arguments));
    factories.put("NodePorts", (_, _) -> new NodePorts());
    factories.put(
        "NodeResourcesFit",
        (handle, arguments) -> new NodeResourcesFit(arguments, devices(handle).classes()::have));
    aboutVolumes();
    factories.put("PodTopologySpread", PodTopologySpread::new);
    factories.put("InterPodAffinity", InterPodAffinity::new);
    factories.put(
        "DynamicResources",
        (handle, arguments) -> new DynamicResources(handle, arguments, devices(handle)));
    factories.put(
        "DefaultPreemption",
        (handle, arguments) -> new DefaultPreemption(handle, arguments, adviser));
    factories.put(
        "NodeResourcesBalancedAllocation",
        (_, arguments) -> new NodeResourcesBalancedAllocation(arguments));
    factories.put("ImageLocality", (handle, _) -> new ImageLocality(handle.cluster()));
    factories.put("DefaultBinder", (handle, _) -> new DefaultBinder(handle.api()));
    factories.put("GangScheduling", (handle, _) -> new GangScheduling(handle, groups(handle)));
    factories.put("NodeDeclaredFeatures", (_, _) -> new NodeDeclaredFeatures());
  }

  private void aboutVolumes() {
    factories.put(
        "VolumeRestrictions",
        (handle, _) -> new VolumeRestrictions(volumes(handle), handle.cluster()));
    factories.put("NodeVolumeLimits", (handle, _) -> new NodeVolumeLimits(handle, volumes(handle)));
    factories.put(
        "VolumeBinding",
        (handle, arguments) -> new VolumeBinding(handle, arguments, volumes(handle)));
    factories.put("VolumeZone", (handle, _) -> new VolumeZone(volumes(handle)));
  }

  /// The volumes as all plugins of all profiles see them, or one would be promised twice.
  private Volumes volumes(Handle handle) {
    Volumes known = volumes;
    if (known == null) {
      known = new Volumes(handle.informers());
      volumes = known;
    }
    return known;
  }

  /// The devices as all plugins of all profiles see them, for the same reason.
  private Devices devices(Handle handle) {
    Devices known = devices;
    if (known == null) {
      known = new Devices(handle);
      devices = known;
    }
    return known;
  }

  /// The groups of Pods as all profiles see them: their members may be of several.
  private PodGroups groups(Handle handle) {
    PodGroups known = groups;
    if (known == null) {
      known = new PodGroups(handle);
      groups = known;
    }
    return known;
  }

  /// What makes each of them, for the profiles of one scheduler.
  ///
  /// @param adviser who else has a say in which Pods leave for others
  public static Map<String, PluginFactory> all(VictimAdviser adviser) {
    return new DefaultPlugins(adviser).factories;
  }
}
