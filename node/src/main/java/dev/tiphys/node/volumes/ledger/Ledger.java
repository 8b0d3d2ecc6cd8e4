package dev.tiphys.node.volumes.ledger;

import dev.tiphys.node.host.RecordFiles;
import dev.tiphys.node.volumes.Mounts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is staged and published on this node, and for what.
///
/// Threads: any; one volume is changed by one at a time.
public final class Ledger {
  private final RecordFiles<LedgerEntry> files;

  /// @param directory where the files are; made when there is something to write
  public Ledger(Path directory) {
    this.files = new RecordFiles<>(directory, LedgerEntry::of, LedgerEntry::toStruct);
  }

  /// Reads what there is, and doubts what it says and the machine does not.
  ///
  /// @return how many files could not be read
  public int load(Mounts mounts) throws IOException {
    int unreadable = files.load();
    for (String key : files.keys()) {
      LedgerEntry entry = files.find(key);
      if (entry != null) {
        files.put(key, entry.doubted(mounts));
      }
    }
    return unreadable;
  }

  /// The keys of all volumes.
  public List<String> keys() {
    return files.keys();
  }

  /// A volume's entry; null if it has none.
  public @Nullable LedgerEntry find(String key) {
    return files.find(key);
  }

  public List<LedgerEntry> all() {
    return files.all();
  }

  public static String key(String driver, String handle) {
    return Digests.sha256(driver + "\0" + handle);
  }

  public void put(String key, LedgerEntry entry) throws IOException {
    files.put(key, entry);
  }

  public void remove(String key) throws IOException {
    files.remove(key);
  }
}
