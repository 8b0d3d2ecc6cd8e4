package dev.tiphys.node.volumes.ledger;

import dev.tiphys.node.volumes.Mounts;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is staged and published on this node, and for what, in a file for each volume. What is
/// written stays, whenever the agent or the machine ends: a reader sees the old or the new state.
///
/// Threads: any; one volume is changed by one at a time.
public final class Ledger {
  private static final System.Logger LOG = System.getLogger(Ledger.class.getName());
  private static final String SUFFIX = ".json";

  private final Path directory;
  private final Map<String, LedgerEntry> entries = new ConcurrentHashMap<>();

  /// @param directory where the files are; made when there is something to write
  public Ledger(Path directory) {
    this.directory = directory;
  }

  /// Reads what there is, and doubts what it says and the machine does not.
  ///
  /// @return how many files could not be read
  public int load(Mounts mounts) throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    int unreadable = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(SUFFIX)) {
          unreadable += read(file, name.substring(0, name.length() - SUFFIX.length())) ? 0 : 1;
        } else {
          Files.delete(file); // A draft that was never finished.
        }
      }
    }
    for (Map.Entry<String, LedgerEntry> entry : Map.copyOf(entries).entrySet()) {
      put(entry.getKey(), entry.getValue().doubted(mounts));
    }
    return unreadable;
  }

  private boolean read(Path file, String key) throws IOException {
    try {
      entries.put(key, LedgerEntry.of(Json.struct(Files.readAllBytes(file))));
      return true;
    } catch (RuntimeException e) {
      // Nothing but a broken disk does that. The volume is left as it is: that loses no data.
      LOG.log(Level.ERROR, "the ledger cannot be read: file={0} {1}", file, e.getMessage());
      return false;
    }
  }

  /// The keys of all volumes.
  public List<String> keys() {
    return List.copyOf(entries.keySet());
  }

  /// A volume's entry; null if it has none.
  public @Nullable LedgerEntry find(String key) {
    return entries.get(key);
  }

  public List<LedgerEntry> all() {
    return List.copyOf(entries.values());
  }

  public static String key(String driver, String handle) {
    return Digests.sha256(driver + "\0" + handle);
  }

  public void put(String key, LedgerEntry entry) throws IOException {
    if (entry.equals(entries.get(key))) {
      return;
    }
    Files.createDirectories(directory);
    Path draft = directory.resolve(key + ".draft");
    try (FileChannel file =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(Json.bytes(entry.toStruct())));
      file.force(true);
    }
    Files.move(
        draft,
        directory.resolve(key + SUFFIX),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    entries.put(key, entry);
  }

  public void remove(String key) throws IOException {
    Files.deleteIfExists(directory.resolve(key + SUFFIX));
    entries.remove(key);
  }
}
