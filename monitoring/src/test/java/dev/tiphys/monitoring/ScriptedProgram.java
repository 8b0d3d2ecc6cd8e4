package dev.tiphys.monitoring;

import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.program.ServerProgram;
import dev.tiphys.object.encoding.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A program of which tests say what it thinks. It refuses a configuration that has a word in it or
/// in one of its files of rules.
class ScriptedProgram implements ServerProgram {

  volatile String missing = "";
  volatile String refused = "";
  final AtomicInteger checks = new AtomicInteger();
  final List<ScriptedServer> servers = new CopyOnWriteArrayList<>();
  private final int port;

  /// @param port where its servers say that they answer
  ScriptedProgram(int port) {
    this.port = port;
  }

  @Override
  public String missing() {
    return missing;
  }

  @Override
  public String check(Path file) {
    checks.incrementAndGet();
    if (refused.isEmpty()) {
      return "";
    }
    String text = ScriptedServer.text(file);
    List<String> texts = new ArrayList<>(List.of(text));
    Yaml.struct(text)
        .strings("rule_files")
        .forEach(each -> texts.add(ScriptedServer.text(file.resolveSibling(each))));
    return texts.stream().anyMatch(each -> each.contains(refused)) ? "it has " + refused : "";
  }

  @Override
  public ScriptedServer start(Path directory, List<String> flags, Consumer<ProgramState> told) {
    ScriptedServer server = new ScriptedServer(directory, port, flags, told);
    servers.add(server);
    return server;
  }

  /// The server that was started last.
  ScriptedServer server() {
    return servers.getLast();
  }
}
