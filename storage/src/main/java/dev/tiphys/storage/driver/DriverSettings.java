package dev.tiphys.storage.driver;

import java.nio.file.Path;

/// What a driver needs to know.
///
/// @param node the name of the node
/// @param data where volumes and snapshots are kept
/// @param socket where the driver answers
/// @param registration where it makes itself known to the node's agent
/// @param version of the driver
public record DriverSettings(
    String node, Path data, Path socket, Path registration, String version) {

  /// Those of a node whose agent has a directory.
  ///
  /// @param data the directory of the cluster
  /// @param agent that of the node's agent, where agents look for drivers
  public static DriverSettings of(String node, Path data, Path agent, String version) {
    return new DriverSettings(
        node,
        data.resolve("storage"),
        agent.resolve("plugins").resolve(Driver.NAME).resolve("csi.sock"),
        agent.resolve("plugins_registry").resolve(Driver.NAME + "-reg.sock"),
        version);
  }
}
