package dev.tiphys.store.embedded.log;

import dev.tiphys.store.embedded.disk.Disk;
import java.io.IOException;
import java.util.List;

/// An empty file whose name tells the number of the newest segment, so that a start notices when
/// that segment is missing. It is made before anything in the segment is acknowledged.
public final class NewestMark {

  private static final String PREFIX = "newest-";

  private NewestMark() {}

  public static boolean isName(String name) {
    return name.matches(PREFIX + "\\d{10}");
  }

  /// Marks segment `number`, which is there.
  public static void put(Disk disk, long number) throws IOException {
    String name = name(number);
    disk.create(name).close();
    disk.syncNames();
    for (String other : disk.names()) {
      if (isName(other) && !other.equals(name)) {
        disk.delete(other);
      }
    }
  }

  /// The number of the newest segment there was; 0 if no mark tells.
  public static long read(List<String> names) {
    return names.stream()
        .filter(NewestMark::isName)
        .mapToLong(name -> Long.parseLong(name.substring(PREFIX.length())))
        .max()
        .orElse(0);
  }

  private static String name(long number) {
    return "%s%010d".formatted(PREFIX, number);
  }
}
