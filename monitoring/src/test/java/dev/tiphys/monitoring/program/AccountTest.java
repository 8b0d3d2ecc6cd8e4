package dev.tiphys.monitoring.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs of a process that is root's run as another user, where there is one.
class AccountTest {

  private static final List<String> SHELL =
      List.of("/bin/sh", "-c", "id -un; cat file; touch data/new; rm -f file; echo x > file");

  @TempDir Path root;
  private Path directory;

  @BeforeEach
  void start() throws Exception {
    Path closed =
        Files.createDirectory(
            root.resolve("closed"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    directory = Files.createDirectory(closed.resolve("own"));
    Files.writeString(directory.resolve("file"), "read");
    Files.setPosixFilePermissions(
        directory.resolve("file"), PosixFilePermissions.fromString("rw-------"));
  }

  /// The user could not get to the directory by its path.
  @Test
  void aProgramRunsAsTheUserAndReadsItsDirectoryButWritesItsDataAlone() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"));
    List<String> words = new Account("daemon").running(SHELL, directory);

    Process process =
        new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true).start();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .startsWith("daemon\nread")
        .contains("denied");
    assertThat(process.waitFor()).isPositive();
    assertThat(Files.getOwner(directory.resolve("data/new"))).hasToString("daemon");
    assertThat(directory.resolve("file")).hasContent("read");
    assertThat(Files.getOwner(directory)).hasToString("root");
  }

  @Test
  void aProcessOfAnotherUserThanRootRunsItAsItself() {
    assertThat(new Account("bin", "daemon").running(SHELL, directory)).isEqualTo(SHELL);
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void withoutSuchAUserItRunsAsTheProcessDoes() {
    assertThat(new Account("not-there", "root").running(SHELL, directory)).isEqualTo(SHELL);
  }

  @Test
  void aProgramThatOnlyRootReachesRunsAsTheProcessDoes() throws Exception {
    Path program = Files.copy(Path.of("/bin/true"), directory.resolve("true"));

    assertThat(new Account("daemon", "root").running(List.of(program.toString()), directory))
        .containsExactly(program.toString());
  }
}
