package dev.tiphys.store.embedded;

import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.embedded.disk.Disk.DiskFile;
import dev.tiphys.store.embedded.disk.RealDisk;
import dev.tiphys.store.replica.Tree;
import dev.tiphys.store.replica.TreeEdit;
import dev.tiphys.store.replica.TreeSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A store as it was at some revision, written down so that another one can begin with it.
/// Revisions go on from there.
public final class Seed {

  /// Says in a checkpoint that no log belongs to it.
  static final long NO_SEGMENT = 0;

  private Seed() {}

  /// Writes a snapshot down, as [#plant] takes it.
  ///
  /// @param leaseLife how long what is tied to a lease lives on in the new store: how much of their
  ///   lives was left is not known
  public static void write(Snapshot snapshot, Duration leaseLife, OutputStream out)
      throws IOException {
    Map<Long, Duration> leases = new HashMap<>();
    List<KeyValue> all = snapshot.list("", "", Integer.MAX_VALUE);
    for (KeyValue state : all) {
      if (state.lease() != 0) {
        leases.put(state.lease(), leaseLife);
      }
    }
    CheckpointWriter.write(new Checkpoint(tree(snapshot), NO_SEGMENT, leases), out);
  }

  /// A snapshot as this engine holds it.
  static TreeSnapshot tree(Snapshot snapshot) {
    if (snapshot instanceof TreeSnapshot known) {
      return known;
    }
    TreeEdit edit = new TreeEdit(Tree.EMPTY);
    snapshot.list("", "", Integer.MAX_VALUE).forEach(edit::put);
    return new TreeSnapshot(snapshot.revision(), edit.tree());
  }

  /// Makes a directory in which a store begins with what [#write] wrote down. Returns the revision
  /// that it begins with.
  ///
  /// @param content what [#write] wrote
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
      long revision = CheckpointReader.checked(disk, unchecked);
      try (DiskFile file = disk.open(unchecked)) {
        file.sync();
      }
      disk.rename(unchecked, Checkpoint.name(revision));
      disk.syncNames();
      return revision;
    } catch (IOException e) {
      throw new StoreException(Reason.UNAVAILABLE, "cannot use " + directory, e);
    }
  }
}
