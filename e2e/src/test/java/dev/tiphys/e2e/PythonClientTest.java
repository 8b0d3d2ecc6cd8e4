package dev.tiphys.e2e;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Python client as Debian has it, which is some versions older than the server.
@Tag("e2e")
class PythonClientTest {

  private static final Path SESSION = TestCluster.HOME.resolve("e2e/src/test/python/session.py");

  @TempDir Path directory;

  @Test
  void aSessionOfTheClientSucceeds() throws IOException {
    try (TestCluster cluster = new TestCluster(directory).up("--node", "simulated")) {
      cluster.with(Path.of("/usr/bin/python3"), SESSION.toString()).run().ok();
    }
  }
}
