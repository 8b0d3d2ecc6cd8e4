package dev.tiphys.monitoring;

import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.prometheus.PrometheusProgram;
import java.nio.file.Path;

/// A Prometheus of which tests say what it thinks, and how much room there is.
final class ScriptedPrometheus extends ScriptedProgram implements PrometheusProgram {

  volatile long free = 1L << 40;

  ScriptedPrometheus() {
    super(40_000);
  }

  @Override
  public Version version() {
    return new Version(2, 42);
  }

  @Override
  public boolean knows(String flag) {
    return false;
  }

  @Override
  public long diskSize(Path directory) {
    return 1L << 40;
  }

  @Override
  public long diskFree(Path directory) {
    return free;
  }
}
