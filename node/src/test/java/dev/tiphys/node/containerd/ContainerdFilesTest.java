package dev.tiphys.node.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerdFilesTest {

  @Test
  void directoriesAreMade(@TempDir Path data) throws Exception {
    ContainerdFiles files = ContainerdFiles.below(data);

    files.make();

    assertThat(files.registries()).isDirectory();
    assertThat(files.socket()).isEqualTo(data.resolve("containerd/containerd.sock"));
  }

  @Test
  void aDirectoryTooLongForASocketIsRefusedBeforeAnythingIsMade(@TempDir Path data) {
    Path deep = data.resolve("x".repeat(100));

    assertThatThrownBy(() -> ContainerdFiles.below(deep).make())
        .isInstanceOfSatisfying(
            ContainerdException.class,
            e -> assertThat(e.reason()).isEqualTo(ContainerdException.Reason.BAD_DIRECTORY))
        .hasMessageContaining("choose a shorter data directory");
    assertThat(deep).doesNotExist();
  }

  @Test
  void aSnapshotterThatWasChosenOnceIsChosenAgain(@TempDir Path data) throws Exception {
    ContainerdFiles files = ContainerdFiles.below(data);
    files.make();

    java.nio.file.Files.writeString(files.config(), "    snapshotter = \"native\"\n");

    assertThat(Snapshotter.choose(files)).isEqualTo(Snapshotter.NATIVE);
  }
}
