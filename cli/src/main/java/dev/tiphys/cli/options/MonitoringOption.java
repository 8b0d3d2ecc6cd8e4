package dev.tiphys.cli.options;

import dev.tiphys.monitoring.program.Programs;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which programs monitoring runs.
public final class MonitoringOption {

  @Option(
      names = "--prometheus",
      paramLabel = "FILE",
      description =
          "The Prometheus that runs once there is something to monitor; promtool is looked for"
              + " beside it. Default: that of Debian's package, or the first one of the path.")
  private @Nullable Path prometheus;

  /// Where they are.
  public Programs programs() {
    Map<String, Path> given = new TreeMap<>();
    if (prometheus != null) {
      given.put("prometheus", prometheus.toAbsolutePath());
    }
    return Programs.of(given);
  }
}
