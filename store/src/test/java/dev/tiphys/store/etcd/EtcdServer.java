package dev.tiphys.store.etcd;

import dev.tiphys.world.TestPorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An etcd of one member, on ports of its own. Needs `etcd` on the path.
final class EtcdServer implements AutoCloseable {

  private final Path directory;
  private final String scheme;
  private final List<String> options;
  private final int clients = TestPorts.free();
  private final int peers = TestPorts.free();
  private Process process;

  EtcdServer(Path directory, String scheme, String... options) throws IOException {
    this.directory = directory;
    this.scheme = scheme;
    this.options = List.of(options);
    this.process = launch();
  }

  /// Whether it answers yet is for the caller to find out.
  private Process launch() throws IOException {
    String peer = "http://127.0.0.1:" + peers;
    List<String> command =
        new ArrayList<>(
            List.of(
                "etcd",
                "--name=it",
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=" + endpoint(),
                "--advertise-client-urls=" + endpoint(),
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=it=" + peer));
    command.addAll(options);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("etcd.log").toFile())
        .start();
  }

  URI endpoint() {
    return URI.create(scheme + "://127.0.0.1:" + clients);
  }

  void stop() throws InterruptedException {
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
  }

  void restart() throws IOException {
    process = launch();
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
