package dev.tiphys.storage.provisioner;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.storage.host.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The volumes that were asked for and are perhaps no objects yet, by their claims: kept in files,
/// so that what was made for a claim that goes while the process is dead is deleted by the next
/// one. Only what is written here is ever deleted without an object that says so.
///
/// Threads: any; one at a time for each claim.
public final class Unwritten {

  private final Machine machine;
  private final Path directory;
  private final Map<ObjectKey, String> byClaim = new ConcurrentHashMap<>();

  /// Reads what the process before has left.
  ///
  /// @throws UncheckedIOException if the directory can't be read
  public Unwritten(Machine machine, Path directory) {
    this.machine = machine;
    this.directory = directory;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
      for (Path file : files) {
        Struct entry = Json.struct(Files.readAllBytes(file));
        byClaim.put(
            new ObjectKey(entry.string("namespace"), entry.string("claim")),
            entry.string("volume"));
      }
    } catch (NoSuchFileException _) {
      // Nothing was ever asked for.
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " can't be read", e);
    }
  }

  Set<ObjectKey> claims() {
    return Set.copyOf(byClaim.keySet());
  }

  /// The name of the volume that was asked for; null if none was.
  @Nullable String find(ObjectKey claim) {
    return byClaim.get(claim);
  }

  /// Takes note of a volume before it is asked for. It is on the disk when this returns.
  ///
  /// @throws UncheckedIOException if it can't be written down: then it must not be asked for
  void put(ObjectKey claim, String volume) {
    if (volume.equals(byClaim.get(claim))) {
      return;
    }
    Struct entry =
        Struct.of("namespace", claim.namespace(), "claim", claim.name(), "volume", volume);
    try {
      machine.makeDirectory(directory);
      machine.write(file(volume), Json.bytes(entry));
    } catch (IOException e) {
      throw new UncheckedIOException("a volume can't be written down: " + e.getMessage(), e);
    }
    byClaim.put(claim, volume);
  }

  /// The volume is an object now, or is gone.
  void remove(ObjectKey claim) {
    String volume = byClaim.get(claim);
    if (volume != null) {
      try {
        machine.remove(file(volume));
      } catch (IOException e) {
        throw new UncheckedIOException("a note of a volume can't be removed", e);
      }
      byClaim.remove(claim);
    }
  }

  private Path file(String volume) {
    return directory.resolve(volume + ".json");
  }
}
