package dev.tiphys.storage;

import dev.tiphys.client.Api;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.storage.driver.Driver;
import dev.tiphys.storage.driver.DriverSettings;
import dev.tiphys.storage.host.ThisMachine;
import dev.tiphys.storage.provisioner.CapacityReporter;
import dev.tiphys.storage.provisioner.Provisioner;
import dev.tiphys.storage.provisioner.Unwritten;
import dev.tiphys.storage.resizer.Resizer;
import dev.tiphys.storage.sidecar.SidecarSettings;
import dev.tiphys.storage.sidecar.SocketCalls;
import dev.tiphys.storage.snapshotter.Snapshotter;
import dev.tiphys.world.World;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The storage of one node: our driver, and what makes volumes of claims with it.
///
/// Threads: any.
public final class LocalStorage implements AutoCloseable {

  private static final List<String> PROGRAMS =
      List.of("mount", "umount", "losetup", "fsfreeze", "mkfs.ext4", "resize2fs", "debugfs", "cp");

  private final Deque<Runnable> ending = new ArrayDeque<>();

  private LocalStorage() {}

  /// Starts it. Volumes that are in use stay as they are.
  ///
  /// @param settings where the driver keeps volumes and answers
  /// @throws IOException if the driver can't start: a program is missing, say
  public static LocalStorage start(World world, Api api, DriverSettings settings)
      throws IOException, InterruptedException {
    String missing = ThisMachine.missing(PROGRAMS);
    if (!missing.isEmpty()) {
      throw new IOException("program %s is not installed".formatted(missing));
    }
    LocalStorage storage = new LocalStorage();
    try {
      storage.startParts(world, api, settings);
      return storage;
    } catch (IOException | InterruptedException | RuntimeException e) {
      storage.close();
      throw e;
    }
  }

  private void startParts(World world, Api api, DriverSettings settings)
      throws IOException, InterruptedException {
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("storage", true), NioIoHandler.newFactory());
    ending.push(() -> loops.shutdownGracefully(0, 1, TimeUnit.SECONDS));
    Driver driver = Driver.start(world, loops, new ThisMachine(), settings);
    ending.push(driver::close);
    SocketCalls calls = new SocketCalls(world, loops, settings.socket());
    ending.push(calls::close);
    SidecarSettings own = new SidecarSettings(Driver.NAME, Driver.TOPOLOGY, settings.node());
    DefaultObjects defaults = StorageDefaults.of(world, api);
    ending.push(defaults::close);
    defaults.start();
    CapacityReporter capacity = new CapacityReporter(world, api, calls, own);
    ending.push(capacity::close);
    capacity.start();
    Unwritten notes = new Unwritten(new ThisMachine(), settings.data().resolve("unwritten"));
    Provisioner provisioner = new Provisioner(world, api, calls, own, notes);
    ending.push(provisioner::close);
    provisioner.start();
    Resizer resizer = new Resizer(world, api, calls, own);
    ending.push(resizer::close);
    resizer.start();
    Snapshotter snapshotter = new Snapshotter(world, api, calls, own);
    ending.push(snapshotter::close);
    snapshotter.start();
  }

  /// Removes all volumes and snapshots below a directory, whatever they are mounted as there.
  ///
  /// @param data the directory of the cluster
  /// @throws IOException if something is left
  public static void clear(World world, Path data) throws IOException, InterruptedException {
    Clearing.clear(new ThisMachine(), world::now, data);
  }

  /// Ends the parts. What is mounted stays.
  @Override
  public void close() {
    while (!ending.isEmpty()) {
      ending.pop().run();
    }
  }
}
