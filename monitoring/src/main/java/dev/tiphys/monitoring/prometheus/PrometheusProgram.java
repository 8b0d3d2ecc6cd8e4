package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.program.ProgramState;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Prometheus, as programs that are installed here.
///
/// Threads: any.
public interface PrometheusProgram {

  /// What must be done before it can run here; empty if nothing.
  String missing() throws InterruptedException;

  /// Its version. Must not be asked for if something is missing.
  Version version() throws InterruptedException;

  /// Why it refuses a configuration, without the places of its files; empty if it takes it.
  ///
  /// @param file the main file, whose others are in their places
  String check(Path file) throws InterruptedException;

  /// Starts a server, in the background.
  ///
  /// @param directory where its files are
  /// @param flags what it is started with besides
  /// @param told of each change of its state, on a thread of its own
  PrometheusServer start(Path directory, List<String> flags, Consumer<ProgramState> told);

  /// How large the disk is that a directory is on, in bytes.
  long diskSize(Path directory);

  /// How much more can be written to it, in bytes.
  long diskFree(Path directory);
}
