package dev.tiphys.node.volumes.csi;

import dev.tiphys.csi.Csi;
import dev.tiphys.csi.Csi.NodeServiceCapability.RPC;
import dev.tiphys.csi.NodeService;
import dev.tiphys.node.volumes.usage.VolumeMetrics;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The storage drivers that are registered on this node.
///
/// Threads: any.
public final class CsiDrivers {
  private final VolumeMetrics metrics;
  private final Map<String, PluginEndpoint> drivers = new ConcurrentHashMap<>();

  /// @param metrics where their answers are counted
  public CsiDrivers(VolumeMetrics metrics) {
    this.metrics = metrics;
  }

  /// A driver is there from now on, in the place of the one of the same name that was.
  public void add(String name, PluginEndpoint endpoint) {
    PluginEndpoint before = drivers.put(name, new MeasuredEndpoint(endpoint, name, metrics));
    if (before != null) {
      before.close();
    }
  }

  /// A driver is gone.
  public void remove(String name) {
    PluginEndpoint endpoint = drivers.remove(name);
    if (endpoint != null) {
      endpoint.close();
    }
  }

  @Nullable PluginEndpoint find(String name) {
    return drivers.get(name);
  }

  /// What is said of a driver that is not there, in upstream's words.
  static String missing(String name) {
    return "driver name " + name + " not found in the list of registered CSI drivers";
  }

  /// What the node's part of a driver can do.
  static Set<RPC.Type> abilities(PluginEndpoint driver) throws InterruptedException {
    Set<RPC.Type> abilities = EnumSet.noneOf(RPC.Type.class);
    Csi.NodeGetCapabilitiesResponse answer =
        driver.call(
            NodeService.NODE_GET_CAPABILITIES, Csi.NodeGetCapabilitiesRequest.getDefaultInstance());
    answer.getCapabilitiesList().forEach(ability -> abilities.add(ability.getRpc().getType()));
    return abilities;
  }

  /// Lets go of all of them.
  public void close() {
    Set.copyOf(drivers.keySet()).forEach(this::remove);
  }
}
