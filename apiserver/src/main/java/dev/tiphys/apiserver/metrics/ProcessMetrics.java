package dev.tiphys.apiserver.metrics;

import dev.tiphys.apiserver.discovery.ServerVersion;
import dev.tiphys.metrics.Exposition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;

/// What the process uses of the machine, as the kernel tells; and what it is.
///
/// @param started when it was started
record ProcessMetrics(Instant started) {

  private static final Path SELF = Path.of("/proc/self");

  /// In which unit the kernel tells processor time, and the size of a page: both are the same on
  /// every machine that Java runs on with Linux.
  private static final double TICKS_PER_SECOND = 100;

  private static final long PAGE = 4096;

  /// Where in `/proc/self/stat`, after the name in brackets, the times stand (proc(5)).
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;

  void write(Exposition out) {
    out.family("kubernetes_build_info", "gauge", "Which version this is.")
        .sample(
            "kubernetes_build_info",
            "git_version=\"%s\",major=\"1\",minor=\"36\"".formatted(ServerVersion.git()),
            1);
    out.family("process_start_time_seconds", "gauge", "When the process was started.")
        .sample("process_start_time_seconds", "", started.getEpochSecond());
    try {
      writeUsage(out);
    } catch (IOException e) {
      // there is no such kernel here: what it would tell is left out
    }
  }

  private static void writeUsage(Exposition out) throws IOException {
    String stat = Files.readString(SELF.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    double ticks = Double.parseDouble(fields[USER_TIME]) + Double.parseDouble(fields[SYSTEM_TIME]);
    out.family("process_cpu_seconds_total", "counter", "Processor time that was used.")
        .sample("process_cpu_seconds_total", "", ticks / TICKS_PER_SECOND);
    String[] pages = Files.readString(SELF.resolve("statm")).split(" ");
    out.family("process_virtual_memory_bytes", "gauge", "Size of the virtual memory.")
        .sample("process_virtual_memory_bytes", "", Long.parseLong(pages[0]) * PAGE);
    out.family("process_resident_memory_bytes", "gauge", "Size of the resident memory.")
        .sample("process_resident_memory_bytes", "", Long.parseLong(pages[1]) * PAGE);
    try (Stream<Path> open = Files.list(SELF.resolve("fd"))) {
      out.family("process_open_fds", "gauge", "Files and connections that are open.")
          .sample("process_open_fds", "", open.count());
    }
  }
}
