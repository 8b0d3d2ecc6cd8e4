package dev.tiphys.node.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What is mounted where, at a moment.
///
/// @param points the mount points, in the order they were mounted; one that several file systems
///   are mounted on is there as often
public record MountTable(List<Path> points) {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int POINT = 4;

  public MountTable {
    points = List.copyOf(points);
  }

  /// The mounts of this process.
  public static MountTable now() throws IOException {
    return parse(Files.readAllLines(TABLE));
  }

  /// @param lines as the kernel writes `mountinfo`
  static MountTable parse(List<String> lines) {
    List<Path> points = new ArrayList<>();
    for (String line : lines) {
      String[] columns = line.split(" ");
      if (columns.length > POINT) {
        points.add(Path.of(unescaped(columns[POINT])));
      }
    }
    return new MountTable(points);
  }

  /// Whether something is mounted exactly there.
  public boolean isMounted(Path place) {
    return points.contains(real(place));
  }

  /// What is mounted there or below, the last one first: the order in which it can be unmounted.
  public List<Path> at(Path top) {
    Path real = real(top);
    return points.reversed().stream().filter(point -> point.startsWith(real)).toList();
  }

  /// The table has real paths. The last step of a place is not followed: a link is no mount point.
  private static Path real(Path place) {
    Path plain = place.toAbsolutePath().normalize();
    Path name = plain.getFileName();
    try {
      return name == null ? plain : plain.resolveSibling("").toRealPath().resolve(name);
    } catch (IOException _) {
      return plain; // What is not there is not mounted either.
    }
  }

  /// Blanks, tabs, line ends and backslashes are written in octal.
  private static String unescaped(String word) {
    if (word.indexOf('\\') < 0) {
      return word;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '\\' && i + 3 < word.length()) {
        plain.append((char) Integer.parseInt(word.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
