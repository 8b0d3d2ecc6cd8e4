package dev.tiphys.node.host;

import dev.tiphys.object.Struct;
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
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a process has to know that comes after this one, in a file for each thing. What is written
/// stays, whenever the process or the machine ends: a reader sees the old or the new state.
///
/// Threads: any; each thing is changed by one at a time.
///
/// @param <T> what is told of a thing
public final class RecordFiles<T> {
  private static final System.Logger LOG = System.getLogger(RecordFiles.class.getName());
  private static final String SUFFIX = ".json";

  private final Path directory;
  private final Function<Struct, T> reader;
  private final Function<T, Struct> writer;
  private final Map<String, T> records = new ConcurrentHashMap<>();

  /// @param directory where the files are; made when there is something to write
  public RecordFiles(Path directory, Function<Struct, T> reader, Function<T, Struct> writer) {
    this.directory = directory;
    this.reader = reader;
    this.writer = writer;
  }

  /// Reads what there is. Comes before everything else.
  ///
  /// @return how many files could not be read; they are left as they are
  public int load() throws IOException {
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
    return unreadable;
  }

  private boolean read(Path file, String key) throws IOException {
    try {
      records.put(key, reader.apply(Json.struct(Files.readAllBytes(file))));
      return true;
    } catch (RuntimeException e) {
      // Nothing but a broken disk does that. What it tells of is left as it is: that loses no data.
      LOG.log(Level.ERROR, "a record cannot be read: file={0} {1}", file, e.getMessage());
      return false;
    }
  }

  public List<String> keys() {
    return List.copyOf(records.keySet());
  }

  public List<T> all() {
    return List.copyOf(records.values());
  }

  /// What is told of a thing; null if nothing is.
  public @Nullable T find(String key) {
    return records.get(key);
  }

  /// It is on the disk when this returns.
  ///
  /// @param key fit to be the name of a file
  public void put(String key, T record) throws IOException {
    if (record.equals(records.get(key))) {
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
      file.write(ByteBuffer.wrap(Json.bytes(writer.apply(record))));
      file.force(true);
    }
    Files.move(
        draft,
        directory.resolve(key + SUFFIX),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    records.put(key, record);
  }

  public void remove(String key) throws IOException {
    Files.deleteIfExists(directory.resolve(key + SUFFIX));
    records.remove(key);
  }
}
