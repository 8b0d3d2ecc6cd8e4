package dev.tiphys.e2e;

import dev.tiphys.world.TestPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// A cluster of its own for a test, started by the command and used with real kubectl.
final class TestCluster implements AutoCloseable {

  static final Path HOME = Path.of(System.getProperty("user.dir")).getParent();
  private static final String KUBECTL = System.getProperty("tiphys.kubectl", "kubectl");

  private final Path data;
  private final Path kubeconfig;
  private final int port = TestPorts.free();

  /// A cluster that is not started yet.
  TestCluster(Path directory) {
    data = directory.resolve("data");
    kubeconfig = directory.resolve("kubeconfig");
  }

  /// Starts it, and waits until it is ready.
  TestCluster up(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "up",
                "--data-dir",
                data.toString(),
                "--port",
                Integer.toString(port),
                "--kubeconfig",
                kubeconfig.toString(),
                "--detach"));
    words.addAll(List.of(more));
    tiphys(words.toArray(String[]::new)).run().ok();
    return this;
  }

  /// Loads an image from an archive.
  void load(Path archive) {
    tiphys("image", "load", "--data-dir", data.toString(), archive.toString()).run().ok();
  }

  Path data() {
    return data;
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  int port() {
    return port;
  }

  /// The tiphys command.
  static Command tiphys(String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(HOME.resolve("tiphys").toString());
    words.addAll(List.of(arguments));
    return new Command(words.toArray(String[]::new));
  }

  /// Starts the tiphys command, and has it append what it prints to a log.
  static Process start(Path log, List<String> arguments) throws IOException {
    return new ProcessBuilder(tiphys(arguments.toArray(String[]::new)).words())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /// What the last change of an object set in motion.
  String trace(String object) {
    return tiphys("trace", "--data-dir", data.toString(), object).run().ok();
  }

  /// Where kubectl is.
  static Path kubectl() {
    return Path.of(KUBECTL);
  }

  /// kubectl, for this cluster.
  Command kubectl(String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(KUBECTL);
    words.addAll(List.of(arguments));
    return new Command(words.toArray(String[]::new)).with("KUBECONFIG", kubeconfig.toString());
  }

  /// Another kubectl, for this cluster.
  Command with(Path kubectl, String... arguments) {
    Command command = new Command(kubectl.toString()).with("KUBECONFIG", kubeconfig.toString());
    for (String argument : arguments) {
      command.and(argument);
    }
    return command;
  }

  /// kubectl in the other versions that the test run has brought.
  static List<Path> otherKubectls() {
    String paths = System.getProperty("tiphys.kubectls", "");
    return paths.isEmpty() ? List.of() : List.of(paths.split(":")).stream().map(Path::of).toList();
  }

  /// What kubectl prints, if it ends well.
  String k(String... arguments) {
    return kubectl(arguments).run().ok();
  }

  /// Applies a manifest.
  String apply(String manifest) {
    return kubectl("apply", "-f", "-").reading(manifest).run().ok();
  }

  /// Waits until what kubectl prints is as it should be.
  String await(String what, Predicate<String> condition, String... arguments) {
    return Await.until(
            what,
            kubectl(arguments)::run,
            result -> result.exit() == 0 && condition.test(result.out()))
        .out();
  }

  long pid() throws IOException {
    return Long.parseLong(Files.readString(data.resolve("tiphys.pid")).strip());
  }

  @Override
  public void close() {
    tiphys("down", "--data-dir", data.toString()).run();
    tiphys("reset", "--data-dir", data.toString()).run();
  }
}
