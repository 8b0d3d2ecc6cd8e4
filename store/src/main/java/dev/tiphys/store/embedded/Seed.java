package dev.tiphys.store.embedded;

import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.embedded.disk.RealDisk;
import dev.tiphys.store.replica.Tree;
import dev.tiphys.store.replica.TreeEdit;
import dev.tiphys.store.replica.TreeSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/// A store as it was at some revision, as a file from which another one begins. Revisions go on
/// from there.
public final class Seed {

  /// Says in a checkpoint that no log belongs to it.
  static final long NO_SEGMENT = 0;

  private Seed() {}

  /// Writes a snapshot into `directory`. Returns the file.
  ///
  /// @param leaseLife how long what is tied to a lease lives on in the new store: how much of their
  ///   lives was left is not known
  /// @throws StoreException `NO_SPACE` or `UNAVAILABLE` if the file can't be written
  public static Path write(Snapshot snapshot, Duration leaseLife, Path directory) {
    Map<Long, Duration> leases = new HashMap<>();
    TreeEdit states = new TreeEdit(Tree.EMPTY);
    long bytes = 0;
    for (KeyValue state : snapshot.list("", "", Integer.MAX_VALUE)) {
      states.put(state);
      bytes += state.key().length() + state.value().length;
      if (state.lease() != 0) {
        leases.put(state.lease(), leaseLife);
      }
    }
    Checkpoint checkpoint =
        new Checkpoint(new TreeSnapshot(snapshot.revision(), states.tree()), NO_SEGMENT, leases);
    try {
      CheckpointWriter.write(RealDisk.at(directory), checkpoint, bytes);
      return directory.resolve(checkpoint.name());
    } catch (IOException e) {
      throw new StoreException(Reason.UNAVAILABLE, "cannot write " + directory, e);
    }
  }

  /// Makes a directory in which a store begins with what a file says that [#write] wrote. Returns
  /// the revision that it begins with.
  ///
  /// @param content the bytes of the file
  /// @throws StoreException `IN_USE` if there is something in the directory, `CORRUPT` if the
  ///   content is no such file, or `UNAVAILABLE` if the directory can't be used
  public static long plant(InputStream content, Path directory) {
    try {
      RealDisk disk = RealDisk.at(directory);
      try (Stream<Path> present = Files.list(directory)) {
        if (present.findAny().isPresent()) {
          throw new StoreException(Reason.IN_USE, directory + " is not empty");
        }
      }
      String unchecked = "checkpoint-%020d".formatted(0);
      Files.copy(content, directory.resolve(unchecked));
      Checkpoint checkpoint = CheckpointReader.readUnnamed(disk, unchecked);
      disk.rename(unchecked, checkpoint.name());
      disk.syncNames();
      return checkpoint.revision();
    } catch (IOException e) {
      throw new StoreException(Reason.UNAVAILABLE, "cannot use " + directory, e);
    }
  }
}
