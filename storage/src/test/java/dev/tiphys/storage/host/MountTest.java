package dev.tiphys.storage.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Lines of the kernel's table of mounts.
class MountTest {

  @Test
  void aLineIsReadWithItsOptionalFields() {
    Mount mount =
        Mount.parse(
            "36 35 98:0 /mnt1 /mnt/a\\040b rw,noatime master:1 shared:2 - ext4 /dev/loop3 ro,discard");

    assertThat(mount.point()).isEqualTo(Path.of("/mnt/a b"));
    assertThat(mount.device()).isEqualTo("98:0");
    assertThat(mount.root()).isEqualTo("/mnt1");
    assertThat(mount.type()).isEqualTo("ext4");
    assertThat(mount.source()).isEqualTo("/dev/loop3");
    assertThat(mount.isReadOnly()).isFalse();
    assertThat(mount.isFileSystemReadOnly()).isTrue();
  }
}
