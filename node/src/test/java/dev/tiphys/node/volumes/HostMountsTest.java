package dev.tiphys.node.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.settings.UsualRoot;
import dev.tiphys.node.spec.SubPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real mounts of this machine.
@Tag("node")
class HostMountsTest {
  @TempDir Path directory;
  private final HostMounts mounts = new HostMounts();

  @AfterEach
  void unmount() throws Exception {
    mounts.unmount(directory);
  }

  private Path make(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }

  @Test
  void unmountingReachesEveryDepthAndWhatIsMountedTwice() throws Exception {
    mounts.mountMemory(make("a"), 0);
    mounts.mountMemory(make("a/b c"), 0);
    mounts.bind(make("other"), directory.resolve("a"));
    assertThat(mounts.at(directory)).hasSize(3);
    mounts.unmount(directory.resolve("a"));
    assertThat(mounts.at(directory)).isEmpty();
  }

  @Test
  void removalDoesNotCrossAMountOfTheSameFileSystem() throws Exception {
    Path precious = Files.writeString(make("volume").resolve("file"), "precious");
    mounts.bind(directory.resolve("volume"), make("pod/volumes/v"));
    assertThatThrownBy(() -> PodDirectories.removeTree(directory.resolve("pod")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is mounted");
    assertThat(precious).hasContent("precious");
    mounts.unmount(directory.resolve("pod"));
    PodDirectories.removeTree(directory.resolve("pod"));
    assertThat(precious).hasContent("precious");
  }

  @Test
  void aPartOfAVolumeIsMountedWithWhatIsMissingMade() throws Exception {
    Path volume = make("volume");
    mounts.bindBeneath(volume, Path.of("a/b"), directory.resolve("place"));
    Files.writeString(directory.resolve("place/file"), "here");
    assertThat(volume.resolve("a/b/file")).hasContent("here");
  }

  @Test
  void aFileThatALinkInTheVolumeLeadsToIsMounted() throws Exception {
    Path volume = make("volume");
    Files.writeString(Files.createDirectory(volume.resolve("..1")).resolve("key"), "old");
    Files.createSymbolicLink(volume.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(volume.resolve("key"), Path.of("..data/key"));
    Path place = directory.resolve("place");
    mounts.bindBeneath(volume, Path.of("key"), place);
    assertThat(place).hasContent("old");
  }

  /// The file of the first mount is gone when the container starts again.
  @Test
  void aPartIsMountedAnewForAContainerThatStartsAgain() throws Exception {
    Path volume = make("volume");
    Path file = Files.writeString(volume.resolve("key"), "old");
    MountedSubPaths parts =
        new MountedSubPaths(new PodDirectories(directory.resolve("data")), mounts);
    var wanted = new SubPaths.Wanted("uid", "v", "c", 0);
    Path place = parts.prepare(wanted, volume, Path.of("key"));
    Files.delete(file);
    Files.writeString(file, "new");
    assertThat(place).hasContent("old");
    assertThat(parts.prepare(wanted, volume, Path.of("key"))).hasContent("new");
    assertThat(mounts.at(directory)).hasSize(1);
  }

  @Test
  void aPartThatLeadsOutOfTheVolumeIsRefused() throws Exception {
    Path volume = make("volume");
    Path outside = make("outside");
    Files.createSymbolicLink(volume.resolve("absolute"), outside);
    Files.createSymbolicLink(volume.resolve("relative"), Path.of("../outside"));
    for (String part : new String[] {"absolute", "relative", "relative/new", "absolute/new"}) {
      assertThatThrownBy(
              () -> mounts.bindBeneath(volume, Path.of(part), directory.resolve("place")))
          .as(part)
          .hasMessageContaining("leads out of its volume");
    }
    assertThat(outside).isEmptyDirectory();
    assertThat(mounts.at(directory)).isEmpty();
  }

  @Test
  void onlyOneAgentHasTheUsualRoot() throws Exception {
    Path link = directory.resolve("usual/kubelet");
    Path one = make("one");
    Path two = make("two");
    assertThat(UsualRoot.claim(link, one)).isEqualTo(link);
    assertThat(UsualRoot.claim(link, two)).isEqualTo(two);
    UsualRoot.release(link, two);
    assertThat(UsualRoot.claim(link, one)).isEqualTo(link);
    UsualRoot.release(link, one);
    assertThat(UsualRoot.claim(link, two)).isEqualTo(link);
  }
}
