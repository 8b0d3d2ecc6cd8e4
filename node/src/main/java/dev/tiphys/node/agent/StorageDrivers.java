package dev.tiphys.node.agent;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.node.pod.PodEvents;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.volumes.Mounts;
import dev.tiphys.node.volumes.ServiceAccountTokens;
import dev.tiphys.node.volumes.csi.CsiDrivers;
import dev.tiphys.node.volumes.csi.CsiExpansion;
import dev.tiphys.node.volumes.csi.CsiKind;
import dev.tiphys.node.volumes.csi.CsiNodeObject;
import dev.tiphys.node.volumes.csi.CsiObjects;
import dev.tiphys.node.volumes.csi.CsiPlugin;
import dev.tiphys.node.volumes.csi.PluginConnections;
import dev.tiphys.node.volumes.csi.PluginKind;
import dev.tiphys.node.volumes.csi.PluginRegistry;
import dev.tiphys.node.volumes.usage.VolumeMetrics;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// The storage drivers of a node, and the volumes that they bring.
///
/// Threads: any.
final class StorageDrivers implements AutoCloseable {
  private final World world;
  private final PodDirectories directories;
  private final PluginConnections connections;
  private final VolumeMetrics metrics;
  private final CsiDrivers drivers;
  private final ServiceAccountTokens tokens;
  private final CsiNodeObject object;
  private final CsiPlugin volumes;

  StorageDrivers(
      World world,
      Api api,
      NodeSettings settings,
      Mounts mounts,
      PluginConnections connections,
      EventRecorder recorder) {
    this.world = world;
    this.metrics = new VolumeMetrics(world);
    this.drivers = new CsiDrivers(metrics);
    this.directories = settings.directories();
    this.connections = connections;
    this.tokens = new ServiceAccountTokens(world, api);
    this.object = new CsiNodeObject(api, settings.name());
    CsiObjects objects = new CsiObjects(api, tokens, settings.name());
    this.volumes =
        new CsiPlugin(
            world,
            drivers,
            objects,
            new CsiExpansion(api, objects, new PodEvents(recorder)),
            directories,
            mounts,
            metrics);
  }

  /// Makes the directories that drivers look for. Comes before everything else.
  void start() throws IOException {
    Files.createDirectories(directories.pluginsRegistry());
    Files.createDirectories(directories.plugin(""));
    Files.createDirectories(directories.data().resolve("pods"));
  }

  /// @param devices the drivers of devices, which make themselves known at the same place
  /// @param onChange told when a driver came or went
  PluginRegistry registry(PluginKind devices, Runnable onChange) {
    return new PluginRegistry(
        world,
        directories.pluginsRegistry(),
        connections,
        List.of(new CsiKind(drivers, object), devices),
        onChange);
  }

  CsiPlugin volumes() {
    return volumes;
  }

  /// What is counted of volumes, those of drivers and all others.
  VolumeMetrics metrics() {
    return metrics;
  }

  ServiceAccountTokens tokens() {
    return tokens;
  }

  @Override
  public void close() {
    drivers.close();
    connections.close();
  }
}
