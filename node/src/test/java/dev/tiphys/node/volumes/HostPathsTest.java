package dev.tiphys.node.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPathsTest {
  @TempDir Path directory;

  @Test
  void whatMayBeMadeIsMade() throws Exception {
    Path made = directory.resolve("d/e");

    assertThat(HostPaths.of(made.toString(), "DirectoryOrCreate")).isDirectory();
    assertThat(HostPaths.of(made.resolve("f").toString(), "FileOrCreate")).isRegularFile();
  }

  @Test
  void whatIsSomethingElseIsRefused() throws Exception {
    String file = Files.createFile(directory.resolve("f")).toString();

    assertThatThrownBy(() -> HostPaths.of(file, "Directory"))
        .hasMessage("hostPath type check failed: " + file + " is not a directory");
    assertThatThrownBy(() -> HostPaths.of(file, "Socket"))
        .hasMessage("hostPath type check failed: " + file + " is not a socket file");
    assertThatThrownBy(() -> HostPaths.of(directory + "/none", "File"))
        .hasMessage("hostPath type check failed: " + directory + "/none is not a file");
    assertThat(HostPaths.of("/dev/null", "CharDevice")).isEqualTo(Path.of("/dev/null"));
  }
}
