package dev.tiphys.node.devices;

import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The claims that are prepared on this node, in a file each: what an agent has begun, the next one
/// takes back.
///
/// Threads: any; one at a time for each claim.
final class ClaimLedger {
  private final Path directory;
  private final Map<String, PreparedClaim> claims = new ConcurrentHashMap<>();

  /// @param directory made when there is something to write
  ClaimLedger(Path directory) {
    this.directory = directory;
  }

  /// Reads what there is.
  void load() throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
      for (Path file : files) {
        PreparedClaim claim = PreparedClaim.of(Json.struct(Files.readAllBytes(file)));
        claims.put(claim.uid(), claim);
      }
    }
  }

  @Nullable PreparedClaim find(String uid) {
    return claims.get(uid);
  }

  List<PreparedClaim> all() {
    return List.copyOf(claims.values());
  }

  /// It is on the disk when this returns.
  void put(PreparedClaim claim) throws IOException {
    if (claim.equals(claims.get(claim.uid()))) {
      return;
    }
    Files.createDirectories(directory);
    Path draft = directory.resolve(claim.uid() + ".draft");
    try (FileChannel file =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(Json.bytes(claim.toStruct())));
      file.force(true);
    }
    Files.move(
        draft,
        file(claim.uid()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    claims.put(claim.uid(), claim);
  }

  void remove(String uid) throws IOException {
    Files.deleteIfExists(file(uid));
    claims.remove(uid);
  }

  private Path file(String uid) {
    return directory.resolve(uid + ".json");
  }
}
