package dev.tiphys.apiserver.audit;

import dev.tiphys.world.World;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// A file that is put aside when it grows too large: under its name with the time in it, as
/// `audit-2026-01-31T09-00-00.000.log`. Those that are too many or too old are deleted.
///
/// Only its owner can read what is written.
///
/// Threads: any; what one call writes stays together.
public final class RotatingFile extends OutputStream {

  private static final System.Logger LOG = System.getLogger(RotatingFile.class.getName());
  private static final String PACKED = ".gz";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);

  private final World world;
  private final Path file;
  private final Limits limits;
  private final Object lock = new Object();
  private @Nullable OutputStream out; // guarded by lock
  private long size; // guarded by lock

  /// When files are put aside and deleted.
  ///
  /// @param bytes how large the file may grow; 0 for any size
  /// @param age how old those put aside may get; zero for any age
  /// @param count how many of them are kept; 0 for all
  /// @param packed whether they are compressed
  public record Limits(long bytes, Duration age, int count, boolean packed) {}

  /// @throws IOException if the file can't be written to
  public RotatingFile(World world, Path file, Limits limits) throws IOException {
    this.world = world;
    this.file = file.toAbsolutePath();
    this.limits = limits;
    Files.createDirectories(
        this.file.resolveSibling("."),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    synchronized (lock) {
      open();
    }
  }

  private void open() throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    size = Files.size(file);
    out = Files.newOutputStream(file, StandardOpenOption.APPEND);
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single});
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    synchronized (lock) {
      if (limits.bytes > 0 && length > limits.bytes) {
        throw new IOException(
            "write length " + length + " exceeds maximum file size " + limits.bytes);
      }
      if (limits.bytes > 0 && size + length > limits.bytes) {
        rotate();
      }
      OutputStream present = out;
      if (present == null) {
        throw new IOException("the file is closed");
      }
      present.write(bytes, offset, length);
      size += length;
    }
  }

  private void rotate() throws IOException {
    closeFile();
    Files.move(file, aside(world.now()));
    open();
    world.startThread("audit-log-backups", this::tidy);
  }

  private Path aside(Instant time) {
    Instant next = time;
    while (Files.exists(named(next)) || Files.exists(packed(named(next)))) {
      next = next.plusMillis(1); // two within a millisecond
    }
    return named(next);
  }

  private Path named(Instant time) {
    return file.resolveSibling(stem() + "-" + TIME.format(time) + ending());
  }

  private static Path packed(Path path) {
    return path.resolveSibling(path.getFileName() + PACKED);
  }

  private String stem() {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - ending().length());
  }

  private String ending() {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot);
  }

  /// A file that was put aside.
  private record Aside(Path path, Instant time) {}

  private void tidy() {
    try {
      List<Aside> all = asides();
      Instant oldest = limits.age.isZero() ? Instant.MIN : world.now().minus(limits.age);
      for (int i = 0; i < all.size(); i++) {
        Aside each = all.get(i);
        if (limits.count > 0 && i >= limits.count || each.time.isBefore(oldest)) {
          Files.deleteIfExists(each.path);
        } else if (limits.packed && !each.path.toString().endsWith(PACKED)) {
          pack(each.path);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "old audit logs stay: file={0} problem={1}", file, e);
    }
  }

  /// The newest first.
  private List<Aside> asides() throws IOException {
    List<Aside> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(file.resolveSibling("."))) {
      for (Path each : files.toList()) {
        Instant time = time(each.getFileName().toString());
        if (time != null) {
          found.add(new Aside(each, time));
        }
      }
    }
    found.sort(Comparator.comparing(Aside::time).reversed());
    return found;
  }

  private @Nullable Instant time(String name) {
    String prefix = stem() + "-";
    String bare = name.endsWith(PACKED) ? name.substring(0, name.length() - PACKED.length()) : name;
    if (!bare.startsWith(prefix) || !bare.endsWith(ending())) {
      return null;
    }
    try {
      String text = bare.substring(prefix.length(), bare.length() - ending().length());
      return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException | IndexOutOfBoundsException e) {
      return null; // another file whose name begins and ends so
    }
  }

  private static void pack(Path path) throws IOException {
    Path unfinished = path.resolveSibling(path.getFileName() + ".tmp");
    Files.deleteIfExists(unfinished);
    Files.createFile(
        unfinished,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(unfinished))) {
      Files.copy(path, packed);
    }
    Files.move(unfinished, packed(path));
    Files.delete(path);
  }

  private void closeFile() throws IOException {
    OutputStream present = out;
    out = null;
    if (present != null) {
      present.close();
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (lock) {
      closeFile();
    }
  }
}
