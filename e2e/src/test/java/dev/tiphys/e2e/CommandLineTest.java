package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("e2e")
class CommandLineTest {

  @TempDir Path directory;

  private Command.Result up(String... more) {
    Command command = TestCluster.tiphys("up", "--node", "none").with("HOME", directory.toString());
    for (String word : more) {
      command.and(word);
    }
    return command.run();
  }

  @Test
  void anUnknownFlagIsNamedAndNothingStarts() {
    Command.Result result = up("--data-dir", directory.resolve("d").toString(), "--prot", "1");

    assertThat(result.exit()).isNotZero();
    assertThat(result.err()).contains("--prot");
    assertThat(directory.resolve("d")).doesNotExist();
  }

  @Test
  void aBusyPortIsNamedAndNothingIsLeftBehind() throws IOException {
    try (ServerSocket other = new ServerSocket(0)) {
      String port = Integer.toString(other.getLocalPort());

      Command.Result result = up("--data-dir", directory.resolve("d").toString(), "--port", port);

      assertThat(result.exit()).isNotZero();
      assertThat(result.err()).contains("port " + port).contains("--port");
      assertThat(result.err().lines()).hasSize(1);
      assertThat(directory.resolve("d")).doesNotExist();
    }
  }

  @Test
  void aStoreThatIsNoneIsNamed() {
    Command.Result result =
        up("--data-dir", directory.resolve("d").toString(), "--port", "0", "--store", "paper");

    assertThat(result.exit()).isNotZero();
    assertThat(result.err()).contains("paper").contains("embedded");
  }

  @Test
  void aTokenFileThatIsNotThereIsNamed() {
    Command.Result result =
        up(
            "--data-dir",
            directory.resolve("d").toString(),
            "--port",
            "0",
            "--token-auth-file",
            "/no/such/file");

    assertThat(result.exit()).isNotZero();
    assertThat(result.err()).contains("/no/such/file");
  }

  @Test
  void aDataDirectoryServesOneClusterAtATime() throws IOException {
    try (TestCluster cluster = new TestCluster(directory).up("--node", "none")) {
      Command.Result second =
          up(
              "--data-dir",
              cluster.data().toString(),
              "--port",
              Integer.toString(cluster.port())); // the port is busy too: that is not what to tell

      assertThat(second.exit()).isNotZero();
      assertThat(second.err()).contains("in use by process " + cluster.pid());
      assertThat(cluster.k("get", "--raw", "/readyz")).isEqualTo("ok");
    }
  }

  @Test
  void aClusterIsStoppedStartedAgainAndReset() throws IOException {
    try (TestCluster cluster = new TestCluster(directory).up("--node", "none")) {
      String data = cluster.data().toString();
      cluster.k("create", "configmap", "kept", "--from-literal=a=b");
      assertThat(TestCluster.tiphys("status", "--data-dir", data).run().ok()).contains("ok");

      TestCluster.tiphys("down", "--data-dir", data).run().ok();
      String log = Files.readString(cluster.data().resolve("tiphys.log"));
      assertThat(log).isNotEmpty();
      assertThat(TestCluster.tiphys("status", "--data-dir", data).run().exit()).isNotZero();
      cluster.up("--node", "none");
      assertThat(Files.readString(cluster.data().resolve("tiphys.log")))
          .startsWith(log)
          .hasSizeGreaterThan(log.length());
      assertThat(cluster.k("get", "configmap", "kept", "-o", "jsonpath={.data.a}")).isEqualTo("b");

      TestCluster.tiphys("reset", "--data-dir", data).run().ok();
      assertThat(cluster.data()).doesNotExist();
    }
  }

  @Test
  void theContextIsAddedToTheUsersKubeconfigAndTakenOutAgain() throws IOException {
    String home = directory.toString();
    String data = directory.resolve("data").toString();
    Path config = directory.resolve(".kube/config");
    Files.createDirectories(config.getParent());
    Files.writeString(
        config,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: other, cluster: {server: "https://other"}}]
        contexts: [{name: other, context: {cluster: other, user: other}}]
        users: [{name: other, user: {token: x}}]
        current-context: other
        """);
    try {
      up("--data-dir", data, "--port", "0", "--detach").ok();
      assertThat(Files.readString(config)).contains("name: tiphys", "name: other");
    } finally {
      TestCluster.tiphys("reset", "--data-dir", data).with("HOME", home).run().ok();
    }
    assertThat(Files.readString(config)).doesNotContain("name: tiphys").contains("name: other");
  }

  @Test
  void nothingThatIsNotOursIsReset() throws IOException {
    Path file = Files.writeString(directory.resolve("precious"), "yes");

    Command.Result result = TestCluster.tiphys("reset", "--data-dir", directory.toString()).run();

    assertThat(result.exit()).isNotZero();
    assertThat(file).exists();
  }

  @Test
  void theVersionOfTheApiIsPrinted() {
    assertThat(TestCluster.tiphys("version").run().ok()).contains("v1.36");
  }
}
