package dev.tiphys.monitoring.alerting;

import dev.tiphys.monitoring.program.ProgramState;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Alertmanager, as programs that are installed here.
///
/// Threads: any.
public interface AlertmanagerProgram {

  /// What must be done before it can run here; empty if nothing.
  String missing();

  /// Why it refuses a configuration; empty if it takes it.
  String check(Path file) throws InterruptedException;

  /// Starts a server, in the background.
  ///
  /// @param directory where its files are
  /// @param flags what it is started with besides
  /// @param told of each change of its state, on a thread of its own
  AlertmanagerServer start(Path directory, List<String> flags, Consumer<ProgramState> told);
}
