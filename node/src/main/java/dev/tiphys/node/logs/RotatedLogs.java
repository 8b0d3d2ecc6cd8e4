package dev.tiphys.node.logs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// The older parts of one log: `0.log.20260102-150405`, compressed `0.log.20260102-150405.gz`.
///
/// @param log the part that is written now
record RotatedLogs(Path log) {

  private static final String COMPRESSED = ".gz";
  private static final String UNFINISHED = ".tmp";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneId.systemDefault());

  /// Removes what an interrupted compression left: the half of its result, or its whole source.
  void removeUnfinished() throws IOException {
    for (Path file : files()) {
      boolean compressedAlready = Files.exists(with(file, COMPRESSED));
      if (file.toString().endsWith(UNFINISHED) || compressedAlready) {
        Files.delete(file);
      }
    }
  }

  void keepNewest(int count) throws IOException {
    List<Path> files = files();
    for (Path file : files.subList(0, Math.max(0, files.size() - count))) {
      Files.delete(file);
    }
  }

  void compress() throws IOException {
    for (Path file : files()) {
      if (!file.toString().endsWith(COMPRESSED)) {
        Path draft = with(file, UNFINISHED);
        try (InputStream in = Files.newInputStream(file);
            OutputStream out = new GZIPOutputStream(Files.newOutputStream(draft), 1 << 16)) {
          in.transferTo(out);
        }
        Files.move(draft, with(file, COMPRESSED), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(file);
      }
    }
  }

  /// Moves the current part away. A process that has it open goes on writing to it.
  Path moveAway(Instant now) throws IOException {
    Path moved = with(log, "." + TIME.format(now));
    return Files.move(log, moved, StandardCopyOption.ATOMIC_MOVE);
  }

  /// The oldest first: names sort as their times do.
  private List<Path> files() throws IOException {
    String prefix = log.getFileName() + ".";
    try (Stream<Path> all = Files.list(log.toAbsolutePath().getParent())) {
      return all.filter(file -> file.getFileName().toString().startsWith(prefix)).sorted().toList();
    }
  }

  private static Path with(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }
}
