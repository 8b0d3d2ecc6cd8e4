package dev.tiphys.monitoring;

import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.program.Server;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.Gate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A server, which is ready when it is told so, and remembers what it has read.
final class ScriptedServer implements Server {

  final List<String> flags;
  final List<Struct> loaded = new CopyOnWriteArrayList<>();
  volatile List<Struct> targets = List.of();
  volatile boolean closed;

  /// What answers wait for, if anything.
  volatile @Nullable Gate busy;

  private final Path directory;
  private final int port;
  private final Consumer<ProgramState> told;
  private volatile ProgramState state = new ProgramState(false, "");

  /// @param port where it says that it answers
  ScriptedServer(Path directory, int port, List<String> flags, Consumer<ProgramState> told) {
    this.directory = directory;
    this.port = port;
    this.flags = flags;
    this.told = told;
  }

  void become(boolean ready, String problem) {
    state = new ProgramState(ready, problem);
    told.accept(state);
  }

  /// The configuration that it read last.
  Struct config() {
    return loaded.getLast();
  }

  /// The names of the jobs that come from objects.
  List<String> jobs() {
    return allJobs().stream().filter(each -> !each.startsWith("cluster/")).toList();
  }

  /// The names of its jobs, those that scrape the cluster itself among them.
  List<String> allJobs() {
    return config().structs("scrape_configs").stream()
        .map(each -> each.string("job_name"))
        .toList();
  }

  /// A file that the configuration names.
  Path place(String file) {
    return directory.resolve(file);
  }

  @Override
  public ProgramState state() {
    return state;
  }

  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress("192.0.2.7", port);
  }

  @Override
  public String reload() {
    loaded.add(Yaml.struct(text(directory.resolve("config.yaml"))));
    return "";
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Its targets, whatever it is asked for.
  @Override
  public String get(String path) throws InterruptedException {
    Gate until = busy;
    if (until != null) {
      until.await();
    }
    return Json.text(Struct.of("status", "success", "data", Struct.of("activeTargets", targets)));
  }

  @Override
  public void close() {
    closed = true;
  }
}
