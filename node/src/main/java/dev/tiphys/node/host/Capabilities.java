package dev.tiphys.node.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What this process may do, as `capabilities(7)` has it.
///
/// @param effective a bit for each capability
public record Capabilities(long effective) {

  private static final String LINE = "CapEff:";
  private static final int SYS_RESOURCE = 24;

  /// Those of this process.
  public static Capabilities ofThisProcess() throws IOException {
    return in(Files.readAllLines(Path.of("/proc/self/status")));
  }

  static Capabilities in(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith(LINE))
        .findFirst()
        .map(line -> Long.parseUnsignedLong(line.substring(LINE.length()).strip(), 16))
        .map(Capabilities::new)
        .orElse(new Capabilities(0));
  }

  /// Whether it may protect processes from the kernel's OOM killer better than it is itself. In
  /// some containers and virtual machines root may not.
  public boolean mayLowerOomScores() {
    return (effective & (1L << SYS_RESOURCE)) != 0;
  }
}
