package dev.tiphys.node.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private static final MountTable TABLE =
      MountTable.parse(
          List.of(
              "22 1 0:21 / /x rw - tmpfs tmpfs rw",
              "23 22 0:22 / /x/a\\040b rw shared:1 - ext4 /dev/sda rw",
              "24 23 0:23 / /x/a\\040b/c rw - nfs s:/ rw",
              "25 1 0:24 / /xy rw - tmpfs tmpfs rw"));

  @Test
  void whatIsMountedBelowComesInTheOrderItCanBeUnmounted() {
    assertThat(TABLE.at(Path.of("/x")))
        .containsExactly(Path.of("/x/a b/c"), Path.of("/x/a b"), Path.of("/x"));
  }

  @Test
  void onlyTheVeryPlaceIsMounted() {
    assertThat(TABLE.isMounted(Path.of("/x/a b"))).isTrue();
    assertThat(TABLE.isMounted(Path.of("/x/a"))).isFalse();
  }
}
