package dev.tiphys.cli.data;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.machine.HostName;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/// By which name a process is a candidate for Leases: `<host name>_<uuid>`, as upstream's.
///
/// One that has a data directory, which it shares with no other process, goes by the same name
/// after a restart: what it held when it was killed is its own, and need not be waited for. So does
/// a cluster that begins with another one's objects, among which that Lease is.
public final class LeaderIdentity {

  private LeaderIdentity() {}

  /// One for this process alone.
  public static String fresh(World world) {
    return HostName.find() + "_" + uuid(world);
  }

  /// The one of the cluster in a directory.
  ///
  /// @throws CliException if it can't be kept there
  public static String of(World world, DataDirectory data) {
    Path file = data.leaderIdentity();
    try {
      if (!Files.exists(file)) {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(unfinished, uuid(world) + "\n");
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return HostName.find() + "_" + Files.readString(file).strip();
    } catch (IOException e) {
      throw new CliException("cannot keep the identity of a leader in " + file + ": " + e, e);
    }
  }

  /// Gives the identity of a cluster to one that begins with its objects.
  ///
  /// @throws CliException if it can't be read or written
  public static void copy(DataDirectory from, DataDirectory to) {
    try {
      if (Files.exists(from.leaderIdentity())) {
        Files.copy(from.leaderIdentity(), to.leaderIdentity());
      }
    } catch (IOException e) {
      throw new CliException("cannot copy " + from.leaderIdentity() + ": " + e, e);
    }
  }

  private static UUID uuid(World world) {
    long high = world.random().nextLong();
    long low = world.random().nextLong();
    return new UUID((high & ~0xF000L) | 0x4000L, (low & ~(3L << 62)) | (1L << 63)); // version 4
  }
}
