package dev.tiphys.storage.volumes;

import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.storage.host.Blocks;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How much room there is for more volumes. What volumes may still grow into is set aside: a sum of
/// sizes that the disk can't hold is never promised. Nothing is set aside for volumes whose sizes
/// are limits only.
///
/// Blocks that copies share count once, so many copies that are all written over can still want
/// more than there is.
final class Room {

  /// What stays free for the machine itself, of a hundred.
  private static final int RESERVED = 2;

  /// What has to be free for a volume of which nothing is set aside.
  static final long LEAST = 64 << 20;

  /// The largest file that ext4 can hold.
  static final long LARGEST = 16L << 40;

  private final Path root;

  Room(Path root) {
    this.root = root;
  }

  /// The bytes that a new volume can have.
  ///
  /// @param images of the volumes
  /// @param sizes what they may grow to, in the same order
  long available(List<Path> images, List<Long> sizes) throws IOException {
    FileStore store = Files.getFileStore(root);
    long free = store.getUsableSpace() - store.getTotalSpace() / 100 * RESERVED;
    for (int i = 0; i < images.size(); i++) {
      free -= Math.max(0, sizes.get(i) - used(images.get(i)));
    }
    return Math.max(0, free);
  }

  /// @throws GrpcException `RESOURCE_EXHAUSTED`
  static void require(long available, long bytes) {
    if (bytes > available) {
      throw new GrpcException(GrpcStatus.RESOURCE_EXHAUSTED, shortage(available, bytes));
    }
  }

  /// What is said if there is not enough.
  static String shortage(long available, long bytes) {
    return "not enough space: %d bytes are wanted, %d are available".formatted(bytes, available);
  }

  /// The bytes that a file or, with a quota, a directory takes.
  static long used(Path path) throws IOException {
    if (!Files.exists(path)) {
      return 0;
    }
    if (Files.isDirectory(path)) {
      FileStore limited = Files.getFileStore(path);
      return limited.getTotalSpace() - limited.getUnallocatedSpace();
    }
    return Blocks.of(path);
  }
}
