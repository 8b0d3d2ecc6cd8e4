package dev.tiphys.monitoring;

import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.prometheus.PrometheusProgram;
import dev.tiphys.monitoring.prometheus.PrometheusServer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A Prometheus of which tests say what it thinks. It refuses a configuration that has a word in it
/// or in one of its files of rules.
final class ScriptedPrometheus implements PrometheusProgram {

  volatile String missing = "";
  volatile String refused = "";
  volatile long free = 1L << 40;
  final AtomicInteger checks = new AtomicInteger();
  final List<Server> servers = new CopyOnWriteArrayList<>();

  @Override
  public String missing() {
    return missing;
  }

  @Override
  public Version version() {
    return new Version(2, 42);
  }

  @Override
  public String check(Path file) {
    checks.incrementAndGet();
    if (refused.isEmpty()) {
      return "";
    }
    List<String> texts = new ArrayList<>(List.of(text(file)));
    Yaml.struct(text(file)).strings("rule_files").forEach(each -> texts.add(text(Path.of(each))));
    return texts.stream().anyMatch(each -> each.contains(refused)) ? "it has " + refused : "";
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public PrometheusServer start(Path directory, List<String> flags, Consumer<ProgramState> told) {
    Server server = new Server(directory, flags, told);
    servers.add(server);
    return server;
  }

  @Override
  public long diskSize(Path directory) {
    return 1L << 40;
  }

  @Override
  public long diskFree(Path directory) {
    return free;
  }

  /// The server that was started last.
  Server server() {
    return servers.getLast();
  }

  /// A server, which is ready when it is told so.
  static final class Server implements PrometheusServer {

    final List<String> flags;
    final List<Struct> loaded = new CopyOnWriteArrayList<>();
    volatile List<Struct> targets = List.of();
    volatile boolean closed;
    private final Path directory;
    private final Consumer<ProgramState> told;
    private volatile ProgramState state = new ProgramState(false, "");

    Server(Path directory, List<String> flags, Consumer<ProgramState> told) {
      this.directory = directory;
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

    @Override
    public ProgramState state() {
      return state;
    }

    @Override
    public InetSocketAddress address() {
      return new InetSocketAddress("192.0.2.7", 40_000);
    }

    @Override
    public String reload() {
      loaded.add(Yaml.struct(text(directory.resolve("config.yaml"))));
      return "";
    }

    @Override
    public List<Struct> targets() {
      return targets;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
