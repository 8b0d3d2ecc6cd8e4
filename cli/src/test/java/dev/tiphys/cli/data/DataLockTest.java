package dev.tiphys.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.cli.machine.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLockTest {

  @TempDir Path directory;
  private DataDirectory data;

  @BeforeEach
  void make() {
    data = DataDirectory.make(directory.resolve("data"));
  }

  @Test
  void oneProcessHasADirectory() throws IOException {
    try (DataLock _ = DataLock.take(data)) {
      assertThat(RunningCluster.find(data)).contains(ProcessHandle.current());
      assertThatThrownBy(() -> DataLock.take(data))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("is in use by process " + ProcessHandle.current().pid());
      assertThatThrownBy(() -> DataLock.requireFree(data)).isInstanceOf(CliException.class);
      assertThat(RunningCluster.find(data)).isPresent();
    }
    assertThat(RunningCluster.find(data)).isEmpty();
    DataLock.requireFree(data);
    DataLock.take(data).close();
  }

  @Test
  void aPidThatWasLeftNamesNoCluster() throws IOException {
    DataLock.take(data).close();
    // the process of this test is a JVM, as a cluster's is, and lives
    Files.writeString(data.pidFile(), ProcessHandle.current().pid() + "\n");

    assertThat(RunningCluster.find(data)).isEmpty();
  }

  @Test
  void aDirectoryWithoutALockHasNoCluster() throws IOException {
    Files.writeString(data.pidFile(), ProcessHandle.current().pid() + "\n");

    assertThat(RunningCluster.find(data)).isEmpty();
    assertThat(data.lockFile()).doesNotExist();
  }

  @Test
  void aDirectoryIsTheSameByWhicheverLinkItIsReached() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), data.path());

    assertThat(DataDirectory.of(link)).isEqualTo(data);
    assertThat(DataDirectory.make(link)).isEqualTo(data);
  }

  @Test
  void anotherProcessThatHasItIsFound() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Holder.class.getName(),
                data.path().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(other.inputReader().readLine()).isEqualTo("taken");

      assertThat(RunningCluster.find(data)).map(ProcessHandle::pid).contains(other.pid());
      assertThatThrownBy(() -> DataLock.take(data))
          .hasMessageContaining("is in use by process " + other.pid());
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertThat(RunningCluster.find(data)).isEmpty();
  }

  /// Another process that has a data directory until it is killed.
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      DataLock lock = DataLock.take(DataDirectory.of(Path.of(arguments[0])));
      System.out.println("taken");
      System.in.read();
      lock.close();
    }
  }
}
