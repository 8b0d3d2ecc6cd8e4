package dev.tiphys.node.volumes.usage;

import dev.tiphys.node.host.HostProgram;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How full a volume is.
///
/// @param bytes its size, and what of it is used and can be used
/// @param inodes the same of its files; null if it has none that can be counted
/// @param health what its driver says of its condition; null if it says nothing
public record VolumeUsage(Amount bytes, @Nullable Amount inodes, @Nullable Health health) {

  /// How a volume is.
  ///
  /// @param message what is wrong with it, or how it is
  public record Health(boolean abnormal, String message) {}

  /// @param total 0 if it is not known
  public record Amount(long total, long used, long available) {}

  /// A part of what is used of it.
  public VolumeUsage ofThat(long used, long files) {
    return new VolumeUsage(
        new Amount(bytes.total, used, bytes.available),
        inodes == null ? null : new Amount(inodes.total, files, inodes.available),
        null);
  }

  /// As upstream's `FsStats`.
  ///
  /// @param at when it was so
  public Struct toStruct(Instant at) {
    StructBuilder stats =
        new StructBuilder()
            .add("time", Timestamps.seconds(at))
            .add("availableBytes", bytes.available)
            .add("capacityBytes", bytes.total)
            .add("usedBytes", bytes.used);
    if (inodes != null) {
      stats
          .add("inodesFree", inodes.available)
          .add("inodes", inodes.total)
          .add("inodesUsed", inodes.used);
    }
    return stats.build();
  }

  /// What the file system at a directory says of itself; null if it says nothing: it is being
  /// unmounted.
  public static @Nullable VolumeUsage ofFileSystem(Path directory)
      throws IOException, InterruptedException {
    long[] words = numbers("stat", "-f", "-c", "%S %b %f %a %c %d", directory.toString());
    if (words.length != 6) {
      return null;
    }
    long block = words[0];
    return new VolumeUsage(
        new Amount(block * words[1], block * (words[1] - words[2]), block * words[3]),
        new Amount(words[4], words[4] - words[5], words[5]),
        null);
  }

  /// What the files below a directory take of the file system that it shares with others; null if
  /// the directory has gone.
  public static @Nullable VolumeUsage ofTree(Path directory)
      throws IOException, InterruptedException {
    VolumeUsage shared = ofFileSystem(directory);
    long[] bytes = numbers("du", "-x", "-s", "-B1", directory.toString());
    long[] inodes = numbers("du", "-x", "-s", "--inodes", directory.toString());
    if (shared == null || shared.inodes == null || bytes.length == 0 || inodes.length == 0) {
      return null;
    }
    return new VolumeUsage(
        new Amount(shared.bytes.total, bytes[0], shared.bytes.available),
        new Amount(shared.inodes.total, inodes[0], shared.inodes.available),
        null);
  }

  /// The numbers that a program's first line begins with; nothing if it fails.
  private static long[] numbers(String name, String... arguments)
      throws IOException, InterruptedException {
    HostProgram program = HostProgram.find(name);
    HostProgram.Result result = program == null ? null : program.run(arguments);
    if (result == null || !result.succeeded()) {
      return new long[0];
    }
    String line = result.output().lines().findFirst().orElse("");
    String numbers = line.split("\t")[0]; // The name of the directory follows.
    return Stream.of(numbers.strip().split(" ")).mapToLong(Long::parseLong).toArray();
  }
}
