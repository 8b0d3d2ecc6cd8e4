package dev.tiphys.monitoring.program;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// A program of the Prometheus family, with the tool that checks its configuration.
///
/// Threads: any.
public interface ServerProgram {

  /// The folder in a server's directory that it keeps what it knows in. It writes nothing else.
  String DATA = "data";

  /// What must be done before it can run here; empty if nothing.
  String missing();

  /// Why it refuses a configuration, without the places of its files; empty if it takes it.
  ///
  /// @param file the main file, whose others are in their places
  String check(Path file) throws InterruptedException;

  /// Starts a server, in the background.
  ///
  /// @param directory where its files are
  /// @param flags what it is started with besides
  /// @param told of each change of its state, on a thread of its own
  Server start(Path directory, List<String> flags, Consumer<ProgramState> told);
}
