package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.program.ServerProgram;
import java.nio.file.Path;

/// Prometheus, as programs that are installed here.
///
/// Threads: any.
public interface PrometheusProgram extends ServerProgram {

  /// Its version. Must not be asked for if something is missing.
  Version version() throws InterruptedException;

  /// Whether it knows a flag. Must not be asked if something is missing.
  ///
  /// @param flag with its dashes
  boolean knows(String flag) throws InterruptedException;

  /// How large the disk is that a directory is on, in bytes.
  long diskSize(Path directory);

  /// How much more can be written to it, in bytes.
  long diskFree(Path directory);
}
