package dev.tiphys.storage.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A mount that this process sees.
///
/// @param point where it is
/// @param device the number of the file system
/// @param root which part of the file system is mounted
/// @param type of the file system
/// @param source the device, say
/// @param options of this mount alone
/// @param superOptions of the whole file system
public record Mount(
    Path point,
    String device,
    String root,
    String type,
    String source,
    List<String> options,
    List<String> superOptions) {

  private static final Path TABLE = Path.of("/proc/self/mountinfo");

  public Mount {
    options = List.copyOf(options);
    superOptions = List.copyOf(superOptions);
  }

  /// All of them, what was mounted last at the end.
  public static List<Mount> all() throws IOException {
    List<Mount> mounts = new ArrayList<>();
    for (String line : Files.readAllLines(TABLE)) {
      mounts.add(parse(line));
    }
    return mounts;
  }

  static Mount parse(String line) {
    int separator = line.indexOf(" - ");
    String[] own = line.substring(0, separator).split(" ");
    String[] system = line.substring(separator + 3).split(" ");
    return new Mount(
        Path.of(plain(own[4])),
        own[2],
        plain(own[3]),
        system[0],
        plain(system[1]),
        List.of(own[5].split(",")),
        system.length > 2 ? List.of(system[2].split(",")) : List.of());
  }

  /// What is seen at a path, or null if nothing is mounted there.
  public static @Nullable Mount at(Path point) throws IOException {
    Path absolute = real(point);
    Mount last = null;
    for (Mount mount : all()) {
      if (mount.point.equals(absolute)) {
        last = mount;
      }
    }
    return last;
  }

  /// Those at a path and below it, what was mounted last first.
  public static List<Mount> atOrBelow(Path directory) throws IOException {
    Path absolute = real(directory);
    return all().stream().filter(mount -> mount.point.startsWith(absolute)).toList().reversed();
  }

  /// Where a device is mounted.
  public static List<Mount> of(String device) throws IOException {
    return all().stream().filter(mount -> mount.source.equals(device)).toList();
  }

  /// Where else a directory, or one below it, is mounted.
  public static List<Mount> binds(Path directory) throws IOException {
    Path absolute = real(directory);
    List<Mount> all = all();
    Mount under = null;
    for (Mount mount : all) {
      if (absolute.startsWith(mount.point)
          && (under == null || mount.point.getNameCount() >= under.point.getNameCount())) {
        under = mount;
      }
    }
    if (under == null) {
      return List.of();
    }
    Mount system = under;
    Path inside = Path.of(system.root).resolve(system.point.relativize(absolute)).normalize();
    return all.stream()
        .filter(mount -> mount.device.equals(system.device))
        .filter(mount -> Path.of(mount.root).startsWith(inside))
        .toList();
  }

  public boolean isReadOnly() {
    return options.contains("ro");
  }

  /// Whether the file system takes no writes at all, as after a fault of its disk.
  public boolean isFileSystemReadOnly() {
    return superOptions.contains("ro");
  }

  /// The table has real paths only.
  private static Path real(Path path) throws IOException {
    return Files.exists(path) ? path.toRealPath() : path.toAbsolutePath().normalize();
  }

  /// Spaces and the like are written as octal numbers.
  private static String plain(String written) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < written.length(); i++) {
      if (written.charAt(i) == '\\' && i + 3 < written.length()) {
        text.append((char) Integer.parseInt(written.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        text.append(written.charAt(i));
      }
    }
    return text.toString();
  }
}
