package dev.tiphys.cli.roles;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.storage.LocalStorage;
import dev.tiphys.storage.driver.DriverSettings;
import dev.tiphys.world.World;
import java.io.IOException;

/// Volumes on this node's disk.
public final class StorageRole {

  /// The user that makes them.
  public static final String USER = "system:tiphys:storage";

  /// What it is called in requests.
  public static final String PROGRAM = "storage";

  private static final String VERSION = "v1";

  private StorageRole() {}

  /// Starts what makes them. The node's agent finds the driver by itself.
  ///
  /// @param api as what makes volumes sees it
  /// @param node what the node is called
  /// @throws CliException if it can't be
  public static LocalStorage start(World world, Api api, String node, DataDirectory data)
      throws InterruptedException {
    try {
      return LocalStorage.start(
          world, api, DriverSettings.of(node, data.path(), data.path(), VERSION));
    } catch (IOException e) {
      throw new CliException(
          "cannot make volumes on this node (%s); leave them to other programs with --without storage"
              .formatted(e.getMessage()),
          e);
    }
  }
}
