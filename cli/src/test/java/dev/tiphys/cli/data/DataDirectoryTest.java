package dev.tiphys.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.cli.machine.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

  @TempDir Path parent;

  @Test
  void itIsItsOwnersAlone() throws Exception {
    DataDirectory data = DataDirectory.make(parent.resolve("a/b"));

    assertThat(Files.getPosixFilePermissions(data.path()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void itHasOneNameByWhicheverLinksItIsReached() throws Exception {
    DataDirectory data = DataDirectory.make(parent.resolve("real"));
    Files.createSymbolicLink(parent.resolve("link"), parent.resolve("real"));

    assertThat(DataDirectory.of(parent.resolve("link"))).isEqualTo(data);
    assertThat(DataDirectory.of(parent.resolve("x/../link"))).isEqualTo(data);
    Path absent = parent.resolve("absent");
    assertThat(DataDirectory.of(absent).path()).isEqualTo(absent.toAbsolutePath());
  }

  @Test
  void aDirectoryThatCannotBeHadIsNamedWithTheOptionThatChoosesAnother() throws Exception {
    Path file = Files.createFile(parent.resolve("file"));

    assertThatThrownBy(() -> DataDirectory.make(file.resolve("data")))
        .isInstanceOf(CliException.class)
        .hasMessageStartingWith("cannot make the data directory " + file.resolve("data"))
        .hasMessageEndingWith("choose another one with --data-dir");
  }

  @Test
  void aDirectoryOfSomethingElseIsNotOurs() throws Exception {
    DataDirectory data = DataDirectory.make(parent.resolve("data"));
    Files.createFile(data.path().resolve("thesis.txt"));
    assertThat(data.isOurs()).isFalse();

    Files.createDirectory(data.pki());
    assertThat(data.isOurs()).isTrue();
  }
}
