package dev.tiphys.storage.volumes;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.storage.host.Machine;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Directories of one kind, each with a file that says what it is. That file is written last and
/// removed first, so a directory without it is something half-made or half-removed.
///
/// Threads: any; one at a time for each id.
///
/// @param <T> what the file says
final class Shelf<T> {

  private static final String RECORD = "record.json";

  private final Machine machine;
  private final Path root;
  private final Function<Struct, T> reader;
  private final Function<T, Struct> writer;
  private final ConcurrentMap<String, T> known = new ConcurrentSkipListMap<>();
  private boolean read; // guarded by this

  Shelf(Machine machine, Path root, Function<Struct, T> reader, Function<T, Struct> writer) {
    this.machine = machine;
    this.root = root;
    this.reader = reader;
    this.writer = writer;
  }

  Path directory(String id) {
    return root.resolve(id);
  }

  /// The image of a volume or a snapshot.
  Path image(String id) {
    return directory(id).resolve("image");
  }

  /// The files of a volume or a snapshot that has no image.
  Path files(String id) {
    return directory(id).resolve("files");
  }

  /// What there is with an id; null if there is nothing whole.
  @Nullable T find(String id) throws IOException {
    readOnce();
    return known.get(id);
  }

  /// What is on the disk is read once: nothing else changes it afterwards.
  private synchronized void readOnce() throws IOException {
    if (read) {
      return;
    }
    for (String id : ids()) {
      T found = record(id);
      if (found != null) {
        known.put(id, found);
      }
    }
    read = true;
  }

  private @Nullable T record(String id) throws IOException {
    try {
      return reader.apply(Json.struct(Files.readAllBytes(directory(id).resolve(RECORD))));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /// All that is whole, in the order of ids.
  List<T> all() throws IOException {
    readOnce();
    return List.copyOf(known.values());
  }

  private List<String> ids() throws IOException {
    List<String> ids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      entries.forEach(entry -> ids.add(entry.getFileName().toString()));
    } catch (NoSuchFileException e) {
      return List.of();
    }
    ids.sort(null);
    return ids;
  }

  /// Makes room for what is to be made: what a try before has left is removed.
  void begin(String id) throws IOException {
    machine.removeTree(directory(id));
    machine.makeDirectory(directory(id));
  }

  /// From here on it is whole, or is something else than it was.
  void put(String id, T thing) throws IOException {
    readOnce();
    machine.write(directory(id).resolve(RECORD), Json.bytes(writer.apply(thing)));
    known.put(id, thing);
  }

  /// Removes it.
  void remove(String id) throws IOException {
    machine.remove(directory(id).resolve(RECORD));
    known.remove(id);
    machine.removeTree(directory(id));
  }

  /// The ids of what is half-made or half-removed.
  List<String> halves() throws IOException {
    List<String> halves = new ArrayList<>();
    for (String id : ids()) {
      if (!Files.exists(directory(id).resolve(RECORD))) {
        halves.add(id);
      }
    }
    return halves;
  }
}
