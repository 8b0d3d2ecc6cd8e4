package dev.tiphys.node.volumes;

import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Puts files into a directory so that readers see all of them change at once.
///
/// The files are in a directory of their own, whose name begins with two dots; the link `..data`
/// leads there, and what users see are links through it. To change them is to make another such
/// directory, and to turn `..data` in one step. These names are part of what people rely on.
final class AtomicWriter {
  private static final String DATA = "..data";
  private static final String NEW_DATA = "..data_tmp";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu_MM_dd_HH_mm_ss").withZone(ZoneOffset.UTC);

  private final World world;

  AtomicWriter(World world) {
    this.world = world;
  }

  /// Makes the directory hold exactly these files. Does nothing if it does. Whatever an attempt
  /// that failed, or ended half-way, has left is put right.
  ///
  /// @param group the group that the files belong to; null for none in particular
  void write(Path directory, Payload payload, @Nullable Long group) throws IOException {
    Path old = current(directory);
    removeOthers(directory, old);
    if (old != null && holds(old, payload)) {
      link(directory, payload);
      return;
    }
    Path next = directory.resolve(nextName());
    try {
      fill(next, payload, group);
    } catch (IOException e) {
      PodDirectories.removeTree(next);
      throw e;
    }
    turn(directory, next);
    link(directory, payload);
    if (old != null) {
      PodDirectories.removeTree(old);
    }
  }

  /// Removes directories of files, and drafts of links to them, that `..data` does not lead to.
  private static void removeOthers(Path directory, @Nullable Path current) throws IOException {
    for (Path entry : entries(directory)) {
      String name = entry.getFileName().toString();
      if (name.startsWith("..") && !name.equals(DATA) && !entry.equals(current)) {
        PodDirectories.removeTree(entry);
      }
    }
  }

  private static void fill(Path next, Payload payload, @Nullable Long group) throws IOException {
    Files.createDirectory(next);
    FileTree.mode(next, 0755);
    FileTree.shareDirectory(next, group);
    for (var file : payload.files().entrySet()) {
      write(next, next.resolve(file.getKey()), file.getValue(), group);
    }
  }

  private String nextName() {
    return "..%s.%d".formatted(TIME.format(world.now()), world.random().nextLong() >>> 1);
  }

  /// The directory that `..data` leads to; null if it leads nowhere.
  private static @Nullable Path current(Path directory) throws IOException {
    Path data = directory.resolve(DATA);
    if (!Files.isSymbolicLink(data)) {
      return null;
    }
    Path target = directory.resolve(Files.readSymbolicLink(data));
    return Files.isDirectory(target) ? target : null;
  }

  private static void write(Path top, Path file, Payload.Content content, @Nullable Long group)
      throws IOException {
    Path parent = file.getParent();
    if (parent != null && !parent.equals(top)) {
      Files.createDirectories(parent);
      for (Path d = parent; d != null && !d.equals(top); d = d.getParent()) {
        FileTree.mode(d, 0755);
        FileTree.shareDirectory(d, group);
      }
    }
    Files.write(file, content.bytes());
    FileTree.mode(file, content.mode());
    FileTree.shareFile(file, group);
  }

  private static void turn(Path directory, Path next) throws IOException {
    Path draft = directory.resolve(NEW_DATA);
    Files.deleteIfExists(draft);
    Files.createSymbolicLink(draft, next.getFileName());
    Files.move(draft, directory.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
  }

  /// Makes the links that users see, and removes those that lead nowhere now.
  private static void link(Path directory, Payload payload) throws IOException {
    Set<String> tops = new HashSet<>();
    payload.files().keySet().forEach(path -> tops.add(Path.of(path).getName(0).toString()));
    for (String top : tops) {
      Path link = directory.resolve(top);
      if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(link, Path.of(DATA, top));
      }
    }
    for (Path entry : entries(directory)) {
      String name = entry.getFileName().toString();
      if (!name.startsWith("..") && !tops.contains(name)) {
        Files.delete(entry);
      }
    }
  }

  private static boolean holds(Path top, Payload payload) throws IOException {
    Set<String> there = new HashSet<>();
    try (Stream<Path> files = Files.walk(top)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        there.add(top.relativize(file).toString());
      }
    }
    if (!there.equals(payload.files().keySet())) {
      return false;
    }
    for (var file : payload.files().entrySet()) {
      byte[] bytes = Files.readAllBytes(top.resolve(file.getKey()));
      if (!Arrays.equals(bytes, file.getValue().bytes())) {
        return false;
      }
    }
    return true;
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
