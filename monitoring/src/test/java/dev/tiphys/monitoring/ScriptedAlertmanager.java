package dev.tiphys.monitoring;

import dev.tiphys.monitoring.alerting.AlertmanagerProgram;
import dev.tiphys.monitoring.alerting.AlertmanagerServer;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// An Alertmanager of which tests say what it thinks. It refuses a configuration that has a word in
/// it.
final class ScriptedAlertmanager implements AlertmanagerProgram {

  volatile String missing = "";
  volatile String refused = "";
  final List<Server> servers = new CopyOnWriteArrayList<>();

  @Override
  public String missing() {
    return missing;
  }

  @Override
  public String check(Path file) {
    return !refused.isEmpty() && text(file).contains(refused) ? "it has " + refused : "";
  }

  @Override
  public AlertmanagerServer start(Path directory, List<String> flags, Consumer<ProgramState> told) {
    Server server = new Server(directory, flags, told);
    servers.add(server);
    return server;
  }

  /// The server that was started last.
  Server server() {
    return servers.getLast();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A server, which is ready when it is told so.
  static final class Server implements AlertmanagerServer {

    final List<String> flags;
    private final Path directory;
    private final Consumer<ProgramState> told;
    private final List<Struct> loaded = new CopyOnWriteArrayList<>();
    private volatile ProgramState state = new ProgramState(false, "");
    volatile boolean closed;

    private Server(Path directory, List<String> flags, Consumer<ProgramState> told) {
      this.directory = directory;
      this.flags = flags;
      this.told = told;
    }

    void become(boolean ready, String problem) {
      state = new ProgramState(ready, problem);
      told.accept(state);
    }

    /// What it has read last.
    Struct configuration() {
      return loaded.getLast();
    }

    @Override
    public ProgramState state() {
      return state;
    }

    @Override
    public InetSocketAddress address() {
      return new InetSocketAddress("192.0.2.7", 19_093);
    }

    @Override
    public String reload() {
      loaded.add(Yaml.struct(text(directory.resolve("config.yaml"))));
      return "";
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
